"""Checks how good the seats of those who are placed are, without the solver or a list of pairs.

The prices of all levels prove a bound: level after level, a pupil costs and pays at least the least
that any of his pairs costs with its price, and a seat brings its price at most once, as none is
below 0 (weak duality: Gale, Kuhn and Tucker, 1951). No answer that places the same pupils is better
than that; when the placements are as good, none is better than they are.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from matching.engine.compiled import kernel
from matching.engine.distance import distances
from matching.engine.lottery import draws_of_sectors, tie_bits
from matching.engine.problem import Problem
from matching.engine.solution import Level
from matching.engine.verify_implicit import NOWHERE, check_who, held_seats, read_site, strips
from matching.engine.verify_levels import (
    Facts,
    difference,
    facts_of,
    know_wishes,
    level_names,
    may_use,
    write_worth,
)
from matching.engine.verify_pairs import Kinds, Reading, kinds_of, reading_of, slot_ties
from matching.engine.verify_rules import Broken

REWARDED = ("placed", "wishes", "sectors", "territory")  # levels of which more is better


def check_where(
    problem: Problem,
    slot: NDArray[np.int32],
    reserved_seat: NDArray[np.bool_],
    prices: NDArray[np.int64],
    levels: tuple[Level, ...],
    bound: tuple[Level, ...],
) -> Iterator[Broken]:
    """What is wrong with these seats (per pupil), the prices (L, 2, S) of all levels, the values
    told, and the bound that the prices are said to prove: all that `check_who` looks at, and more.
    """
    yield from check_who(problem, slot, reserved_seat, prices[0])
    kinds = kinds_of(problem)
    facts, names = facts_of(problem, kinds), level_names(problem, kinds)
    shape = (len(names), 2, len(problem.slots.keys))
    if prices.shape != shape or names != tuple(dict(levels)) or names != tuple(dict(bound)):
        yield "prices", f"levels {tuple(dict(levels))}"
        return
    by_seat = np.ascontiguousarray(np.moveaxis(prices, 0, 2).swapaxes(0, 1)).reshape(-1, len(names))
    first = by_seat[np.arange(len(by_seat)), np.argmax(by_seat != 0, axis=1)]
    for number in np.flatnonzero(first < 0).tolist():
        yield "prices", f"{problem.slots.keys[number // 2]} below 0"
    costs = _costs(problem, kinds, slot)
    decided = kinds.of_pupil[slot >= 0] >= 0
    costs[-1, ~decided] = 0
    placed = np.bincount(
        kinds.of_pupil[(slot >= 0) & (kinds.of_pupil >= 0)], minlength=len(kinds.size)
    )
    least = _least(problem, kinds, facts, placed > 0, by_seat)
    left = np.stack([problem.slots.seats - problem.slots.reserved, problem.slots.reserved])
    left = (left - held_seats(problem)).T.ravel()
    proven = _totals(np.concatenate([least, by_seat]).T, np.concatenate([placed, -left]))
    own = _totals(costs[:, decided], np.ones(np.count_nonzero(decided), dtype=np.int64))
    whole = _totals(costs, np.ones(len(decided), dtype=np.int64))
    for k, name in enumerate(names):
        told, told_bound = levels[k].value, bound[k].value
        if told != abs(whole[k]):
            yield "values", f"{name} {told} for {abs(whole[k])}"
        gap = told_bound - told if name in REWARDED else told - told_bound
        if gap != own[k] - proven[k]:
            yield "bound", f"{name} {gap} for {own[k] - proven[k]}"


def _totals(values: NDArray[np.int64], counts: NDArray[np.int64]) -> list[int]:
    """The sum of counts times each row of values, in whole numbers of any size."""
    high, low = np.divmod(values, 2**31)
    sums = zip((high @ counts).tolist(), (low @ counts).tolist(), strict=True)
    return [one * 2**31 + other for one, other in sums]


def _costs(problem: Problem, kinds: Kinds, slot: NDArray[np.int32]) -> NDArray[np.int64]:
    """(L, placed pupils): what each costs at every level where he sits."""
    pupils, slots, wishes = problem.pupils, problem.slots, problem.wishes
    rows = np.flatnonzero(slot >= 0)
    there, kind = slot[rows], kinds.of_pupil[rows]
    wished = wishes.pupil.astype(np.int64) * len(slots.keys) + wishes.slot
    order = np.argsort(wished)
    code = rows * len(slots.keys) + there
    place = np.searchsorted(wished, code, sorter=order)
    place = np.append(order, -1)[place]
    known = np.append(wished, -1)[place] == code
    rank = np.where(known, np.append(wishes.rank, 0)[place], 0).astype(np.int64)
    sector = slots.sector[there]
    bit = np.left_shift(np.uint64(1), np.maximum(sector, 0).astype(np.uint64))
    named = (rank == 0) & (sector >= 0) & ((pupils.sectors[rows] & bit) != 0)
    home = pupils.territory[rows]
    tens = distances(pupils.lat[rows], pupils.lon[rows], slots.lat[there], slots.lon[there])
    drawn = slot_ties(problem)[there]
    # −1, of what is held, is the 0 at the end
    tie = np.append(kinds.tie, np.uint64(0))[kind]
    site_tie = np.append(kinds.site_tie, np.uint64(0))[np.append(kinds.site, -1)[kind]]
    of_site = tie_bits(site_tie, drawn)
    of_sector = draws_of_sectors(slots.sector, slot_ties(problem))
    of_kind = tie_bits(tie, of_sector[np.where(named, sector, -1)])
    of_site = np.where(named, of_site // 2, of_site)
    ties = np.where(rank > 0, tie_bits(tie, drawn), of_site + of_kind)
    return np.stack(
        [
            np.full(len(rows), -1), -(rank > 0).astype(np.int64), rank, -named.astype(np.int64),
            -((home >= 0) & (home == slots.territory[there])).astype(np.int64), tens,
            ties.astype(np.int64),
        ]
    )  # fmt: skip


def _least(
    problem: Problem,
    kinds: Kinds,
    facts: Facts,
    taking_part: NDArray[np.bool_],
    price: NDArray[np.int64],
) -> NDArray[np.int64]:
    """(kinds, L): the least cost with price (2 S, L) of any pair of those who take part, else 0."""
    reading = reading_of(problem, kinds)
    order = np.argsort(kinds.site, kind="stable")
    order = order[taking_part[order]]
    start = np.searchsorted(kinds.site[order], np.arange(len(kinds.site_example) + 1))
    least = np.where(taking_part[:, None], NOWHERE, np.zeros(price.shape[1], dtype=np.int64))
    size = len(problem.slots.keys)
    never, road = np.zeros(size, dtype=np.bool_), np.full(size, -1, dtype=np.int64)
    found, tens = np.empty(size, dtype=np.int32), np.empty(size, dtype=np.int32)
    rank, worth = np.zeros(size, dtype=np.int64), np.zeros(price.shape[1], dtype=np.int64)
    for sites, bands in strips(problem, reading):
        strip = reading._replace(slot=bands)
        _lower_strip(
            sites, strip, never, road, found, tens, facts, start, order, price, rank, worth, least
        )
    return least


@kernel
def _lower_strip(
    sites: NDArray[np.int64],
    reading: Reading,
    never: NDArray[np.bool_],
    road: NDArray[np.int64],
    found: NDArray[np.int32],
    tens: NDArray[np.int32],
    facts: Facts,
    start: NDArray[np.int64],
    kinds: NDArray[np.int64],
    price: NDArray[np.int64],
    rank: NDArray[np.int64],
    worth: NDArray[np.int64],
    least: NDArray[np.int64],
) -> None:
    """Lower `least` to what the pairs of `sites` cost with their prices; seats are 2 × slot, + 1
    when reserved.
    """
    for place in range(len(sites)):
        k = sites[place]
        if start[k] == start[k + 1]:
            continue
        count = read_site(k, reading, never, road, found, tens)
        for row in range(start[k], start[k + 1]):
            kind = kinds[row]
            know_wishes(facts, kind, rank, 0)
            for i in range(count):
                slot, known = found[i], False
                for seat in range(2):
                    asked = price[2 * slot + seat]
                    if asked[0] - 1 > least[kind, 0] or not may_use(facts, kind, seat, slot):
                        continue
                    if not known:
                        write_worth(facts, kind, slot, tens[i], rank[slot], worth)
                        known = True
                    if difference(worth, asked, least[kind]) < 0:
                        least[kind] = worth + asked
            know_wishes(facts, kind, rank, 1)
