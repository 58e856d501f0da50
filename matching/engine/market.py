"""The question in the matcher's own terms, and what a policy makes of it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.engine.cost import DISTANCE_MASK
from matching.engine.groups import Groups, in_turn
from matching.engine.lottery import TIE_BITS
from matching.engine.pairs import Arcs
from matching.engine.priority import ALIVE, place_in_order
from matching.engine.problem import Problem
from matching.engine.seats import SeatNodes

Step = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Market:
    """Groups on one side, seat nodes on the other, the feasible pairs between them."""

    problem: Problem
    groups: Groups
    nodes: SeatNodes
    arcs: Arcs

    @property
    def classes(self) -> NDArray[np.int16]:
        """Class of service of each group."""
        classes: NDArray[np.int16] = self.problem.pupils.class_of_service[self.groups.first]
        return classes

    @property
    def furthest(self) -> int:
        """The largest distance of a pair, in tens of metres."""
        return int(((self.arcs.cost >> TIE_BITS) & DISTANCE_MASK).max(initial=0))


@dataclass(frozen=True, slots=True)
class Outcome:
    """Seats given, and the prices that prove it."""

    group: NDArray[np.int32]  # of each seat given
    node: NDArray[np.int32]
    cost: NDArray[np.int64]
    levels: tuple[str, ...]
    prices: NDArray[np.int64]  # (L, N)


@dataclass(frozen=True, slots=True)
class Selection:
    """Who is placed under the order of service; and the blocks that failed searches closed."""

    units: NDArray[np.int32]  # members placed, per group
    row_block: NDArray[np.int32]  # of groups: ALIVE, or the block of the seats that they hold
    column_block: NDArray[np.int32]
    seat_start: NDArray[np.int64]  # the seats of node c are seat_start[c]:seat_start[c + 1]
    holder: NDArray[np.int32]  # group of each seat in one such matching, −1 when it is free


def select(market: Market) -> Selection:
    """A maximum matching that serves the pupils in order; a group's first members are placed."""
    nodes, arcs = market.nodes, market.arcs
    order = market.groups.of_pupil[in_turn(market.problem, market.groups)]
    placed = np.zeros(len(order), dtype=np.bool_)
    block = np.full(arcs.columns, ALIVE, dtype=np.int32)
    seat_start = np.zeros(arcs.columns + 1, dtype=np.int64)
    np.cumsum(nodes.seats, out=seat_start[1:])
    seat_column = np.repeat(np.arange(arcs.columns, dtype=np.int32), nodes.seats)
    holder = place_in_order(
        order, arcs.start, arcs.column, nodes.seats, seat_start, seat_column, placed, block
    )
    size = len(market.groups.first)
    row_block = np.full(size, ALIVE, dtype=np.int32)
    row_block[holder[holder >= 0]] = block[seat_column[holder >= 0]]
    units = np.bincount(order[placed], minlength=size).astype(np.int32)
    return Selection(units, row_block, block, seat_start, holder)
