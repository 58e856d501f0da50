"""Who is placed: a maximum matching that serves pupils in a given order.

The sets of pupils that can be placed together are the independent sets of a transversal matroid
(Edmonds and Fulkerson, 1965), so taking pupils in order whenever an augmenting path allows it gives
a maximum matching (Berge, 1957) and, among all of those, the best set for the order (Rado, 1957).
"""

import numpy as np
from numpy.typing import NDArray

from matching.engine.compiled import bare_kernel, kernel

ALIVE = -1
CLOSED = 2**31 - 1


@kernel
def least_wanted_first(
    start: NDArray[np.int64],
    column: NDArray[np.int32],
    units: NDArray[np.int64],
    seats: NDArray[np.int32],
) -> NDArray[np.int32]:
    """The columns of each row, those first on whose seats the fewest of the `units` of all rows
    press when each presses equally on all that he may have. Whoever takes these first seldom has to
    move; who is placed and what is closed do not depend on it.
    """
    pressure = np.zeros(len(seats), dtype=np.int64)
    for row in range(len(start) - 1):
        count = start[row + 1] - start[row]
        for pair in range(start[row], start[row + 1]):
            pressure[column[pair]] += (units[row] << 20) // count
    for there in range(len(seats)):
        pressure[there] //= max(seats[there], 1)
    sorted_column = np.empty_like(column)
    for row in range(len(start) - 1):
        first, last = start[row], start[row + 1]
        own = column[first:last]
        sorted_column[first:last] = own[np.argsort(pressure[own], kind="mergesort")]
    return sorted_column


@bare_kernel
def find_free_seat(
    row: int,
    start: NDArray[np.int64],
    column: NDArray[np.int32],
    first: NDArray[np.int64],
    used: NDArray[np.int32],
    seats: NDArray[np.int32],
) -> int:
    """The first column of `row` with a free seat, or −1. Seats never become free again, so
    `first` remembers how far each row has looked.
    """
    while first[row] < start[row + 1]:
        there = column[first[row]]
        if used[there] < seats[there]:
            return int(there)
        first[row] += 1
    return -1


@bare_kernel
def search_alternating_path(
    origin: int,
    start: NDArray[np.int64],
    column: NDArray[np.int32],
    seat_start: NDArray[np.int64],
    seats: NDArray[np.int32],
    used: NDArray[np.int32],
    holder: NDArray[np.int32],
    first: NDArray[np.int64],
    seen_row: NDArray[np.int32],
    seen_column: NDArray[np.int32],
    entered_from: NDArray[np.int32],
    held_seat: NDArray[np.int64],
    queue: NDArray[np.int32],
    mark: int,
) -> tuple[int, int, int]:
    """Breadth-first search over rows for one that can take a free seat.

    Returns that row and its free column (−1, −1 when there is none), and how many rows were seen.
    """
    queue[0] = origin
    seen_row[origin] = mark
    free = find_free_seat(origin, start, column, first, used, seats)
    if free >= 0:
        return origin, free, 1
    size = 1
    place = 0
    while place < size:
        row = queue[place]
        place += 1
        for arc in range(start[row], start[row + 1]):
            there = column[arc]
            if seen_column[there] >= mark:
                continue
            seen_column[there] = mark
            entered_from[there] = row
            for seat in range(seat_start[there], seat_start[there] + used[there]):
                other = holder[seat]
                if seen_row[other] == mark:
                    continue
                seen_row[other] = mark
                held_seat[other] = seat
                free = find_free_seat(other, start, column, first, used, seats)
                if free >= 0:
                    return int(other), free, size
                queue[size] = other
                size += 1
    return -1, -1, size


@kernel
def place_in_order(
    order: NDArray[np.int32],
    start: NDArray[np.int64],
    column: NDArray[np.int32],
    seats: NDArray[np.int32],
    seat_start: NDArray[np.int64],
    seat_column: NDArray[np.int32],
    placed: NDArray[np.bool_],
    block: NDArray[np.int32],
) -> NDArray[np.int32]:
    """Place the rows of `order` one unit at a time; a row may come several times.

    Writes `placed` (per place in `order`), and in `block` the number of the failed search that
    closed each column: nothing leaves what a failed search saw, so it is closed for ever and
    later paths never enter it. Returns the row that holds each seat, −1 when it is free.
    """
    rows, columns = len(start) - 1, len(seats)
    used = np.zeros(columns, dtype=np.int32)
    holder = np.full(seat_start[columns], -1, dtype=np.int32)
    first = start[:rows].copy()
    seen_row = np.full(rows, -1, dtype=np.int32)
    seen_column = np.full(columns, -1, dtype=np.int32)  # the last search, CLOSED for ever
    entered_from = np.full(columns, -1, dtype=np.int32)
    held_seat = np.full(rows, -1, dtype=np.int64)
    queue = np.empty(rows, dtype=np.int32)
    closed = np.zeros(rows, dtype=np.bool_)
    failures = 0
    for mark in range(len(order)):
        origin = order[mark]
        if closed[origin]:
            continue
        row, free, size = search_alternating_path(
            origin, start, column, seat_start, seats, used, holder, first, seen_row, seen_column,
            entered_from, held_seat, queue, mark,
        )  # fmt: skip
        if row < 0:
            for k in range(size):
                closed[queue[k]] = True
                for arc in range(start[queue[k]], start[queue[k] + 1]):
                    if seen_column[column[arc]] < CLOSED:
                        seen_column[column[arc]] = CLOSED
                        block[column[arc]] = failures
            failures += 1
            continue
        placed[mark] = True
        seat = seat_start[free] + used[free]
        used[free] += 1
        holder[seat] = row
        while row != origin:  # each row on the path leaves its seat to the row that found it
            seat = held_seat[row]
            row = entered_from[seat_column[seat]]
            holder[seat] = row
    return holder
