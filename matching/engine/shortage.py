"""Where places lack: sums over any division of the map, a commune or a territory."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.engine.capped import Capped, prices_of_sets
from matching.engine.gains import Gains
from matching.engine.market import Market
from matching.engine.solution import Reason, Solution


@dataclass(frozen=True, slots=True)
class Shortage:
    """One row per area. Held placements are counted in."""

    pupils: NDArray[np.int64]
    unplaced: NDArray[np.int64]
    without_any_slot: NDArray[np.int64]  # of the unplaced, those whom no slot allows
    over_demanded: NDArray[np.int64]  # pupils who can only have seats of the minimum cut
    seats: NDArray[np.int64]
    empty: NDArray[np.int64]
    slots: NDArray[np.int64]
    slots_lacking: NDArray[np.int64]  # slots where one more open seat places one more pupil


def shortage(
    market: Market,
    solution: Solution,
    gained: Gains,
    pupil_area: NDArray[np.int32],
    slot_area: NDArray[np.int32],
    areas: int,
) -> Shortage:
    """Sums by area: pupil_area (P) and slot_area (S) hold numbers below `areas`, −1 = elsewhere."""
    slots = market.problem.slots
    unplaced = solution.slot < 0
    nothing = unplaced & (solution.reason < Reason.HELD_BY_OTHERS)
    used = np.bincount(solution.slot[~unplaced], minlength=len(slots.keys))
    return Shortage(
        pupils=_sums(pupil_area, np.ones(len(unplaced)), areas),
        unplaced=_sums(pupil_area, unplaced, areas),
        without_any_slot=_sums(pupil_area, nothing, areas),
        over_demanded=_sums(pupil_area, _only_in_the_cut(market, solution), areas),
        seats=_sums(slot_area, slots.seats, areas),
        empty=_sums(slot_area, slots.seats - used, areas),
        slots=_sums(slot_area, np.ones(len(used)), areas),
        slots_lacking=_sums(slot_area, gained.places[0], areas),
    )


def _only_in_the_cut(market: Market, solution: Solution) -> NDArray[np.bool_]:
    """Pupils to decide who have pairs, all of them with seats of the cut."""
    if solution.certificate is None:
        raise ValueError("the shortage needs the cut of the certificate")
    nodes, arcs, groups = market.nodes, market.arcs, market.groups
    dead = solution.certificate.dead[nodes.kind, nodes.slot]
    if market.problem.caps is not None:
        capped = Capped(market)
        arcs = capped.gates.arcs
        dead = prices_of_sets(capped.tree, solution.certificate)[0] > 0
    counts = np.zeros(len(arcs.column) + 1, dtype=np.int64)
    np.cumsum(~dead[arcs.column], out=counts[1:])
    alive = counts[arcs.start[1:]] > counts[arcs.start[:-1]]
    confined = ~alive & (arcs.start[1:] > arcs.start[:-1])
    decided = groups.of_pupil >= 0
    confined_pupils: NDArray[np.bool_] = decided & np.append(confined, False)[groups.site_of_pupil]
    return confined_pupils


def _sums(area: NDArray[np.int32], amount: NDArray[np.generic], areas: int) -> NDArray[np.int64]:
    inside = area >= 0
    sums = np.bincount(area[inside], weights=amount[inside].astype(float), minlength=areas)
    return sums.astype(np.int64)
