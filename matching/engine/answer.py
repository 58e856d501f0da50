"""From seats given to groups, to an answer for each pupil."""

import numpy as np
from numpy.typing import NDArray

from matching.engine.cost import (
    DISTANCE_MASK,
    OUTSIDE_SHIFT,
    PREFERENCE_SHIFT,
    SECTOR,
    TIE_MASK,
)
from matching.engine.distance import distances
from matching.engine.groups import Groups
from matching.engine.lottery import TIE_BITS, tie_bits
from matching.engine.problem import MOST_SECTORS, Problem
from matching.engine.seats import SeatNodes
from matching.engine.solution import Certificate, Level, Reason, Solution


class Answer:
    """The columns of a Solution while they are filled in."""

    def __init__(self, pupils: int) -> None:
        self.slot = np.full(pupils, -1, dtype=np.int32)
        self.reserved_seat = np.zeros(pupils, dtype=np.bool_)
        self.week = np.full(pupils, -1, dtype=np.int8)
        self.distance = np.full(pupils, -1, dtype=np.int32)
        self.rank = np.zeros(pupils, dtype=np.int8)
        self.reason = np.zeros(pupils, dtype=np.int8)
        self.preference = np.zeros(pupils, dtype=np.int8)  # of a placed pupil, as in pairs
        self.inside = np.zeros(pupils, dtype=np.bool_)  # placed in his school's territory
        self.ties = 0


def hold(problem: Problem, answer: Answer) -> None:
    """Write the placements given with the problem."""
    held, pupils, slots = problem.fixed, problem.pupils, problem.slots
    rows, places = held.pupil, held.slot
    answer.slot[rows] = places
    answer.reserved_seat[rows] = held.reserved
    common = pupils.weeks[rows] & slots.weeks[places]
    earliest = _lowest_bit(np.where(common != 0, common, slots.weeks[places]))
    answer.week[rows] = np.where(held.week >= 0, held.week, earliest)
    answer.distance[rows] = distances(
        pupils.lat[rows], pupils.lon[rows], slots.lat[places], slots.lon[places]
    )
    ranks = _listed(problem.wishes.pupil, problem.wishes.slot, problem.wishes.rank)
    travel = problem.travel
    tens = {} if travel is None else _listed(travel.pupil, travel.slot, travel.distance)
    for pupil, slot in zip(rows.tolist(), places.tolist(), strict=True):
        answer.rank[pupil] = ranks.get((pupil, slot), 0)
        answer.distance[pupil] = tens.get((pupil, slot), answer.distance[pupil])
    sector = slots.sector[places]
    bit = np.left_shift(np.uint64(1), np.maximum(sector, 0).astype(np.uint64))
    named = (sector >= 0) & ((pupils.sectors[rows] & bit) != 0)
    answer.preference[rows] = np.where(
        answer.rank[rows] > 0, answer.rank[rows], np.where(named, SECTOR, SECTOR + 1)
    )
    answer.inside[rows] = (pupils.territory[rows] >= 0) & (
        pupils.territory[rows] == slots.territory[places]
    )
    answer.reason[rows] = Reason.HELD


def give_seats(
    problem: Problem,
    groups: Groups,
    nodes: SeatNodes,
    seats: tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int64]],
    answer: Answer,
    week: NDArray[np.int8] | None = None,
) -> None:
    """Hand the seats of each group to its members: the best seat to the first in the lottery.

    `seats` are the group, node and cost of every seat given; `week` its week, −1 for the earliest
    common one, as it is without caps.
    """
    group, node, cost = seats
    if week is None:
        week = np.full(len(group), -1, dtype=np.int8)
    order = np.lexsort((week, node, cost, group))
    group, node, cost, week = group[order], node[order], cost[order], week[order]
    turn = np.arange(len(group)) - np.searchsorted(group, group)
    rows = groups.members[groups.start[group] + turn]
    slots, pupils = problem.slots, problem.pupils
    places = nodes.slot[node]
    preference = (cost >> PREFERENCE_SHIFT).astype(np.int8)
    inside = (cost >> OUTSIDE_SHIFT) & 1 == 0
    answer.slot[rows] = places
    earliest = _lowest_bit(pupils.weeks[rows] & slots.weeks[places])
    answer.week[rows] = np.where(week >= 0, week, earliest)
    answer.distance[rows] = (cost >> TIE_BITS) & DISTANCE_MASK
    answer.rank[rows] = np.where(preference < SECTOR, preference, 0)
    answer.preference[rows] = preference
    answer.inside[rows] = inside
    answer.ties += ties_of(problem, groups, nodes, seats)
    answer.reason[rows] = np.select(
        [preference < SECTOR, preference == SECTOR, inside],
        [Reason.WISH, Reason.SECTOR, Reason.TERRITORY],
        Reason.DISTANCE,
    )
    give_reserved_first(problem, groups, nodes, rows, answer)


def ties_of(
    problem: Problem,
    groups: Groups,
    nodes: SeatNodes,
    seats: tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int64]],
) -> int:
    """The level of ties that these seats, of group, node and cost, add."""
    group, node, cost = seats
    preference = cost >> PREFERENCE_SHIFT
    by_hub = preference >= SECTOR
    sector = problem.slots.sector[nodes.slot[node]]
    through = np.where(preference == SECTOR, sector, MOST_SECTORS)[by_hub]
    chance = tie_bits(groups.draw[groups.first[group[by_hub]]], nodes.sector_draw[through])
    return int(np.sum(cost & TIE_MASK)) + int(chance.sum())


def give_reserved_first(
    problem: Problem,
    groups: Groups,
    nodes: SeatNodes,
    rows: NDArray[np.int32],
    answer: Answer,
) -> None:
    """In each slot the entitled take its reserved seats, those who wished it first, by lottery.

    It only exchanges an open and a reserved seat of one slot, so it changes no level.
    """
    slots, pupils = problem.slots, problem.pupils
    left = np.zeros(len(slots.keys), dtype=np.int64)
    reserved = nodes.kind == 1
    left[nodes.slot[reserved]] = nodes.seats[reserved]
    places = answer.slot[rows]
    bit = np.left_shift(np.uint64(1), np.maximum(slots.reserved_for[places], 0).astype(np.uint64))
    entitled = rows[(left[places] > 0) & ((pupils.entitlements[rows] & bit) != 0)]
    places = answer.slot[entitled]
    wished = answer.rank[entitled] > 0
    order = np.lexsort((groups.key_rank[entitled], pupils.lottery[entitled], ~wished, places))
    entitled, places = entitled[order], places[order]
    turn = np.arange(len(places)) - np.searchsorted(places, places)
    answer.reserved_seat[entitled] = turn < left[places]


def solution_of(
    problem: Problem, names: tuple[str, ...], answer: Answer, certificate: Certificate | None
) -> Solution:
    """The answer, with the value of each of these levels and its proof."""
    return Solution(
        slot=answer.slot,
        reserved_seat=answer.reserved_seat,
        week=answer.week,
        distance=answer.distance,
        rank=answer.rank,
        reason=answer.reason,
        levels=levels_of(problem, names, answer),
        certificate=certificate,
        policy=problem.policy,
        seed=problem.seed,
    )


def levels_of(problem: Problem, names: tuple[str, ...], answer: Answer) -> tuple[Level, ...]:
    """The value of each level, held placements counted in (but for ties, which they have none)."""
    placed = answer.slot >= 0
    wished = placed & (answer.rank > 0)
    classes = problem.pupils.class_of_service
    values: dict[str, int] = {
        "placed": int(np.count_nonzero(placed)),
        "wishes": int(np.count_nonzero(wished)),
        "ranks": int(answer.rank[wished].sum(dtype=np.int64)),
        "sectors": int(np.count_nonzero(placed & (answer.preference == SECTOR))),
        "territory": int(np.count_nonzero(placed & answer.inside)),
        "distance": int(answer.distance[placed].sum(dtype=np.int64)),
        "ties": answer.ties,
    }
    for name in names:
        if name.startswith("class "):
            values[name] = int(np.count_nonzero(placed & (classes == int(name[6:]))))
    return tuple(Level(name, values[name]) for name in names)


def _lowest_bit(bits: NDArray[np.uint64]) -> NDArray[np.int8]:
    """Number of the lowest bit set; −1 when none is."""
    lowest = bits & (~bits + np.uint64(1))
    number = np.full(len(bits), -1, dtype=np.int8)
    number[bits != 0] = np.log2(lowest[bits != 0].astype(np.float64)).astype(np.int8)
    return number


def _listed(
    pupil: NDArray[np.int32], slot: NDArray[np.int32], value: NDArray[np.generic]
) -> dict[tuple[int, int], int]:
    pairs = zip(pupil.tolist(), slot.tolist(), strict=True)
    return dict(zip(pairs, value.tolist(), strict=True))
