"""Prices to start from, learnt on samples.

Where every seat will be filled (the blocks of the minimum cut, once it is decided who is placed),
the assignment may start from any prices: good ones spare most of the searching, bad ones cost time,
never exactness. A sample of pupils with the seats that one matching gives them is such a problem
too, and what the hubs pay in it tells what every seat is worth.
"""

import numpy as np
from numpy.typing import NDArray

from matching.engine.assignment import Assignment, assign, pair_words
from matching.engine.compiled import kernel
from matching.engine.cost import DISTANCE_MASK, OUTSIDE_SHIFT, TIE_MASK
from matching.engine.lottery import TIE_BITS, mixed
from matching.engine.network import Network

SAMPLES = (1 / 64, 1 / 8, 1 / 2)
SMALLEST_SAMPLE = 250  # units


def learnt_prices(
    network: Network,
    units: NDArray[np.int32],
    site_of: NDArray[np.int32],
    held_site: NDArray[np.int32],
    held_column: NDArray[np.int32],
    words: int,
    columns: int,
) -> NDArray[np.int64]:
    """Prices (columns, K) for the columns of a matching, 0 elsewhere.

    Site held_site[i] holds a seat of held_column[i], and every seat of these columns is listed;
    units are of groups, of whom `site_of` gives the site.
    """
    price = np.zeros((columns, words), dtype=np.int64)
    filled = np.zeros(columns, dtype=np.bool_)
    filled[held_column] = True
    luck = _luck(len(held_site))
    group = np.repeat(np.arange(len(units), dtype=np.int32), units)
    group = group[np.isin(site_of[group], held_site)]
    order = np.lexsort((_luck(len(group)), site_of[group]))
    group = group[order]
    place = np.arange(len(group)) - np.searchsorted(site_of[group], site_of[group])
    for share in SAMPLES:
        if share * len(held_site) < SMALLEST_SAMPLE:
            continue
        kept = luck < share
        seats = np.bincount(held_column[kept], minlength=columns).astype(np.int32)
        counts = np.bincount(held_site[kept], minlength=int(site_of.max()) + 1)
        some = np.bincount(group[place < counts[site_of[group]]], minlength=len(units))
        sample = sorted_by_price(network, price, seats > 0)
        found = assign(sample, some.astype(np.int32), seats, price)
        price = _worth_of_columns(network, found, some > 0, columns)
        price[~filled] = 0
    return price


def sorted_by_price(network: Network, price: NDArray[np.int64], kept: NDArray[np.bool_]) -> Network:
    """The network without the pairs of hubs with columns not `kept`, the others sorted in each hub
    by cost plus price.
    """
    start = np.zeros_like(network.hub_start)
    keep = kept[network.hub_column]
    hub = np.repeat(np.arange(len(start) - 1), np.diff(network.hub_start))
    np.cumsum(np.bincount(hub[keep], minlength=len(start) - 1), out=start[1:])
    pairs = np.flatnonzero(keep)
    words = pair_words(network, pairs) + price[network.hub_column[pairs]]
    order = np.arange(len(pairs))
    _sort_rows(start, words, order)
    pairs = pairs[order]
    return network._replace(
        hub_start=start,
        hub_column=network.hub_column[pairs],
        hub_value=network.hub_value[pairs],
    )


def _worth_of_columns(
    network: Network, found: Assignment, sampled: NDArray[np.bool_], columns: int
) -> NDArray[np.int64]:
    """The least prices at which no hub or sampled group finds anything cheaper than it pays."""
    worth = np.zeros((columns, found.price.shape[1]), dtype=np.int64)
    known = np.zeros(columns, dtype=np.bool_)
    hubs = len(network.hub_start) - 1
    _raise_to_what_is_paid(network, found.paid, sampled, hubs, worth, known)
    return worth


def _luck(count: int) -> NDArray[np.float64]:
    """Numbers in [0, 1[ that look random and are the same each time."""
    luck: NDArray[np.float64] = mixed(np.arange(count, dtype=np.uint64)) / 2.0**64
    return luck


@kernel
def _sort_rows(
    start: NDArray[np.int64], words: NDArray[np.int64], order: NDArray[np.int64]
) -> None:
    """Sort `order` in each row by words, compared from left to right (least significant first)."""
    for row in range(len(start) - 1):
        first, last = start[row], start[row + 1]
        if last - first < 2:
            continue
        for k in range(words.shape[1] - 1, -1, -1):
            keys = words[order[first:last], k]
            if keys.min() < keys.max():
                order[first:last] = order[first:last][np.argsort(keys, kind="mergesort")]


@kernel
def _raise_column(
    worth: NDArray[np.int64], known: NDArray[np.bool_], column: int, words: NDArray[np.int64]
) -> None:
    """worth[column] becomes `words` if these come after it or it is not known."""
    greater = not known[column]
    for k in range(len(words)):
        if greater:
            break
        if words[k] != worth[column, k]:
            greater = words[k] > worth[column, k]
            break
    if greater:
        worth[column] = words
        known[column] = True


@kernel
def _raise_to_what_is_paid(
    network: Network,
    paid: NDArray[np.int64],
    sampled: NDArray[np.bool_],
    hubs: int,
    worth: NDArray[np.int64],
    known: NDArray[np.bool_],
) -> None:
    """Give each column the largest of "paid less cost" over its pairs."""
    words = np.zeros(worth.shape[1], dtype=np.int64)
    for hub in range(hubs):
        for pair in range(network.hub_start[hub], network.hub_start[hub + 1]):
            value = network.hub_value[pair]
            tens, tie = (value >> TIE_BITS) & DISTANCE_MASK, value & TIE_MASK
            for k in range(len(words)):
                words[k] = paid[hub, k] - tens * network.by_distance[k] - tie * network.by_tie[k]
                if value >> OUTSIDE_SHIFT == 0:
                    words[k] -= network.inside[k]
            _raise_column(worth, known, network.hub_column[pair], words)
    for group in range(len(sampled)):
        if not sampled[group]:
            continue
        for wish in range(network.wish_start[group], network.wish_start[group + 1]):
            words[:] = paid[hubs + group] - network.wish_cost[wish]
            _raise_column(worth, known, network.wish_column[wish], words)
