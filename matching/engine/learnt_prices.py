"""Prices to start from: those of an auction, told apart into levels.

Only here levels are weighed: each so much heavier than those below it that the price of a seat, one
number, can be told apart into levels again, from how far it is above the median price around it.
Where that is wrong the search for the answer takes longer, and finds the same.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from matching.engine.auction import auction
from matching.engine.compiled import bare_kernel
from matching.engine.network import Network
from matching.engine.words import Packing

ROOM = 16  # how many times its largest cost a price may differ at a level from those around it
HEAVIEST = 2**40  # of a level: prices then stay far from where 64 bits end


def learnt_prices(
    network: Network,
    packing: Packing,
    units: NDArray[np.int32],
    seats: NDArray[np.int32],
    before: NDArray[np.int64] | None = None,
    step: Callable[[float], None] = lambda _share: None,
) -> NDArray[np.int64]:
    """Prices (columns, K) in words for the columns with seats, 0 elsewhere.

    Some assignment gives `units` (of groups) all of `seats` (of columns). Prices known `before`
    (columns, K) make it shorter. `step` hears the share done.
    """
    weights = weights_of(packing)
    price = np.zeros((len(seats), packing.words), dtype=np.int64)
    if weights.max() > HEAVIEST:
        return price if before is None else before
    sold = np.flatnonzero(seats)
    label = _linked(network, units, seats)[sold]
    known = None
    if before is not None:
        known = np.zeros(len(seats), dtype=np.int64)
        for level, values in enumerate(packing.unpack(before[sold])):
            room = packing.largest[level] * ROOM // 2
            known[sold] += weights[level] * np.clip(_above_middle(values, label), -room, room)
    found = auction(_weighed(network, packing, weights), units, seats, known, step)
    values = told_apart(_above_middle(found[sold], label), packing, weights)
    price[sold] = packing.pack(np.clip(values, -packing.start, packing.start))
    return price


def weights_of(packing: Packing) -> NDArray[np.int64]:
    """What each level weighs; 0 for the ties, and for a level at which no pairs differ."""
    weights, unit = [0] * len(packing.names), 1
    for level in range(len(weights) - 2, -1, -1):
        if packing.largest[level]:
            weights[level] = min(unit, 2 * HEAVIEST)
            unit = weights[level] * packing.largest[level] * ROOM
    return np.array(weights, dtype=np.int64)


def _weighed(network: Network, packing: Packing, weights: NDArray[np.int64]) -> Network:
    """The network with one word a cost, its levels weighed."""

    def weigh(words: NDArray[np.int64]) -> NDArray[np.int64]:
        weight: NDArray[np.int64] = weights @ packing.unpack(words)
        return weight[..., None]

    return network._replace(
        link_cost=weigh(network.link_cost),
        wish_cost=weigh(network.wish_cost),
        inside=weigh(network.inside),
        by_distance=weigh(network.by_distance),
        by_tie=weigh(network.by_tie),
    )


def told_apart(
    price: NDArray[np.int64], packing: Packing, weights: NDArray[np.int64]
) -> NDArray[np.int64]:
    """(L, columns) the levels of prices, each the nearest to 0 that it can be."""
    values = np.zeros((len(weights), len(price)), dtype=np.int64)
    rest = price
    for level in np.flatnonzero(weights)[::-1].tolist():
        room = packing.largest[level] * ROOM
        values[level] = (rest + room // 2) % room - room // 2
        rest = (rest - values[level]) // room
    return values


def _above_middle(price: NDArray[np.int64], label: NDArray[np.int64]) -> NDArray[np.int64]:
    """Prices less the median of those with the same label: only differences mean something."""
    order = np.lexsort((price, label))
    labels, first, count = np.unique(label[order], return_index=True, return_counts=True)
    middle = price[order[first + count // 2]]
    above: NDArray[np.int64] = price - middle[np.searchsorted(labels, label)]
    return above


def _linked(
    network: Network, units: NDArray[np.int32], seats: NDArray[np.int32]
) -> NDArray[np.int64]:
    """A label for each column, the same for those between which units could be exchanged."""
    hubs = len(network.hub_start) - 1
    parent = np.arange(hubs + len(seats))
    _link(network, units, seats, parent)
    while True:
        above = parent[parent]
        if np.array_equal(above, parent):
            return parent[hubs:]
        parent = above


@bare_kernel
def _link(
    network: Network,
    units: NDArray[np.int32],
    seats: NDArray[np.int32],
    parent: NDArray[np.int64],
) -> None:
    """Join hubs with their columns, and all that a group may use (union-find: Galler and Fischer,
    1964).
    """
    hubs = len(network.hub_start) - 1
    for hub in range(hubs):
        for pair in range(network.hub_start[hub], network.hub_start[hub + 1]):
            if seats[network.hub_column[pair]] > 0:
                _join(hub, hubs + network.hub_column[pair], parent)
    for group in range(len(units)):
        before = -1
        if units[group] == 0:
            continue
        for link in range(network.link_start[group], network.link_start[group + 1]):
            if before >= 0:
                _join(before, network.link_hub[link], parent)
            before = network.link_hub[link]
        for wish in range(network.wish_start[group], network.wish_start[group + 1]):
            if seats[network.wish_column[wish]] > 0:
                if before >= 0:
                    _join(before, hubs + network.wish_column[wish], parent)
                before = hubs + network.wish_column[wish]


@bare_kernel
def _join(one: int, other: int, parent: NDArray[np.int64]) -> None:
    """Give both the same root; paths are halved on the way (van Leeuwen and van der Weide, 1977)"""
    while parent[one] != one:
        parent[one] = parent[parent[one]]
        one = parent[one]
    while parent[other] != other:
        parent[other] = parent[parent[other]]
        other = parent[other]
    parent[max(one, other)] = min(one, other)
