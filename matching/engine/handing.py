"""Who of those who go through a hub has which of its seats."""

import numpy as np
from numpy.typing import NDArray

from matching.engine.assignment import Assignment
from matching.engine.cost import OTHER, PREFERENCE_SHIFT, SECTOR
from matching.engine.market import Market
from matching.engine.network import ANY_SECTOR, Hubs, Network, Wished

Seats = tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int64]]


def hand_out(
    market: Market,
    network: Network,
    hubs: Hubs,
    wished: Wished,
    column: NDArray[np.int32],
    found: Assignment,
) -> Seats:
    """Group, node and cost of every seat given; `column` is the node of each seat.

    The members of a group go to hubs in lottery order, to the hubs of sectors first; then those of
    a hub take its seats in lottery order, the best seat first.
    """
    groups, pupils = market.groups, market.problem.pupils
    by_wish = np.flatnonzero(found.node >= len(hubs.site))
    by_hub = np.flatnonzero((found.node >= 0) & (found.node < len(hubs.site)))

    link = np.repeat(np.arange(len(found.through)), found.through)
    group = network.link_group[link]
    turn = np.arange(len(group)) - np.searchsorted(group, group)
    rows = groups.members[groups.start[group] + turn]
    hub = network.link_hub[link]
    in_turn = np.lexsort((groups.key_rank[rows], pupils.lottery[rows], hub))
    value = network.hub_value[found.pair[by_hub]]
    best_first = np.lexsort((column[by_hub], value, found.node[by_hub]))
    preference = np.where(hubs.sector[hub[in_turn]] < ANY_SECTOR, SECTOR, OTHER)
    return (
        np.concatenate([found.node[by_wish] - np.int32(len(hubs.site)), group[in_turn]]),
        np.concatenate([column[by_wish], column[by_hub][best_first]]),
        np.concatenate(
            [
                wished.value[found.pair[by_wish]],
                (preference.astype(np.int64) << PREFERENCE_SHIFT) + value[best_first],
            ]
        ),
    )
