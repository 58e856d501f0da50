"""The exchanges that an answer leaves open, with what each adds to its cost.

The prices of the certificate are potentials: with them every exchange costs 0 or more, and what is
used costs 0 (Edmonds and Karp, 1972). The network is rewritten so, over all pairs and all pupils,
and a search for the cheapest change can begin anywhere in it.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.engine.assignment_of_seats import members_by_cost, pairs_by_seat
from matching.engine.best_total import total_choice
from matching.engine.chains import find_pairs
from matching.engine.compiled import bare_kernel
from matching.engine.filling import Choice, costed_network
from matching.engine.heap import copy_words, less
from matching.engine.holdings import Held, taken_in
from matching.engine.market import Market
from matching.engine.network import Hubs, Network, Wished, feasible_wishes, pair_words
from matching.engine.prices import sorted_by_price
from matching.engine.problem import Policy
from matching.engine.search_from_seats import BySeat, Taking
from matching.engine.seats import node_of_each
from matching.engine.solution import Certificate
from matching.engine.words import Packing


class Exchanges(NamedTuple):
    """H hubs, G groups, N nodes of seats, K words.

    Two things are added to the network. Column N is *nowhere*: a pupil who goes there stays without
    a place, which only `best_total` may choose. Group G is *nobody*: a seat that it takes stays
    empty. It wishes every seat in `by_seat` and the end of `wish_cost`, none in `network`.
    """

    network: Network
    cost: NDArray[np.int64]  # (pairs, K) of pairs of hubs
    by_seat: BySeat
    hubs: Hubs
    wished: Wished
    packing: Packing
    price: NDArray[np.int64]  # (N, K)


class Given(NamedTuple):
    """The seats of an answer, column by column; nowhere has one, which stays free."""

    start: NDArray[np.int64]  # N + 2
    column: NDArray[np.int32]  # of each seat
    used: NDArray[np.int32]  # of each column: its first seats
    node: NDArray[np.int32]  # of each seat: its hub, or H + group when it is wished; −1 when free
    pair: NDArray[np.int64]  # of each seat: its pair, of the hub or of the wishes
    through: NDArray[np.int32]  # of each link: units of the group that go through the hub


def exchanges_left(
    market: Market, held: Held, certificate: Certificate | None
) -> tuple[Exchanges, Given]:
    """What the answer leaves open, and what it uses.

    ValueError is raised when its certificate does not prove it.
    """
    if certificate is None:
        raise ValueError("an answer without prices")
    nodes, size = market.nodes, len(market.groups.first)
    total = market.problem.policy == Policy.BEST_TOTAL
    prices = certificate.prices[:, nodes.kind, nodes.slot]
    wished = feasible_wishes(market, market.arcs)
    order_decides = Choice(("placed",), np.zeros((1, size), dtype=np.int64))
    packing, network, hubs = costed_network(
        market,
        market.arcs,
        wished,
        np.ones(size, dtype=np.bool_),
        2 * len(held.node) + int(prices[0].max(initial=0)),  # prices move once more
        total_choice(market) if total else order_decides,
    )
    price = packing.pack(prices)
    network = sorted_by_price(network, price, np.ones(len(price), dtype=np.bool_))
    if total:
        network, wished = _or_nowhere(network, wished, len(price))
    network, cost = _costs_of_exchanges(network, np.pad(price, ((0, 1), (0, 0))))
    taken = taken_in(network, hubs, wished, held, len(price) + 1)
    pair = np.zeros(len(taken.link), dtype=np.int64)
    find_pairs(network, taken, pair)
    used = cost[pair], network.link_cost[taken.link], network.wish_cost[taken.wish]
    if any(costs.any() for costs in used):
        raise ValueError("the prices do not prove this answer")
    wish_group = np.repeat(np.arange(size), np.diff(network.wish_start))
    given = _seat_by_seat(
        np.append(nodes.seats, np.int32(1)),
        np.concatenate([network.wish_column[taken.wish], taken.node]),
        np.concatenate([len(hubs.site) + wish_group[taken.wish], network.link_hub[taken.link]]),
        np.concatenate([taken.wish, pair]),
        np.bincount(taken.link, minlength=len(network.link_hub)).astype(np.int32),
    )
    with_nobody = _with_nobody(network, price)
    by_seat = pairs_by_seat(
        with_nobody, np.ones(size + 1, dtype=np.bool_), lambda pair, _hub: cost[pair], len(price)
    )
    hidden = with_nobody._replace(wish_start=np.append(network.wish_start, network.wish_start[-1]))
    return Exchanges(hidden, cost, by_seat, hubs, wished, packing, price), given


def taken_by(market: Market, exchanges: Exchanges, given: Given) -> Taking:
    """The seats given, as a search from a seat reads them."""
    hubs, groups = len(exchanges.hubs.site), len(market.groups.first) + 1  # nobody is one too
    words = exchanges.price.shape[1]
    by_seat, node, pair = exchanges.by_seat, given.node, given.pair.copy()
    place = np.empty(len(by_seat.pair), dtype=np.int64)
    place[by_seat.pair] = np.arange(len(place))
    by_hub = (node >= 0) & (node < hubs)
    pair[by_hub] = place[pair[by_hub]]
    seat = np.flatnonzero(node >= 0)
    seat = seat[np.argsort(node[seat], kind="stable")]
    here, after = seat[:-1], seat[1:]
    same = node[here] == node[after]
    first_seat = np.full(hubs + groups, -1, dtype=np.int64)
    next_seat, last_seat = np.full((2, len(node)), -1, dtype=np.int64)
    first_seat[node[seat[::-1]]] = seat[::-1]
    next_seat[here[same]], last_seat[after[same]] = after[same], here[same]
    return Taking(
        node=node,
        pair=pair,
        first_seat=first_seat,
        next_seat=next_seat,
        last_seat=last_seat,
        seat_column=given.column,
        through=given.through,
        units=np.append(market.groups.sizes, 0).astype(np.int32),
        unplaced=np.zeros(groups, dtype=np.int32),
        price=np.zeros((hubs + groups, words), dtype=np.int64),
        first_price=np.zeros((hubs, words), dtype=np.int64),
        open_link=np.full(hubs, -1, dtype=np.int64),
        paid=np.zeros((len(exchanges.price), words), dtype=np.int64),
    )


def _or_nowhere(network: Network, wished: Wished, nowhere: int) -> tuple[Network, Wished]:
    """Everybody may also stay without a place, as his last wish."""
    at = wished.start[1:]
    wished = Wished(
        wished.start + np.arange(len(wished.start)),
        np.insert(wished.column, at, nowhere),
        np.insert(wished.value, at, 0),
    )
    return network._replace(
        wish_start=wished.start,
        wish_column=wished.column,
        wish_cost=np.insert(network.wish_cost, at, 0, axis=0),
    ), wished


def _costs_of_exchanges(
    network: Network, price: NDArray[np.int64]
) -> tuple[Network, NDArray[np.int64]]:
    """The network, its pairs sorted by cost plus price (columns, K), with costs that hold what is
    paid at these prices; and the costs (pairs, K) of its pairs.
    """
    hubs, groups = len(network.hub_start) - 1, len(network.link_start) - 1
    cost = pair_words(network, np.arange(len(network.hub_column)), price)
    paid = np.zeros((hubs + groups, price.shape[1]), dtype=np.int64)
    filled = np.flatnonzero(network.hub_start[1:] > network.hub_start[:-1])
    paid[filled] = cost[network.hub_start[filled]]
    network = network._replace(wish_cost=network.wish_cost + price[network.wish_column])
    _write_what_groups_pay(network, paid, paid[:1].copy())
    cost -= np.repeat(paid[:hubs], np.diff(network.hub_start), axis=0)
    of_groups = np.repeat(paid[hubs:], np.diff(network.wish_start), axis=0)
    return network._replace(
        link_cost=network.link_cost + paid[network.link_hub] - paid[hubs + network.link_group],
        wish_cost=network.wish_cost - of_groups,
    ), cost


@bare_kernel
def _write_what_groups_pay(net: Network, paid: NDArray[np.int64], words: NDArray[np.int64]) -> None:
    """A group pays the least that a link or a wish costs it; `words` is room to work."""
    hubs = len(net.hub_start) - 1
    for group in range(len(net.link_start) - 1):
        node = hubs + group
        known = False
        for link in range(net.link_start[group], net.link_start[group + 1]):
            for k in range(words.shape[1]):
                words[0, k] = net.link_cost[link, k] + paid[net.link_hub[link], k]
            if not known or less(words, 0, paid, node):
                copy_words(words, 0, paid, node)
                known = True
        for wish in range(net.wish_start[group], net.wish_start[group + 1]):
            if not known or less(net.wish_cost, wish, paid, node):
                copy_words(net.wish_cost, wish, paid, node)
                known = True


def _with_nobody(network: Network, price: NDArray[np.int64]) -> Network:
    """One more group, without links, that wishes every seat: to leave it empty saves its price."""
    network, _ = members_by_cost(network)
    return network._replace(
        link_start=np.append(network.link_start, network.link_start[-1]),
        wish_start=np.append(network.wish_start, network.wish_start[-1] + len(price)),
        wish_column=np.append(network.wish_column, np.arange(len(price), dtype=np.int32)),
        wish_cost=np.concatenate([network.wish_cost, price]),
    )


def _seat_by_seat(
    seats: NDArray[np.int32],
    column: NDArray[np.int64],
    node: NDArray[np.int64],
    pair: NDArray[np.int64],
    through: NDArray[np.int32],
) -> Given:
    """What is used, in the rows of its columns."""
    start = np.concatenate([[0], np.cumsum(seats, dtype=np.int64)])
    order = np.argsort(column, kind="stable")
    column = column[order]
    place = start[column] + np.arange(len(column)) - np.searchsorted(column, column)
    node_of_seat = np.full(start[-1], -1, dtype=np.int32)
    pair_of_seat = np.full(start[-1], -1, dtype=np.int64)
    node_of_seat[place], pair_of_seat[place] = node[order], pair[order]
    used = np.bincount(column, minlength=len(seats)).astype(np.int32)
    return Given(start, node_of_each(seats), used, node_of_seat, pair_of_seat, through)
