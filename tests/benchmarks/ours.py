"""The matcher's own steps on given pairs with one scalar cost, to be compared with peers.py.

The product compares levels; here one number weighs territory and distance, as the others need.
"""

import numpy as np

from matching.engine.assignment import Assignment, assign
from matching.engine.assignment_of_seats import assign_all_seats
from matching.engine.auction import auction
from matching.engine.best_total import DEAD, parts_of_cut
from matching.engine.cost import DISTANCE_MASK, OUTSIDE_SHIFT
from matching.engine.fair import seats_of_cut
from matching.engine.lottery import TIE_BITS
from matching.engine.market import Market, Selection, select
from matching.engine.network import Network, build_network, feasible_wishes
from matching.engine.pairs import Arcs
from matching.engine.parts import within_blocks
from matching.engine.prices import sorted_by_price
from matching.engine.priority import ALIVE
from matching.engine.words import PLACE_LEVELS, Packing
from tests.benchmarks.peers import OUTSIDE, Found, Plain

LARGE = 2_000  # seats, as in filling.py


def plain_of(market: Market, chosen: Selection | None = None) -> Plain:
    """The arcs of a market whose sites are one pupil each; all, or the `chosen` pupils'."""
    arcs = market.arcs
    if len(market.groups.members) != market.sites:
        raise ValueError("a site of several pupils")
    pupil = np.repeat(np.arange(market.sites), np.diff(arcs.start))
    node, cost = arcs.column.astype(np.int64), _cost(arcs.value)
    pupils = market.sites
    if chosen is not None:
        taking = np.zeros(market.sites, dtype=bool)
        taking[market.groups.site[chosen.units > 0]] = True
        kept = taking[pupil]
        pupil, node, cost = (np.cumsum(taking) - 1)[pupil[kept]], node[kept], cost[kept]
        pupils = int(taking.sum())
    return Plain(pupil, node, cost, market.nodes.seats.astype(np.int64), pupils)


def least_cost(market: Market) -> Found:
    """As many as can be at the least cost, which also decides who."""
    chosen = select(market)
    column_part, site_part = parts_of_cut(market.arcs, chosen.column_block != ALIVE)
    arcs = within_blocks(market.arcs, site_part, column_part)
    short, cut = site_part[market.groups.site] == DEAD, column_part == DEAD
    units, seats = market.groups.sizes.astype(np.int32), market.nodes.seats
    outside, inside = np.where(short, 0, units), np.where(short, units, 0)
    network = _one_word(market, arcs, outside)
    price = np.zeros((len(seats), 1), dtype=np.int64)
    network = sorted_by_price(network, price, ~cut)
    free = assign(network, outside, np.where(cut, 0, seats), price)
    short_of_seats = _one_word(market, arcs, inside)
    filled = assign_all_seats(short_of_seats, inside, np.where(cut, seats, 0))
    return Found(*map(sum, zip(_found(network, free), _found(short_of_seats, filled), strict=True)))


def least_cost_of_chosen(market: Market) -> Found:
    """Those whom class and lottery choose, all of them, at the least cost."""
    chosen = select(market)
    arcs = within_blocks(market.arcs, chosen.site_block, chosen.column_block)
    network = _one_word(market, arcs, chosen.units)
    seats, exact = market.nodes.seats, seats_of_cut(market, chosen)
    price = np.zeros((len(seats), 1), dtype=np.int64)
    everywhere = np.ones(len(seats), dtype=bool)
    network = sorted_by_price(network, price, everywhere)
    if len(exact.site) >= LARGE:
        units = np.where(np.isin(market.groups.site, exact.site), chosen.units, 0)
        sold = np.bincount(exact.column, minlength=len(seats)).astype(np.int32)
        price = auction(network, units.astype(np.int32), sold)[:, None]
        network = sorted_by_price(network, price, everywhere)
    return _found(network, assign(network, chosen.units, seats, price))


def _one_word(market: Market, arcs: Arcs, units: np.ndarray) -> Network:
    """The network whose costs are tens of metres plus OUTSIDE, less OUTSIDE for each unit."""
    unit = {"territory": OUTSIDE, "distance": 1}
    levels = len(PLACE_LEVELS)
    packing = Packing(
        PLACE_LEVELS, (1,) * levels, (0,) * levels,
        tuple(unit.get(name, 0) for name in PLACE_LEVELS), (1,) * levels,
    )  # fmt: skip
    always = np.zeros((levels, len(units)), dtype=np.int64)
    wished = feasible_wishes(market, arcs)
    network, _ = build_network(market, arcs, wished, units > 0, packing, always)
    return network


def _found(network: Network, found: Assignment) -> Found:
    given = found.pair[found.node >= 0]
    return Found(len(given), int(_cost(network.hub_value[given]).sum()))


def _cost(value: np.ndarray) -> np.ndarray:
    return OUTSIDE * (value >> OUTSIDE_SHIFT) + ((value >> TIE_BITS) & DISTANCE_MASK)
