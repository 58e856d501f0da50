"""What the pupils of an answer hold, in the terms of the network."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.engine.chains import Taken
from matching.engine.market import Market
from matching.engine.network import ANY_SECTOR, Hubs, Network, Wished
from matching.engine.solution import Solution


class Held(NamedTuple):
    """Seats that the run gave: group, node, and sector of the hub (−1 when wished)."""

    group: NDArray[np.int32]
    node: NDArray[np.int64]
    sector: NDArray[np.int64]


def held_by(market: Market, solution: Solution) -> Held:
    """The seats given to pupils whose placement was not held, in the order of their rows."""
    problem, groups = market.problem, market.groups
    rows = np.flatnonzero((solution.slot >= 0) & (groups.of_pupil >= 0))
    slot = solution.slot[rows]
    sector = problem.slots.sector[slot].astype(np.int64)
    bit = np.left_shift(np.uint64(1), np.maximum(sector, 0).astype(np.uint64))
    named = (sector >= 0) & ((problem.pupils.sectors[rows] & bit) != 0)
    hub = np.where(named, sector, ANY_SECTOR)
    return Held(
        groups.of_pupil[rows],
        market.node_of[solution.reserved_seat[rows].astype(np.int8), slot],
        np.where(solution.rank[rows] > 0, -1, hub),
    )


def taken_in(network: Network, hubs: Hubs, wished: Wished, held: Held, columns: int) -> Taken:
    """The wishes, and the links and nodes, by which seats are held: the wished ones first."""
    wish_group = np.repeat(np.arange(len(wished.start) - 1), np.diff(wished.start))
    codes = wish_group * columns + wished.column
    order = np.argsort(codes)
    by_wish = held.sector < 0
    asked = held.group[by_wish].astype(np.int64) * columns + held.node[by_wish]
    wish = order[np.searchsorted(codes, asked, sorter=order)]
    link_codes = network.link_group.astype(np.int64) * (ANY_SECTOR + 1)
    link_codes += hubs.sector[network.link_hub]
    by_code = np.argsort(link_codes)
    asked = held.group[~by_wish].astype(np.int64) * (ANY_SECTOR + 1) + held.sector[~by_wish]
    link = by_code[np.searchsorted(link_codes, asked, sorter=by_code)]
    return Taken(wish, link, held.node[~by_wish])
