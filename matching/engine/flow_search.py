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
from matching.engine.flow import Flow
from matching.engine.heap import (
    Heap,
    add_words,
    come_nearer,
    copy_words,
    less,
    new_heap,
    take_nearest,
)
from matching.engine.network import Network, pair_word


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

    heap: Heap
    from_node: NDArray[np.int32]
    from_arc: NDArray[np.int64]  # the link or the pair
    settled: NDArray[np.int32]
    counts: NDArray[np.int64]  # (1,) nodes settled
    end: NDArray[np.int64]  # last node before the sink, −1 none
    best: NDArray[np.int64]  # (1, K) distance of the sink by it
    base: NDArray[np.int64]  # (1, K) distance less potential of the node at hand
    reach: NDArray[np.int64]  # (1, K)


def new_search(nodes: int, words: int) -> Search:
    return Search(
        heap=new_heap(nodes, words),
        from_node=np.zeros(nodes, dtype=np.int32),
        from_arc=np.zeros(nodes, dtype=np.int64),
        settled=np.zeros(nodes, dtype=np.int32),
        counts=np.zeros(1, dtype=np.int64),
        end=np.zeros(1, dtype=np.int64),
        best=np.zeros((1, words), dtype=np.int64),
        base=np.zeros((1, words), dtype=np.int64),
        reach=np.zeros((1, words), dtype=np.int64),
    )


@inlined_kernel
def reach_node(node: int, come_from: int, arc: int, s: Search, mark: int) -> None:
    """Note that `node` is at distance s.reach, if that is nearer than the sink and than before."""
    if s.end[0] >= 0 and not less(s.reach, 0, s.best, 0):
        return
    if come_nearer(node, s.reach, s.heap, mark):
        s.from_node[node] = come_from
        s.from_arc[node] = arc


@inlined_kernel
def reach_sink(node: int, s: Search) -> None:
    """The way to the sink from the node at hand, at distance less potential s.base."""
    if s.end[0] < 0 or less(s.base, 0, s.best, 0):
        copy_words(s.base, 0, s.best, 0)
        s.end[0] = node


@inlined_kernel
def set_base(node: int, stream: Stream, s: Search) -> None:
    for k in range(s.base.shape[1]):
        s.base[0, k] = s.heap.distance[node, k] - stream.potential[node, k]


@inlined_kernel
def set_reach(node: int, stream: Stream, s: Search) -> None:
    """The distance of `node` over an arc that costs nothing."""
    for k in range(s.base.shape[1]):
        s.reach[0, k] = s.base[0, k] + stream.potential[node, k]


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
        copy_words(s.heap.distance, node, s.reach, 0)
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
            copy_words(s.heap.distance, hub, s.reach, 0)
            reach_node(hubs + net.link_group[link], hub, link, s, mark)
    set_base(hub, stream, s)
    for pair in range(net.hub_start[hub], net.hub_start[hub + 1]):
        for k in range(s.base.shape[1]):
            s.reach[0, k] = s.base[0, k] + pair_word(net, pair, k)
        if s.end[0] >= 0 and not less(s.reach, 0, s.best, 0):
            break
        there = sets + net.hub_column[pair]
        for k in range(s.base.shape[1]):
            s.reach[0, k] += stream.potential[there, k]
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
        add_words(s.base, net.wish_cost, wish, stream.potential, there, s.reach)
        reach_node(there, node, len(net.hub_column) + wish, s, mark)
    for link in range(net.link_start[group], net.link_start[group + 1]):
        hub = net.link_hub[link]
        add_words(s.base, net.link_cost, link, stream.potential, hub, s.reach)
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
    s.counts[0] = s.heap.size[0] = 0
    s.end[0] = -1
    s.reach[:] = 0
    reach_node(hubs + group, -1, -1, s, mark)
    while s.heap.size[0] > 0:
        if s.end[0] >= 0 and not less(s.heap.distance, s.heap.node[0], s.best, 0):
            break
        node = take_nearest(s.heap)
        s.settled[s.counts[0]] = node
        s.counts[0] += 1
        if node < hubs:
            look_through_hub(node, sets, net, stream, s, mark)
        elif node < sets:
            look_around_group(node - hubs, sets, net, stream, s, mark, optional)
        else:
            look_around_set(node - sets, sets, tree, stream, s, mark)
    return int(s.end[0])
