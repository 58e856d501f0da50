"""Checks who is placed without the solver and without a list of pairs.

With prices that are at least 0 (the level "placed" of a certificate) it is enough to see that
- everybody sits in a seat that he may have, and in none dearer than another that he may have;
- every seat with a price is given;
- for each pupil left out all that he may have has a price, and whoever sits as dear or dearer was
  served before him.
So the seats with a price, and those who may have one without, are a cut of the number placed: no
more can be (König, 1931). And those who sit as dear as the cheapest seat of one left out, or
dearer, may have only these seats, which they fill: he cannot be placed together with them (Hall,
1935), all of whom come before him. So those placed are the best set for the order (Rado, 1957).
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from matching.engine.compiled import kernel
from matching.engine.distance import UNIT
from matching.engine.problem import Problem
from matching.engine.verify_order import service_order
from matching.engine.verify_pairs import Bands, Kinds, Reading, kinds_of, read_band, reading_of
from matching.engine.verify_rules import Broken

NOWHERE = int(np.iinfo(np.int64).max)
STRIP = 10_000.0  # metres


def check_who(
    problem: Problem,
    slot: NDArray[np.int32],
    reserved_seat: NDArray[np.bool_],
    price: NDArray[np.int64],
) -> Iterator[Broken]:
    """What is wrong with these seats (per pupil) and prices (2, S), open seats first."""
    kinds = kinds_of(problem)
    decided = kinds.of_pupil >= 0
    held = problem.fixed
    for row in held.pupil[
        (slot[held.pupil] != held.slot) | (reserved_seat[held.pupil] != held.reserved)
    ].tolist():
        yield "held", problem.pupils.keys[row]
    seats = np.stack([problem.slots.seats - problem.slots.reserved, problem.slots.reserved])
    rows = np.flatnonzero(slot >= 0)
    given = np.zeros_like(seats)
    np.add.at(given, (reserved_seat[rows].astype(np.int64), slot[rows]), 1)
    for kind, number in np.argwhere(given > seats).tolist():
        yield "seats", f"{problem.slots.keys[number]} {kind}"
    for kind, number in np.argwhere((price < 0) | ((price > 0) & (given < seats))).tolist():
        yield "prices", f"{problem.slots.keys[number]} {kind}"

    rows = np.flatnonzero(decided & (slot >= 0))
    cheapest, allowed = _cheapest(problem, kinds, rows, slot[rows], reserved_seat[rows], price)
    for row in rows[~allowed].tolist():
        yield "pairs", problem.pupils.keys[row]
    mine = np.full(len(slot), NOWHERE, dtype=np.int64)
    mine[decided] = cheapest[kinds.site[kinds.of_pupil[decided]]]
    paid = price[reserved_seat[rows].astype(np.int64), slot[rows]]
    for row in rows[mine[rows] < paid].tolist():
        yield "optimal", problem.pupils.keys[row]
    yield from _left_out(problem, np.flatnonzero(decided & (slot < 0)), mine, rows, paid)
    cut = int((seats - held_seats(problem))[price > 0].sum()) + int((mine[decided] == 0).sum())
    if cut != len(rows):
        yield "cut", f"{cut} for {len(rows)}"


def held_seats(problem: Problem) -> NDArray[np.int64]:
    held = np.zeros((2, len(problem.slots.keys)), dtype=np.int64)
    np.add.at(held, (problem.fixed.reserved.astype(np.int64), problem.fixed.slot), 1)
    return held


def _left_out(
    problem: Problem,
    out: NDArray[np.int64],
    cheapest: NDArray[np.int64],
    placed: NDArray[np.int64],
    paid: NDArray[np.int64],
) -> Iterator[Broken]:
    """Pupils left out who may have a seat without price, or are overtaken in those that they may
    have.
    """
    turn = service_order(problem)
    dear = np.argsort(-paid, kind="stable")
    latest = np.maximum.accumulate(turn[placed][dear])
    before = np.searchsorted(-paid[dear], -cheapest[out], side="right")
    overtaken = np.append(-1, latest)[before] > turn[out]
    for row in out[cheapest[out] == 0].tolist():
        yield "maximum", problem.pupils.keys[row]
    for row in out[(cheapest[out] > 0) & overtaken].tolist():
        yield "order", problem.pupils.keys[row]


def _cheapest(
    problem: Problem,
    kinds: Kinds,
    rows: NDArray[np.int64],
    slot: NDArray[np.int32],
    reserved_seat: NDArray[np.bool_],
    price: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Of each site, the least price of what it may have, NOWHERE when it has no pair; and of the
    pupils `rows`, whether they may have their seats.
    """
    reading = reading_of(problem, kinds)
    site = kinds.site[kinds.of_pupil[rows]]
    order = np.argsort(site, kind="stable")
    start = np.searchsorted(site[order], np.arange(len(kinds.site_example) + 1))
    seat = (2 * slot.astype(np.int64) + reserved_seat)[order]
    allowed = np.zeros(len(rows), dtype=np.bool_)
    cheapest = np.full(len(kinds.site_example), NOWHERE, dtype=np.int64)
    size = len(problem.slots.keys)
    by_seat = np.ascontiguousarray(price.T).ravel()
    seen = np.full(2 * size, -1, dtype=np.int64)
    open_seats = np.empty(size, dtype=np.bool_)  # whether a slot ever had some
    reserved_bit = np.empty(size, dtype=np.uint64)
    open_seats[reading.slot.number] = reading.slot.open_seats
    reserved_bit[reading.slot.number] = reading.slot.reserved_bit
    never, road = np.zeros(size, dtype=np.bool_), np.full(size, -1, dtype=np.int64)
    found, tens = np.empty(size, dtype=np.int32), np.empty(size, dtype=np.int32)
    for sites, bands in strips(problem, reading):
        strip = reading._replace(slot=bands)
        _read_strip(
            sites, strip, never, road, found, tens, open_seats, reserved_bit, by_seat, seen,
            start, seat, cheapest, allowed,
        )  # fmt: skip
    in_order = np.empty_like(allowed)
    in_order[order] = allowed
    return cheapest, in_order


def strips(problem: Problem, reading: Reading) -> Iterator[tuple[NDArray[np.int64], Bands]]:
    """Sites of the same weeks in strips along the second axis, with the slots of these weeks as
    near to a strip as the reach.
    """
    slot, y = reading.slot, reading.pupil.y
    most = (int(problem.pupils.reach.max(initial=0)) + 1) * UNIT
    strip = np.floor(y / STRIP)
    for number in np.unique(strip).tolist():
        sites = np.flatnonzero(strip == number)
        low, high = y[sites].min() - most, y[sites].max() + most
        near = (slot.y >= low) & (slot.y <= high) | reading.has_roads
        around = Bands(*(column[near] for column in slot))
        for weeks in np.unique(reading.pupil.weeks[sites]):
            common = (around.weeks & weeks) != 0
            alike = sites[reading.pupil.weeks[sites] == weeks]
            yield alike, Bands(*(column[common] for column in around))


@kernel
def _read_strip(
    sites: NDArray[np.int64],
    reading: Reading,
    never: NDArray[np.bool_],
    road: NDArray[np.int64],
    found: NDArray[np.int32],
    tens: NDArray[np.int32],
    open_seats: NDArray[np.bool_],
    reserved_bit: NDArray[np.uint64],
    price: NDArray[np.int64],
    seen: NDArray[np.int64],
    start: NDArray[np.int64],
    seat: NDArray[np.int64],
    cheapest: NDArray[np.int64],
    allowed: NDArray[np.bool_],
) -> None:
    """Look at everything that each of `sites` may have; seats are 2 × slot, + 1 when reserved."""
    for place in range(len(sites)):
        k = sites[place]
        count = read_site(k, reading, never, road, found, tens)
        for i in range(count):
            slot = found[i]
            if open_seats[slot]:
                seen[2 * slot] = k
                cheapest[k] = min(cheapest[k], price[2 * slot])
            if reserved_bit[slot] & reading.pupil.entitlements[k]:
                seen[2 * slot + 1] = k
                cheapest[k] = min(cheapest[k], price[2 * slot + 1])
        for member in range(start[k], start[k + 1]):
            allowed[member] = seen[seat[member]] == k


@kernel
def read_site(
    k: int,
    reading: Reading,
    never: NDArray[np.bool_],
    road: NDArray[np.int64],
    found: NDArray[np.int32],
    tens: NDArray[np.int32],
) -> int:
    """`read_band` of one site, with its refusals and its rows of a table of travel."""
    for row in range(reading.refused.start[k], reading.refused.start[k + 1]):
        never[reading.refused.slot[row]] = True
    for row in range(reading.roads.start[k], reading.roads.start[k + 1]):
        road[reading.roads.slot[row]] = reading.roads.number[row]
    count = read_band(k, reading.pupil, reading.slot, never, road, reading.has_roads, found, tens)
    for row in range(reading.refused.start[k], reading.refused.start[k + 1]):
        never[reading.refused.slot[row]] = False
    for row in range(reading.roads.start[k], reading.roads.start[k + 1]):
        road[reading.roads.slot[row]] = -1
    return int(count)
