"""Steps of a search for a free seat over pairs that are never stored (implicit.py)."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.engine.compiled import bare_kernel, inlined_kernel
from matching.engine.distance import UNIT
from matching.engine.scan import TESTS, Nodes, Rows, tens_within_reach, tests_passed
from matching.engine.seat_trees import Trees, squared_gap, too_far

FOREVER = int(np.iinfo(np.int64).max)
DEPTH = 64  # boxes put aside at once, besides the roots
FURTHEST = 2_000  # kilometres; whatever is further counts as this


class Seating(NamedTuple):
    """Who has what; places are those of the sorted nodes."""

    seats: NDArray[np.int32]  # of each place
    start: NDArray[np.int64]  # seats of place p: start[p]:start[p + 1], the used ones first
    used: NDArray[np.int32]
    holder: NDArray[np.int32]  # row of each seat, −1 when it is free
    held: NDArray[np.int64]  # of each row: the seat that it leaves on the path at hand
    place_of_seat: NDArray[np.int32]
    wanted: NDArray[np.int64]  # of each place: whoever takes the least wanted seldom has to move
    least_wanted: NDArray[np.int64]  # of each box
    full: NDArray[np.bool_]  # boxes without a free seat; none ever becomes free again
    no_free: NDArray[np.bool_]  # rows that found no free seat
    nearest_free: NDArray[np.int32]  # place of each row, of a sort that it may have


class Search(NamedTuple):
    """What searches saw; marks save clearing it, and FOREVER is what failed ones closed."""

    seen: NDArray[np.int64]  # of each place
    empty: NDArray[np.int64]  # of each box: all of it was seen
    seen_row: NDArray[np.int64]
    entered_from: NDArray[np.int32]  # row that saw a place
    queue: NDArray[np.int32]  # rows seen
    visited: NDArray[np.int32]  # places
    counts: NDArray[np.int64]  # rows seen, places visited
    stack: NDArray[np.int32]  # boxes
    first: NDArray[np.int32]  # of the rows to go on from, in a list for each number of kilometres
    following: NDArray[np.int32]  # row in that list, −1 for none
    away: NDArray[np.int32]  # kilometres of each row to a free seat
    refused: NDArray[np.int64]  # of each slot: whether it is refused to the row at hand


@inlined_kernel
def may_have(row: int, rows: Rows, nodes: Nodes, refused: NDArray[np.int64], place: int) -> bool:
    """Whether a row may have a place of a sort that it may have."""
    x, y = nodes.x[place] - rows.x[row], nodes.y[place] - rows.y[row]
    z = nodes.z[place] - rows.z[row]
    if tens_within_reach(x * x + y * y + z * z, rows.reach[row]) < 0:
        return False
    return tests_passed(row, rows, nodes, refused, place) == TESTS


@inlined_kernel
def put_roots(row: int, t: Trees, stack: NDArray[np.int32]) -> int:
    """Put the trees that a row may have seats of on the stack; returns how many."""
    size = 0
    for k in range(t.root_start[t.kind[row]], t.root_start[t.kind[row] + 1]):
        stack[size] = t.root[k]
        size += 1
    return size


@bare_kernel
def find_free_seat(
    row: int, rows: Rows, nodes: Nodes, t: Trees, seating: Seating, s: Search
) -> int:
    """The least wanted place with a free seat that a row may have, or −1."""
    metres = (rows.reach[row] + 1) * UNIT
    best, least = -1, FOREVER
    size = put_roots(row, t, s.stack)
    while size > 0:
        size -= 1
        box = s.stack[size]
        if seating.full[box] or seating.least_wanted[box] >= least:
            continue
        if too_far(row, rows, t, box, metres):
            continue
        if t.left[box] >= 0:
            one, other = t.left[box], t.right[box]
            if seating.least_wanted[one] < seating.least_wanted[other]:
                one, other = other, one
            s.stack[size], s.stack[size + 1] = one, other
            size += 2
            continue
        for place in range(t.first[box], t.last[box]):
            if seating.wanted[place] >= least or seating.used[place] == seating.seats[place]:
                continue
            if may_have(row, rows, nodes, s.refused, place):
                best, least = place, seating.wanted[place]
    return int(best)


@bare_kernel
def kilometres_to_free_seat(
    row: int, rows: Rows, nodes: Nodes, t: Trees, seating: Seating, s: Search
) -> int:
    """How far a free seat of a sort that a row may have is from its reach, at least."""
    known = seating.nearest_free[row]
    if known >= 0 and seating.used[known] < seating.seats[known]:
        return int(s.away[row])
    x, y, z = rows.x[row], rows.y[row], rows.z[row]
    best, least = -1, np.inf
    size = put_roots(row, t, s.stack)
    while size > 0:
        size -= 1
        box = s.stack[size]
        if seating.full[box] or squared_gap(row, rows, t, box) >= least:
            continue
        if t.left[box] >= 0:
            one, other = t.left[box], t.right[box]
            if squared_gap(row, rows, t, one) < squared_gap(row, rows, t, other):
                one, other = other, one
            s.stack[size], s.stack[size + 1] = one, other
            size += 2
            continue
        for place in range(t.first[box], t.last[box]):
            if seating.used[place] < seating.seats[place]:
                dx, dy, dz = nodes.x[place] - x, nodes.y[place] - y, nodes.z[place] - z
                squared = dx * dx + dy * dy + dz * dz
                if squared < least:
                    best, least = place, squared
    seating.nearest_free[row] = best
    if best < 0:
        return FURTHEST
    beyond = np.sqrt(least) - rows.reach[row] * UNIT
    return int(min(max(beyond / 1000, 0.0), float(FURTHEST)))


@bare_kernel
def see_seats(
    row: int, rows: Rows, nodes: Nodes, t: Trees, seating: Seating, s: Search, mark: int
) -> None:
    """Take out of the trees all that a row may have, and put in the queue those who sit there."""
    metres = (rows.reach[row] + 1) * UNIT
    size = put_roots(row, t, s.stack)
    while size > 0:
        size -= 1
        box = s.stack[size]
        if s.empty[box] >= mark or too_far(row, rows, t, box, metres):
            continue
        if t.left[box] >= 0:
            s.stack[size], s.stack[size + 1] = t.right[box], t.left[box]
            size += 2
            continue
        left = 0
        for place in range(t.first[box], t.last[box]):
            if s.seen[place] >= mark:
                continue
            if not may_have(row, rows, nodes, s.refused, place):
                left += 1
                continue
            s.seen[place] = mark
            s.entered_from[place] = row
            s.visited[s.counts[1]] = place
            s.counts[1] += 1
            for seat in range(seating.start[place], seating.start[place] + seating.used[place]):
                other = seating.holder[seat]
                if s.seen_row[other] != mark:
                    s.seen_row[other] = mark
                    seating.held[other] = seat
                    s.queue[s.counts[0]] = other
                    s.counts[0] += 1
        if left == 0:
            mark_empty(box, t, s, mark)


@inlined_kernel
def mark_empty(box: int, t: Trees, s: Search, mark: int) -> None:
    """Mark a box of which all was seen, and those around it of which the same is true."""
    while box >= 0:
        if t.left[box] >= 0 and min(s.empty[t.left[box]], s.empty[t.right[box]]) < mark:
            break
        s.empty[box] = mark
        box = t.parent[box]


@inlined_kernel
def mark_full(place: int, t: Trees, seating: Seating) -> None:
    """Mark the boxes around a place that have no free seat any more."""
    box = t.leaf[place]
    for other in range(t.first[box], t.last[box]):
        if seating.used[other] < seating.seats[other]:
            return
    while box >= 0:
        if t.left[box] >= 0 and not (seating.full[t.left[box]] and seating.full[t.right[box]]):
            break
        seating.full[box] = True
        box = t.parent[box]


@bare_kernel
def close_what_was_seen(t: Trees, s: Search, block: NDArray[np.int32], number: np.int64) -> None:
    """Take the places of a failed search out for ever; rows keep the mark."""
    for k in range(s.counts[1]):
        block[s.visited[k]] = number
        s.seen[s.visited[k]] = FOREVER
    for k in range(s.counts[1]):
        box = t.leaf[s.visited[k]]
        if s.empty[box] == FOREVER:
            continue
        closed = True
        for place in range(t.first[box], t.last[box]):
            closed = closed and s.seen[place] == FOREVER
        if closed:
            mark_empty(box, t, s, FOREVER)


@inlined_kernel
def put_in_list(row: int, away: int, s: Search) -> None:
    """Note that the search may go on from a row, so far from a free seat."""
    s.away[row] = away
    s.following[row] = s.first[away]
    s.first[away] = row


@inlined_kernel
def clear_lists(s: Search) -> None:
    """Forget the rows from which the search might have gone on."""
    for k in range(s.counts[0]):
        s.first[s.away[s.queue[k]]] = -1
