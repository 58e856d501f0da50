"""Giving the seats at the best levels."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.engine.assignment import assign
from matching.engine.assignment_of_seats import assign_all_seats
from matching.engine.cost import OUTSIDE_SHIFT
from matching.engine.handing import hand_out
from matching.engine.learnt_prices import learnt_prices
from matching.engine.market import Market, Outcome
from matching.engine.network import Hubs, Network, Wished, build_network
from matching.engine.pairs import Arcs
from matching.engine.prices import sorted_by_price
from matching.engine.seats import node_of_each
from matching.engine.solution import Certificate
from matching.engine.words import Packing, place_levels

LARGE = 2_000  # seats; below, an auction would not pay
LEARNING = 0.8  # about the share of the time that it takes


@dataclass(frozen=True, slots=True)
class Exact:
    """Seats that will all be filled, each with a site that holds it in one matching."""

    site: NDArray[np.int32]
    column: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Choice:
    """Levels before those that decide where, when some pupils may stay unplaced.

    costs (levels, G): what each group costs wherever it is placed.
    """

    names: tuple[str, ...]
    costs: NDArray[np.int64]


def fill(
    market: Market,
    arcs: Arcs,
    wished: Wished,
    units: NDArray[np.int32],
    seats: NDArray[np.int32],
    step: Callable[[float], None],
    *,
    exact: Exact | None = None,
) -> Outcome:
    """Place all of `units` (per group) on `seats` (per node) within the pairs `arcs`, at the best
    levels. `exact` only saves time.
    """
    most = int(min(units.sum(), seats.sum()))
    packing, network, hubs = costed_network(market, arcs, wished, units > 0, most)
    price = np.zeros((len(seats), packing.words), dtype=np.int64)
    learnt = 0.0
    if exact is not None and market.start is not None:
        price = _prices_before(market, market.start, packing, exact.column)
    if exact is not None and len(exact.site) >= LARGE:
        learnt = LEARNING
        price = learnt_prices(
            network,
            packing,
            np.where(np.isin(market.groups.site, exact.site), units, 0).astype(np.int32),
            np.bincount(exact.column, minlength=len(seats)).astype(np.int32),
            None if market.start is None else price,
            lambda share: step(LEARNING * share),
        )
    if exact is not None:
        network = sorted_by_price(network, price, np.ones(len(seats), dtype=np.bool_))
    found = assign(
        network, units, seats, price, step=lambda share: step(learnt + (1 - learnt) * share)
    )
    group, node, cost = hand_out(market, network, hubs, wished, node_of_each(seats), found)
    return Outcome(group, node, cost, packing.names, packing.unpack(found.price))


def fill_all_seats(
    market: Market,
    arcs: Arcs,
    wished: Wished,
    units: NDArray[np.int32],
    seats: NDArray[np.int32],
    step: Callable[[float], None],
    choice: Choice,
) -> Outcome:
    """Fill all of `seats` with some of `units`, within the pairs `arcs`, so that the levels of the
    choice and then those that decide where are best.
    """
    packing, network, hubs = costed_network(
        market, arcs, wished, units > 0, int(seats.sum()), choice
    )
    found = assign_all_seats(network, units, seats, step)
    group, node, cost = hand_out(market, network, hubs, wished, node_of_each(seats), found)
    return Outcome(group, node, cost, packing.names, packing.unpack(found.price))


def costed_network(
    market: Market,
    arcs: Arcs,
    wished: Wished,
    taking_part: NDArray[np.bool_],
    most: int,
    choice: Choice | None = None,
) -> tuple[Packing, Network, Hubs]:
    """The network of the groups `taking_part`, its costs in words, when at most `most` pupils are
    placed; the levels of the choice come before those that decide where.
    """
    before = choice.names if choice else ()
    packing = _packing_of(market, arcs, wished, most, before)
    always = np.zeros((len(packing.names), len(taking_part)), dtype=np.int64)
    if choice:
        always[: len(before)] = choice.costs
    network, hubs = build_network(market, arcs, wished, taking_part, packing, always)
    return packing, network, hubs


def _prices_before(
    market: Market, start: Certificate, packing: Packing, columns: NDArray[np.int32]
) -> NDArray[np.int64]:
    """(N, K) the prices of a former answer for these columns, cut to what the words have room for;
    0 for the others, whose seats may stay free.
    """
    nodes = market.nodes
    told = dict(zip(start.levels, start.prices, strict=True))
    nothing = np.zeros_like(start.prices[0])
    values = np.stack([told.get(name, nothing)[nodes.kind, nodes.slot] for name in packing.names])
    price = np.zeros((len(nodes.slot), packing.words), dtype=np.int64)
    price[columns] = packing.pack(np.clip(values, -packing.start, packing.start))[columns]
    return price


def _packing_of(
    market: Market, arcs: Arcs, wished: Wished, units: int, before: tuple[str, ...]
) -> Packing:
    """Room for the levels; none for those at which no pair of this problem can differ."""
    problem = market.problem
    wishes = len(wished.column) > 0
    most = {
        "sectors": bool(problem.pupils.sectors.any() and (problem.slots.sector >= 0).any()),
        "territory": bool((arcs.value >> OUTSIDE_SHIFT == 0).any()),
        "distance": market.furthest,
    }
    if not wishes:
        most |= {"wishes": 0, "ranks": 0}
    return place_levels({name: int(value) for name, value in most.items()}, units, before)
