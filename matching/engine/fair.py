"""`fair`: the order of service decides who, the levels decide where."""

import numpy as np
from numpy.typing import NDArray

from matching.engine.assignment import assign
from matching.engine.market import Market, Outcome, Step, select
from matching.engine.parts import within_blocks
from matching.engine.priority import ALIVE
from matching.engine.words import place_words


def fair(market: Market, step: Step) -> Outcome:
    """Place the pupils whom the order of service selects, at the best levels."""
    chosen = select(market)
    step("who", 1.0)
    arcs = within_blocks(market.arcs, chosen.row_block, chosen.column_block)
    packing, words = place_words(market.furthest, int(chosen.units.sum()))
    price = np.zeros((arcs.columns, packing.words), dtype=np.int64)
    found = assign(
        arcs, chosen.units, market.nodes.seats, words, price, lambda share: step("where", share)
    )
    taken = found.seat_row >= 0
    node = np.repeat(np.arange(arcs.columns, dtype=np.int32), market.nodes.seats)[taken]
    return Outcome(
        group=found.seat_row[taken],
        node=node,
        cost=arcs.cost[found.seat_arc[taken]],
        levels=("placed", *packing.names),
        prices=np.concatenate(
            [block_prices(chosen.column_block)[None], packing.unpack(found.price)]
        ),
    )


def block_prices(column_block: NDArray[np.int32]) -> NDArray[np.int64]:
    """The price of a seat at the level "placed": nothing outside the cut; in it, a block closed
    earlier is dearer, so that nobody of a later block would rather sit there.
    """
    dearest = column_block.max(initial=ALIVE) + 1
    return np.where(column_block == ALIVE, 0, dearest - column_block).astype(np.int64)
