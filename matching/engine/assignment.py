"""Where: an assignment of least cost over the network of sites, hubs and seats.

Successive shortest augmenting paths with potentials (Dijkstra's search on reduced costs: Edmonds
and Karp, 1972; Tomizawa, 1971; the search from one side as in Jonker and Volgenant, 1987). Costs
are words compared from left to right: vectors so ordered are an ordered group, and that is all
that the proof of the method uses, so every level is exact in one pass.

Potentials: a column's price is what its next seat costs the others; a hub or group pays, `paid`,
the least of cost plus price of what it may have. What is used costs exactly what is paid.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.engine.compiled import bare_kernel, inlined_kernel
from matching.engine.heap import less, raise_to_end
from matching.engine.network import Network, pair_words, with_movable_members
from matching.engine.search import Search, Seating, find_shortest_path, new_search
from matching.engine.seats import node_of_each

SLICES = 100


class Assignment(NamedTuple):
    """What was given to whom: per seat the hub (or hubs + group, when wished) and its pair in the
    network, −1 when free; per link how many of the group go through it; prices in words.
    """

    node: NDArray[np.int32]
    pair: NDArray[np.int64]
    through: NDArray[np.int32]
    price: NDArray[np.int64]  # (columns, K)
    paid: NDArray[np.int64]  # (hubs + groups, K); says nothing of groups with one link, no wish


def assign(
    network: Network,
    units: NDArray[np.int32],
    seats: NDArray[np.int32],
    price: NDArray[np.int64],
    *,
    step: Callable[[float], None] = lambda _share: None,
) -> Assignment:
    """Give units[g] seats to each group g, at most seats[c] of each column c, at the least cost.

    `price` (columns, K) is where the prices start; the pairs of each hub are sorted by cost plus
    these. They must be 0 for a column that may keep a free seat. RuntimeError is raised when a unit
    cannot be placed: the caller has proven that all can. `step` hears the share done.
    """
    network = with_movable_members(network)
    state = nothing_given(network, units, seats, price)
    place_all(units, network, state, step)
    return Assignment(state.node, state.pair, state.through, price + state.price, state.paid)


def place_all(
    units: NDArray[np.int32], network: Network, state: Seating, step: Callable[[float], None]
) -> None:
    """Place units[g] more of each group g; RuntimeError when one finds no seat."""
    hubs = len(network.hub_start) - 1
    search = new_search(hubs + len(units), len(state.used), state.price.shape[1])
    order = np.repeat(np.arange(hubs, hubs + len(units), dtype=np.int32), units)
    slice_size = max(1, len(order) // SLICES)
    for first in range(0, len(order), slice_size):
        turns = order[first : first + slice_size]
        if place_units(turns, network, state, search, first):
            raise RuntimeError("a unit is left without a seat")
        step(min(1.0, (first + slice_size) / len(order)))


def nothing_given(
    network: Network,
    units: NDArray[np.int32],
    seats: NDArray[np.int32],
    price: NDArray[np.int64],
) -> Seating:
    """No seat used; a hub pays the least of cost plus price over its pairs, the first of them."""
    hubs = len(network.hub_start) - 1
    paid = np.zeros((hubs + len(units), price.shape[1]), dtype=np.int64)
    filled = np.flatnonzero(network.hub_start[1:] > network.hub_start[:-1])
    cost = pair_words(network, np.arange(len(network.hub_column)), price)
    paid[filled] = cost[network.hub_start[:-1][filled]]
    seat_start = np.zeros(len(seats) + 1, dtype=np.int64)
    np.cumsum(seats, out=seat_start[1:])
    return Seating(
        seat_start,
        node_of_each(seats),
        np.full(seat_start[-1], -1, dtype=np.int32),
        np.full(seat_start[-1], -1, dtype=np.int64),
        np.zeros(len(seats), dtype=np.int32),
        np.zeros(len(network.link_hub), dtype=np.int32),
        cost,
        network.wish_cost + price[network.wish_column],
        np.zeros_like(price),
        paid,
    )


@bare_kernel
def place_units(
    order: NDArray[np.int32],
    network: Network,
    state: Seating,
    search: Search,
    first_mark: int,
) -> int:
    """Place a unit of each node of `order`, a group or one that is at a hub; returns how many
    found nothing.
    """
    missing = 0
    for turn in range(len(order)):
        column = find_shortest_path(order[turn], network, state, search, first_mark + turn)
        if column < 0:
            missing += 1
            continue
        raise_to_end(
            search.settled, search.counts[1], search.heap.distance, search.best, state.paid
        )
        raise_prices(state, search)
        seat = state.seat_start[column] + state.used[column]
        state.used[column] += 1
        take_seat(seat, column, order[turn], network, state, search)
    return missing


@inlined_kernel
def raise_prices(state: Seating, s: Search) -> None:
    """The columns nearer than the end of the path now cost the difference more."""
    for i in range(s.counts[0]):
        there = s.touched[i]
        if less(s.column_distance, there, s.best, 0):
            for k in range(s.best.shape[1]):
                state.price[there, k] += s.best[0, k] - s.column_distance[there, k]


@inlined_kernel
def follow_links(node: int, origin: int, network: Network, state: Seating, s: Search) -> int:
    """Walk back over links between groups and hubs, changing who goes through what, to a node that
    was reached from a seat; −1 at the origin.
    """
    hubs = len(network.hub_start) - 1
    while s.from_seat[node] < 0:
        if node == origin:
            return -1
        link = s.from_link[node]
        if node >= hubs:  # a group that comes away from a hub
            state.through[link] -= 1
            node = network.link_hub[link]
        else:  # a hub that a group comes to
            state.through[link] += 1
            node = hubs + network.link_group[link]
    return int(node)


@inlined_kernel
def take_seat(
    seat: int, column: int, origin: int, network: Network, state: Seating, s: Search
) -> None:
    """Give `seat` of `column` to the node from which the search came, the seat that this one leaves
    to the node before, and so on back to the origin.
    """
    while seat >= 0:
        node = s.from_node[column]
        state.node[seat] = node
        state.pair[seat] = s.from_pair[column]
        node = follow_links(node, origin, network, state, s)
        if node < 0:
            return
        seat = s.from_seat[node]
        column = state.seat_column[seat]
