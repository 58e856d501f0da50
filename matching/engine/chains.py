"""Chains of exchanges that an answer leaves open, for gains.py."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.engine.compiled import bare_kernel, kernel
from matching.engine.network import Network, pair_word
from matching.engine.pairs import Arcs

UNREACHED = int(np.iinfo(np.int64).max)


class Taken(NamedTuple):
    """Seats given: by wish, numbers of wishes; through hubs, links and nodes."""

    wish: NDArray[np.int64]
    link: NDArray[np.int64]
    node: NDArray[np.int64]


def can_be_left(
    arcs: Arcs, site: NDArray[np.int32], node: NDArray[np.int64], free: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """The nodes that are free, or that one of a site that holds a seat there can leave for such a
    node. Site site[i] holds a seat of node[i].
    """
    order = np.argsort(site, kind="stable")
    start = np.searchsorted(site[order], np.arange(len(arcs.start)))
    left = free.copy()
    while _spread(arcs.start, arcs.column, start, node[order], left):
        pass
    return left


def longest_gains(
    network: Network, taken: Taken, waiting: NDArray[np.bool_], dead: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """(N, K) best change when a seat is added to each node; `waiting` are groups of whom somebody
    is unplaced and may be placed. A seat added to a `dead` node is never left empty. 0 where
    nothing is reached.
    """
    words = network.link_cost.shape[1]
    change = np.zeros((len(dead), words), dtype=np.int64)
    change[dead] = UNREACHED
    hubs, groups = len(network.hub_start) - 1, len(network.link_start) - 1
    hub_best = np.full((hubs, words), UNREACHED)
    group_best = np.full((groups, words), UNREACHED)
    group_best[waiting] = 0
    better = np.zeros(hubs, dtype=np.bool_)
    pair = np.zeros(len(taken.link), dtype=np.int64)
    find_pairs(network, taken, pair)
    wish_group = np.repeat(np.arange(groups), np.diff(network.wish_start))
    cost = np.zeros((1, words), dtype=np.int64)
    while True:
        _leave(network, taken, pair, wish_group, change, hub_best, group_best, better, cost)
        if not _enter(network, wish_group, change, hub_best, group_best, better, cost):
            break
    change[change[:, 0] == UNREACHED] = 0
    return change


@kernel
def _spread(
    start: NDArray[np.int64],
    column: NDArray[np.int32],
    held_start: NDArray[np.int64],
    held_node: NDArray[np.int64],
    can_leave: NDArray[np.bool_],
) -> bool:
    """Mark the nodes that somebody can leave for one already marked; whether any was new."""
    found = False
    for row in range(len(start) - 1):
        open_to = False
        for pair in range(start[row], start[row + 1]):
            if can_leave[column[pair]]:
                open_to = True
                break
        if not open_to:
            continue
        for i in range(held_start[row], held_start[row + 1]):
            if not can_leave[held_node[i]]:
                can_leave[held_node[i]] = True
                found = True
    return found


@kernel
def find_pairs(network: Network, taken: Taken, found: NDArray[np.int64]) -> None:
    """The pair of the hub for each seat taken through a link."""
    for i in range(len(taken.link)):
        hub = network.link_hub[taken.link[i]]
        for pair in range(network.hub_start[hub], network.hub_start[hub + 1]):
            if network.hub_column[pair] == taken.node[i]:
                found[i] = pair
                break


@bare_kernel
def _lower(
    target: NDArray[np.int64],
    i: int,
    source: NDArray[np.int64],
    j: int,
    cost: NDArray[np.int64],
    row: int,
    sign: int,
) -> bool:
    """target[i] becomes source[j] + sign * cost[row] when that comes before it."""
    if source[j, 0] == UNREACHED:
        return False
    before = target[i, 0] == UNREACHED
    for k in range(cost.shape[1]):
        if before:
            break
        sum_of = source[j, k] + sign * cost[row, k]
        if sum_of != target[i, k]:
            before = sum_of < target[i, k]
            break
    if before:
        for k in range(cost.shape[1]):
            target[i, k] = source[j, k] + sign * cost[row, k]
    return bool(before)


@bare_kernel
def _leave(
    network: Network,
    taken: Taken,
    pair: NDArray[np.int64],
    wish_group: NDArray[np.int64],
    change: NDArray[np.int64],
    hub_best: NDArray[np.int64],
    group_best: NDArray[np.int64],
    better: NDArray[np.bool_],
    cost: NDArray[np.int64],
) -> None:
    """The best that comes of one of each hub or group leaving what he has; hubs for which more is
    gained than before are marked `better`.
    """
    for i in range(len(pair)):
        for k in range(cost.shape[1]):
            cost[0, k] = pair_word(network, pair[i], k)
        hub = network.link_hub[taken.link[i]]
        better[hub] |= _lower(hub_best, hub, change, taken.node[i], cost, 0, -1)
    for i in range(len(taken.wish)):
        wish = taken.wish[i]
        there = network.wish_column[wish]
        _lower(group_best, wish_group[wish], change, there, network.wish_cost, wish, -1)
    for i in range(len(pair)):
        link = taken.link[i]
        group, hub = network.link_group[link], network.link_hub[link]
        _lower(group_best, group, hub_best, hub, network.link_cost, link, -1)


@bare_kernel
def _enter(
    network: Network,
    wish_group: NDArray[np.int64],
    change: NDArray[np.int64],
    hub_best: NDArray[np.int64],
    group_best: NDArray[np.int64],
    better: NDArray[np.bool_],
    cost: NDArray[np.int64],
) -> bool:
    """Let groups come to hubs, and all take the seat added to each node, of hubs those marked
    `better`; whether any improved.
    """
    improved = False
    for link in range(len(network.link_hub)):
        group, hub = network.link_group[link], network.link_hub[link]
        better[hub] |= _lower(hub_best, hub, group_best, group, network.link_cost, link, 1)
    for hub in range(len(hub_best)):
        if not better[hub]:
            continue
        better[hub] = False
        for pair in range(network.hub_start[hub], network.hub_start[hub + 1]):
            for k in range(cost.shape[1]):
                cost[0, k] = pair_word(network, pair, k)
            improved |= _lower(change, network.hub_column[pair], hub_best, hub, cost, 0, 1)
    for wish in range(len(wish_group)):
        there = network.wish_column[wish]
        improved |= _lower(change, there, group_best, wish_group[wish], network.wish_cost, wish, 1)
    return improved
