"""Who is placed, over pairs that are never stored.

As in priority.py, pupils are served in order whenever an alternating path leads to a free seat; a
search that finds none closes all that it saw. What a pupil may have is looked up in trees of boxes
(seat_trees.py) with the tests of scan.py. A search takes each seat out of the trees when it first
sees it, so that it sees no seat twice, however many pupils may have it; and it goes on from those
who are nearest to a free seat (best-first search: Hart, Nilsson and Raphael, 1968), which changes
its time, not whether it finds one.

Why it is exact: the search is over every pair that the rules allow, so each refusal is Berge's
(1957): no path of the whole graph leads from that pupil to a free seat. The seats that failed
searches closed are numbered by block. Nobody who sits in a block, and nobody refused by it, may
have a seat outside it and those closed before: he would have led the search there. All seats of
these blocks are filled, by pupils served before the one refused. So he cannot be placed together
with all of them (Hall, 1935), and as whoever was served before him is placed or likewise
refused, the pupils placed are the best set for the order (Rado, 1957). verify_implicit.py checks
these three facts, and nothing else, for every pupil.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.engine.compiled import kernel
from matching.engine.fair import prices_of_blocks
from matching.engine.groups import Groups, in_turn, interchangeable
from matching.engine.implicit_search import (
    DEPTH,
    FOREVER,
    FURTHEST,
    Search,
    Seating,
    clear_lists,
    close_what_was_seen,
    find_free_seat,
    kilometres_to_free_seat,
    mark_full,
    put_in_list,
    see_seats,
)
from matching.engine.market import Selection
from matching.engine.pairs import nodes_by_cube, refusals_of_sites, rows_of_sites
from matching.engine.priority import ALIVE
from matching.engine.problem import Problem
from matching.engine.scan import (
    Listed,
    Nodes,
    Rows,
    forget_values,
    keep_allowed,
    list_values,
    nearby,
)
from matching.engine.seat_trees import Trees, seat_trees
from matching.engine.seats import RESERVED, SeatNodes, node_of_each, seat_nodes

SAMPLE = 20_000  # rows whose wants are counted


class Placing(NamedTuple):
    """One matching that places those who are to be placed, and its proof."""

    slot: NDArray[np.int32]  # of each given pupil, −1 for none; held placements are counted in
    reserved_seat: NDArray[np.bool_]
    price: NDArray[np.int64]  # (2, S), the level "placed" of a certificate


def place_implicit(problem: Problem) -> Placing:
    """Who is placed, whoever may have whatever is within reach."""
    groups, nodes = interchangeable(problem), seat_nodes(problem)
    return placing_of(problem, groups, nodes, select_implicit(problem, groups, nodes))


def placing_of(problem: Problem, groups: Groups, nodes: SeatNodes, chosen: Selection) -> Placing:
    """The seats of a selection, given to the members of each site in their order."""
    size = len(problem.pupils.keys)
    slot, reserved = np.full(size, -1, dtype=np.int32), np.zeros(size, dtype=np.bool_)
    slot[problem.fixed.pupil] = problem.fixed.slot
    reserved[problem.fixed.pupil] = problem.fixed.reserved
    place = np.arange(len(groups.members)) - np.repeat(groups.start[:-1], groups.sizes)
    pupils = groups.members[place < np.repeat(chosen.units, groups.sizes)]
    pupils = pupils[np.argsort(groups.site_of_pupil[pupils], kind="stable")]
    seats = np.flatnonzero(chosen.holder >= 0)
    seats = seats[np.argsort(chosen.holder[seats], kind="stable")]
    node = np.repeat(np.arange(len(nodes.slot)), nodes.seats)[seats]
    slot[pupils], reserved[pupils] = nodes.slot[node], nodes.kind[node] == RESERVED
    price = np.zeros((2, len(problem.slots.keys)), dtype=np.int64)
    price[nodes.kind, nodes.slot] = prices_of_blocks(chosen)
    return Placing(slot, reserved, price)


def select_implicit(problem: Problem, groups: Groups, nodes: SeatNodes) -> Selection:
    """What `select` finds (market.py), without its list of pairs."""
    if problem.travel is not None or problem.caps is not None:
        raise ValueError("caps, or a table of travel, which lists its pairs")
    rows, refusals = rows_of_sites(problem, groups), refusals_of_sites(problem, groups)
    pupils = in_turn(problem, groups)
    site = groups.site_of_pupil[pupils]
    by_cube = nodes_by_cube(problem, nodes)
    wanted = np.zeros(len(nodes.slot), dtype=np.int64)
    units = np.bincount(site, minlength=len(rows.x))
    press(rows, by_cube, refusals, len(problem.slots.keys), units, wanted)
    trees, leaves, order = seat_trees(rows, by_cube)
    node = by_cube.node[order]  # of each place
    seating = _nobody_seated(trees, nodes.seats[node], wanted[order], len(rows.x))
    search = _nothing_seen(trees, len(rows.x), len(problem.slots.keys))
    placed = np.zeros(len(pupils), dtype=np.bool_)
    block = np.full(len(node), ALIVE, dtype=np.int32)
    place_all(site, rows, leaves, refusals, trees, seating, search, placed, block)
    return _selection(groups, pupils[placed], nodes, node, seating, block)


def _nobody_seated(
    trees: Trees, seats: NDArray[np.int32], wanted: NDArray[np.int64], rows: int
) -> Seating:
    start = np.zeros(len(seats) + 1, dtype=np.int64)
    np.cumsum(seats, out=start[1:])
    wanted = wanted // np.maximum(seats, 1)
    least = np.full(len(trees.first), FOREVER, dtype=np.int64)
    full = np.zeros(len(trees.first), dtype=np.bool_)
    sum_up_boxes(trees, seats, wanted, least, full)
    return Seating(
        seats=seats,
        start=start,
        used=np.zeros(len(seats), dtype=np.int32),
        holder=np.full(start[-1], -1, dtype=np.int32),
        held=np.full(rows, -1, dtype=np.int64),
        place_of_seat=node_of_each(seats),
        wanted=wanted,
        least_wanted=least,
        full=full,
        no_free=np.zeros(rows, dtype=np.bool_),
        nearest_free=np.full(rows, -1, dtype=np.int32),
    )


def _nothing_seen(trees: Trees, rows: int, slots: int) -> Search:
    places, most = len(trees.leaf), int(np.diff(trees.root_start).max(initial=0))
    return Search(
        seen=np.full(places, -1, dtype=np.int64),
        empty=np.full(len(trees.first), -1, dtype=np.int64),
        seen_row=np.full(rows, -1, dtype=np.int64),
        entered_from=np.full(places, -1, dtype=np.int32),
        queue=np.empty(rows, dtype=np.int32),
        visited=np.empty(places, dtype=np.int32),
        counts=np.zeros(2, dtype=np.int64),
        stack=np.empty(DEPTH + most, dtype=np.int32),
        refused=np.zeros(slots, dtype=np.int64),
        first=np.full(FURTHEST + 1, -1, dtype=np.int32),
        following=np.full(rows, -1, dtype=np.int32),
        away=np.zeros(rows, dtype=np.int32),
    )


def _selection(
    groups: Groups,
    placed: NDArray[np.int32],
    nodes: SeatNodes,
    node: NDArray[np.int32],
    seating: Seating,
    block: NDArray[np.int32],
) -> Selection:
    """From places back to nodes."""
    column_block = np.empty_like(block)
    column_block[node] = block
    of_seat = node[seating.place_of_seat]
    holder = seating.holder[np.argsort(of_seat, kind="stable")]
    taken = holder >= 0
    column = np.repeat(np.arange(len(node)), nodes.seats)
    site_block = np.full(len(groups.site_first), ALIVE, dtype=np.int32)
    site_block[holder[taken]] = column_block[column[taken]]
    units = np.bincount(groups.of_pupil[placed], minlength=len(groups.first))
    return Selection(units.astype(np.int32), site_block, column_block, holder)


@kernel
def press(
    rows: Rows,
    nodes: Nodes,
    refusals: Listed,
    slots: int,
    units: NDArray[np.int64],
    wanted: NDArray[np.int64],
) -> None:
    """How much the `units` of all rows press on each node when each presses equally on all that he
    may have: an order in which to try free seats, on which no answer depends.
    """
    found = np.empty(len(nodes.slot), dtype=np.int32)
    distance = np.empty(len(nodes.slot), dtype=np.int64)
    refused = np.zeros(slots, dtype=np.int64)
    for row in range(0, len(rows.x), 1 + len(rows.x) // SAMPLE):
        count = nearby(row, rows, nodes, found, distance)
        list_values(row, refusals, refused)
        count, _ = keep_allowed(row, rows, nodes, refused, count, found, distance)
        forget_values(row, refusals, refused)
        for k in range(count):
            wanted[found[k]] += (units[row] << 20) // count


@kernel
def sum_up_boxes(
    trees: Trees,
    seats: NDArray[np.int32],
    wanted: NDArray[np.int64],
    least: NDArray[np.int64],
    full: NDArray[np.bool_],
) -> None:
    """Of each box, the least that any of its places is wanted, and whether it has no free seat."""
    for box in range(len(trees.first) - 1, -1, -1):  # parents come before their halves
        if trees.left[box] >= 0:
            one, other = trees.left[box], trees.right[box]
            least[box] = min(least[one], least[other])
            full[box] = full[one] and full[other]
        else:
            full[box] = True
            for place in range(trees.first[box], trees.last[box]):
                least[box] = min(least[box], wanted[place])
                full[box] = full[box] and seats[place] == 0


@kernel
def search_alternating_path(
    origin: int,
    rows: Rows,
    nodes: Nodes,
    refusals: Listed,
    t: Trees,
    seating: Seating,
    s: Search,
    mark: int,
) -> tuple[int, int]:
    """Search over rows for one that can take a free seat: that row and its place, −1 and −1 when
    there is none.
    """
    s.queue[0] = origin
    s.seen_row[origin] = mark
    s.counts[0], s.counts[1] = 1, 0
    looked, nearest = 0, FURTHEST
    while True:
        while looked < s.counts[0]:  # a free seat ends the search before more is seen
            row = s.queue[looked]
            looked += 1
            if not seating.no_free[row]:
                list_values(row, refusals, s.refused)
                free = find_free_seat(row, rows, nodes, t, seating, s)
                forget_values(row, refusals, s.refused)
                if free >= 0:
                    return row, free
                seating.no_free[row] = True
            put_in_list(row, kilometres_to_free_seat(row, rows, nodes, t, seating, s), s)
            nearest = min(nearest, s.away[row])
        while nearest <= FURTHEST and s.first[nearest] < 0:
            nearest += 1
        if nearest > FURTHEST:
            return -1, -1
        row = s.first[nearest]
        s.first[nearest] = s.following[row]
        list_values(row, refusals, s.refused)
        see_seats(row, rows, nodes, t, seating, s, mark)
        forget_values(row, refusals, s.refused)


@kernel
def place_all(
    order: NDArray[np.int32],
    rows: Rows,
    nodes: Nodes,
    refusals: Listed,
    t: Trees,
    seating: Seating,
    s: Search,
    placed: NDArray[np.bool_],
    block: NDArray[np.int32],
) -> None:
    """`place_in_order` of priority.py on the trees: writes `placed` and `block`, and who sits."""
    closed = np.zeros(len(rows.x), dtype=np.bool_)
    failures = np.int64(0)  # of a constant, a kernel would be compiled for it alone
    for mark in range(len(order)):
        origin = order[mark]
        if closed[origin]:
            continue
        row, free = search_alternating_path(origin, rows, nodes, refusals, t, seating, s, mark)
        clear_lists(s)
        if row < 0:
            close_what_was_seen(t, s, block, failures)
            for k in range(s.counts[0]):
                closed[s.queue[k]] = True
            failures += 1
            continue
        placed[mark] = True
        seat = seating.start[free] + seating.used[free]
        seating.used[free] += 1
        mark_full(free, t, seating)
        seating.holder[seat] = row
        while row != origin:  # each row on the path leaves its seat to the row that saw it
            seat = seating.held[row]
            row = s.entered_from[seating.place_of_seat[seat]]
            seating.holder[seat] = row
