"""Where: an assignment of least cost, every unit of every row placed.

Successive shortest augmenting paths with prices on the columns (Dijkstra's search on reduced costs:
Edmonds and Karp, 1972; Tomizawa, 1971; the search from one side as in Jonker and Volgenant, 1987).
Costs are words compared from left to right: whole vectors so ordered are an ordered group, and
that is all that the proof of the method uses, so every level is exact in one pass.

A column's price is what its next seat costs the others; it stays what it was given while the column
has a free seat. Prices given must be at least 0.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.engine.compiled import kernel
from matching.engine.cost import CODE_SHIFT, DISTANCE_MASK, TIE_MASK
from matching.engine.lottery import TIE_BITS
from matching.engine.pairs import Arcs
from matching.engine.words import Words

SLICES = 100


class Assignment(NamedTuple):
    """Which row and arc hold each seat (−1 = free), and the price of each column in words."""

    seat_start: NDArray[np.int64]
    seat_row: NDArray[np.int32]
    seat_arc: NDArray[np.int64]
    price: NDArray[np.int64]  # (columns, K)


class _Graph(NamedTuple):
    start: NDArray[np.int64]
    column: NDArray[np.int32]
    cost: NDArray[np.int64]
    words: Words
    seats: NDArray[np.int32]


class _State(NamedTuple):
    seat_start: NDArray[np.int64]
    seat_row: NDArray[np.int32]
    seat_arc: NDArray[np.int64]
    used: NDArray[np.int32]
    price: NDArray[np.int64]


class _Search(NamedTuple):
    """What one search knows; marks save clearing it."""

    row_mark: NDArray[np.int64]
    column_mark: NDArray[np.int64]
    distance: NDArray[np.int64]  # (columns, K)
    from_row: NDArray[np.int32]  # of a column
    from_arc: NDArray[np.int64]  # of a column
    from_column: NDArray[np.int32]  # of a row: the column in which it holds a seat,
    from_seat: NDArray[np.int64]  # and that seat
    heap: NDArray[np.int32]
    position: NDArray[np.int64]  # of a column in the heap; −1 once it is settled
    best: NDArray[np.int64]  # (1, K) distance of the best free column so far
    base: NDArray[np.int64]  # (K,) what is added to the arcs of the row at hand
    scratch: NDArray[np.int64]  # (1, K)


def assign(
    arcs: Arcs,
    units: NDArray[np.int32],
    seats: NDArray[np.int32],
    words: Words,
    price: NDArray[np.int64],
    step: Callable[[float], None] = lambda _share: None,
) -> Assignment:
    """Place units[r] of each row r, seats[c] at most in each column c, at the least cost.

    `price` (columns, K) is where the prices start; `step` hears the share done. Raises
    RuntimeError when a unit cannot be placed: the caller has proven before that all can.
    """
    rows, columns, k = len(units), arcs.columns, price.shape[1]
    seat_start = np.zeros(columns + 1, dtype=np.int64)
    np.cumsum(seats, out=seat_start[1:])
    state = _State(
        seat_start,
        np.full(seat_start[-1], -1, dtype=np.int32),
        np.full(seat_start[-1], -1, dtype=np.int64),
        np.zeros(columns, dtype=np.int32),
        price.copy(),
    )
    search = _Search(
        np.full(rows, -1, dtype=np.int64),
        np.full(columns, -1, dtype=np.int64),
        np.zeros((columns, k), dtype=np.int64),
        np.zeros(columns, dtype=np.int32),
        np.zeros(columns, dtype=np.int64),
        np.zeros(rows, dtype=np.int32),
        np.zeros(rows, dtype=np.int64),
        np.zeros(columns + 1, dtype=np.int32),
        np.zeros(columns, dtype=np.int64),
        np.zeros((1, k), dtype=np.int64),
        np.zeros(k, dtype=np.int64),
        np.zeros((1, k), dtype=np.int64),
    )
    order = np.repeat(np.arange(rows, dtype=np.int32), units)
    graph = _Graph(arcs.start, arcs.column, arcs.cost, words, seats)
    slice_size = max(1, len(order) // SLICES)
    for first in range(0, len(order), slice_size):
        turns = order[first : first + slice_size]
        if place_units(turns, graph, state, search, first) < len(turns):
            raise RuntimeError("a unit is left without a seat")
        step(min(1.0, (first + slice_size) / len(order)))
    return Assignment(seat_start, state.seat_row, state.seat_arc, state.price)


@kernel
def less(a: NDArray[np.int64], i: int, b: NDArray[np.int64], j: int) -> bool:
    """Whether the words a[i] come before b[j]."""
    for k in range(a.shape[1]):
        if a[i, k] != b[j, k]:
            return bool(a[i, k] < b[j, k])
    return False


@kernel
def rise(heap: NDArray[np.int32], place: int, s: _Search) -> None:
    """Move heap[place] up to its rank (binary heap; Williams, 1964)."""
    item = heap[place]
    while place > 0:
        above = (place - 1) // 2
        if not less(s.distance, item, s.distance, heap[above]):
            break
        heap[place] = heap[above]
        s.position[heap[place]] = place
        place = above
    heap[place] = item
    s.position[item] = place


@kernel
def take_nearest(size: int, s: _Search) -> int:
    """Remove the nearest column from a heap of `size` columns and return it."""
    heap = s.heap
    nearest = heap[0]
    s.position[nearest] = -1
    size -= 1
    if size > 0:
        item = heap[size]
        place = 0
        while True:
            below = 2 * place + 1
            if below >= size:
                break
            if below + 1 < size and less(s.distance, heap[below + 1], s.distance, heap[below]):
                below += 1
            if not less(s.distance, heap[below], s.distance, item):
                break
            heap[place] = heap[below]
            s.position[heap[place]] = place
            place = below
        heap[place] = item
        s.position[item] = place
    return int(nearest)


@kernel
def arc_word(words: Words, cost: int, k: int) -> int:
    """Word k of the cost of a pair."""
    tens = (cost >> TIE_BITS) & DISTANCE_MASK
    return int(
        words.by_code[cost >> CODE_SHIFT, k]
        + tens * words.by_distance[k]
        + (cost & TIE_MASK) * words.by_tie[k]
    )


@kernel
def relax_row(
    row: int, g: _Graph, state: _State, s: _Search, size: int, end: int, mark: int
) -> tuple[int, int]:
    """Relax the arcs of `row`, whose distance so far is in s.base; stop at the first arc that,
    were its column free of charge, would not beat the best end. Returns heap size and best end.
    """
    count = len(s.base)
    for arc in range(g.start[row], g.start[row + 1]):
        cost = g.cost[arc]
        there = g.column[arc]
        seen = s.column_mark[there] == mark
        if seen and s.position[there] < 0:
            continue
        for k in range(count):
            s.scratch[0, k] = s.base[k] + arc_word(g.words, cost, k)
        if end >= 0 and not less(s.scratch, 0, s.best, 0):
            break
        for k in range(count):
            s.scratch[0, k] += state.price[there, k]
        if end >= 0 and not less(s.scratch, 0, s.best, 0):
            continue
        if seen and not less(s.scratch, 0, s.distance, there):
            continue
        for k in range(count):
            s.distance[there, k] = s.scratch[0, k]
        s.from_row[there] = row
        s.from_arc[there] = arc
        if state.used[there] < g.seats[there]:
            end = there
            for k in range(count):
                s.best[0, k] = s.scratch[0, k]
        elif not seen:
            s.column_mark[there] = mark
            s.heap[size] = there
            rise(s.heap, size, s)
            size += 1
        else:
            rise(s.heap, s.position[there], s)
    return size, end


@kernel
def find_shortest_path(
    origin: int, g: _Graph, state: _State, s: _Search, settled: NDArray[np.int32], mark: int
) -> tuple[int, int]:
    """Dijkstra's search from `origin` to the nearest column with a free seat.

    Returns that column (−1: none) and how many columns were settled on the way.
    """
    s.base[:] = 0
    s.row_mark[origin] = mark
    size, end = relax_row(origin, g, state, s, 0, -1, mark)
    count = 0
    while size > 0:
        if end >= 0 and not less(s.distance, s.heap[0], s.best, 0):
            break
        there = take_nearest(size, s)
        size -= 1
        settled[count] = there
        count += 1
        for seat in range(state.seat_start[there], state.seat_start[there] + state.used[there]):
            row = state.seat_row[seat]
            if s.row_mark[row] == mark:
                continue
            s.row_mark[row] = mark
            s.from_column[row] = there
            s.from_seat[row] = seat
            held = g.cost[state.seat_arc[seat]]
            for k in range(len(s.base)):
                s.base[k] = (
                    s.distance[there, k] - arc_word(g.words, held, k) - state.price[there, k]
                )
            size, end = relax_row(row, g, state, s, size, end, mark)
    return end, count


@kernel
def place_units(
    order: NDArray[np.int32], g: _Graph, state: _State, s: _Search, first_mark: int
) -> int:
    """Place the rows of `order` one unit after the other; returns how many could be placed."""
    settled = np.empty(len(g.seats), dtype=np.int32)
    placed = 0
    for turn in range(len(order)):
        origin = order[turn]
        end, count = find_shortest_path(origin, g, state, s, settled, first_mark + turn)
        if end < 0:
            continue
        placed += 1
        for i in range(count):  # what was nearer than the end now costs the difference more
            there = settled[i]
            for k in range(s.best.shape[1]):
                state.price[there, k] += s.best[0, k] - s.distance[there, k]
        seat = state.seat_start[end] + state.used[end]
        state.used[end] += 1
        there = end
        while True:
            row = s.from_row[there]
            state.seat_row[seat] = row
            state.seat_arc[seat] = s.from_arc[there]
            if row == origin:
                break
            seat = s.from_seat[row]
            there = s.from_column[row]
    return placed


@kernel
def cheapest(
    start: NDArray[np.int64],
    column: NDArray[np.int32],
    cost: NDArray[np.int64],
    words: Words,
    price: NDArray[np.int64],
    least: NDArray[np.int64],
) -> None:
    """Write in `least` (rows, K) the least of cost plus price of each row that has an arc."""
    candidate = np.zeros((1, price.shape[1]), dtype=np.int64)
    for row in range(len(start) - 1):
        for arc in range(start[row], start[row + 1]):
            for k in range(price.shape[1]):
                candidate[0, k] = arc_word(words, cost[arc], k) + price[column[arc], k]
            if arc == start[row] or less(candidate, 0, least, row):
                least[row] = candidate[0]
