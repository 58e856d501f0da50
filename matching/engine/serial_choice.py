"""Wishes granted one pupil after the other, as long as everybody selected can still be placed.

Serial dictatorship (Svensson, 1999) over the perfect matchings of the selected pupils: when his
turn comes, a pupil takes his best wish that leaves a place to all the others. What was granted is
locked. Nothing that he says changes what he may choose from, so the truth serves him best.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.engine.compiled import kernel
from matching.engine.cost import CODE_SHIFT, SECTOR


class Seating(NamedTuple):
    """A matching of the selected rows, while it is improved. In each column the used seats come
    first; `seat_of` is kept for rows of one unit.
    """

    start: NDArray[np.int64]
    column: NDArray[np.int32]
    cost: NDArray[np.int64]
    seats: NDArray[np.int32]
    seat_start: NDArray[np.int64]
    seat_column: NDArray[np.int32]
    holder: NDArray[np.int32]  # row of each seat, −1 when it is free
    used: NDArray[np.int32]
    seat_of: NDArray[np.int64]
    granted: NDArray[np.int64]  # arc granted to each row, −1 when none


class Visits(NamedTuple):
    """What searches know: `closed` is the number of the last failed search that saw a column."""

    closed: NDArray[np.int64]
    column_mark: NDArray[np.int64]
    row_mark: NDArray[np.int64]
    from_row: NDArray[np.int32]  # who would move into a column
    from_seat: NDArray[np.int64]  # the seat that this row would leave
    queue: NDArray[np.int32]


@kernel
def find_room(wanted: int, own: int, s: Seating, v: Visits, mark: int) -> tuple[int, int]:
    """Breadth-first search for a chain of moves that empties a seat of `wanted`.

    It ends in a column with a free seat or in `own`, which the chooser leaves. Returns that column
    (−1: none) and how many columns were seen.
    """
    v.queue[0] = wanted
    v.column_mark[wanted] = mark
    size, place = 1, 0
    while place < size:
        here = v.queue[place]
        place += 1
        for seat in range(s.seat_start[here], s.seat_start[here] + s.used[here]):
            row = s.holder[seat]
            if s.granted[row] >= 0 or v.row_mark[row] == mark:
                continue
            v.row_mark[row] = mark
            for arc in range(s.start[row], s.start[row + 1]):
                there = s.column[arc]
                if v.column_mark[there] == mark:
                    continue
                v.column_mark[there] = mark
                v.from_row[there] = row
                v.from_seat[there] = seat
                if there == own or s.used[there] < s.seats[there]:
                    return int(there), size
                v.queue[size] = there
                size += 1
    return -1, size


@kernel
def leave(row: int, s: Seating) -> None:
    """Take `row`, of one unit, off its seat; the last of the column moves up."""
    seat = s.seat_of[row]
    there = s.seat_column[seat]
    s.used[there] -= 1
    last = s.seat_start[there] + s.used[there]
    s.holder[seat] = s.holder[last]
    s.seat_of[s.holder[seat]] = seat
    s.holder[last] = -1


@kernel
def sit(row: int, there: int, s: Seating) -> None:
    """Give `row` the next free seat of column `there`."""
    seat = s.seat_start[there] + s.used[there]
    s.used[there] += 1
    s.holder[seat] = row
    s.seat_of[row] = seat


@kernel
def make_room(chooser: int, wanted: int, end: int, s: Seating, v: Visits) -> None:
    """Carry out the chain that `find_room` found, from its end back to `wanted`."""
    there = end
    own_seat = s.seat_of[chooser]
    if end == s.seat_column[own_seat]:
        free = own_seat
    else:
        leave(chooser, s)
        free = s.seat_start[end] + s.used[end]
        s.used[end] += 1
    while there != wanted:
        row = v.from_row[there]
        s.holder[free] = row
        s.seat_of[row] = free
        free = v.from_seat[there]
        there = s.seat_column[free]
    s.holder[free] = chooser
    s.seat_of[chooser] = free


@kernel
def grant_wish(chooser: int, arc: int, s: Seating, v: Visits, mark: int) -> bool:
    """Seat `chooser` in the column of `arc` if nobody loses his place."""
    wanted = s.column[arc]
    own = s.seat_column[s.seat_of[chooser]]
    if wanted != own:
        if s.used[wanted] < s.seats[wanted]:
            leave(chooser, s)
            sit(chooser, wanted, s)
        elif v.closed[wanted] > v.closed[own]:
            return False  # the search that closed it did not see `own`: nothing has opened since
        else:
            end, size = find_room(wanted, own, s, v, mark)
            if end < 0:
                for k in range(size):
                    v.closed[v.queue[k]] = mark
                return False
            make_room(chooser, wanted, end, s, v)
    s.granted[chooser] = arc
    return True


@kernel
def choose_in_turn(order: NDArray[np.int32], s: Seating, v: Visits, first_mark: int) -> None:
    """Each row of `order` takes the first of its wishes that can be granted."""
    mark = first_mark
    for chooser in order:
        for arc in range(s.start[chooser], s.start[chooser + 1]):
            if s.cost[arc] >> CODE_SHIFT >= 2 * SECTOR:
                break  # wishes come first
            mark += 1
            if grant_wish(chooser, arc, s, v, mark):
                break
