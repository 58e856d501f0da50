"""Wishes granted one pupil after the other, as long as everybody selected can still be placed.

Serial dictatorship (Svensson, 1999) over the perfect matchings of the selected pupils: when his
turn comes, a pupil takes his best wish that leaves a place to all the others. What was granted is
locked. Nothing that he says changes what he may choose from, so the truth serves him best.

Pupils of one site can have the same seats, so only the site of who holds a seat matters: a pupil
who takes a seat that his site holds only exchanges names.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.engine.compiled import bare_kernel


class Seating(NamedTuple):
    """A matching of sites, while it is changed. In each column the used seats come first."""

    start: NDArray[np.int64]  # pairs of sites
    column: NDArray[np.int32]
    seats: NDArray[np.int32]
    seat_start: NDArray[np.int64]
    holder: NDArray[np.int32]  # site of each seat, −1 when it is free
    locked: NDArray[np.bool_]  # seats granted
    used: NDArray[np.int32]


class Visits(NamedTuple):
    """What searches know: `closed` is the last failed search that saw a column or a site."""

    closed: NDArray[np.int64]
    closed_site: NDArray[np.int64]
    column_mark: NDArray[np.int64]
    site_mark: NDArray[np.int64]
    from_seat: NDArray[np.int64]  # of a column: the seat whose holder would move there
    queue: NDArray[np.int32]  # columns seen
    sites: NDArray[np.int32]  # sites seen
    column_of: NDArray[np.int32]  # column of each seat


@bare_kernel
def find_room(wanted: int, site: int, s: Seating, v: Visits, mark: int) -> tuple[int, int, int]:
    """Breadth-first search for a chain of moves that gives a seat of `wanted` to `site`.

    It ends at a free seat, or at a seat that the site itself holds. Returns that seat (−1: none),
    and how many columns and sites were seen.
    """
    v.queue[0] = wanted
    v.column_mark[wanted] = mark
    size, place, sites = 1, 0, 0
    while place < size:
        here = v.queue[place]
        place += 1
        first = s.seat_start[here]
        if s.used[here] < s.seats[here]:
            return first + s.used[here], size, sites
        for seat in range(first, first + s.used[here]):
            if s.holder[seat] == site and not s.locked[seat]:
                return seat, size, sites
        for seat in range(first, first + s.used[here]):
            other = s.holder[seat]
            if s.locked[seat] or v.site_mark[other] == mark:
                continue
            v.site_mark[other] = mark
            v.sites[sites] = other
            sites += 1
            for pair in range(s.start[other], s.start[other + 1]):
                there = s.column[pair]
                if v.column_mark[there] != mark:
                    v.column_mark[there] = mark
                    v.from_seat[there] = seat
                    v.queue[size] = there
                    size += 1
    return -1, size, sites


@bare_kernel
def some_seat_of(site: int, s: Seating) -> int:
    """A seat that the site holds and that is not locked; −1 when it has none."""
    for pair in range(s.start[site], s.start[site + 1]):
        there = s.column[pair]
        for seat in range(s.seat_start[there], s.seat_start[there] + s.used[there]):
            if s.holder[seat] == site and not s.locked[seat]:
                return int(seat)
    return -1


@bare_kernel
def leave(seat: int, s: Seating, v: Visits) -> None:
    """Free a seat; the last used one of its column moves up."""
    there = v.column_of[seat]
    s.used[there] -= 1
    last = s.seat_start[there] + s.used[there]
    s.holder[seat] = s.holder[last]
    s.locked[seat] = s.locked[last]
    s.holder[last] = -1
    s.locked[last] = False


@bare_kernel
def grant_wish(site: int, wanted: int, s: Seating, v: Visits, mark: int) -> bool:
    """Lock a seat of `wanted` for one of `site`, if nobody loses his place."""
    if v.closed[wanted] > v.closed_site[site]:
        return False  # the search that closed it did not see the site: nothing has opened since
    seat, size, sites = find_room(wanted, site, s, v, mark)
    if seat < 0:
        for k in range(size):
            v.closed[v.queue[k]] = mark
        for k in range(sites):
            v.closed_site[v.sites[k]] = mark
        return False
    there = v.column_of[seat]
    free = s.holder[seat] < 0
    if free:
        s.used[there] += 1
    while there != wanted:  # each holder on the chain moves to the seat after his own
        before = v.from_seat[there]
        s.holder[seat] = s.holder[before]
        seat = before
        there = v.column_of[seat]
    s.holder[seat] = site
    s.locked[seat] = True
    if free:
        leave(some_seat_of(site, s), s, v)
    return True


@bare_kernel
def choose_in_turn(
    order: NDArray[np.int32],
    site_of: NDArray[np.int32],
    wish_start: NDArray[np.int64],
    wish_column: NDArray[np.int32],
    granted: NDArray[np.int64],
    s: Seating,
    v: Visits,
    first_mark: int,
) -> None:
    """Each group of `order` takes the first of its wishes that can be granted."""
    mark = first_mark
    for chooser in order:
        for wish in range(wish_start[chooser], wish_start[chooser + 1]):
            mark += 1
            if grant_wish(site_of[chooser], wish_column[wish], s, v, mark):
                granted[chooser] = wish
                break
