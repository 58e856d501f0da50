"""Prices of seats: pairs sorted by them, and what seats are worth by what pupils pay."""

import numpy as np
from numpy.typing import NDArray

from matching.engine.compiled import bare_kernel, inlined_kernel, kernel
from matching.engine.heap import copy_words, less
from matching.engine.network import Network, pair_word, pair_words

DEAR = 1 << 61  # in the first word, more than anything costs


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
