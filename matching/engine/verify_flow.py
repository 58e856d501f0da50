"""The residual graph of an answer under caps, and what ways from a node reach."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.engine.compiled import kernel
from matching.engine.verify_caps import Doors, Sets


class Placed(NamedTuple):
    """The run's placements as a flow: rows of pupils and their doors; how many are in each set."""

    row: NDArray[np.int64]
    kind: NDArray[np.int32]
    door: NDArray[np.int64]
    inside: NDArray[np.int64]  # of each set


class Graph(NamedTuple):
    """Arcs by the node they leave; nodes are sets, then sites, then the sink. An arc is open while
    what it takes back is there: there[needs[arc]] > 0.
    """

    start: NDArray[np.int64]
    head: NDArray[np.int64]
    needs: NDArray[np.int64]
    there: NDArray[np.int64]  # 1 for what is always open, then each placement, then each set


def site_of_doors(doors: Doors) -> NDArray[np.int64]:
    return np.repeat(np.arange(len(doors.start) - 1), np.diff(doors.start))


def door_of(
    doors: Doors, site: NDArray[np.int32], slot: NDArray[np.int32], week: NDArray[np.int8]
) -> NDArray[np.int64]:
    """The door of each placement; the rules have been checked, so there is one."""
    size = int(doors.slot.max(initial=0)) + 1
    code = (site_of_doors(doors) * size + doors.slot) * 66 + doors.week + 1
    order = np.argsort(code)
    asked = (site.astype(np.int64) * size + slot) * 66
    dated = np.searchsorted(code[order], asked + week + 1)
    exact = order[np.minimum(dated, len(order) - 1)] if len(order) else dated
    found = (code[exact] == asked + week + 1) if len(order) else np.zeros(0, dtype=np.bool_)
    any_week = np.searchsorted(code[order], asked)
    return np.where(found, exact, order[np.minimum(any_week, len(order) - 1)] if len(order) else 0)


def inside_of(doors: Doors, sets: Sets, door: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many of these placements each set counts."""
    chain = doors.chain[door]
    return np.bincount(chain[chain >= 0], minlength=len(sets.left))


def sums(doors: Doors, prices: NDArray[np.int64]) -> NDArray[np.int64]:
    """(D, L) what a place behind each door costs."""
    total = np.zeros((len(doors.slot), prices.shape[1]), dtype=np.int64)
    for column in range(doors.chain.shape[1]):
        number = doors.chain[:, column]
        total += np.where((number >= 0)[:, None], prices[number], 0)
    return total


def open_arcs(doors: Doors, sets: Sets, placed: Placed) -> Graph:
    """Into sets, up where a set is not full, down where something comes through, and back along
    placements.
    """
    size, sites, rows = len(sets.left), len(doors.start) - 1, len(placed.row)
    sink, number, site = size + sites, np.arange(size), site_of_doors(doors)
    above = np.where(sets.above < 0, sink, sets.above)
    up, down = placed.inside < sets.left, sets.above >= 0
    entry = doors.chain[:, 0]
    tail = np.concatenate([size + site, number[up], entry[placed.door], above[down]])
    head = np.concatenate([entry, above[up], size + site[placed.door], number[down]])
    always = np.zeros(len(entry) + int(up.sum()), dtype=np.int64)
    needs = np.concatenate([always, 1 + np.arange(rows), 1 + rows + number[down]])
    order = np.argsort(tail, kind="stable")
    count = np.concatenate([np.ones(1 + rows, dtype=np.int64), placed.inside])
    start = np.searchsorted(tail[order], np.arange(sink + 2))
    return Graph(start, head[order], needs[order], count)


@kernel
def _walk(origin: int, graph: Graph, seen: NDArray[np.bool_], found: NDArray[np.int64]) -> int:
    found[0] = origin
    seen[origin] = True
    size, place = 1, 0
    while place < size:
        node = found[place]
        place += 1
        for arc in range(graph.start[node], graph.start[node + 1]):
            other = graph.head[arc]
            if not seen[other] and graph.there[graph.needs[arc]] > 0:
                seen[other] = True
                found[size] = other
                size += 1
    return size


def follow(origin: int, graph: Graph, seen: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Mark in `seen` what ways from `origin` reach, and return what was not seen before."""
    found = np.zeros(len(seen), dtype=np.int64)
    return found[: _walk(origin, graph, seen, found)]
