"""Where, when seats are short: an assignment of least cost that fills every seat.

The mirror of assignment.py: the seats search for pupils. In the minimum cut every seat is filled in
every largest placement and some pupils are left over, so a search ends at the nearest of those; one
that begins with a pupil would have to go as far as the last free seat. Who is placed is decided on
the way, by the same levels.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from matching.engine.assignment import SLICES, Assignment
from matching.engine.compiled import bare_kernel, inlined_kernel, kernel
from matching.engine.heap import raise_to_end
from matching.engine.network import Network, pair_words, with_movable_members
from matching.engine.prices import sort_rows, worth_of_columns
from matching.engine.search_from_seats import (
    BySeat,
    SeatSearch,
    Taking,
    find_nearest_unplaced,
    new_seat_search,
)
from matching.engine.seats import node_of_each

SORTED_AT_ONCE = 10_000  # columns: the words of all pairs at once would take much memory


def assign_all_seats(
    network: Network,
    units: NDArray[np.int32],
    seats: NDArray[np.int32],
    step: Callable[[float], None] = lambda _share: None,
) -> Assignment:
    """Give seats[c] pupils to each column c, at most units[g] of each group g, at the least cost.

    RuntimeError is raised when a seat cannot be filled: the caller has proven that all can. `step`
    hears the share done. The price of a column is what its next seat would save, with its sign.
    """
    network, first_price = members_by_cost(network)
    no_price = np.zeros((len(seats), first_price.shape[1]), dtype=np.int64)
    by_seat = pairs_by_seat(
        network,
        units > 0,
        lambda pair, hub: pair_words(network, pair, no_price) + first_price[hub],
        len(seats),
    )
    open_link = open_links(network, by_seat.links, units)
    taking = _nothing_taken(units, seats, first_price, open_link, len(network.link_hub))
    search = new_seat_search(len(taking.first_seat), len(seats), first_price.shape[1])
    order = np.arange(len(taking.node))
    slice_size = max(1, len(order) // SLICES)
    for first in range(0, len(order), slice_size):
        turns = order[first : first + slice_size]
        if fill_seats(turns, by_seat, network, taking, search):
            raise RuntimeError("a seat is left without a pupil")
        step(min(1.0, (first + slice_size) / len(order)))
    by_hub = taking.node < len(first_price)
    taking.pair[by_hub] = by_seat.pair[taking.pair[by_hub]]
    paid = -taking.price
    paid[: len(first_price)] -= first_price
    price = -taking.paid
    unasked = seats == 0  # these never searched: they are worth what their pairs say
    price[unasked] = worth_of_columns(network, paid, units, len(seats))[unasked]
    return Assignment(taking.node, taking.pair, taking.through, price, paid)


def members_by_cost(network: Network) -> tuple[Network, NDArray[np.int64]]:
    """The network with the movable members of each hub sorted by cost, and the least cost of a link
    to each hub.
    """
    links = _links_by_cost(network)
    first_price = np.zeros((len(network.hub_start) - 1, network.link_cost.shape[1]), dtype=np.int64)
    first_price[network.link_hub[links[::-1]]] = network.link_cost[links[::-1]]
    return with_movable_members(network._replace(member_link=links)), first_price


def open_links(
    network: Network, links: NDArray[np.int64], unplaced: NDArray[np.int32]
) -> NDArray[np.int64]:
    """Of each hub, its cheapest link to a group of whom one is unplaced, −1 for none. `links` are
    those of a BySeat.
    """
    links = links[unplaced[network.link_group[links]] > 0][::-1]
    open_link = np.full(len(network.hub_start) - 1, -1, dtype=np.int64)
    open_link[network.link_hub[links]] = links
    return open_link


def _links_by_cost(network: Network) -> NDArray[np.int64]:
    """The links, hub by hub, the cheapest first."""
    return np.lexsort((*network.link_cost.T[::-1], network.link_hub))


def pairs_by_seat(
    network: Network,
    taking_part: NDArray[np.bool_],
    words: Callable[[NDArray[np.int64], NDArray[np.int32]], NDArray[np.int64]],
    columns: int,
) -> BySeat:
    """The pairs of hubs, the least `words(pair, hub)` first, and the wishes of those who take part,
    by column.
    """
    counts = np.bincount(network.hub_column, minlength=columns)
    start = np.concatenate([[0], np.cumsum(counts)])
    hub = np.empty(len(network.hub_column), dtype=np.int32)
    pair = np.empty(len(hub), dtype=np.int64)
    cost = np.empty((len(hub), network.link_cost.shape[1]), dtype=np.int64)
    _turn_round(network, start, hub, pair)
    for column in range(0, columns, SORTED_AT_ONCE):
        rows = start[column : column + SORTED_AT_ONCE + 1]
        here = slice(rows[0], rows[-1])
        cost[here] = words(pair[here], hub[here])
        order = np.arange(rows[-1] - rows[0])
        sort_rows(rows - rows[0], cost[here], order)
        cost[here], hub[here], pair[here] = cost[here][order], hub[here][order], pair[here][order]
    wish_group = np.repeat(np.arange(len(taking_part), dtype=np.int32), np.diff(network.wish_start))
    wish = np.flatnonzero(taking_part[wish_group])
    there = network.wish_column[wish]
    links = _links_by_cost(network)
    return BySeat(
        start,
        hub,
        cost,
        pair,
        np.concatenate([[0], np.cumsum(np.bincount(there, minlength=columns))]),
        wish[np.argsort(there, kind="stable")],
        wish_group,
        links,
        _next_of_hub(network, links),
    )


def _next_of_hub(network: Network, links: NDArray[np.int64]) -> NDArray[np.int64]:
    hub = network.link_hub[links]
    after = np.full(len(links), -1, dtype=np.int64)
    neighbours = hub[:-1] == hub[1:]
    after[links[:-1][neighbours]] = links[1:][neighbours]
    return after


def _nothing_taken(
    units: NDArray[np.int32],
    seats: NDArray[np.int32],
    first_price: NDArray[np.int64],
    open_link: NDArray[np.int64],
    links: int,
) -> Taking:
    hubs, total = len(first_price), int(seats.sum())
    price = np.zeros((hubs + len(units), first_price.shape[1]), dtype=np.int64)
    return Taking(
        node=np.full(total, -1, dtype=np.int32),
        pair=np.full(total, -1, dtype=np.int64),
        first_seat=np.full(len(price), -1, dtype=np.int64),
        next_seat=np.full(total, -1, dtype=np.int64),
        last_seat=np.full(total, -1, dtype=np.int64),
        seat_column=node_of_each(seats),
        through=np.zeros(links, dtype=np.int32),
        units=units,
        unplaced=units.copy(),
        price=price,
        first_price=first_price,
        open_link=open_link,
        paid=np.zeros((len(seats), first_price.shape[1]), dtype=np.int64),
    )


@kernel
def _turn_round(
    network: Network,
    start: NDArray[np.int64],
    hub: NDArray[np.int32],
    pair: NDArray[np.int64],
) -> None:
    """Write the pairs of hubs in the rows of their columns."""
    place = start.copy()
    for row in range(len(network.hub_start) - 1):
        for one in range(network.hub_start[row], network.hub_start[row + 1]):
            there = place[network.hub_column[one]]
            hub[there], pair[there] = row, one
            place[network.hub_column[one]] += 1


@bare_kernel
def fill_seats(
    order: NDArray[np.int64],
    by_seat: BySeat,
    network: Network,
    taking: Taking,
    s: SeatSearch,
) -> int:
    """Fill the seats of `order` one after the other; returns how many found nobody."""
    missing = 0
    hubs = len(network.hub_start) - 1
    for turn in range(len(order)):
        seat = order[turn]
        column = taking.seat_column[seat]
        group = find_nearest_unplaced(column, by_seat, network, taking, s, seat)
        if group < 0:
            missing += 1
            continue
        raise_to_end(s.nodes, s.counts[1], s.heap.distance, s.best, taking.price)
        raise_to_end(s.columns, s.counts[0], s.column_distance, s.best, taking.paid)
        taking.unplaced[group] -= 1
        take_seats(seat, hubs + group, hubs, network, taking, s)
    return missing


@inlined_kernel
def pass_seat(seat: int, node: int, pair: int, taking: Taking) -> None:
    """The seat goes from the list of the node that has it, if any, to that of `node`."""
    before, after = taking.last_seat[seat], taking.next_seat[seat]
    if before >= 0:
        taking.next_seat[before] = after
    elif taking.node[seat] >= 0:
        taking.first_seat[taking.node[seat]] = after
    if after >= 0:
        taking.last_seat[after] = before
    first = taking.first_seat[node]
    taking.next_seat[seat], taking.last_seat[seat] = first, -1
    if first >= 0:
        taking.last_seat[first] = seat
    taking.first_seat[node] = seat
    taking.node[seat], taking.pair[seat] = node, pair


@inlined_kernel
def take_seats(
    origin: int, node: int, hubs: int, network: Network, taking: Taking, s: SeatSearch
) -> None:
    """Walk back from the group of the unplaced pupil: each takes the seat, or goes through the hub,
    that the one before him on the path needs.
    """
    while True:
        column, pair = s.from_column[node], s.from_pair[node]
        if column < 0:  # over a link
            if node >= hubs:  # one of a group comes to a hub
                taking.through[pair] += 1
                node = network.link_hub[pair]
            else:  # one of a group has left this hub
                taking.through[pair] -= 1
                node = hubs + network.link_group[pair]
            continue
        seat = s.given_up[column]
        if seat < 0:
            pass_seat(origin, node, pair, taking)
            return
        before = taking.node[seat]
        pass_seat(seat, node, pair, taking)
        node = before
