"""Where, under caps: a flow of least cost through the network and the tree of capped sets.

Successive shortest paths with potentials (Jewell, 1958; Edmonds and Karp, 1972; Tomizawa, 1971),
costs being words compared from left to right, as in assignment.py: exact at every level.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.engine.assignment import SLICES
from matching.engine.capped_sets import Tree
from matching.engine.compiled import bare_kernel, inlined_kernel, kernel
from matching.engine.flow import Flow, enter, withdraw
from matching.engine.flow_search import Search, Stream, find_cheapest, new_search
from matching.engine.heap import raise_to_end
from matching.engine.network import Network, pair_words


class Cheapest(NamedTuple):
    """The flow found, and the potential of each set: what a place in it costs the others."""

    stream: Stream
    price: NDArray[np.int64]  # (sets, K), never below that of the set above


def cheapest_flow(
    network: Network,
    tree: Tree,
    units: NDArray[np.int32],
    *,
    optional: bool,
    step: Callable[[float], None],
) -> Cheapest:
    """Place units[g] of each group g at the least cost; when `optional`, one may stay unplaced at
    cost 0, otherwise RuntimeError is raised: the caller has proven that all have a place.
    """
    stream = _nothing_sent(network, tree)
    search = new_search(len(stream.potential), stream.potential.shape[1])
    order = np.repeat(np.arange(len(units), dtype=np.int32), units)
    slice_size = max(1, len(order) // SLICES)
    for first in range(0, len(order), slice_size):
        turns = order[first : first + slice_size]
        missing = send_units(turns, network, tree, stream, search, first, optional)
        if missing:
            raise RuntimeError("a unit is left without a place")
        step(min(1.0, (first + slice_size) / len(order)))
    price = stream.potential[len(network.hub_start) - 1 + len(units) :].copy()
    _raise_to_parents(tree.parent, price)
    return Cheapest(stream, price)


def _nothing_sent(network: Network, tree: Tree) -> Stream:
    """Potentials of sets are 0, of hubs and groups the least that is ahead of them."""
    hubs, groups = len(network.hub_start) - 1, len(network.link_start) - 1
    pairs, wishes = len(network.hub_column), len(network.wish_column)
    sets, words = len(tree.limit), network.link_cost.shape[1]
    nothing = np.full(pairs + wishes, -1, dtype=np.int64)
    tails = np.concatenate(
        [
            np.repeat(np.arange(hubs), np.diff(network.hub_start)),
            hubs + np.repeat(np.arange(groups), np.diff(network.wish_start)),
        ]
    )
    flow = Flow(
        tails.astype(np.int32), network.hub_start,
        np.concatenate([network.hub_column, network.wish_column]).astype(np.int32),
        np.zeros(pairs + wishes, dtype=np.int32), np.zeros(sets, dtype=np.int32),
        np.full(sets, -1, dtype=np.int64), nothing, nothing.copy(),
    )  # fmt: skip
    potential = np.zeros((hubs + groups + sets, words), dtype=np.int64)
    filled = np.flatnonzero(network.hub_start[1:] > network.hub_start[:-1])
    first = network.hub_start[:-1][filled]
    potential[filled] = pair_words(network, first, np.zeros((sets, words), dtype=np.int64))
    _least_ahead(network, hubs, potential)
    links = np.zeros(len(network.link_hub), dtype=np.int32)
    return Stream(flow, links, np.zeros(groups, dtype=np.int32), potential)


@kernel
def _least_ahead(net: Network, hubs: int, potential: NDArray[np.int64]) -> None:
    """The least of 0, the wishes and the links of each group."""
    words = np.zeros(potential.shape[1], dtype=np.int64)
    for group in range(len(net.link_start) - 1):
        for arc in range(net.wish_start[group], net.wish_start[group + 1]):
            words[:] = net.wish_cost[arc]
            _lower(potential, hubs + group, words)
        for arc in range(net.link_start[group], net.link_start[group + 1]):
            words[:] = net.link_cost[arc] + potential[net.link_hub[arc]]
            _lower(potential, hubs + group, words)


@inlined_kernel
def _lower(potential: NDArray[np.int64], node: int, words: NDArray[np.int64]) -> None:
    for k in range(len(words)):
        if words[k] != potential[node, k]:
            if words[k] < potential[node, k]:
                potential[node] = words
            return


@kernel
def _raise_to_parents(parent: NDArray[np.int32], price: NDArray[np.int64]) -> None:
    """A set through which nothing comes may cost as much as the one above; parents come after."""
    zero = np.zeros(price.shape[1], dtype=np.int64)
    for node in range(len(parent) - 1, -1, -1):
        above = parent[node]
        floor = price[above] if above >= 0 else zero
        for k in range(price.shape[1]):
            if price[node, k] != floor[k]:
                if price[node, k] < floor[k]:
                    price[node] = floor
                break


@bare_kernel
def send_units(
    order: NDArray[np.int32],
    network: Network,
    tree: Tree,
    stream: Stream,
    s: Search,
    first_mark: int,
    optional: bool,  # noqa: FBT001 - a kernel takes no keywords
) -> int:
    """Send the groups of `order` one unit after the other; returns how many found no way."""
    missing = 0
    for turn in range(len(order)):
        last = find_cheapest(order[turn], network, tree, stream, s, first_mark + turn, optional)
        if last < 0:
            missing += 1
            continue
        raise_to_end(s.settled, s.counts[0], s.heap.distance, s.best, stream.potential)
        send_along(last, network, tree, stream, s)
    return missing


@inlined_kernel
def send_along(last: int, net: Network, tree: Tree, stream: Stream, s: Search) -> None:
    """Send one more along the way found, from its end back to its origin."""
    hubs = len(net.hub_start) - 1
    sets, f = hubs + len(net.link_start) - 1, stream.flow
    if last >= sets:
        f.through[last - sets] += 1
    else:
        stream.unplaced[last - hubs] += 1
    node, before, arc = last, s.from_node[last], s.from_arc[last]
    while before >= 0:
        if node >= sets and before >= sets:
            if before - sets == tree.parent[node - sets]:
                f.through[node - sets] -= 1
            else:
                f.through[before - sets] += 1
        elif node >= sets:
            enter(arc, node - sets, f)
        elif before >= sets:
            withdraw(arc, before - sets, f)
        elif node < hubs:
            stream.links[arc] += 1
        else:
            stream.links[arc] -= 1
        node = before
        before, arc = s.from_node[node], s.from_arc[node]
