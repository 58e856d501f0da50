"""One search of the cheapest flow: from a group through hubs, gates and capped sets to the sink.

Nodes are hubs, then groups, then capped sets. Distances are reduced costs, in words; one binary
heap holds all nodes. The potential of a node is the least cost from it to the sink; it only rises,
from 0 for sets, so the pairs of a hub can be read in the order of their costs and left early.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.engine.capped_sets import Tree
from matching.engine.compiled import inlined_kernel
from matching.engine.cost import DISTANCE_MASK, OUTSIDE_SHIFT, TIE_MASK
from matching.engine.flow import Flow
from matching.engine.heap import copy_words, less, rise, take_nearest
from matching.engine.lottery import TIE_BITS
from matching.engine.network import Network


class Stream(NamedTuple):
    """The flow with its potentials. Pairs of hubs come first in `flow`, then wishes: `flow.site` is
    the node, hub or group, from which each comes.
    """

    flow: Flow
    links: NDArray[np.int32]  # units through each link from a group to a hub
    unplaced: NDArray[np.int32]  # units of each group that stay unplaced
    potential: NDArray[np.int64]  # (nodes, K)


class Search(NamedTuple):
    """What one search knows; marks save clearing it."""

    mark: NDArray[np.int64]
    distance: NDArray[np.int64]  # (nodes, K)
    from_node: NDArray[np.int32]
    from_arc: NDArray[np.int64]  # the link or the pair
    heap: NDArray[np.int32]
    position: NDArray[np.int64]  # in the heap, −1 once settled
    settled: NDArray[np.int32]
    counts: NDArray[np.int64]  # size of the heap, nodes settled
    end: NDArray[np.int64]  # last node before the sink, −1 none
    best: NDArray[np.int64]  # (1, K) distance of the sink by it
    base: NDArray[np.int64]  # (K,)
    reach: NDArray[np.int64]  # (1, K)


def new_search(nodes: int, words: int) -> Search:
    return Search(
        mark=np.full(nodes, -1, dtype=np.int64),
        distance=np.zeros((nodes, words), dtype=np.int64),
        from_node=np.zeros(nodes, dtype=np.int32),
        from_arc=np.zeros(nodes, dtype=np.int64),
        heap=np.zeros(nodes + 1, dtype=np.int32),
        position=np.zeros(nodes, dtype=np.int64),
        settled=np.zeros(nodes, dtype=np.int32),
        counts=np.zeros(2, dtype=np.int64),
        end=np.zeros(1, dtype=np.int64),
        best=np.zeros((1, words), dtype=np.int64),
        base=np.zeros(words, dtype=np.int64),
        reach=np.zeros((1, words), dtype=np.int64),
    )


@inlined_kernel
def pair_word(net: Network, pair: int, k: int) -> int:
    """Word k of the cost of a pair of a hub."""
    value = net.hub_value[pair]
    word = ((value >> TIE_BITS) & DISTANCE_MASK) * net.by_distance[k]
    word += (value & TIE_MASK) * net.by_tie[k]
    if value >> OUTSIDE_SHIFT == 0:
        word += net.inside[k]
    return int(word)


@inlined_kernel
def reach_node(node: int, come_from: int, arc: int, s: Search, mark: int) -> None:
    """Note that `node` is at distance s.reach, if that is nearer than the sink and than before."""
    if s.end[0] >= 0 and not less(s.reach, 0, s.best, 0):
        return
    if s.mark[node] == mark:
        if s.position[node] < 0 or not less(s.reach, 0, s.distance, node):
            return
    else:
        s.mark[node] = mark
        s.heap[s.counts[0]] = node
        s.position[node] = s.counts[0]
        s.counts[0] += 1
    copy_words(s.reach, 0, s.distance, node)
    s.from_node[node] = come_from
    s.from_arc[node] = arc
    rise(s.position[node], s.heap, s.position, s.distance)


@inlined_kernel
def reach_sink(node: int, s: Search) -> None:
    """The way to the sink from the node at hand, at distance less potential s.base."""
    nearer = s.end[0] < 0
    for k in range(len(s.base)):
        if nearer:
            break
        if s.base[k] != s.best[0, k]:
            nearer = s.base[k] < s.best[0, k]
            break
    if nearer:
        for k in range(len(s.base)):
            s.best[0, k] = s.base[k]
        s.end[0] = node


@inlined_kernel
def set_base(node: int, stream: Stream, s: Search) -> None:
    for k in range(len(s.base)):
        s.base[k] = s.distance[node, k] - stream.potential[node, k]


@inlined_kernel
def set_reach(node: int, stream: Stream, s: Search) -> None:
    """The distance of `node` over an arc that costs nothing."""
    for k in range(len(s.base)):
        s.reach[0, k] = s.base[k] + stream.potential[node, k]


@inlined_kernel
def look_around_set(
    number: int, sets: int, tree: Tree, stream: Stream, s: Search, mark: int
) -> None:
    """Up where there is room, down to what comes through, back to what a pair in use brought."""
    node, f = sets + number, stream.flow
    set_base(node, stream, s)
    if f.through[number] < tree.limit[number]:
        if tree.parent[number] < 0:
            reach_sink(node, s)
        else:
            set_reach(sets + tree.parent[number], stream, s)
            reach_node(sets + tree.parent[number], node, -1, s, mark)
    for i in range(tree.child_start[number], tree.child_start[number + 1]):
        child = tree.child[i]
        if f.through[child] > 0:
            set_reach(sets + child, stream, s)
            reach_node(sets + child, node, -1, s, mark)
    pair = f.first[number]
    while pair >= 0:  # a pair in use costs what its potentials differ by: no distance at all
        copy_words(s.distance, node, s.reach, 0)
        reach_node(f.site[pair], node, pair, s, mark)
        pair = f.following[pair]


@inlined_kernel
def look_through_hub(
    hub: int, sets: int, net: Network, stream: Stream, s: Search, mark: int
) -> None:
    """Back to the groups that come through, and on through the pairs, the best first, until one
    could not beat the sink even if the rest of its way were free.
    """
    hubs = len(net.hub_start) - 1
    for i in range(net.member_start[hub], net.member_start[hub + 1]):
        link = net.member_link[i]
        if stream.links[link] > 0:
            copy_words(s.distance, hub, s.reach, 0)
            reach_node(hubs + net.link_group[link], hub, link, s, mark)
    set_base(hub, stream, s)
    for pair in range(net.hub_start[hub], net.hub_start[hub + 1]):
        there = sets + net.hub_column[pair]
        at_least = 0  # sign of what it costs, less the best
        for k in range(len(s.base)):
            cost = s.base[k] + pair_word(net, pair, k)
            s.reach[0, k] = cost + stream.potential[there, k]
            if at_least == 0:
                at_least = np.sign(cost - s.best[0, k])
        if s.end[0] >= 0 and at_least >= 0:
            break
        reach_node(there, hub, pair, s, mark)


@inlined_kernel
def look_around_group(
    group: int,
    sets: int,
    net: Network,
    stream: Stream,
    s: Search,
    mark: int,
    optional: bool,  # noqa: FBT001 - a kernel takes no keywords
) -> None:
    """To the sink when it may stay unplaced, to the sets of its wishes, and to its hubs."""
    hubs = len(net.hub_start) - 1
    node = hubs + group
    set_base(node, stream, s)
    if optional:
        reach_sink(node, s)
    for wish in range(net.wish_start[group], net.wish_start[group + 1]):
        there = sets + net.wish_column[wish]
        for k in range(len(s.base)):
            s.reach[0, k] = s.base[k] + net.wish_cost[wish, k] + stream.potential[there, k]
        reach_node(there, node, len(net.hub_column) + wish, s, mark)
    for link in range(net.link_start[group], net.link_start[group + 1]):
        hub = net.link_hub[link]
        for k in range(len(s.base)):
            s.reach[0, k] = s.base[k] + net.link_cost[link, k] + stream.potential[hub, k]
        reach_node(hub, node, link, s, mark)


@inlined_kernel
def find_cheapest(
    group: int,
    net: Network,
    tree: Tree,
    stream: Stream,
    s: Search,
    mark: int,
    optional: bool,  # noqa: FBT001
) -> int:
    """Dijkstra's search from a group to the sink; returns the last node before it, −1 for none."""
    hubs = len(net.hub_start) - 1
    sets = hubs + len(net.link_start) - 1
    s.counts[0] = s.counts[1] = 0
    s.end[0] = -1
    for k in range(len(s.base)):
        s.reach[0, k] = 0
    reach_node(hubs + group, -1, -1, s, mark)
    while s.counts[0] > 0:
        if s.end[0] >= 0 and not less(s.distance, s.heap[0], s.best, 0):
            break
        node = take_nearest(s.counts[0], s.heap, s.position, s.distance)
        s.counts[0] -= 1
        s.settled[s.counts[1]] = node
        s.counts[1] += 1
        if node < hubs:
            look_through_hub(node, sets, net, stream, s, mark)
        elif node < sets:
            look_around_group(node - hubs, sets, net, stream, s, mark, optional)
        else:
            look_around_set(node - sets, sets, tree, stream, s, mark)
    return int(s.end[0])
