"""What each hub would pay least among pairs that are never stored (pricing: Dantzig and Wolfe,
1960; Gilmore and Gomory, 1961).

Seats lie in trees of boxes (seat_trees.py), one for each sort of seats in each block of the cut. A
box whose least price, with the distance to its nearest side, is no better than what is known is
not looked into (branch and bound: Land and Doig, 1960); so what is found is the same as by looking
at every pair.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.engine.compiled import kernel
from matching.engine.groups import Groups, numbered
from matching.engine.heap import copy_words, less
from matching.engine.implicit_offers import (
    Field,
    Offers,
    Prices,
    Room,
    price_hubs,
    raise_to_what_is_paid,
)
from matching.engine.implicit_search import DEPTH
from matching.engine.market import Selection
from matching.engine.network import ANY_SECTOR, Hubs
from matching.engine.pairs import Arcs, nodes_by_cube, refusals_of_sites, rows_of_sites
from matching.engine.prices import DEAR
from matching.engine.problem import Problem
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
from matching.engine.seat_trees import Trees, seat_trees
from matching.engine.seats import SeatNodes

SLICE = 20_000  # hubs priced at once


class Pairs(NamedTuple):
    """Pairs of sites and nodes, by site."""

    site: NDArray[np.int32]
    node: NDArray[np.int32]
    value: NDArray[np.int64]


def field_of(problem: Problem, groups: Groups, nodes: SeatNodes, chosen: Selection) -> Field:
    """The rows and seats of a problem, within the blocks of a selection."""
    rows, by_cube = rows_of_sites(problem, groups), nodes_by_cube(problem, nodes)
    block = chosen.column_block[by_cube.node]
    link, _ = numbered(
        [
            np.concatenate([rows.link_group, by_cube.link_group]),
            np.concatenate([chosen.site_block, block]),
        ]
    )
    rows = rows._replace(link_group=link[: len(rows.x)].astype(np.int32))
    by_cube = by_cube._replace(link_group=link[len(rows.x) :].astype(np.int32))
    trees, places, _ = seat_trees(rows, by_cube)
    place_of = np.empty(len(places.node), dtype=np.int64)
    place_of[places.node] = np.arange(len(place_of))
    sector = problem.slots.sector[places.slot]
    bits = np.left_shift(np.uint64(1), np.maximum(sector, 0).astype(np.uint64))
    bits = np.where(sector >= 0, bits, np.uint64(0))
    sectors_in, territories_in = (np.zeros(len(trees.first), dtype=np.uint64) for _ in range(2))
    sum_up_bits(trees, bits, sectors_in)
    sum_up_bits(trees, _territory_bits(places.territory), territories_in)
    return Field(
        rows, places, place_of, refusals_of_sites(problem, groups), trees, bits, sectors_in,
        territories_in, len(problem.slots.keys),
    )  # fmt: skip


def _territory_bits(territory: NDArray[np.int32]) -> NDArray[np.uint64]:
    bits = np.left_shift(np.uint64(1), (np.maximum(territory, 0) % 64).astype(np.uint64))
    return np.where(territory >= 0, bits, np.uint64(0))


def values_of(field: Field, site: NDArray[np.int32], node: NDArray[np.int32]) -> NDArray[np.int64]:
    """The value of each of these pairs, −1 for one that is not allowed."""
    value = np.empty(len(site), dtype=np.int64)
    refused = np.zeros(field.slots, dtype=np.int64)
    value_pairs(site, field.place_of[node], field.rows, field.places, field.refused, refused, value)
    return value


def cheapest_pairs(
    field: Field,
    terms: NDArray[np.int64],
    hubs: Hubs,
    price: NDArray[np.int64],
    limit: NDArray[np.int64],
    most: NDArray[np.int64],
) -> tuple[Pairs, NDArray[np.int64]]:
    """Up to most[hub] pairs of each hub that cost, with their price, less than its limit; and the
    least that any pair of the hub costs, or its limit (hubs, K). price (columns, K).
    """
    words = price.shape[1]
    by_place = np.ascontiguousarray(price[field.places.node])
    prices = Prices(terms, by_place, np.zeros((len(field.trees.first), words), dtype=np.int64))
    sum_up_prices(field.trees, prices.place, prices.least)
    wanted, home = _wanted_sectors(hubs), _territory_bits(field.rows.territory)
    offers = Offers(
        words=np.zeros((most.max(initial=0), words), dtype=np.int64),
        place=np.zeros(most.max(initial=0), dtype=np.int32),
        value=np.zeros(most.max(initial=0), dtype=np.int64),
    )
    room = _room(field, words)
    none = np.zeros(0, dtype=np.int32)
    found, lowered = [(none, none, np.zeros(0, dtype=np.int64))], limit.copy()
    for first in range(0, len(hubs.site), SLICE):
        last = min(first + SLICE, len(hubs.site))
        site = hubs.site[first:last]
        count = np.zeros(last - first, dtype=np.int64)
        start = np.concatenate([[0], np.cumsum(most[first:last])])
        place = np.zeros(start[-1], dtype=np.int32)
        value = np.zeros(start[-1], dtype=np.int64)
        price_hubs(
            site, wanted[first:last], home, field, prices, lowered[first:last], room, offers,
            start, count, place, value,
        )  # fmt: skip
        kept = np.arange(start[-1]) < np.repeat(start[:-1] + count, most[first:last])
        found.append((np.repeat(site, count), field.places.node[place[kept]], value[kept]))
    return Pairs(*map(np.concatenate, zip(*found, strict=True))), lowered


def worth_of_nodes(
    field: Field, terms: NDArray[np.int64], hubs: Hubs, paid: NDArray[np.int64]
) -> NDArray[np.int64]:
    """The least prices (columns, K) at which no hub finds anything cheaper than it pays (hubs, K);
    0 for a node that nobody may have.
    """
    words = paid.shape[1]
    worth = np.full((len(field.places.node), words), -DEAR, dtype=np.int64)
    raised = Prices(terms, worth, np.full((len(field.trees.first), words), -DEAR, dtype=np.int64))
    wanted, home = _wanted_sectors(hubs), _territory_bits(field.rows.territory)
    raise_to_what_is_paid(hubs.site, wanted, home, field, raised, paid, _room(field, words))
    worth[worth[:, 0] == -DEAR] = 0
    return worth[field.place_of]


def _room(field: Field, words: int) -> Room:
    roots = int(np.diff(field.trees.root_start).max(initial=0))
    return Room(
        limit=np.zeros((1, words), dtype=np.int64),
        sum=np.zeros((1, words), dtype=np.int64),
        refused=np.zeros(field.slots, dtype=np.int64),
        stack=np.zeros(DEPTH + roots, dtype=np.int32),
    )


def _wanted_sectors(hubs: Hubs) -> NDArray[np.uint64]:
    """The sector of each hub as a bit, 0 for any."""
    any_sector = hubs.sector == ANY_SECTOR
    bit = np.left_shift(np.uint64(1), np.where(any_sector, 0, hubs.sector).astype(np.uint64))
    return np.where(any_sector, np.uint64(0), bit)


def joined(arcs: Arcs, more: Pairs) -> Arcs:
    """The pairs with more of them, each once; those more are sorted by site."""
    start = np.searchsorted(more.site, np.arange(len(arcs.start))).astype(np.int64)
    size = len(arcs.column) + len(more.site)
    new_start = np.zeros_like(arcs.start)
    column, value = np.empty(size, dtype=np.int32), np.empty(size, dtype=np.int64)
    size = join_pairs(
        arcs.start, arcs.column, arcs.value, start, more.node, more.value, new_start, column, value
    )
    return Arcs(new_start, column[:size].copy(), value[:size].copy(), arcs.columns)


@kernel
def join_pairs(
    start: NDArray[np.int64],
    column: NDArray[np.int32],
    value: NDArray[np.int64],
    more_start: NDArray[np.int64],
    more_column: NDArray[np.int32],
    more_value: NDArray[np.int64],
    new_start: NDArray[np.int64],
    new_column: NDArray[np.int32],
    new_value: NDArray[np.int64],
) -> int:
    """Write the pairs of each row, the best first, each once; returns how many."""
    size = 0
    for row in range(len(start) - 1):
        first, last = start[row], start[row + 1]
        more_first, more_last = more_start[row], more_start[row + 1]
        columns = np.concatenate((column[first:last], more_column[more_first:more_last]))
        values = np.concatenate((value[first:last], more_value[more_first:more_last]))
        order = np.argsort(values, kind="mergesort")
        for k in order:
            twice = False
            back = size - 1
            while back >= new_start[row] and new_value[back] == values[k] and not twice:
                twice = new_column[back] == columns[k]
                back -= 1
            if not twice:
                new_column[size], new_value[size] = columns[k], values[k]
                size += 1
        new_start[row + 1] = size
    return size


@kernel
def value_pairs(
    row: NDArray[np.int32],
    place: NDArray[np.int64],
    rows: Rows,
    places: Nodes,
    listed: Listed,
    refused: NDArray[np.int64],
    value: NDArray[np.int64],
) -> None:
    """Write the value of each pair, −1 for one that the rules forbid."""
    for k in range(len(row)):
        i, j = row[k], place[k]
        value[k] = -1
        x, y, z = places.x[j] - rows.x[i], places.y[j] - rows.y[i], places.z[j] - rows.z[i]
        tens = tens_within_reach(x * x + y * y + z * z, rows.reach[i])
        if tens < 0 or not (places.weeks[j] & rows.weeks[i]):
            continue
        list_values(i, listed, refused)
        if tests_passed(i, rows, places, refused, j) == TESTS:
            value[k] = pair_value(i, rows, places, j, tens)
        forget_values(i, listed, refused)


@kernel
def sum_up_bits(trees: Trees, bits: NDArray[np.uint64], within: NDArray[np.uint64]) -> None:
    """Of each box, the bits of all its places."""
    for box in range(len(trees.first) - 1, -1, -1):  # parents come before their halves
        if trees.left[box] >= 0:
            within[box] = within[trees.left[box]] | within[trees.right[box]]
            continue
        for place in range(trees.first[box], trees.last[box]):
            within[box] |= bits[place]


@kernel
def sum_up_prices(trees: Trees, price: NDArray[np.int64], least: NDArray[np.int64]) -> None:
    """Of each box, the least price (in words) of its places."""
    for box in range(len(trees.first) - 1, -1, -1):
        if trees.left[box] >= 0:
            one, other = trees.left[box], trees.right[box]
            copy_words(least, other if less(least, other, least, one) else one, least, box)
            continue
        copy_words(price, trees.first[box], least, box)
        for place in range(trees.first[box] + 1, trees.last[box]):
            if less(price, place, least, box):
                copy_words(price, place, least, box)
