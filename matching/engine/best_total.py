"""`best_total`: as many as possible, each class as fully as it can be, then the levels decide."""

import numpy as np
from numpy.typing import NDArray

from matching.engine.filling import Choice, fill, fill_all_seats
from matching.engine.market import Market, Outcome, Step, select
from matching.engine.network import feasible_wishes
from matching.engine.pairs import Arcs
from matching.engine.parts import within_blocks
from matching.engine.priority import ALIVE

OUTSIDE, DEAD = 0, 1


def best_total(market: Market, step: Step) -> Outcome:
    """Place a largest number of pupils so that the levels are best.

    The number placed is the first level and each class but the lowest has one. Outside the minimum
    cut everybody is placed, in it every seat is filled; pairs between the two sides are in no
    largest placement, and left out.
    """
    chosen = select(market)
    step("who", 1.0)
    column_part, site_part = parts_of_cut(market.arcs, chosen.column_block != ALIVE)
    arcs = within_blocks(market.arcs, site_part, column_part)
    wished = feasible_wishes(market, arcs)
    units, seats = market.groups.sizes.astype(np.int32), market.nodes.seats
    short, cut = site_part[market.groups.site] == DEAD, column_part == DEAD
    share_short = int(units[short].sum()) / max(1, int(units.sum()))
    outside = fill(
        market,
        arcs,
        wished,
        np.where(short, 0, units).astype(np.int32),
        np.where(cut, 0, seats).astype(np.int32),
        lambda share: step("where", share * (1 - share_short)),
    )
    inside = fill_all_seats(
        market,
        arcs,
        wished,
        np.where(short, units, 0).astype(np.int32),
        np.where(cut, seats, 0).astype(np.int32),
        lambda share: step("where", 1 - share_short + share * share_short),
        total_choice(market),
    )
    before = len(inside.levels) - len(outside.levels)
    prices = inside.prices.copy()
    prices[0] = cut
    prices[before:] += outside.prices
    return Outcome(
        np.concatenate([outside.group, inside.group]),
        np.concatenate([outside.node, inside.node]),
        np.concatenate([outside.cost, inside.cost]),
        inside.levels,
        prices,
    )


def total_choice(market: Market) -> Choice:
    """The levels that decide who: the number placed, then the higher classes in turn."""
    classes = market.classes[market.groups.site]
    values = np.unique(classes)[:0:-1]  # the lowest class needs no level
    placed = -np.ones((1, len(classes)), dtype=np.int64)
    of_class = -(classes == values[:, None]).astype(np.int64)
    return Choice(
        ("placed", *(f"class {value}" for value in values)), np.concatenate([placed, of_class])
    )


def parts_of_cut(
    arcs: Arcs, dead: NDArray[np.bool_]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The side of the cut of each node, and of each site: OUTSIDE when it reaches a seat there."""
    reach = np.zeros(len(arcs.column) + 1, dtype=np.int64)
    np.cumsum(~dead[arcs.column], out=reach[1:])
    alive = reach[arcs.start[1:]] > reach[arcs.start[:-1]]
    return (
        np.where(dead, DEAD, OUTSIDE).astype(np.int32),
        np.where(alive, OUTSIDE, DEAD).astype(np.int32),
    )
