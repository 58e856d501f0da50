"""`best_total`: as many as possible, each class as fully as it can be, then the levels decide."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.engine.assignment import assign, cheapest
from matching.engine.market import Market, Outcome, Step, select
from matching.engine.pairs import Arcs
from matching.engine.parts import turned, within_blocks
from matching.engine.priority import ALIVE
from matching.engine.words import Packing, Words, place_words

OUTSIDE, DEAD = 0, 1


class _Part(NamedTuple):
    """Seats given in one part, and the prices of all nodes (rubbish outside the part)."""

    group: NDArray[np.int32]
    node: NDArray[np.int32]
    cost: NDArray[np.int64]
    prices: NDArray[np.int64]


def best_total(market: Market, step: Step) -> Outcome:
    """Place a largest number of pupils so that the levels are best.

    Outside the minimum cut every pupil is placed, so pupils look for seats. The dead seats are all
    filled, so there seats look for pupils; those whom no seat takes stay unplaced.
    """
    chosen = select(market)
    step("who", 1.0)
    column_part = np.where(chosen.column_block == ALIVE, OUTSIDE, DEAD).astype(np.int32)
    row_part = _parts_of_rows(market.arcs, column_part)
    values = np.unique(market.classes)[:0:-1]  # the lowest class needs no level
    packing, words = place_words(
        market.furthest, int(chosen.units.sum()), tuple(f"class {value}" for value in values)
    )
    within = within_blocks(market.arcs, row_part, column_part)
    dead_share = float(market.nodes.seats[column_part == DEAD].sum()) / max(chosen.units.sum(), 1)

    outside = _pupils_look_for_seats(
        market,
        within,
        row_part,
        (packing, words),
        lambda share: step("where", share * (1 - dead_share)),
    )
    dead = _seats_look_for_pupils(
        market,
        within,
        column_part,
        values,
        (packing, words),
        lambda share: step("where", 1 - dead_share * (1 - share)),
    )
    prices = np.where(column_part == OUTSIDE, outside.prices, dead.prices)
    return Outcome(
        group=np.concatenate([outside.group, dead.group]),
        node=np.concatenate([outside.node, dead.node]),
        cost=np.concatenate([outside.cost, dead.cost]),
        levels=("placed", *packing.names),
        prices=np.concatenate([column_part[None].astype(np.int64), prices]),
    )


def _parts_of_rows(arcs: Arcs, column_part: NDArray[np.int32]) -> NDArray[np.int32]:
    """OUTSIDE for a group that can reach a seat outside the cut."""
    reach = np.zeros(len(arcs.column) + 1, dtype=np.int64)
    np.cumsum(column_part[arcs.column] == OUTSIDE, out=reach[1:])
    alive = reach[arcs.start[1:]] > reach[arcs.start[:-1]]
    return np.where(alive, OUTSIDE, DEAD).astype(np.int32)


def _pupils_look_for_seats(
    market: Market,
    within: Arcs,
    row_part: NDArray[np.int32],
    levels: tuple[Packing, Words],
    step: Callable[[float], None],
) -> _Part:
    packing, words = levels
    units = np.where(row_part == OUTSIDE, market.groups.sizes, 0).astype(np.int32)
    price = np.zeros((within.columns, packing.words), dtype=np.int64)
    found = assign(within, units, market.nodes.seats, words, price, step)
    taken = found.seat_row >= 0
    return _Part(
        found.seat_row[taken],
        np.repeat(np.arange(within.columns, dtype=np.int32), market.nodes.seats)[taken],
        within.cost[found.seat_arc[taken]],
        packing.unpack(found.price),
    )


def _seats_look_for_pupils(
    market: Market,
    within: Arcs,
    column_part: NDArray[np.int32],
    values: NDArray[np.int16],
    levels: tuple[Packing, Words],
    step: Callable[[float], None],
) -> _Part:
    """Here a group is a column with a seat per member, and a pupil of a lower class starts dearer.

    Every dead seat is filled, so it changes nothing to add 1 to the cost of each at the level of
    the highest class: being of another class then costs 1 there, being of class c brings 1 back at
    its own level, and no price is below 0.
    """
    packing, words = levels
    back = turned(within)
    units = np.where(column_part == DEAD, market.nodes.seats, 0).astype(np.int32)
    sizes = market.groups.sizes.astype(np.int32)
    class_cost = np.zeros((len(packing.names), len(sizes)), dtype=np.int64)
    class_cost[: len(values)] = -(market.classes == values[:, None]).astype(np.int64)
    shift = np.zeros((len(packing.names), 1), dtype=np.int64)
    shift[: min(len(values), 1)] = 1
    found = assign(back, units, sizes, words, packing.pack(class_cost + shift), step)
    taken = found.seat_row >= 0
    # a seat is worth what its best pupil costs, his own price included, the other way round
    least = np.zeros((within.columns, packing.words), dtype=np.int64)
    cheapest(back.start, back.column, back.cost, words, found.price, least)
    return _Part(
        np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)[taken],
        found.seat_row[taken],
        back.cost[found.seat_arc[taken]],
        shift - packing.unpack(least),
    )
