"""What one more seat would bring, and what closing one would cost, without solving again.

Adding a seat starts a chain: somebody moves in, somebody else takes the seat that he leaves, until
a seat stays empty or somebody unplaced takes it. The best chain is a shortest path among the
exchanges that the answer leaves open (the smallest dual price of the seat; the largest is the cost
of closing one), found by label correcting (Ford, 1956; Bellman, 1958).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.engine.best_total import parts_of_cut, total_choice
from matching.engine.capped_gains import capped_gains
from matching.engine.chains import can_be_left, longest_gains
from matching.engine.filling import costed_network
from matching.engine.holdings import Held, held_by, taken_in
from matching.engine.market import Market
from matching.engine.network import feasible_wishes
from matching.engine.parts import within_blocks
from matching.engine.problem import Policy
from matching.engine.solution import Solution
from matching.engine.words import PLACE_LEVELS


@dataclass(frozen=True, slots=True)
class Gains:
    """Per kind of seat and given slot, row 0 open and row 1 reserved; 0 where the kind never was.

    `places`: one more seat there places one more pupil. `levels[l]`: what it would change at level
    l, in the signs of the costs (−1 wish: one more; −300 distance: three kilometres less); exact,
    but 0 where nothing exact is known: under `fair` for seats that place one more (the lottery
    says who), under `cannot_be_gamed` (the choices would change), and under caps.
    `unplaces`: closing one seat there leaves one pupil less placed.
    """

    names: tuple[str, ...]
    places: NDArray[np.bool_]  # (2, S)
    levels: NDArray[np.int64]  # (L, 2, S)
    unplaces: NDArray[np.bool_]  # (2, S)


def gains(market: Market, solution: Solution) -> Gains:
    """What one seat more or less would change, for every slot of the problem."""
    if solution.certificate is None:
        raise ValueError("gains need the cut of the certificate")
    if market.problem.caps is not None:
        places, unplaces = capped_gains(market, solution)
        nothing = np.zeros((len(PLACE_LEVELS), *places.shape), dtype=np.int64)
        return Gains(PLACE_LEVELS, places, nothing, unplaces)
    nodes, policy = market.nodes, market.problem.policy
    held = held_by(market, solution)
    dead = solution.certificate.dead[nodes.kind, nodes.slot]
    used = np.bincount(held.node, minlength=len(nodes.slot))
    leave = can_be_left(market.arcs, market.groups.site[held.group], held.node, used < nodes.seats)
    shape = (2, len(market.problem.slots.keys))
    places, unplaces = np.zeros(shape, dtype=np.bool_), np.zeros(shape, dtype=np.bool_)
    places[nodes.kind, nodes.slot] = dead
    unplaces[nodes.kind, nodes.slot] = ~leave & (used > 0)
    if policy == Policy.CANNOT_BE_GAMED:  # wishes granted in turn are not of least cost
        names, change = PLACE_LEVELS, np.zeros((len(PLACE_LEVELS), len(nodes.slot)), np.int64)
    else:
        names, change = _changes(market, held, dead)
    if policy == Policy.FAIR:
        change[:, dead] = 0
    levels = np.zeros((len(names), *shape), dtype=np.int64)
    levels[:, nodes.kind, nodes.slot] = change
    return Gains(names, places, levels, unplaces)


def _changes(
    market: Market, held: Held, dead: NDArray[np.bool_]
) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Levels and their best change (L, N) when a seat is added to each node."""
    groups, total = market.groups, market.problem.policy == Policy.BEST_TOTAL
    column_part, site_part = parts_of_cut(market.arcs, dead)
    arcs = within_blocks(market.arcs, site_part, column_part)
    wished = feasible_wishes(market, arcs)
    placed = np.bincount(held.group, minlength=len(groups.first))
    packing, network, hubs = costed_network(
        market,
        arcs,
        wished,
        (placed > 0) | total,
        len(held.node) + 1,
        total_choice(market) if total else None,
    )
    taken = taken_in(network, hubs, wished, held, len(dead))
    waiting = (placed < groups.sizes) & total
    change = longest_gains(network, taken, waiting, dead if total else dead & False)
    first = 1 if total else 0  # "placed" is told apart
    return packing.names[first:], packing.unpack(change)[first:]
