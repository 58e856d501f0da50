"""Checks `cannot_be_gamed`: each selected pupil has his best wish that un-placed nobody.

In turn, with the wishes of those before locked: a better wish could have been granted exactly when
an alternating path leads from it to a free seat, or to the seat that the pupil leaves (Berge, 1957,
on the placements that are locked so far).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.engine.compiled import kernel
from matching.engine.verify_levels import Facts, Held, may_use, tie_of_wish
from matching.engine.verify_pairs import Candidates


class _Seats(NamedTuple):
    """Who holds what. A node is 2 * slot + seat kind; of node n: kind[start[n]:start[n + 1]]."""

    start: NDArray[np.int64]
    kind: NDArray[np.int32]
    left: NDArray[np.int64]
    granted: NDArray[np.int64]  # of a kind: the slot locked for it, −1 before its turn or without
    own: NDArray[np.int64]  # of a kind of one pupil: his node
    closed: NDArray[np.int64]  # number of the last search that saw a node and led nowhere
    seen: NDArray[np.int64]
    seen_kind: NDArray[np.int64]
    queue: NDArray[np.int64]


def overlooked_wishes(
    facts: Facts, pairs: Candidates, held: Held, left: NDArray[np.int64], turn: NDArray[np.int64]
) -> int:
    """How many better wishes could have been granted. `turn` is of each kind's only pupil.

    Of two wishes of equal rank, the better is the one in his territory, then the nearer, then the
    one of smaller tie bits.
    """
    node = 2 * held.slot.astype(np.int64) + held.seat
    order = np.argsort(node, kind="stable")
    nodes, kinds = 2 * left.shape[1], len(facts.site)
    own = np.full(kinds, -1, dtype=np.int64)
    own[held.kind] = node
    got = np.zeros(kinds, dtype=np.bool_)
    got[held.kind] = held.rank > 0
    seats = _Seats(
        np.searchsorted(node[order], np.arange(nodes + 1)), held.kind[order], left.T.ravel(),
        np.full(kinds, -1, dtype=np.int64), own, np.full(nodes, -1, dtype=np.int64),
        np.full(nodes, -1, dtype=np.int64), np.full(kinds, -1, dtype=np.int64),
        np.empty(nodes, dtype=np.int64),
    )  # fmt: skip
    wishing = np.flatnonzero((np.diff(facts.wishes.start) > 0) & (own >= 0))
    choosers = wishing[np.argsort(turn[wishing])]
    far = np.full(left.shape[1], -1, dtype=np.int64)
    return int(_count_overlooked(choosers, facts, pairs, seats, got, far))


@kernel
def _leads_to_room(
    chooser: int, origin: int, f: Facts, pairs: Candidates, s: _Seats, mark: int
) -> bool:
    """Whether a chain of moves from node `origin` ends in a free seat or where `chooser` sits.

    When none does, all that was seen is marked closed.
    """
    s.queue[0] = origin
    s.seen[origin] = mark
    size, place = 1, 0
    while place < size:
        node = s.queue[place]
        place += 1
        if node == s.own[chooser] or s.start[node + 1] - s.start[node] < s.left[node]:
            return True
        for i in range(s.start[node], s.start[node + 1]):
            kind = s.kind[i]
            if s.seen_kind[kind] == mark:
                continue
            s.seen_kind[kind] = mark
            locked = s.granted[kind]
            for pair in range(pairs.start[f.site[kind]], pairs.start[f.site[kind] + 1]):
                slot = pairs.slot[pair]
                if locked >= 0 and slot != locked:
                    continue
                for seat in range(2):
                    there = 2 * slot + seat
                    if s.seen[there] != mark and may_use(f, kind, seat, slot):
                        s.seen[there] = mark
                        s.queue[size] = there
                        size += 1
    for place in range(size):
        s.closed[s.queue[place]] = mark
    return False


@kernel
def _could_have(chooser: int, slot: int, f: Facts, pairs: Candidates, s: _Seats, mark: int) -> bool:
    """Whether a seat of `slot` could be emptied for `chooser`."""
    for seat in range(2):
        node = 2 * slot + seat
        if not may_use(f, chooser, seat, slot):
            continue
        if s.closed[node] > s.closed[s.own[chooser]]:
            continue  # an earlier search from here led nowhere, and did not pass where he sits
        if _leads_to_room(chooser, node, f, pairs, s, 2 * mark + seat):
            return True
    return False


@kernel
def _is_better(
    a: int, b: int, ranks: tuple[int, int], kind: int, f: Facts, tens: NDArray[np.int64]
) -> bool:
    """Whether the wish for slot a, of rank ranks[0], comes before the one for slot b."""
    if ranks[0] != ranks[1]:
        return bool(ranks[0] < ranks[1])
    home = f.home[kind]
    inside_a = home >= 0 and f.territory[a] == home
    inside_b = home >= 0 and f.territory[b] == home
    if inside_a != inside_b:
        return bool(inside_a)
    if tens[a] != tens[b]:
        return bool(tens[a] < tens[b])
    return bool(tie_of_wish(f, kind, a) < tie_of_wish(f, kind, b))


@kernel
def _count_overlooked(
    choosers: NDArray[np.int64],
    f: Facts,
    pairs: Candidates,
    s: _Seats,
    got: NDArray[np.bool_],
    tens: NDArray[np.int64],
) -> int:
    """Go through the choosers in turn; `tens` is scratch, −1 for each slot."""
    overlooked, mark = 0, 0
    for chooser in choosers:
        site = f.site[chooser]
        for pair in range(pairs.start[site], pairs.start[site + 1]):
            tens[pairs.slot[pair]] = pairs.tens[pair]
        mine, my_rank = s.own[chooser] // 2, 0
        for row in range(f.wishes.start[chooser], f.wishes.start[chooser + 1]):
            if f.wishes.slot[row] == mine:
                my_rank = f.wishes.number[row]
        for row in range(f.wishes.start[chooser], f.wishes.start[chooser + 1]):
            slot, rank = f.wishes.slot[row], f.wishes.number[row]
            if tens[slot] < 0 or slot == mine:
                continue
            if got[chooser] and not _is_better(slot, mine, (rank, my_rank), chooser, f, tens):
                continue
            mark += 1
            if _could_have(chooser, slot, f, pairs, s, mark):
                overlooked += 1
        for pair in range(pairs.start[site], pairs.start[site + 1]):
            tens[pairs.slot[pair]] = -1
        if got[chooser]:
            s.granted[chooser] = mine
    return overlooked
