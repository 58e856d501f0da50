"""Prices to start from, learnt on samples.

Where every seat will be filled (the blocks of the minimum cut, once it is decided who is placed),
the assignment may start from any prices: good ones spare most of the searching, bad ones cost time,
never exactness. A sample of pupils with the seats that one matching gives them is such a problem
too, and what the hubs pay in it tells what every seat is worth.
"""

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from matching.engine.assignment import assign
from matching.engine.compiled import bare_kernel, inlined_kernel, kernel
from matching.engine.heap import copy_words, less
from matching.engine.lottery import mixed
from matching.engine.network import Network, pair_word, pair_words

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
    step: Callable[[float], None] = lambda _share: None,
) -> NDArray[np.int64]:
    """Prices (columns, K) for the columns of a matching, 0 elsewhere.

    Site held_site[i] holds a seat of held_column[i], and every seat of these columns is listed;
    units are of groups, of whom `site_of` gives the site. `step` hears the share done.
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
    done, whole = 0.0, sum(SAMPLES)
    for share in SAMPLES:
        before, done = done, done + share / whole
        if share * len(held_site) < SMALLEST_SAMPLE:
            continue
        kept = luck < share
        seats = np.bincount(held_column[kept], minlength=columns).astype(np.int32)
        counts = np.bincount(held_site[kept], minlength=int(site_of.max()) + 1)
        chosen = group[place < counts[site_of[group]]]
        some = np.bincount(chosen, minlength=len(units)).astype(np.int32)
        sample = sorted_by_price(network, price, seats > 0)
        found = assign(sample, some, seats, price, step=partial(_between, step, before, done))
        price = worth_of_columns(network, found.paid, some, columns)
        price[~filled] = 0
    return price


def _between(step: Callable[[float], None], begin: float, end: float, share: float) -> None:
    step(begin + (end - begin) * share)


def sorted_by_price(network: Network, price: NDArray[np.int64], kept: NDArray[np.bool_]) -> Network:
    """The network without the pairs of hubs with columns not `kept`, the others sorted in each hub
    by cost plus price.
    """
    pairs = np.flatnonzero(kept[network.hub_column])
    start = np.searchsorted(pairs, network.hub_start)
    order = np.arange(len(pairs))
    sort_rows(start, pair_words(network, pairs, price), order)
    pairs = pairs[order]
    return network._replace(
        hub_start=start,
        hub_column=network.hub_column[pairs],
        hub_value=network.hub_value[pairs],
    )


def worth_of_columns(
    network: Network, paid: NDArray[np.int64], units: NDArray[np.int32], columns: int
) -> NDArray[np.int64]:
    """The least prices (columns, K) at which no hub, and no group with units, finds anything
    cheaper than it pays; 0 for a column that nobody may have.
    """
    worth = np.zeros((columns, paid.shape[1]), dtype=np.int64)
    known = np.zeros(columns, dtype=np.bool_)
    _raise_to_what_is_paid(network, paid, units > 0, worth, known, worth[:1].copy())
    return worth


def _luck(count: int) -> NDArray[np.float64]:
    """Numbers in [0, 1[ that look random and are the same each time."""
    luck: NDArray[np.float64] = mixed(np.arange(count, dtype=np.uint64)) / 2.0**64
    return luck


@kernel
def sort_rows(start: NDArray[np.int64], words: NDArray[np.int64], order: NDArray[np.int64]) -> None:
    """Sort `order` in each row by words, compared from left to right (least significant first)."""
    for row in range(len(start) - 1):
        first, last = start[row], start[row + 1]
        if last - first < 2:
            continue
        for k in range(words.shape[1] - 1, -1, -1):
            keys = words[order[first:last], k]
            if keys.min() < keys.max():
                order[first:last] = order[first:last][np.argsort(keys, kind="mergesort")]


@bare_kernel
def _raise_to_what_is_paid(
    network: Network,
    paid: NDArray[np.int64],
    taking_part: NDArray[np.bool_],
    worth: NDArray[np.int64],
    known: NDArray[np.bool_],
    words: NDArray[np.int64],
) -> None:
    """Give each column the largest of "paid less cost" over its pairs; `words` is room to work."""
    hubs = len(network.hub_start) - 1
    for hub in range(hubs):
        for pair in range(network.hub_start[hub], network.hub_start[hub + 1]):
            for k in range(words.shape[1]):
                words[0, k] = paid[hub, k] - pair_word(network, pair, k)
            _raise_column(worth, known, network.hub_column[pair], words)
    for group in range(len(taking_part)):
        if not taking_part[group]:
            continue
        for wish in range(network.wish_start[group], network.wish_start[group + 1]):
            for k in range(words.shape[1]):
                words[0, k] = paid[hubs + group, k] - network.wish_cost[wish, k]
            _raise_column(worth, known, network.wish_column[wish], words)


@inlined_kernel
def _raise_column(
    worth: NDArray[np.int64], known: NDArray[np.bool_], column: int, words: NDArray[np.int64]
) -> None:
    """worth[column] becomes words[0] if this comes after it or it is not known."""
    if not known[column] or less(worth, column, words, 0):
        copy_words(words, 0, worth, column)
        known[column] = True
