"""`cannot_be_gamed`: who as in `fair`; then each in turn his best wish that un-places nobody; the
others by the levels after the wishes.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from matching.engine.fair import with_cut
from matching.engine.filling import Exact, fill
from matching.engine.groups import in_turn
from matching.engine.market import Market, Outcome, Selection, Step, select
from matching.engine.network import Wished, feasible_wishes
from matching.engine.pairs import Arcs
from matching.engine.parts import within_blocks
from matching.engine.priority import ALIVE
from matching.engine.problem import LAST_RANK
from matching.engine.serial_choice import Seating, Visits, choose_in_turn


def cannot_be_gamed(market: Market, step: Step) -> Outcome:
    """Grant wishes in turn to the pupils whom the order of service selects, then place the rest.

    A wish refused is in no placement of all the selected that keeps what was granted before, so
    the rest can be placed by all the levels: those of the wishes are the same for every answer.
    """
    chosen = select(market)
    step("who", 1.0)
    arcs = within_blocks(market.arcs, chosen.site_block, chosen.column_block)
    wished = feasible_wishes(market, arcs)
    granted, seating = _grant_wishes(market, chosen, arcs, wished, step)
    groups = np.flatnonzero(granted >= 0).astype(np.int32)
    columns = wished.column[granted[groups]]
    taken = np.bincount(columns, minlength=arcs.columns).astype(np.int32)

    column = market.seat_column
    rest = (seating.holder >= 0) & ~seating.locked & (chosen.column_block[column] != ALIVE)
    filled = fill(
        market,
        arcs,
        wished,
        np.where(granted >= 0, 0, chosen.units).astype(np.int32),
        market.nodes.seats - taken,
        lambda share: step("where", 0.3 + 0.7 * share),
        exact=Exact(seating.holder[rest], column[rest]),
    )
    filled = replace(
        filled,
        group=np.concatenate([groups, filled.group]),
        node=np.concatenate([columns, filled.node]),
        cost=np.concatenate([wished.value[granted[groups]], filled.cost]),
    )
    return with_cut(filled, chosen)


def _grant_wishes(
    market: Market, chosen: Selection, arcs: Arcs, wished: Wished, step: Step
) -> tuple[NDArray[np.int64], Seating]:
    """The wish granted to each group, −1 when none, and the matching that leaves room for all."""
    seats, sites, columns = market.nodes.seats, market.sites, arcs.columns
    column_of = market.seat_column
    used = np.bincount(column_of[chosen.holder >= 0], minlength=columns).astype(np.int32)
    seating = Seating(
        arcs.start, arcs.column, seats, market.seat_start, chosen.holder.copy(),
        np.zeros(len(column_of), dtype=np.bool_), used,
    )  # fmt: skip
    visits = Visits(
        np.full(columns, -1, dtype=np.int64), np.full(sites, -1, dtype=np.int64),
        np.full(columns, -1, dtype=np.int64), np.full(sites, -1, dtype=np.int64),
        np.full(columns, -1, dtype=np.int64), np.empty(columns, dtype=np.int32),
        np.empty(sites, dtype=np.int32), column_of,
    )  # fmt: skip
    groups = market.groups
    wishing = (np.diff(wished.start) > 0) & (chosen.units > 0)
    order = groups.of_pupil[in_turn(market.problem, groups)]
    order = order[wishing[order]]
    granted = np.full(len(wishing), -1, dtype=np.int64)
    slice_size = max(1, len(order) // 20)
    most = int(np.diff(wished.start).max(initial=LAST_RANK)) + 1
    for first in range(0, len(order), slice_size):
        choose_in_turn(
            order[first : first + slice_size], groups.site, wished.start, wished.column, granted,
            seating, visits, most * first,
        )  # fmt: skip
        step("where", 0.3 * min(1.0, (first + slice_size) / len(order)))
    return granted, seating
