"""Whose turn it is when there is one seat more or less, under an order of service.

The sets of pupils that can be placed are a matroid (priority.py). With one seat more, the best of
them gains the first in turn of those whom exchanges lead to that seat; with one less, and no free
seat that exchanges lead to, it loses the last in turn of those whom they reach (Edmonds, 1971).
"""

import numpy as np
from numpy.typing import NDArray

from matching.engine.compiled import kernel
from matching.engine.market import Market


def first_to_enter(
    market: Market,
    held: tuple[NDArray[np.int32], NDArray[np.int64]],
    unplaced: NDArray[np.int32],
) -> NDArray[np.int32]:
    """Of each node, the first of the pupils `unplaced`, in turn, whom exchanges lead to a seat
    there; −1 for none. `held` are the site and the node of every seat given.
    """
    site, node = held
    arcs = market.arcs
    holders = _rows(node, site, arcs.columns)
    sites = market.groups.site_of_pupil[unplaced]
    return _spread_in_turn(unplaced, sites, arcs.start, arcs.column, *holders)


def last_to_leave(
    market: Market,
    held: tuple[NDArray[np.int32], NDArray[np.int64]],
    placed: NDArray[np.int32],
) -> NDArray[np.int32]:
    """Of each node, the last of the pupils `placed`, in turn, whose seat those who hold one there
    can take by exchanges; −1 for none.
    """
    site, node = held
    arcs = market.arcs
    of_pair = np.repeat(np.arange(market.sites, dtype=np.int32), np.diff(arcs.start))
    takers = _rows(arcs.column, of_pair, arcs.columns)
    latest = placed[::-1]
    sites = market.groups.site_of_pupil[latest]
    return _spread_in_turn(
        latest, sites, *_rows(site, node.astype(np.int32), market.sites), *takers
    )


def _rows(
    of: NDArray[np.integer], value: NDArray[np.int32], rows: int
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Starts of rows, and the values of each row."""
    start = np.zeros(rows + 1, dtype=np.int64)
    np.cumsum(np.bincount(of, minlength=rows), out=start[1:])
    return start, value[np.argsort(of, kind="stable")]


@kernel
def _spread_in_turn(
    pupils: NDArray[np.int32],
    site: NDArray[np.int32],
    node_start: NDArray[np.int64],
    node_of: NDArray[np.int32],
    site_start: NDArray[np.int64],
    site_of: NDArray[np.int32],
) -> NDArray[np.int32]:
    """From the site of each pupil in turn to the nodes of that site, from each of these to its
    sites, and so on: the first pupil who comes to a node is written there.
    """
    first = np.full(len(site_start) - 1, -1, dtype=np.int32)
    seen = np.zeros(len(node_start) - 1, dtype=np.bool_)
    stack = np.empty(len(seen), dtype=np.int32)
    for turn in range(len(pupils)):
        if seen[site[turn]]:
            continue
        seen[site[turn]] = True
        stack[0] = site[turn]
        size = 1
        while size > 0:
            size -= 1
            row = stack[size]
            for i in range(node_start[row], node_start[row + 1]):
                there = node_of[i]
                if first[there] >= 0:
                    continue
                first[there] = pupils[turn]
                for j in range(site_start[there], site_start[there + 1]):
                    other = site_of[j]
                    if not seen[other]:
                        seen[other] = True
                        stack[size] = other
                        size += 1
    return first
