"""`cannot_be_gamed`: who as in `fair`; then each in turn his best wish that un-places nobody; the
others by the levels after the wishes.
"""

import numpy as np
from numpy.typing import NDArray

from matching.engine.assignment import assign
from matching.engine.cost import CODE_SHIFT, SECTOR
from matching.engine.fair import block_prices
from matching.engine.groups import in_turn
from matching.engine.market import Market, Outcome, Selection, Step, select
from matching.engine.pairs import Arcs
from matching.engine.parts import within_blocks
from matching.engine.serial_choice import Seating, Visits, choose_in_turn
from matching.engine.words import place_words


def cannot_be_gamed(market: Market, step: Step) -> Outcome:
    """Grant wishes in turn to the pupils whom the order of service selects, then place the rest.

    A wish refused is in no placement of all the selected that keeps what was granted before, so
    the rest can be placed by all the levels: those of the wishes are the same for every answer.
    """
    chosen = select(market)
    step("who", 1.0)
    arcs = within_blocks(market.arcs, chosen.row_block, chosen.column_block)
    granted = _grant_wishes(market, chosen, arcs, step)
    rows = np.flatnonzero(granted >= 0)
    columns = arcs.column[granted[rows]]
    seats = market.nodes.seats - np.bincount(columns, minlength=arcs.columns).astype(np.int32)
    units = np.where(granted >= 0, 0, chosen.units).astype(np.int32)

    packing, words = place_words(market.furthest, int(chosen.units.sum()))
    price = np.zeros((arcs.columns, packing.words), dtype=np.int64)
    rest = assign(arcs, units, seats, words, price, lambda share: step("where", 0.3 + 0.7 * share))
    taken = rest.seat_row >= 0
    return Outcome(
        group=np.concatenate([rows.astype(np.int32), rest.seat_row[taken]]),
        node=np.concatenate(
            [columns, np.repeat(np.arange(arcs.columns, dtype=np.int32), seats)[taken]]
        ),
        cost=np.concatenate([arcs.cost[granted[rows]], arcs.cost[rest.seat_arc[taken]]]),
        levels=("placed", *packing.names),
        prices=np.concatenate(
            [block_prices(chosen.column_block)[None], packing.unpack(rest.price)]
        ),
    )


def _grant_wishes(market: Market, chosen: Selection, arcs: Arcs, step: Step) -> NDArray[np.int64]:
    """The arc granted to each row, −1 when none. A pupil with a wish is alone in his row."""
    seats, rows, columns = market.nodes.seats, len(chosen.units), arcs.columns
    seat_column = np.repeat(np.arange(columns, dtype=np.int32), seats)
    seat_of = np.full(rows, -1, dtype=np.int64)
    held = np.flatnonzero(chosen.holder >= 0)
    seat_of[chosen.holder[held]] = held
    seating = Seating(
        arcs.start, arcs.column, arcs.cost, seats, chosen.seat_start, seat_column,
        chosen.holder.copy(), np.bincount(seat_column[held], minlength=columns).astype(np.int32),
        seat_of, np.full(rows, -1, dtype=np.int64),
    )  # fmt: skip
    visits = Visits(
        np.full(columns, -1, dtype=np.int64), np.full(columns, -1, dtype=np.int64),
        np.full(rows, -1, dtype=np.int64), np.full(columns, -1, dtype=np.int32),
        np.full(columns, -1, dtype=np.int64), np.empty(columns, dtype=np.int32),
    )  # fmt: skip
    order = _choosers(market, chosen, arcs)
    slice_size = max(1, len(order) // 20)
    for first in range(0, len(order), slice_size):
        # at most five wishes, each for at most two kinds of seats
        choose_in_turn(order[first : first + slice_size], seating, visits, 11 * (first + 1))
        step("where", 0.3 * min(1.0, (first + slice_size) / len(order)))
    return seating.granted


def _choosers(market: Market, chosen: Selection, arcs: Arcs) -> NDArray[np.int32]:
    """The selected rows whose best arc is a wish, in their turn."""
    best = np.full(len(chosen.units), 2 * SECTOR, dtype=np.int64)
    filled = arcs.start[1:] > arcs.start[:-1]
    best[filled] = arcs.cost[arcs.start[:-1][filled]] >> CODE_SHIFT
    wishing = (best < 2 * SECTOR) & (chosen.units > 0)
    order = market.groups.of_pupil[in_turn(market.problem, market.groups)]
    choosers: NDArray[np.int32] = order[wishing[order]]
    return choosers
