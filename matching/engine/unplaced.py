"""Why each unplaced pupil has no place: his Reason, from the seats that his site may have."""

import numpy as np
from numpy.typing import NDArray

from matching.engine.answer import Answer
from matching.engine.market import Market
from matching.engine.problem import Policy
from matching.engine.solution import Reason


def say_why_not(
    market: Market,
    obstacle: NDArray[np.int8],
    answer: Answer,
    stopped: NDArray[np.int8] | None = None,
) -> None:
    """Write the reason of each unplaced pupil.

    `obstacle` says why a site has no pair, `stopped` why free seats are not for it, 0 where that is
    not so.
    """
    arcs, groups = market.arcs, market.groups
    none = int(np.iinfo(np.int16).max)
    lowest_class = np.full(arcs.columns, none, dtype=np.int64)  # among those who hold its seats
    placed = np.flatnonzero((answer.slot >= 0) & (groups.of_pupil >= 0))
    there = market.node_of[answer.reserved_seat[placed].astype(np.int8), answer.slot[placed]]
    np.minimum.at(lowest_class, there, market.problem.pupils.class_of_service[placed])
    around = _least_of_each_row(arcs.start, lowest_class[arcs.column], none)
    equals = Reason.TOTAL if market.problem.policy == Policy.BEST_TOTAL else Reason.LOTTERY
    reason = np.where(around <= market.classes, equals, Reason.CLASS)
    has_seats = np.minimum(market.nodes.seats, 1).astype(np.int64)
    no_seat_left = _least_of_each_row(arcs.start, -has_seats[arcs.column], 0) == 0
    if stopped is not None:
        reason = np.where(stopped > 0, stopped, reason)
    reason = np.where(no_seat_left, Reason.HELD_BY_OTHERS, reason)
    reason = np.where(obstacle > 0, obstacle, reason)
    unplaced = np.flatnonzero(answer.slot < 0)
    answer.reason[unplaced] = reason[groups.site_of_pupil[unplaced]]


def _least_of_each_row(
    start: NDArray[np.int64], values: NDArray[np.int64], none: int
) -> NDArray[np.int64]:
    least = np.full(len(start) - 1, none, dtype=np.int64)
    filled = start[1:] > start[:-1]
    if filled.any():
        least[filled] = np.minimum.reduceat(values, start[:-1][filled])
    return least
