"""`fair`: the order of service decides who, the levels decide where."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from matching.engine.filling import Exact, fill
from matching.engine.market import Market, Outcome, Selection, Step, select
from matching.engine.network import feasible_wishes
from matching.engine.parts import within_blocks
from matching.engine.priority import ALIVE


def fair(market: Market, step: Step) -> Outcome:
    """Place the pupils whom the order of service selects, at the best levels."""
    chosen = select(market)
    step("who", 1.0)
    arcs = within_blocks(market.arcs, chosen.site_block, chosen.column_block)
    filled = fill(
        market,
        arcs,
        feasible_wishes(market, arcs),
        chosen.units,
        market.nodes.seats,
        lambda share: step("where", share),
        exact=seats_of_cut(market, chosen),
    )
    return with_cut(filled, chosen)


def seats_of_cut(market: Market, chosen: Selection) -> Exact:
    """The seats of the cut: all are filled, by the sites that hold them in the selection."""
    column = market.seat_column
    cut = chosen.column_block[column] != ALIVE
    return Exact(chosen.holder[cut], column[cut])


def with_cut(filled: Outcome, chosen: Selection) -> Outcome:
    """The outcome with the level "placed" first."""
    return replace(
        filled,
        levels=("placed", *filled.levels),
        prices=np.concatenate([prices_of_blocks(chosen)[None], filled.prices]),
    )


def prices_of_blocks(chosen: Selection) -> NDArray[np.int64]:
    """Of each node. A seat outside the cut has no price. In the cut a block closed earlier is
    dearer, so that nobody of a later block would rather sit there.
    """
    block: NDArray[np.int32] = chosen.column_block
    dearest = block.max(initial=ALIVE) + 1
    return np.where(block == ALIVE, 0, dearest - block).astype(np.int64)
