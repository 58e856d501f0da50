"""Prices to start from, found by an auction.

Where every seat will be filled (the blocks of the minimum cut, once it is decided who is placed),
the assignment may start from any prices: good ones spare most of the searching, bad ones cost time,
never exactness. Here pupils bid for seats (Bertsekas, 1979): one who has none takes the seat that
is cheapest for him, which from then on costs as much as his next best and a step more; who had it
bids again. Steps get finer from round to round (ε-scaling: Bertsekas, 1988; Goldberg and Tarjan,
1990). So all settle side by side what single searches would cross a whole region for.

Costs and prices are one number here (learnt_prices.py).
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.engine.compiled import bare_kernel, inlined_kernel
from matching.engine.network import Network, pair_words

FINER = 6  # how many times finer steps get
FINEST = 16  # tens of metres
KNOWN = 6  # pairs of a hub that are looked at first
TURNS = 200_000  # bids between two looks at the clock
PATIENCE = 100  # bids of a unit, on average, after which the prices so far must do
HASTE = 10  # as much, for prices known before
NOTHING = 2**60  # dearer than anything


class Rows(NamedTuple):
    """The pairs of hubs, H hubs, and what is known of them."""

    start: NDArray[np.int64]  # H + 1
    column: NDArray[np.int32]
    cost: NDArray[np.int64]
    floor: NDArray[np.int64]  # cost and price when last looked at: prices only rise
    known: NDArray[np.int64]  # (H, KNOWN) cheap pairs, −1 after the last
    bound: NDArray[np.int64]  # of each hub: no pair that is not known costs less
    next_look: NDArray[np.int64]  # of each hub: the pair to go on looking from


class Sale(NamedTuple):
    """Who has which seat, what seats cost, and who has none."""

    seat_start: NDArray[np.int64]  # the seats of column c: seat_start[c]:seat_start[c + 1]
    holder: NDArray[np.int32]  # of each seat: a group, −1 none
    asked: NDArray[np.int64]  # of each seat
    price: NDArray[np.int64]  # of each column: its cheapest seat
    waiting: NDArray[np.int32]  # groups of the units without a seat; the last bids first
    left: NDArray[np.int64]  # how many they are


def auction(
    network: Network,
    units: NDArray[np.int32],
    seats: NDArray[np.int32],
    before: NDArray[np.int64] | None = None,
    step: Callable[[float], None] = lambda _share: None,
) -> NDArray[np.int64]:
    """Prices (columns,) at which `units` can have `seats`, each nearly the cheapest for who has it.

    The network has one word a cost. Prices known `before` are where it begins, at once with the
    finest steps; if these do not end soon, too much has changed, and all steps are taken.
    """
    rows = _rows_with_seats(network, seats)
    network = _wishes_with_seats(network, seats)
    order = np.repeat(np.arange(len(units), dtype=np.int32), units)
    seat_start = np.concatenate([[0], np.cumsum(seats, dtype=np.int64)])
    sale = Sale(
        seat_start,
        np.full(seat_start[-1], -1, dtype=np.int32),
        np.zeros(seat_start[-1], dtype=np.int64) if before is None else np.repeat(before, seats),
        np.zeros(len(seats), dtype=np.int64) if before is None else before.copy(),
        order.copy(),
        np.zeros(1, dtype=np.int64),
    )
    rounds = [(size, PATIENCE) for size in _steps(rows, network)]
    if before is not None:
        rounds.insert(0, (FINEST, HASTE))
    for number, (size, patience) in enumerate(rounds):
        sale.holder[:], sale.waiting[:], sale.left[:] = -1, order, len(order)
        rows.floor[:] = rows.cost + sale.price[rows.column]
        rows.known[:], rows.bound[:] = -1, -NOTHING
        turns = patience * len(order)
        while turns > 0 and sale.left[0] > 0:
            bid(min(turns, TURNS), size, rows, network, sale)
            turns -= TURNS
            step((number + 1 - sale.left[0] / len(order)) / len(rounds))
        if patience == HASTE and sale.left[0] == 0:
            break
    return sale.price


def _rows_with_seats(network: Network, seats: NDArray[np.int32]) -> Rows:
    pairs = np.flatnonzero(seats[network.hub_column] > 0)
    start = np.searchsorted(pairs, network.hub_start)
    cost = pair_words(network, pairs, np.zeros((len(seats), 1), dtype=np.int64))[:, 0]
    hubs = len(start) - 1
    return Rows(
        start,
        network.hub_column[pairs],
        cost,
        cost.copy(),
        np.full((hubs, KNOWN), -1, dtype=np.int64),
        np.full(hubs, -NOTHING, dtype=np.int64),
        start[:-1].copy(),
    )


def _wishes_with_seats(network: Network, seats: NDArray[np.int32]) -> Network:
    kept = np.flatnonzero(seats[network.wish_column] > 0)
    return network._replace(
        wish_start=np.searchsorted(kept, network.wish_start),
        wish_column=network.wish_column[kept],
        wish_cost=network.wish_cost[kept],
    )


def _steps(rows: Rows, network: Network) -> list[int]:
    """The size of the steps of each round, from a part of what costs differ by down to FINEST."""
    ways = np.concatenate([network.link_cost[:, 0], network.wish_cost[:, 0]])
    size = int(np.ptp(ways)) + int(np.ptp(rows.cost)) if len(rows.cost) and len(ways) else 0
    steps = []
    while (size := size // FINER) > FINEST:
        steps.append(size)
    return [*steps, FINEST]


@inlined_kernel
def look_around(hub: int, step: int, rows: Rows, price: NDArray[np.int64]) -> None:
    """Make some pairs of a hub known that cost at most a step more than its cheapest."""
    first, last = rows.start[hub], rows.start[hub + 1]
    if rows.bound[hub] == -NOTHING:
        rows.next_look[hub] = first
        rows.bound[hub] = NOTHING
        for pair in range(first, last):
            rows.bound[hub] = min(rows.bound[hub], rows.floor[pair])
    found = 0
    while found == 0:
        limit, above = rows.bound[hub] + step, NOTHING
        pair, left = rows.next_look[hub], last - first
        while left > 0 and found < KNOWN:
            cost = rows.floor[pair]
            if cost <= limit:
                cost = rows.cost[pair] + price[rows.column[pair]]
                rows.floor[pair] = cost
            if cost <= limit:
                rows.known[hub, found] = pair
                found += 1
            else:
                above = min(above, cost)
            left -= 1
            pair = pair + 1 if pair + 1 < last else first
        rows.next_look[hub] = pair
        if left == 0:
            rows.bound[hub] = above
    if found < KNOWN:
        rows.known[hub, found] = -1


@inlined_kernel
def cheapest_of_hub(
    hub: int, step: int, rows: Rows, price: NDArray[np.int64]
) -> tuple[int, int, int, int]:
    """The cheapest column of a hub within a step, and its cost; the next one (−1 when it is not
    known) and what it costs at least, within a step too.
    """
    while True:
        column, best, other, second = -1, NOTHING, -1, NOTHING
        for i in range(KNOWN):
            pair = rows.known[hub, i]
            if pair < 0:
                break
            there = rows.column[pair]
            cost = rows.cost[pair] + price[there]
            if cost < best:
                column, best, other, second = there, cost, column, best
            elif cost < second:
                other, second = there, cost
        limit = rows.bound[hub] + step
        if column >= 0 and best <= limit:
            break
        look_around(hub, step, rows, price)
    if second > limit:
        other, second = -1, limit
    return column, best, other, second


@inlined_kernel
def cheapest_of_group(
    group: int, step: int, rows: Rows, network: Network, price: NDArray[np.int64]
) -> tuple[int, int, int]:
    """The cheapest column of a group, its cost, and what any other costs at least."""
    column, best, second = -1, NOTHING, NOTHING
    for link in range(network.link_start[group], network.link_start[group + 1]):
        hub = network.link_hub[link]
        if rows.start[hub] == rows.start[hub + 1]:
            continue
        there, cost, other, more = cheapest_of_hub(hub, step, rows, price)
        cost += network.link_cost[link, 0]
        more += network.link_cost[link, 0]
        column, best, second = among_two(there, cost, column, best, second)
        if other != column:
            second = min(second, more)
    for wish in range(network.wish_start[group], network.wish_start[group + 1]):
        there = network.wish_column[wish]
        cost = network.wish_cost[wish, 0] + price[there]
        column, best, second = among_two(there, cost, column, best, second)
    return column, best, second


@inlined_kernel
def among_two(there: int, cost: int, column: int, best: int, second: int) -> tuple[int, int, int]:
    """The cheapest column, its cost, and the least cost of another, when one more is seen."""
    if cost < best:
        return there, cost, second if there == column else best
    if there != column:
        second = min(second, cost)
    return column, best, second


@inlined_kernel
def take_seat(group: int, column: int, rise: int, step: int, sale: Sale) -> int:
    """Give a group the cheapest seat of a column, which rises by at most `rise`, and no more than
    to the next seat there, and by a step; returns who had it, −1 nobody.
    """
    cheapest, other = -1, NOTHING
    for seat in range(sale.seat_start[column], sale.seat_start[column + 1]):
        if cheapest < 0:
            cheapest = seat
        elif sale.asked[seat] < sale.asked[cheapest]:
            cheapest, other = seat, sale.asked[cheapest]
        else:
            other = min(other, sale.asked[seat])
    sale.asked[cheapest] += min(rise, other - sale.asked[cheapest]) + step
    sale.price[column] = min(other, sale.asked[cheapest])
    before = sale.holder[cheapest]
    sale.holder[cheapest] = group
    return int(before)


@bare_kernel
def bid(turns: int, step: int, rows: Rows, network: Network, sale: Sale) -> None:
    """Let so many units bid, one after the other, or until all have a seat. Who lost his seat bids
    next, near the one who took it: what both look at is still at hand.
    """
    while turns > 0 and sale.left[0] > 0:
        turns -= 1
        sale.left[0] -= 1
        group = sale.waiting[sale.left[0]]
        column, best, second = cheapest_of_group(group, step, rows, network, sale.price)
        rise = second - best if second < NOTHING // 2 else 0
        before = take_seat(group, column, rise, step, sale)
        if before >= 0:
            sale.waiting[sale.left[0]] = before
            sale.left[0] += 1
