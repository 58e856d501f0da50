"""One search of the assignment: from a group to the nearest free seat.

Distances are of hubs and groups (nodes: hubs first, then groups) in a binary heap, and of columns,
which need no heap: a full column passes what reaches it on to those who hold its seats.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.engine.compiled import inlined_kernel
from matching.engine.heap import (
    Heap,
    add_words,
    come_nearer,
    copy_words,
    less,
    new_heap,
    sum_less,
    take_nearest,
)
from matching.engine.network import Network


class Seating(NamedTuple):
    """Who has what so far, and the potentials."""

    seat_start: NDArray[np.int64]  # the seats of column c: seat_start[c]:seat_start[c] + used[c]
    seat_column: NDArray[np.int32]
    node: NDArray[np.int32]  # of each seat: the hub, or hubs + group when it is wished
    pair: NDArray[np.int64]  # of each seat: its pair, of the hub or of the wishes
    used: NDArray[np.int32]  # of each column
    through: NDArray[np.int32]  # of each link: units of the group that go through the hub
    cost: NDArray[np.int64]  # (pairs, K) of pairs of hubs, with the price of the column at first
    wish_cost: NDArray[np.int64]  # (wishes, K) likewise
    price: NDArray[np.int64]  # (columns, K) what its next seat costs the others more than at first
    paid: NDArray[np.int64]  # (nodes, K)


class Search(NamedTuple):
    """What one search knows; marks save clearing it."""

    heap: Heap
    from_seat: NDArray[np.int64]  # the seat from which a node was reached, −1 when over a link
    from_link: NDArray[np.int64]  # −1 for the origin
    column_mark: NDArray[np.int64]
    column_distance: NDArray[np.int64]  # (columns, K)
    from_node: NDArray[np.int32]  # of a column
    from_pair: NDArray[np.int64]
    touched: NDArray[np.int32]  # full columns reached
    settled: NDArray[np.int32]
    counts: NDArray[np.int64]  # columns touched, nodes settled
    end: NDArray[np.int64]  # the nearest free column so far, −1 none
    best: NDArray[np.int64]  # (1, K) its distance
    base: NDArray[np.int64]  # (1, K) distance less what is paid, of the node at hand
    reach: NDArray[np.int64]  # (1, K) distance of the column or node at hand


def new_search(nodes: int, columns: int, words: int) -> Search:
    return Search(
        heap=new_heap(nodes, words),
        from_seat=np.full(nodes, -1, dtype=np.int64),
        from_link=np.full(nodes, -1, dtype=np.int64),
        column_mark=np.full(columns, -1, dtype=np.int64),
        column_distance=np.zeros((columns, words), dtype=np.int64),
        from_node=np.zeros(columns, dtype=np.int32),
        from_pair=np.zeros(columns, dtype=np.int64),
        touched=np.zeros(columns, dtype=np.int32),
        settled=np.zeros(nodes, dtype=np.int32),
        counts=np.zeros(2, dtype=np.int64),
        end=np.zeros(1, dtype=np.int64),
        best=np.zeros((1, words), dtype=np.int64),
        base=np.zeros((1, words), dtype=np.int64),
        reach=np.zeros((1, words), dtype=np.int64),
    )


@inlined_kernel
def reach_node(node: int, seat: int, link: int, s: Search, mark: int) -> None:
    """Note that `node` is at distance s.reach over a seat or a link, if that is nearer."""
    if come_nearer(node, s.reach, s.heap, mark):
        s.from_seat[node] = seat
        s.from_link[node] = link


@inlined_kernel
def reach_column(
    there: int,
    node: int,
    pair: int,
    state: Seating,
    s: Search,
    mark: int,
) -> None:
    """Note that a column is at distance s.reach, which beats the best end."""
    if state.used[there] < state.seat_start[there + 1] - state.seat_start[there]:
        copy_words(s.reach, 0, s.best, 0)
        s.end[0] = there
        s.from_node[there] = node
        s.from_pair[there] = pair
        return
    if s.column_mark[there] != mark:
        s.column_mark[there] = mark
        s.touched[s.counts[0]] = there
        s.counts[0] += 1
    elif not less(s.reach, 0, s.column_distance, there):
        return
    copy_words(s.reach, 0, s.column_distance, there)
    s.from_node[there] = node
    s.from_pair[there] = pair
    for seat in range(state.seat_start[there], state.seat_start[there] + state.used[there]):
        holder = state.node[seat]
        reach_node(holder, seat, -1, s, mark)


@inlined_kernel
def look_at_members(
    hub: int,
    net: Network,
    state: Seating,
    s: Search,
    mark: int,
) -> None:
    """The groups that go through a hub might leave it."""
    hubs = len(net.hub_start) - 1
    copy_words(s.heap.distance, hub, s.reach, 0)
    for i in range(net.member_start[hub], net.member_start[hub + 1]):
        link = net.member_link[i]
        if state.through[link] > 0:
            reach_node(hubs + net.link_group[link], -1, link, s, mark)


@inlined_kernel
def set_base(node: int, state: Seating, s: Search) -> None:
    for k in range(s.base.shape[1]):
        s.base[0, k] = s.heap.distance[node, k] - state.paid[node, k]


@inlined_kernel
def look_through_hub(
    hub: int,
    net: Network,
    state: Seating,
    s: Search,
    mark: int,
) -> None:
    """Relax the pairs of a hub, the best first, until one would not beat the best end even if its
    column were as cheap as at first.
    """
    set_base(hub, state, s)
    for pair in range(net.hub_start[hub], net.hub_start[hub + 1]):
        if s.end[0] >= 0 and not sum_less(s.base, state.cost, pair, s.best):
            break
        there = net.hub_column[pair]
        add_words(s.base, state.cost, pair, state.price, there, s.reach)
        if s.end[0] < 0 or less(s.reach, 0, s.best, 0):
            reach_column(there, hub, pair, state, s, mark)


@inlined_kernel
def look_around_group(
    group: int,
    net: Network,
    state: Seating,
    s: Search,
    mark: int,
) -> None:
    """Relax the links of a group to its hubs, and its wishes."""
    hubs = len(net.hub_start) - 1
    node = hubs + group
    set_base(node, state, s)
    for pair in range(net.wish_start[group], net.wish_start[group + 1]):
        there = net.wish_column[pair]
        add_words(s.base, state.wish_cost, pair, state.price, there, s.reach)
        if s.end[0] < 0 or less(s.reach, 0, s.best, 0):
            reach_column(there, node, pair, state, s, mark)
    for link in range(net.link_start[group], net.link_start[group + 1]):
        hub = net.link_hub[link]
        add_words(s.base, net.link_cost, link, state.paid, hub, s.reach)
        if s.end[0] < 0 or less(s.reach, 0, s.best, 0):
            reach_node(hub, -1, link, s, mark)


@inlined_kernel
def find_shortest_path(
    origin: int,
    net: Network,
    state: Seating,
    s: Search,
    mark: int,
) -> int:
    """Dijkstra's search from a node to the nearest column with a free seat; −1 for none."""
    hubs = len(net.hub_start) - 1
    s.counts[0] = s.counts[1] = s.heap.size[0] = 0
    s.end[0] = -1
    copy_words(state.paid, origin, s.reach, 0)
    reach_node(origin, -1, -1, s, mark)
    while s.heap.size[0] > 0:
        if s.end[0] >= 0 and not less(s.heap.distance, s.heap.node[0], s.best, 0):
            break
        node = take_nearest(s.heap)
        s.settled[s.counts[1]] = node
        s.counts[1] += 1
        if node < hubs:
            look_at_members(node, net, state, s, mark)
            look_through_hub(node, net, state, s, mark)
        else:
            look_around_group(node - hubs, net, state, s, mark)
    return int(s.end[0])
