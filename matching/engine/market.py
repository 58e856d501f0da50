"""The question in the matcher's own terms, and what a policy makes of it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.engine.cost import DISTANCE_MASK
from matching.engine.groups import Groups, in_turn
from matching.engine.lottery import TIE_BITS
from matching.engine.pairs import Arcs
from matching.engine.priority import ALIVE, least_wanted_first, place_in_order
from matching.engine.problem import Problem
from matching.engine.seats import SeatNodes, node_of_each
from matching.engine.solution import CapPrices, Certificate

Step = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Market:
    """Sites of pupils on one side, seat nodes on the other, the feasible pairs between them."""

    problem: Problem
    groups: Groups
    nodes: SeatNodes
    arcs: Arcs
    start: Certificate | None = None  # prices to start from, of an answer over the same slots

    @property
    def sites(self) -> int:
        return len(self.groups.site_first)

    @property
    def classes(self) -> NDArray[np.int16]:
        """Class of service of each site."""
        of_pupil = self.problem.pupils.class_of_service
        classes: NDArray[np.int16] = of_pupil[self.groups.site_first]
        return classes

    @property
    def node_of(self) -> NDArray[np.int64]:
        """Node of the open (row 0) and of the reserved seats (row 1) of each given slot, or −1."""
        node = np.full((2, len(self.problem.slots.keys)), -1, dtype=np.int64)
        node[self.nodes.kind, self.nodes.slot] = np.arange(len(self.nodes.slot))
        return node

    @property
    def furthest(self) -> int:
        """The largest distance of a pair, in tens of metres."""
        return int(((self.arcs.value >> TIE_BITS) & DISTANCE_MASK).max(initial=0))

    @property
    def seat_start(self) -> NDArray[np.int64]:
        """The seats of node n are seat_start[n]:seat_start[n + 1]."""
        start = np.zeros(len(self.nodes.seats) + 1, dtype=np.int64)
        np.cumsum(self.nodes.seats, out=start[1:])
        return start

    @property
    def seat_column(self) -> NDArray[np.int32]:
        """Node of each seat."""
        return node_of_each(self.nodes.seats)


@dataclass(frozen=True, slots=True)
class CappedOutcome:
    """What caps add."""

    week: NDArray[np.int8]  # of each seat given, −1 for the earliest common one
    prices: CapPrices
    stopped: NDArray[np.int8]  # of each site: the Reason why free seats are not for it, 0 none


@dataclass(frozen=True, slots=True)
class Outcome:
    """Seats given, and the prices that prove it."""

    group: NDArray[np.int32]  # of each seat given
    node: NDArray[np.int32]
    cost: NDArray[np.int64]  # of the pair, with its preference
    levels: tuple[str, ...]
    prices: NDArray[np.int64]  # (L, N)
    capped: CappedOutcome | None = None


@dataclass(frozen=True, slots=True)
class Selection:
    """Who is placed under the order of service, in one matching that places them."""

    units: NDArray[np.int32]  # members placed, per group: the first ones
    site_block: NDArray[np.int32]  # ALIVE, or the block of the seats that a site holds
    column_block: NDArray[np.int32]
    holder: NDArray[np.int32]  # site of each seat, −1 when it is free


def select(market: Market) -> Selection:
    """A maximum matching of sites that serves the pupils in order."""
    arcs, groups = market.arcs, market.groups
    pupils = in_turn(market.problem, groups)
    placed = np.zeros(len(pupils), dtype=np.bool_)
    block = np.full(arcs.columns, ALIVE, dtype=np.int32)
    site = groups.site_of_pupil[pupils]
    units = np.bincount(site, minlength=market.sites)
    column = least_wanted_first(arcs.start, arcs.column, units, market.nodes.seats)
    holder = place_in_order(
        site, arcs.start, column, market.nodes.seats,
        market.seat_start, market.seat_column, placed, block,
    )  # fmt: skip
    site_block = np.full(market.sites, ALIVE, dtype=np.int32)
    taken = holder >= 0
    site_block[holder[taken]] = block[market.seat_column[taken]]
    units = np.bincount(groups.of_pupil[pupils[placed]], minlength=len(groups.first))
    return Selection(units.astype(np.int32), site_block, block, holder)
