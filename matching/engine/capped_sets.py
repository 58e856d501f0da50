"""The sets that have a limit, as a tree, and the gates through which pupils come in.

A gate is a pair of a site and a slot, in one week where the week matters. It leads into the
smallest capped set that counts it; each set lies in the next larger one, up to the sink.
"""

from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.engine.answer import Answer, hold
from matching.engine.caps import OFF, Caps, next_total
from matching.engine.market import Market
from matching.engine.pairs import Arcs
from matching.engine.problem import Problem
from matching.engine.seats import OPEN, RESERVED

WHOLE = -1  # no week: all of them


class Kind(IntEnum):
    """What a capped set counts, the smaller sets first."""

    APART = 0  # of pupils kept apart, in a slot at a time
    SCHOOL = 1  # of a school, in a slot at a time
    SCHOOL_TOTAL = 2  # of a school, in a slot in all its weeks
    OPEN = 3  # in a slot, those who may not have its reserved seats
    AT_ONCE = 4  # in a slot at a time
    SLOT = 5  # in a slot
    TOTAL = 6  # in the slots of a total


class Tree(NamedTuple):
    """N capped sets, what is in them above what holds them: parents have larger numbers."""

    parent: NDArray[np.int32]  # −1: the sink
    limit: NDArray[np.int32]  # held placements taken off
    kind: NDArray[np.int8]
    slot: NDArray[np.int32]  # row of the given slots; of a total, its row
    week: NDArray[np.int8]  # WHOLE or a number in Problem.weeks
    team: NDArray[np.int32]  # school or set kept apart, as in the problem; −1 none
    child_start: NDArray[np.int64]  # N + 1
    child: NDArray[np.int32]


class Gates(NamedTuple):
    """The pairs of sites with the sets that they come into, as `arcs`, and the week of each."""

    arcs: Arcs
    slot: NDArray[np.int32]
    week: NDArray[np.int8]  # WHOLE when it does not matter


def capped_sets(market: Market) -> tuple[Tree, Gates]:
    """The tree over the pairs of the market, and its gates. A cap that is off makes no set."""
    problem, caps = market.problem, _caps(market.problem)
    site, slot, value, entitled = _pairs(market)
    first = market.groups.site_first
    school, apart = problem.pupils.school[first], caps.apart[first]
    several = (problem.slots.weeks & (problem.slots.weeks - np.uint64(1))) != 0
    matters = several[slot] & (
        (caps.at_once[slot] != OFF)
        | ((caps.of_a_school[slot] != OFF) & (school[site] >= 0))
        | (apart[site] >= 0)
    )
    pair, week = _in_weeks(problem, first[site], slot, matters)
    site, slot, value, entitled = site[pair], slot[pair], value[pair], entitled[pair]
    in_total = _in_school_totals(caps, len(problem.slots.keys))
    counted = np.stack(
        [
            apart[site] >= 0,
            (caps.of_a_school[slot] != OFF) & (school[site] >= 0),
            in_total[slot] & (school[site] >= 0),
            (problem.slots.reserved[slot] > 0) & ~entitled,
            caps.at_once[slot] != OFF,
            np.ones(len(slot), dtype=np.bool_),
        ],
        axis=1,
    )
    rank = np.empty(len(problem.slots.keys), dtype=np.int64)
    rank[sorted(range(len(rank)), key=problem.slots.keys.__getitem__)] = np.arange(len(rank))
    numbers, described = _numbered(
        counted, rank[slot], week, _by_first(apart[site]), _by_first(school[site])
    )
    example = described[1]
    tree = _tree(
        market, caps, rank, described[0], slot[example], week[example],
        np.where(described[0] == Kind.APART, apart[site[example]], school[site[example]]), numbers,
    )  # fmt: skip
    start = np.searchsorted(site, np.arange(market.sites + 1)).astype(np.int64)
    entry = numbers[np.arange(len(slot)), np.argmax(numbers >= 0, axis=1)].astype(np.int32)
    return tree, Gates(Arcs(start, entry, value, len(tree.limit)), slot, week)


def _caps(problem: Problem) -> Caps:
    if problem.caps is None:
        raise ValueError("a problem without caps")
    return problem.caps


def _pairs(
    market: Market,
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int64], NDArray[np.bool_]]:
    """Site, slot, value of each pair in the order of the arcs, and whether the site's pupils may
    have the slot's reserved seats.
    """
    arcs, nodes = market.arcs, market.nodes
    site = np.repeat(np.arange(market.sites), np.diff(arcs.start))
    slot, kind = nodes.slot[arcs.column], nodes.kind[arcs.column]
    code = site * len(market.problem.slots.keys) + slot
    entitled = np.isin(code, code[kind == RESERVED])
    twice = np.isin(code, code[kind == OPEN]) & (kind == RESERVED)
    kept = np.flatnonzero(~twice)
    return site[kept], slot[kept], arcs.value[kept], entitled[kept]


def _in_weeks(
    problem: Problem, pupil: NDArray[np.int32], slot: NDArray[np.int32], matters: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int8]]:
    """Each pair once, or once for each common week where it matters; and the week."""
    common = problem.pupils.weeks[pupil] & problem.slots.weeks[slot]
    alone = problem.slots.weeks[slot]
    pairs, weeks = [np.flatnonzero(~matters)], [np.full(int((~matters).sum()), WHOLE)]
    one_week = (alone & (alone - np.uint64(1))) == 0
    for number in range(len(problem.weeks)):
        bit = (common >> np.uint64(number)) & np.uint64(1) != 0
        found = np.flatnonzero(bit & matters)
        pairs.append(found)
        weeks.append(np.full(len(found), number))
        weeks[0][(one_week & bit)[pairs[0]]] = number
    pair, week = np.concatenate(pairs), np.concatenate(weeks)
    order = np.lexsort((week, pair))
    return pair[order], week[order].astype(np.int8)


def _in_school_totals(caps: Caps, slots: int) -> NDArray[np.bool_]:
    """The slots of totals that cap the pupils of one school; it meets one slot of such a total."""
    inside = np.zeros(slots, dtype=np.bool_)
    inside[caps.member_slot[caps.total_of_a_school[caps.member_total] != OFF]] = True
    return inside


def _by_first(team: NDArray[np.int32]) -> NDArray[np.int64]:
    """Numbers that depend on the order of the sites alone, not on the given numbers."""
    _, first, inverse = np.unique(team, return_index=True, return_inverse=True)
    numbers: NDArray[np.int64] = np.argsort(np.argsort(first))[inverse]
    return numbers


def _numbered(
    counted: NDArray[np.bool_],
    slot: NDArray[np.int64],
    week: NDArray[np.int8],
    apart: NDArray[np.int64],
    school: NDArray[np.int64],
) -> tuple[NDArray[np.int64], tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """(gates, 6) number of the set of each kind that counts a gate, −1 for none; and of each set
    its kind and one gate that it counts.
    """
    numbers = np.full(counted.shape, -1, dtype=np.int64)
    kinds, examples = [], []
    teams = {Kind.APART: apart, Kind.SCHOOL: school, Kind.SCHOOL_TOTAL: school}
    dated = {Kind.APART, Kind.SCHOOL, Kind.AT_ONCE}
    size = 0
    for kind in range(counted.shape[1]):
        rows = np.flatnonzero(counted[:, kind])
        weeks = week[rows].astype(np.int64) + 1 if kind in dated else 0
        team = teams[Kind(kind)][rows] if kind in teams else 0
        code = (slot[rows] * 65 + weeks) * (int(max(apart.max(initial=0), school.max(initial=0)))
                                            + 1) + team  # fmt: skip
        _, first, inverse = np.unique(code, return_index=True, return_inverse=True)
        numbers[rows, kind] = size + inverse
        kinds.append(np.full(len(first), kind))
        examples.append(rows[first])
        size += len(first)
    return numbers, (np.concatenate(kinds), np.concatenate(examples))


def _tree(
    market: Market,
    caps: Caps,
    rank: NDArray[np.int64],
    kind: NDArray[np.int64],
    slot: NDArray[np.int32],
    week: NDArray[np.int8],
    team: NDArray[np.int32],
    numbers: NDArray[np.int64],
) -> Tree:
    """Parents, limits and children; totals come after all other sets, the smaller ones first."""
    over_slot, over_total, _ = next_total(caps)
    over_slot = np.append(over_slot, np.full(len(rank) - len(over_slot), -1))
    sizes = np.bincount(caps.member_total, minlength=len(caps.total))
    used = np.flatnonzero((caps.total != OFF) & (sizes > 0))
    first_slot = np.full(len(sizes), len(rank), dtype=np.int64)
    np.minimum.at(first_slot, caps.member_total, rank[caps.member_slot])
    used = used[np.lexsort((used, first_slot[used], sizes[used]))]
    place = np.full(len(caps.total) + 1, -1, dtype=np.int64)
    place[used] = len(kind) + np.arange(len(used))

    parent = np.full(len(kind), -1, dtype=np.int64)
    above = np.full(len(numbers), -1, dtype=np.int64)
    for column in range(numbers.shape[1] - 1, -1, -1):
        here = numbers[:, column]
        parent[here[here >= 0]] = above[here >= 0]
        above = np.where(here >= 0, here, above)
    seats = kind == Kind.SLOT
    parent[seats] = place[over_slot[slot[seats]]]
    parent = np.append(parent, place[over_total[used]])
    kinds = np.append(kind, np.full(len(used), Kind.TOTAL)).astype(np.int8)
    slot = np.append(slot, used).astype(np.int32)
    week = np.append(week, np.full(len(used), WHOLE)).astype(np.int8)
    week[~np.isin(kinds, [Kind.APART, Kind.SCHOOL, Kind.AT_ONCE])] = WHOLE
    team = np.append(team, np.full(len(used), -1)).astype(np.int32)
    team[kinds > Kind.SCHOOL_TOTAL] = -1
    limit = _limits(market, caps, kinds, slot, week, team)
    by_parent = np.argsort(parent, kind="stable")
    start = np.searchsorted(parent[by_parent], np.arange(len(parent) + 1))
    return Tree(
        parent.astype(np.int32), limit.astype(np.int32), kinds, slot, week, team,
        start.astype(np.int64), by_parent.astype(np.int32),
    )  # fmt: skip


def _limits(
    market: Market,
    caps: Caps,
    kind: NDArray[np.int8],
    slot: NDArray[np.int32],
    week: NDArray[np.int8],
    team: NDArray[np.int32],
) -> NDArray[np.int64]:
    """What held placements leave of each limit; nothing when they are more than it."""
    nodes, size = market.nodes, len(market.problem.slots.keys)
    left = np.zeros((2, size), dtype=np.int64)
    left[nodes.kind, nodes.slot] = nodes.seats
    at = np.where(kind == Kind.TOTAL, 0, slot)
    total = np.where(kind == Kind.TOTAL, slot, 0)
    limits = np.select(
        [kind == k for k in Kind],
        [
            np.ones(len(kind)), caps.of_a_school[at], np.zeros(len(kind)), left[OPEN, at],
            caps.at_once[at], left.sum(axis=0)[at], np.append(caps.total, 0)[total],
        ],
    ).astype(np.int64)  # fmt: skip
    totals: dict[int, list[int]] = {}
    for total_row, member in zip(
        caps.member_total.tolist(), caps.member_slot.tolist(), strict=True
    ):
        totals.setdefault(member, []).append(total_row)
    held = _held(market.problem, caps, totals)
    for number, row in enumerate(
        zip(kind.tolist(), slot.tolist(), week.tolist(), team.tolist(), strict=True)
    ):
        if row[0] == Kind.SCHOOL_TOTAL:
            limits[number] = min(
                int(caps.total_of_a_school[t]) - held.get((row[0], t, WHOLE, row[3]), 0)
                for t in totals[row[1]]
                if caps.total_of_a_school[t] != OFF
            )
        else:
            limits[number] -= held.get(row, 0)
    left_over: NDArray[np.int64] = np.maximum(limits, 0)
    return left_over


def _held(
    problem: Problem, caps: Caps, totals: dict[int, list[int]]
) -> dict[tuple[int, int, int, int], int]:
    """How many held placements each set counts, by (kind, slot, week, team), or total in the place
    of the slot; seats are off. `totals` are those over each slot.
    """
    answer = Answer(len(problem.pupils.keys))
    hold(problem, answer)
    counts: dict[tuple[int, int, int, int], int] = {}
    for row in problem.fixed.pupil.tolist():
        slot, week = int(answer.slot[row]), int(answer.week[row])
        school, apart = int(problem.pupils.school[row]), int(caps.apart[row])
        sets = [
            (int(Kind.APART), slot, week, apart), (int(Kind.SCHOOL), slot, week, school),
            (int(Kind.AT_ONCE), slot, week, -1),
            *((int(Kind.TOTAL), total, WHOLE, -1) for total in totals.get(slot, ())),
            *((int(Kind.SCHOOL_TOTAL), total, WHOLE, school) for total in totals.get(slot, ())),
        ]  # fmt: skip
        for one in sets:
            counts[one] = counts.get(one, 0) + 1
    return counts
