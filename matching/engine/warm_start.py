"""An assignment continued after pairs were added to its network.

Where every seat will be filled any prices are a fair start, so those found before are one; and
whoever has, at these prices, nothing cheaper than his seat may keep it: it costs exactly what he
pays, as the method of assignment.py asks. Only the others search again. Columns that may keep a
free seat start again without a price.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from matching.engine.assignment import Assignment, nothing_given, place_all
from matching.engine.compiled import bare_kernel, inlined_kernel
from matching.engine.heap import copy_words, less
from matching.engine.network import Network, pair_words, with_movable_members
from matching.engine.prices import DEAR
from matching.engine.search import Seating


def assign_again(
    network: Network,
    units: NDArray[np.int32],
    seats: NDArray[np.int32],
    price: NDArray[np.int64],
    before: Assignment,
    step: Callable[[float], None] = lambda _share: None,
) -> Assignment:
    """As `assign`, of the same units on the same seats as `before`, over its pairs and more.

    The hubs, links and wishes are those of the network before. `price` (columns, K) is where the
    prices start, by which the pairs are sorted: 0 for a column that may keep a free seat.
    """
    network = with_movable_members(network)
    hubs, words = len(network.hub_start) - 1, price.shape[1]
    state = nothing_given(network, units, seats, price)
    filled = np.flatnonzero(network.hub_start[1:] > network.hub_start[:-1])
    of_hubs = np.full((hubs, words), DEAR, dtype=np.int64)
    of_hubs[filled] = state.paid[filled]
    paid = np.concatenate([of_hubs, paid_by_groups(network, of_hubs, price)])
    state = state._replace(paid=paid)
    left = units.copy()
    room = room_of_hubs(before, network, state)
    keep_seats(before.node, before.pair, network, state, room.copy(), left)
    keep_links(before.through, network, state, room, left)
    place_all(left, network, state, step)
    return Assignment(state.node, state.pair, state.through, price + state.price, state.paid)


def paid_by_hubs(network: Network, price: NDArray[np.int64]) -> NDArray[np.int64]:
    """The least (hubs, K) of cost plus price (columns, K) over the pairs of each hub, which are
    sorted by it; DEAR for a hub without any.
    """
    filled = np.flatnonzero(network.hub_start[1:] > network.hub_start[:-1])
    paid = np.full((len(network.hub_start) - 1, price.shape[1]), DEAR, dtype=np.int64)
    paid[filled] = pair_words(network, network.hub_start[:-1][filled], price)
    return paid


def paid_by_groups(
    network: Network, paid: NDArray[np.int64], price: NDArray[np.int64]
) -> NDArray[np.int64]:
    """The least (groups, K) of what the hubs and wishes of each group cost, when hubs pay `paid`
    (hubs, K); 0 for one without any.
    """
    least = np.zeros((len(network.link_start) - 1, paid.shape[1]), dtype=np.int64)
    wishes = network.wish_cost + price[network.wish_column]
    pay_the_least(network, network.link_cost + paid[network.link_hub], wishes, least)
    return least


@bare_kernel
def pay_the_least(
    network: Network,
    links: NDArray[np.int64],
    wishes: NDArray[np.int64],
    least: NDArray[np.int64],
) -> None:
    """Write the least of the words of the links and wishes of each group."""
    for group in range(len(least)):
        first, last = network.link_start[group], network.link_start[group + 1]
        for link in range(first, last):
            if link == first or less(links, link, least, group):
                copy_words(links, link, least, group)
        first_wish = network.wish_start[group]
        for wish in range(first_wish, network.wish_start[group + 1]):
            if (wish == first_wish and first == last) or less(wishes, wish, least, group):
                copy_words(wishes, wish, least, group)


@inlined_kernel
def is_cheapest_link(link: int, network: Network, state: Seating) -> bool:
    """Whether a group pays exactly what this link costs."""
    node = len(network.hub_start) - 1 + network.link_group[link]
    same = True
    for k in range(state.paid.shape[1]):
        cost = network.link_cost[link, k] + state.paid[network.link_hub[link], k]
        same = same and cost == state.paid[node, k]
    return same


@bare_kernel
def cheapest_pair(hub: int, column: int, network: Network, state: Seating) -> int:
    """The pair of a hub with a column when it costs no more than the hub's first; else −1."""
    first = network.hub_start[hub]
    for pair in range(first, network.hub_start[hub + 1]):
        if less(state.cost, first, state.cost, pair):
            break
        if network.hub_column[pair] == column:
            return pair
    return -1


def room_of_hubs(before: Assignment, network: Network, state: Seating) -> NDArray[np.int64]:
    """How many of its seats each hub can keep, with as many units that still go through it."""
    seats = np.zeros(len(network.hub_start) - 1, dtype=np.int64)
    through = np.zeros_like(seats)
    count_what_is_cheapest(before.node, before.through, network, state, seats, through)
    return np.minimum(seats, through)


@bare_kernel
def count_what_is_cheapest(
    holder: NDArray[np.int32],
    before: NDArray[np.int32],
    network: Network,
    state: Seating,
    seats: NDArray[np.int64],
    through: NDArray[np.int64],
) -> None:
    """Count the seats that hubs hold, and the units through them, that cost no more than others."""
    for seat in range(len(holder)):
        hub = holder[seat]
        if 0 <= hub < len(seats):
            seats[hub] += cheapest_pair(hub, state.seat_column[seat], network, state) >= 0
    for link in range(len(before)):
        if is_cheapest_link(link, network, state):
            through[network.link_hub[link]] += before[link]


@bare_kernel
def keep_seats(
    holder: NDArray[np.int32],
    held_pair: NDArray[np.int64],
    network: Network,
    state: Seating,
    room: NDArray[np.int64],
    left: NDArray[np.int32],
) -> None:
    """Write into `state` the seats that hubs keep, within their room, and those that groups keep
    who wish them; `left` is of each group how many are not seated yet.
    """
    hubs = len(room)
    for seat in range(len(holder)):
        node, column = holder[seat], state.seat_column[seat]
        if node < 0:
            continue
        if node >= hubs:
            pair = held_pair[seat]
            if less(state.paid, node, state.wish_cost, pair):
                continue
            left[node - hubs] -= 1
        else:
            pair = cheapest_pair(node, column, network, state)
            if pair < 0 or room[node] == 0:
                continue
            room[node] -= 1
        place = state.seat_start[column] + state.used[column]
        state.used[column] += 1
        state.node[place], state.pair[place] = node, pair


@bare_kernel
def keep_links(
    before: NDArray[np.int32],
    network: Network,
    state: Seating,
    room: NDArray[np.int64],
    left: NDArray[np.int32],
) -> None:
    """Let as many units through each hub as it keeps seats."""
    for link in range(len(before)):
        hub = network.link_hub[link]
        if is_cheapest_link(link, network, state):
            kept = min(np.int64(before[link]), room[hub])
            state.through[link] = kept
            room[hub] -= kept
            left[network.link_group[link]] -= kept
