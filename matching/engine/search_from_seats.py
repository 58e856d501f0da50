"""One search of the assignment where seats are short: from a seat to the nearest unplaced pupil.

The mirror of search.py. Distances are of hubs and groups (nodes: hubs first, then groups) in a
binary heap, and of columns, which need no heap: a node that takes another seat may give up one that
it has, whose column must then find somebody else.
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


class BySeat(NamedTuple):
    """The pairs and wishes of a network by column, the best first; C columns."""

    start: NDArray[np.int64]  # C + 1
    hub: NDArray[np.int32]
    cost: NDArray[np.int64]  # (pairs, K) with the price of the hub at first
    pair: NDArray[np.int64]  # number among the pairs of hubs
    wish_start: NDArray[np.int64]  # C + 1
    wish: NDArray[np.int64]  # number among the wishes of groups
    wish_group: NDArray[np.int32]  # of each wish of the network
    links: NDArray[np.int64]  # hub by hub, the cheapest first
    next_link: NDArray[np.int64]  # of each link: the one after it there, −1 when of another hub


class Taking(NamedTuple):
    """Who has which seat so far, and the potentials."""

    node: NDArray[np.int32]  # of each seat: the hub, or hubs + group when it is wished
    pair: NDArray[np.int64]  # of each seat: its pair, of the hub or of the wishes
    first_seat: NDArray[np.int64]  # of each node: a list of the seats that it has, −1 at its end
    next_seat: NDArray[np.int64]
    last_seat: NDArray[np.int64]  # of each seat: the one before it in the list
    seat_column: NDArray[np.int32]
    through: NDArray[np.int32]  # of each link: units of the group that go through the hub
    units: NDArray[np.int32]  # of each group
    unplaced: NDArray[np.int32]  # of these
    price: NDArray[np.int64]  # (nodes, K) what one more unit of a node costs more than at first
    first_price: NDArray[np.int64]  # (hubs, K)
    open_link: NDArray[np.int64]  # of each hub: the cheapest to a group not all placed, −1 for none
    paid: NDArray[np.int64]  # (columns, K) the least of cost plus price of who may sit there


class SeatSearch(NamedTuple):
    """What one search knows; marks save clearing it."""

    heap: Heap
    from_column: NDArray[np.int32]  # the column from which a node was reached, −1 over a link
    from_pair: NDArray[np.int64]  # pair of a hub, wish of a group, or link
    column_mark: NDArray[np.int64]
    column_distance: NDArray[np.int64]  # (columns, K)
    given_up: NDArray[np.int64]  # of a column: the seat that is given up there
    columns: NDArray[np.int32]  # settled
    nodes: NDArray[np.int32]  # settled
    counts: NDArray[np.int64]  # columns settled, nodes settled
    end: NDArray[np.int64]  # group of the nearest unplaced pupil so far, −1 none
    best: NDArray[np.int64]  # (1, K) his distance
    base: NDArray[np.int64]  # (1, K) distance less what is paid, of the column or node at hand
    reach: NDArray[np.int64]  # (1, K) distance of the node at hand
    through: NDArray[np.int64]  # (1, K) distance of an unplaced pupil through the hub at hand


def new_seat_search(nodes: int, columns: int, words: int) -> SeatSearch:
    return SeatSearch(
        heap=new_heap(nodes, words),
        from_column=np.full(nodes, -1, dtype=np.int32),
        from_pair=np.full(nodes, -1, dtype=np.int64),
        column_mark=np.full(columns, -1, dtype=np.int64),
        column_distance=np.zeros((columns, words), dtype=np.int64),
        given_up=np.full(columns, -1, dtype=np.int64),
        columns=np.zeros(columns, dtype=np.int32),
        nodes=np.zeros(nodes, dtype=np.int32),
        counts=np.zeros(2, dtype=np.int64),
        end=np.zeros(1, dtype=np.int64),
        best=np.zeros((1, words), dtype=np.int64),
        base=np.zeros((1, words), dtype=np.int64),
        reach=np.zeros((1, words), dtype=np.int64),
        through=np.zeros((1, words), dtype=np.int64),
    )


@inlined_kernel
def reach_taker(node: int, column: int, pair: int, s: SeatSearch, mark: int) -> None:
    """Note that `node` is at distance s.reach from a column, or over a link, if that is nearer."""
    if come_nearer(node, s.reach, s.heap, mark):
        s.from_column[node] = column
        s.from_pair[node] = pair


@inlined_kernel
def reach_group(
    group: int, hubs: int, column: int, pair: int, taking: Taking, s: SeatSearch, mark: int
) -> None:
    """Note that a group is at distance s.reach, which beats the best end."""
    if taking.unplaced[group] > 0:
        node = hubs + group
        copy_words(s.reach, 0, s.best, 0)
        s.end[0] = group
        s.from_column[node] = column
        s.from_pair[node] = pair
        return
    reach_taker(hubs + group, column, pair, s, mark)


@inlined_kernel
def reach_hub(
    hub: int,
    column: int,
    pair: int,
    by_seat: BySeat,
    net: Network,
    taking: Taking,
    s: SeatSearch,
    mark: int,
) -> None:
    """Note that a hub is at distance s.reach, which beats the best end; the nearest unplaced pupil
    who comes through it may be a better end.
    """
    link = taking.open_link[hub]
    while link >= 0 and taking.unplaced[net.link_group[link]] == 0:
        link = by_seat.next_link[link]
        taking.open_link[hub] = link
    if link >= 0:
        for k in range(s.through.shape[1]):
            s.through[0, k] = s.reach[0, k] - taking.price[hub, k] - taking.first_price[hub, k]
            s.through[0, k] += net.link_cost[link, k]
        if s.end[0] < 0 or less(s.through, 0, s.best, 0):
            group = net.link_group[link]
            copy_words(s.through, 0, s.best, 0)
            s.end[0] = group
            node = len(net.hub_start) - 1 + group
            s.from_column[node], s.from_pair[node] = -1, link
            s.from_column[hub], s.from_pair[hub] = column, pair
            if not less(s.reach, 0, s.best, 0):
                return
    reach_taker(hub, column, pair, s, mark)


@inlined_kernel
def look_from_column(
    column: int, by_seat: BySeat, net: Network, taking: Taking, s: SeatSearch, mark: int
) -> None:
    """Relax the pairs of a column, the best first, until one would not beat the best end even if
    its hub were as cheap as at first; and its wishes.
    """
    hubs = len(net.hub_start) - 1
    s.columns[s.counts[0]] = column
    s.counts[0] += 1
    for k in range(s.base.shape[1]):
        s.base[0, k] = s.column_distance[column, k] - taking.paid[column, k]
    for i in range(by_seat.wish_start[column], by_seat.wish_start[column + 1]):
        wish = by_seat.wish[i]
        group = by_seat.wish_group[wish]
        add_words(s.base, net.wish_cost, wish, taking.price, hubs + group, s.reach)
        if s.end[0] < 0 or less(s.reach, 0, s.best, 0):
            reach_group(group, hubs, column, wish, taking, s, mark)
    for i in range(by_seat.start[column], by_seat.start[column + 1]):
        if s.end[0] >= 0 and not sum_less(s.base, by_seat.cost, i, s.best):
            break
        hub = by_seat.hub[i]
        add_words(s.base, by_seat.cost, i, taking.price, hub, s.reach)
        if s.end[0] < 0 or less(s.reach, 0, s.best, 0):
            reach_hub(hub, column, i, by_seat, net, taking, s, mark)


@inlined_kernel
def give_up_seats(
    node: int, by_seat: BySeat, net: Network, taking: Taking, s: SeatSearch, mark: int
) -> None:
    """A node may give up a seat for another one; then its column looks for somebody else."""
    seat = taking.first_seat[node]
    while seat >= 0:
        column = taking.seat_column[seat]
        if s.column_mark[column] != mark:
            s.column_mark[column] = mark
            s.given_up[column] = seat
            copy_words(s.heap.distance, node, s.column_distance, column)
            look_from_column(column, by_seat, net, taking, s, mark)
        seat = taking.next_seat[seat]


@inlined_kernel
def settle_with_hub(node: int, s: SeatSearch, mark: int) -> None:
    """Note that a group is at distance s.reach, that of its hub, and leads nowhere else."""
    s.heap.mark[node] = mark
    s.heap.position[node] = -1
    copy_words(s.reach, 0, s.heap.distance, node)
    s.nodes[s.counts[1]] = node
    s.counts[1] += 1


@inlined_kernel
def look_from_hub(hub: int, net: Network, taking: Taking, s: SeatSearch, mark: int) -> None:
    """Relax the links of a hub to its movable groups, the best first."""
    hubs = len(net.hub_start) - 1
    for k in range(s.base.shape[1]):
        s.base[0, k] = s.heap.distance[hub, k] - taking.price[hub, k] - taking.first_price[hub, k]
    for i in range(net.member_start[hub], net.member_start[hub + 1]):
        link = net.member_link[i]
        if s.end[0] >= 0 and not sum_less(s.base, net.link_cost, link, s.best):
            break
        group = net.link_group[link]
        node = hubs + group
        add_words(s.base, net.link_cost, link, taking.price, node, s.reach)
        if s.end[0] >= 0 and not less(s.reach, 0, s.best, 0):
            continue
        if taking.through[link] == taking.units[group] and s.heap.mark[node] != mark:
            settle_with_hub(node, s, mark)  # all of them are here: a dead end
        else:
            reach_group(group, hubs, -1, link, taking, s, mark)


@inlined_kernel
def leave_hubs(
    group: int, by_seat: BySeat, net: Network, taking: Taking, s: SeatSearch, mark: int
) -> None:
    """One of a group may leave a hub, which then looks for somebody else."""
    hubs = len(net.hub_start) - 1
    copy_words(s.heap.distance, hubs + group, s.reach, 0)
    for link in range(net.link_start[group], net.link_start[group + 1]):
        if taking.through[link] > 0:
            reach_hub(net.link_hub[link], -1, link, by_seat, net, taking, s, mark)


@inlined_kernel
def find_nearest_unplaced(
    origin: int, by_seat: BySeat, net: Network, taking: Taking, s: SeatSearch, mark: int
) -> int:
    """Dijkstra's search from a column to the nearest group of whom one is unplaced; −1 for none."""
    hubs = len(net.hub_start) - 1
    s.counts[0] = s.counts[1] = s.heap.size[0] = 0
    s.end[0] = -1
    s.column_mark[origin] = mark
    s.given_up[origin] = -1
    copy_words(taking.paid, origin, s.column_distance, origin)
    look_from_column(origin, by_seat, net, taking, s, mark)
    while s.heap.size[0] > 0:
        if s.end[0] >= 0 and not less(s.heap.distance, s.heap.node[0], s.best, 0):
            break
        node = take_nearest(s.heap)
        s.nodes[s.counts[1]] = node
        s.counts[1] += 1
        if node < hubs:
            look_from_hub(node, net, taking, s, mark)
        else:
            leave_hubs(node - hubs, by_seat, net, taking, s, mark)
        give_up_seats(node, by_seat, net, taking, s, mark)
    return int(s.end[0])
