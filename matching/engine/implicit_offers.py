"""Steps of pricing over pairs that are never stored (implicit_pricing.py)."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.engine.compiled import bare_kernel, inlined_kernel, kernel
from matching.engine.cost import DISTANCE_MASK, OUTSIDE_SHIFT, TIE_MASK
from matching.engine.distance import UNIT
from matching.engine.heap import copy_words, less
from matching.engine.implicit_search import put_roots
from matching.engine.lottery import TIE_BITS
from matching.engine.prices import DEAR
from matching.engine.scan import (
    TESTS,
    Listed,
    Nodes,
    Rows,
    forget_values,
    list_values,
    pair_value,
    tens_within_reach,
    tests_passed,
)
from matching.engine.seat_trees import Trees, squared_gap


class Field(NamedTuple):
    """Who may have what. The road links of rows and places are numbered by block as well, so that
    pairs across blocks are not allowed.
    """

    rows: Rows
    places: Nodes  # seat nodes in the order of the leaves
    place_of: NDArray[np.int64]  # of each node
    refused: Listed
    trees: Trees
    sectors: NDArray[np.uint64]  # of each place, as bits; 0 for none
    sectors_in: NDArray[np.uint64]  # of each box
    territories_in: NDArray[np.uint64]  # of each box: bits of territories modulo 64
    slots: int


class Prices(NamedTuple):
    """What a pair costs, in words."""

    terms: NDArray[np.int64]  # (3, K): inside the territory, by distance, by tie
    place: NDArray[np.int64]  # (places, K) price of each place
    least: NDArray[np.int64]  # (boxes, K) of each box


class Room(NamedTuple):
    """Room to work, for one hub at a time."""

    limit: NDArray[np.int64]  # (1, K): only what is better counts
    sum: NDArray[np.int64]  # (1, K)
    refused: NDArray[np.int64]  # of each slot
    stack: NDArray[np.int32]


class Offers(NamedTuple):
    """The best pairs of a hub so far, sorted."""

    words: NDArray[np.int64]  # (O, K) cost with price
    place: NDArray[np.int32]
    value: NDArray[np.int64]


@kernel
def price_hubs(
    site: NDArray[np.int32],
    wanted: NDArray[np.uint64],
    home: NDArray[np.uint64],
    field: Field,
    prices: Prices,
    limit: NDArray[np.int64],
    room: Room,
    offers: Offers,
    start: NDArray[np.int64],
    count: NDArray[np.int64],
    place: NDArray[np.int32],
    value: NDArray[np.int64],
) -> None:
    """Write of each hub how many offers it has, from `start` on their places and values, as many as
    there is room for; and lower its limit to the best of them. `wanted` is its sector as a bit, 0
    for any; `home` the territory of each row.
    """
    for hub in range(len(site)):
        list_values(site[hub], field.refused, room.refused)
        copy_words(limit, hub, room.limit, 0)
        most = start[hub + 1] - start[hub]
        found = look_for_offers(
            site[hub], wanted[hub], home[site[hub]], field, prices, room, offers, most
        )
        forget_values(site[hub], field.refused, room.refused)
        count[hub] = found
        for k in range(found):
            place[start[hub] + k], value[start[hub] + k] = offers.place[k], offers.value[k]
        if found > 0:
            copy_words(offers.words, 0, limit, hub)


@bare_kernel
def look_for_offers(
    row: int,
    wanted: np.uint64,
    home: np.uint64,
    field: Field,
    prices: Prices,
    room: Room,
    offers: Offers,
    most: int,
) -> int:
    """Look into every box that may hold something better than the limit; returns how many offers
    there are, `most` at the most.
    """
    rows, places, t = field.rows, field.places, field.trees
    metres = (rows.reach[row] + 1) * UNIT
    count = 0
    size = put_roots(row, t, room.stack)
    while size > 0:
        size -= 1
        box = room.stack[size]
        gap = squared_gap(row, rows, t, box)
        if gap > metres * metres or (wanted and not (wanted & field.sectors_in[box])):
            continue
        value = value_at_least(gap, home, field, box)
        if not sum_is_better(value, prices.terms, prices.least, box, room):
            continue
        if t.left[box] >= 0:
            one, other = t.left[box], t.right[box]
            if squared_gap(row, rows, t, one) < squared_gap(row, rows, t, other):
                one, other = other, one
            room.stack[size], room.stack[size + 1] = one, other
            size += 2
            continue
        for place in range(t.first[box], t.last[box]):
            tens = tens_allowed(row, wanted, place, field, room.refused)
            if tens < 0:
                continue
            value = pair_value(row, rows, places, place, tens)
            if sum_is_better(through(wanted, value), prices.terms, prices.place, place, room):
                count = put_in(count, place, value, room, offers, most)
    return count


@inlined_kernel
def through(wanted: np.uint64, value: int) -> int:
    """The value of a pair as the hub counts it: half the tie in that of a sector (lottery.py)."""
    tie = value & TIE_MASK
    return int(value - tie + tie // 2 if wanted else value)


@inlined_kernel
def sum_is_better(
    value: int, terms: NDArray[np.int64], price: NDArray[np.int64], i: int, room: Room
) -> bool:
    """Write the words of a pair of this value with price[i] in room.sum; whether they beat the
    limit.
    """
    for k in range(price.shape[1]):
        room.sum[0, k] = word_of(value, terms, k) + price[i, k]
    return less(room.sum, 0, room.limit, 0)


@inlined_kernel
def put_in(count: int, place: int, value: int, room: Room, offers: Offers, most: int) -> int:
    """Put room.sum in its place among the sorted offers; the last one falls out when there is no
    room. When they are full, the last is the limit.
    """
    at = min(count, most - 1)
    while at > 0 and less(room.sum, 0, offers.words, at - 1):
        copy_words(offers.words, at - 1, offers.words, at)
        offers.place[at], offers.value[at] = offers.place[at - 1], offers.value[at - 1]
        at -= 1
    copy_words(room.sum, 0, offers.words, at)
    offers.place[at], offers.value[at] = place, value
    count = min(count + 1, most)
    if count == most:
        copy_words(offers.words, most - 1, room.limit, 0)
    return count


@kernel
def raise_to_what_is_paid(
    site: NDArray[np.int32],
    wanted: NDArray[np.uint64],
    home: NDArray[np.uint64],
    field: Field,
    worth: Prices,
    paid: NDArray[np.int64],
    room: Room,
) -> None:
    """Raise the price of each place to the largest of "paid less cost" over all pairs; a hub that
    pays DEAR has none.
    """
    for hub in range(len(site)):
        if paid[hub, 0] < DEAR:
            list_values(site[hub], field.refused, room.refused)
            copy_words(paid, hub, room.limit, 0)
            raise_around(site[hub], wanted[hub], home[site[hub]], field, worth, room)
            forget_values(site[hub], field.refused, room.refused)


@bare_kernel
def raise_around(
    row: int, wanted: np.uint64, home: np.uint64, field: Field, worth: Prices, room: Room
) -> None:
    """Raise the price of what a row may have to room.limit less the cost of the pair, in every box
    in which some place may be worth less.
    """
    rows, t = field.rows, field.trees
    metres = (rows.reach[row] + 1) * UNIT
    size = put_roots(row, t, room.stack)
    while size > 0:
        size -= 1
        box = room.stack[size]
        gap = squared_gap(row, rows, t, box)
        if gap > metres * metres or (wanted and not (wanted & field.sectors_in[box])):
            continue
        take_off(value_at_least(gap, home, field, box), worth.terms, room)
        if not less(worth.least, box, room.sum, 0):
            continue
        if t.left[box] >= 0:
            room.stack[size], room.stack[size + 1] = t.left[box], t.right[box]
            size += 2
            continue
        for place in range(t.first[box], t.last[box]):
            tens = tens_allowed(row, wanted, place, field, room.refused)
            if tens < 0:
                continue
            value = through(wanted, pair_value(row, rows, field.places, place, tens))
            take_off(value, worth.terms, room)
            if less(worth.place, place, room.sum, 0):
                copy_words(room.sum, 0, worth.place, place)
        raise_boxes(box, t, worth)


@inlined_kernel
def take_off(value: int, terms: NDArray[np.int64], room: Room) -> None:
    """room.sum = room.limit less the cost of a pair of this value"""
    for k in range(terms.shape[1]):
        room.sum[0, k] = room.limit[0, k] - word_of(value, terms, k)


@bare_kernel
def raise_boxes(box: int, t: Trees, worth: Prices) -> None:
    """The least price in a leaf, and in the boxes around it, after prices in it rose."""
    best = t.first[box]
    for place in range(t.first[box] + 1, t.last[box]):
        if less(worth.place, place, worth.place, best):
            best = place
    copy_words(worth.place, best, worth.least, box)
    box = t.parent[box]
    while box >= 0:
        one, other = t.left[box], t.right[box]
        if less(worth.least, other, worth.least, one):
            one = other
        if not less(worth.least, box, worth.least, one):
            break
        copy_words(worth.least, one, worth.least, box)
        box = t.parent[box]


@inlined_kernel
def value_at_least(gap: float, home: np.uint64, field: Field, box: int) -> int:
    """What the value of a pair with a place of a box is at least: the arc is longer than the chord
    (`gap`, squared), and rounding takes off no more than half a unit.
    """
    value = max(int(np.sqrt(gap) / UNIT) - 1, 0) << TIE_BITS
    if not (home & field.territories_in[box]):
        value += 1 << OUTSIDE_SHIFT
    return int(value)


@inlined_kernel
def tens_allowed(
    row: int, wanted: np.uint64, place: int, field: Field, refused: NDArray[np.int64]
) -> int:
    """How far a place is of a sort that a row may have, −1 when the rules forbid it."""
    rows, places = field.rows, field.places
    tens = -1
    if not wanted or wanted & field.sectors[place]:
        x, y = places.x[place] - rows.x[row], places.y[place] - rows.y[row]
        z = places.z[place] - rows.z[row]
        tens = tens_within_reach(x * x + y * y + z * z, rows.reach[row])
        if tens >= 0 and tests_passed(row, rows, places, refused, place) != TESTS:
            tens = -1
    return tens


@inlined_kernel
def word_of(value: int, terms: NDArray[np.int64], k: int) -> int:
    """Word k of the cost of a pair of this value."""
    word = ((value >> TIE_BITS) & DISTANCE_MASK) * terms[1, k] + (value & TIE_MASK) * terms[2, k]
    if value >> OUTSIDE_SHIFT == 0:
        word += terms[0, k]
    return int(word)
