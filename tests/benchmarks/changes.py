"""Parts that change a question that is answered (parts.py): one seat, or a round run again."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from tests.benchmarks.handed_over import kept, timed

CHANGES_SOLVED = 20  # of the changes by one seat, those whose answer is also found by solving
HELD, GONE = 0.3, 0.05  # of those placed: who said yes, and who will not have what he got


def one_seat(folder: Path, world: str, policy: str, changes: int) -> dict[str, Any]:
    """Random seats added and closed, without solving again; some of the answers against solving."""
    from matching.engine.solve import solve
    from matching.engine.standing import stand

    random = np.random.default_rng(20270301)
    warming = replace(kept(folder / "demo.problem"), policy=policy)
    standing = stand(warming, solve(warming))
    for _ in range(20):
        _change(standing, random)[1]()
    problem = replace(kept(folder / f"{world}.problem"), policy=policy)
    solved, solution = timed(lambda: solve(problem), runs=3)
    prepared, standing = timed(lambda: stand(problem, solution), runs=3)
    seconds, differing = [], 0
    for number in range(changes):
        other, change = _change(standing, random)
        spent, found = timed(change, runs=1)
        seconds.append(spent["seconds"])
        if number < CHANGES_SOLVED:
            again = solve(other)
            same = np.array_equal(found.slot, again.slot) and found.levels == again.levels
            differing += not same or not np.array_equal(found.reason, again.reason)
    return {
        "solve": solved["seconds"],
        "stand": prepared["seconds"],
        "median": median(seconds),
        "longest": max(seconds),
        "solved_again": min(changes, CHANGES_SOLVED),
        "differing": differing,
    }


def _change(standing: Any, random: np.random.Generator) -> tuple[Any, Callable[[], Any]]:
    """Add or close a random seat: the question that this makes, and what answers it."""
    from matching.engine.one_seat import with_one_seat, without_one_seat

    nodes, slots = standing.market.nodes, standing.market.problem.slots
    node = int(random.integers(len(nodes.slot)))
    slot, reserved = int(nodes.slot[node]), bool(nodes.kind[node])
    more = bool(random.integers(2)) or nodes.seats[node] == 0
    seats, held_back = slots.seats.copy(), slots.reserved.copy()
    seats[slot] += 1 if more else -1
    held_back[slot] += reserved * (1 if more else -1)
    other = replace(standing.market.problem, slots=replace(slots, seats=seats, reserved=held_back))
    by_one_seat = with_one_seat if more else without_one_seat
    return other, partial(by_one_seat, standing, slot, reserved=reserved, prove=False)


def round_again(folder: Path, world: str) -> dict[str, Any]:
    """A round of `fair` run again with placements held, from nothing and from its own prices."""
    from matching.engine.solve import solve

    for problem in (kept(folder / "demo.problem"), kept(folder / f"{world}.problem")):
        first, before = timed(lambda problem=problem: solve(problem), runs=1)
        again = _later(problem, before)
        cold, answer = timed(lambda again=again: solve(again), runs=1)
        warm, same = timed(
            lambda again=again, before=before: solve(again, start=before.certificate), runs=1
        )
    return {
        "first": first["seconds"],
        "cold": cold["seconds"],
        "warm": warm["seconds"],
        "same": bool(np.array_equal(answer.slot, same.slot) and answer.levels == same.levels),
    }


def _later(problem: Any, answer: Any) -> Any:
    """Some of those placed keep their seat, some others refuse the slot that they had."""
    from matching.engine.problem import Fixed, Pairs

    random = np.random.default_rng(20270301)
    placed = random.permutation(np.flatnonzero(answer.slot >= 0)).astype(np.int32)
    held, others = np.split(placed, [int(HELD * len(placed))])
    gone = others[: int(GONE * len(placed))]
    return replace(
        problem,
        fixed=Fixed(held, answer.slot[held], answer.reserved_seat[held], answer.week[held]),
        refused=Pairs(
            np.concatenate([problem.refused.pupil, gone]),
            np.concatenate([problem.refused.slot, answer.slot[gone]]),
        ),
    )
