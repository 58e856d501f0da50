"""Checks who is placed: as many as can be and, under an order of service, the right ones.

A matching is maximum when no alternating path leads from an unplaced pupil to a free seat (Berge,
1957). A basis of a matroid is the best for an order when nobody left out comes before anybody whom
he could replace, that is, whom an alternating path from him reaches (Edmonds, 1971).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.engine.compiled import bare_kernel
from matching.engine.problem import Problem
from matching.engine.verify_levels import Facts, Held, may_use
from matching.engine.verify_pairs import Candidates, Kinds


class Reached(NamedTuple):
    """Seats that some unplaced pupil reaches by exchanges, (2, S), and what was wrong there."""

    seats: NDArray[np.bool_]
    free_seats: int
    overtaken: int


def service_order(problem: Problem) -> NDArray[np.int64]:
    """The turn of each pupil: class of service, then lottery, then key."""
    pupils = problem.pupils
    size = len(pupils.keys)
    keys = np.empty(size, dtype=np.int64)
    keys[sorted(range(size), key=pupils.keys.__getitem__)] = np.arange(size)
    turn = np.empty(size, dtype=np.int64)
    order = np.lexsort((keys, pupils.lottery, -pupils.class_of_service.astype(np.int32)))
    turn[order] = np.arange(size)
    return turn


def reach_of_unplaced(
    problem: Problem,
    kinds: Kinds,
    pairs: Candidates,
    facts: Facts,
    held: Held,
    left: NDArray[np.int64],
    placed: NDArray[np.bool_],
) -> Reached:
    """Follow every exchange from the unplaced pupils, the first in turn first.

    `left` (2, S) are the seats that the run could give; `placed` is per pupil.
    """
    turn = service_order(problem)
    size = len(kinds.example)
    last_placed = np.full(size, -1, dtype=np.int64)
    first_left_out = np.full(size, len(turn), dtype=np.int64)
    decided = kinds.of_pupil >= 0
    inside, outside = decided & placed, decided & ~placed
    np.maximum.at(last_placed, kinds.of_pupil[inside], turn[inside])
    np.minimum.at(first_left_out, kinds.of_pupil[outside], turn[outside])
    origins = np.argsort(first_left_out, kind="stable")
    origins = origins[first_left_out[origins] < len(turn)]

    node = 2 * held.slot.astype(np.int64) + held.seat
    by_node = np.argsort(node, kind="stable")
    node_start = np.searchsorted(node[by_node], np.arange(2 * left.shape[1] + 1))
    seen = np.zeros(2 * left.shape[1], dtype=np.bool_)
    seen_kind = np.zeros(size, dtype=np.bool_)
    wrong = np.zeros(2, dtype=np.int64)
    left_of_node, kind_of_seat = left.T.ravel(), held.kind[by_node]
    stack = np.empty(size, dtype=np.int64)
    _follow(
        origins, first_left_out, pairs, facts, left_of_node, node_start, kind_of_seat, last_placed,
        seen, seen_kind, stack, wrong,
    )  # fmt: skip
    return Reached(seen.reshape(-1, 2).T, int(wrong[0]), int(wrong[1]))


@bare_kernel
def _follow(
    origins: NDArray[np.int64],
    turns: NDArray[np.int64],
    pairs: Candidates,
    facts: Facts,
    left: NDArray[np.int64],
    node_start: NDArray[np.int64],
    node_kind: NDArray[np.int32],
    last_placed: NDArray[np.int64],
    seen: NDArray[np.bool_],
    seen_kind: NDArray[np.bool_],
    stack: NDArray[np.int64],
    wrong: NDArray[np.int64],
) -> None:
    """Visit what alternating paths from each origin reach and earlier ones did not. Counts in
    `wrong` the free seats, and the kinds of whom a placed pupil comes after the turn of the origin.
    `stack` is room for all kinds.
    """
    for origin in origins:
        if seen_kind[origin]:
            continue
        stack[0], high = origin, 1
        seen_kind[origin] = True
        while high > 0:
            high -= 1
            kind = stack[high]
            if last_placed[kind] > turns[origin]:
                wrong[1] += 1
            for pair in range(pairs.start[facts.site[kind]], pairs.start[facts.site[kind] + 1]):
                slot = pairs.slot[pair]
                for seat in range(2):
                    node = 2 * slot + seat
                    if seen[node] or not may_use(facts, kind, seat, slot):
                        continue
                    seen[node] = True
                    if node_start[node + 1] - node_start[node] < left[node]:
                        wrong[0] += 1
                    for i in range(node_start[node], node_start[node + 1]):
                        other = node_kind[i]
                        if not seen_kind[other]:
                            seen_kind[other] = True
                            stack[high] = other
                            high += 1
