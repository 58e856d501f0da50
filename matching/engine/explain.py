"""What is around each pupil: the numbers behind his reason; sentences are written elsewhere."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.engine.compiled import kernel
from matching.engine.cost import DISTANCE_MASK
from matching.engine.groups import in_turn, interchangeable
from matching.engine.lottery import TIE_BITS
from matching.engine.market import Market
from matching.engine.pairs import feasible_pairs
from matching.engine.problem import Problem
from matching.engine.seats import seat_nodes
from matching.engine.solution import Solution


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Numbers around each pupil; one row per given pupil, −1 for those whose placement is held.

    "May have" means allowed by every rule: his weeks, his reach, access, entitlement, refusals.
    """

    slots: NDArray[np.int32]  # slots that he may have
    seats: NDArray[np.int32]  # their seats that are for him, held ones included
    nearest: NDArray[np.int32]  # tens of metres to the nearest of them; −1 = none
    turn: NDArray[np.int32]  # his place in the order of service, from 1
    last_turn: NDArray[np.int32]  # of those whom the run gave these seats, the last; 0 = nobody


def market_of(problem: Problem) -> Market:
    """The groups, seats and pairs of a problem."""
    nodes, groups = seat_nodes(problem), interchangeable(problem)
    arcs, _ = feasible_pairs(problem, groups, nodes)
    return Market(problem, groups, nodes, arcs)


def surroundings(market: Market, solution: Solution) -> Surroundings:
    """What is around each pupil of a run."""
    problem, groups, nodes, arcs = market.problem, market.groups, market.nodes, market.arcs
    turn = np.full(len(problem.pupils.keys), -1, dtype=np.int32)
    order = in_turn(problem, groups)
    turn[order] = np.arange(1, len(order) + 1)
    placed = np.flatnonzero((solution.slot >= 0) & (groups.of_pupil >= 0))
    node = market.node_of[solution.reserved_seat[placed].astype(np.int8), solution.slot[placed]]
    last = np.zeros(len(nodes.slot), dtype=np.int32)
    np.maximum.at(last, node, turn[placed])

    slots = problem.slots
    had = np.stack([slots.seats - slots.reserved, slots.reserved])
    found = np.zeros((4, market.sites), dtype=np.int32)
    _look_around(
        arcs.start, arcs.column, arcs.value, nodes.slot, had[nodes.kind, nodes.slot], last,
        len(slots.keys), found,
    )  # fmt: skip
    site = groups.site_of_pupil
    per_pupil = np.append(found, np.full((4, 1), -1), axis=1)[:, site].astype(np.int32)
    return Surroundings(per_pupil[0], per_pupil[1], per_pupil[2], turn, per_pupil[3])


@kernel
def _look_around(
    start: NDArray[np.int64],
    column: NDArray[np.int32],
    value: NDArray[np.int64],
    slot_of: NDArray[np.int32],
    seats: NDArray[np.int32],
    last: NDArray[np.int32],
    slots: int,
    found: NDArray[np.int32],
) -> None:
    """Slots, seats, nearest distance and last turn served around each site, in `found`."""
    mark = np.full(slots, -1, dtype=np.int64)
    for row in range(len(start) - 1):
        nearest = -1
        for arc in range(start[row], start[row + 1]):
            node = column[arc]
            if mark[slot_of[node]] != row:
                mark[slot_of[node]] = row
                found[0, row] += 1
            found[1, row] += seats[node]
            tens = (value[arc] >> TIE_BITS) & DISTANCE_MASK
            if nearest < 0 or tens < nearest:
                nearest = tens
            found[3, row] = max(found[3, row], last[node])
        found[2, row] = nearest
