"""`fair`: the order of service decides who, the levels decide where."""

import numpy as np

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
    # a block closed earlier is dearer, so that nobody of a later block would rather sit there
    block = chosen.column_block
    cut = np.where(block == ALIVE, 0, block.max(initial=ALIVE) + 1 - block)
    return Outcome(
        group=found.seat_row[taken],
        node=node,
        cost=arcs.cost[found.seat_arc[taken]],
        levels=("placed", *packing.names),
        prices=np.concatenate([cut[None].astype(np.int64), packing.unpack(found.price)]),
    )
