"""Compiles the matcher before anybody waits for it."""

import fcntl
import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import numpy as np

from matching import solving
from matching.engine.caps import caps
from matching.engine.problem import Fixed, Pairs, Policy, Problem, Pupils, Slots, Wishes


def warm(*policies: Policy) -> None:
    """Solve and check a small question for these policies, or all, in a process of their own.

    With all of them, also under caps. The compiled code stays on disk: a minute or so the first
    time, a few seconds from then on.
    """
    questions = [small_question(policy) for policy in policies or Policy]
    if not policies:
        questions += [_under_caps(question) for question in questions]
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=_answer, args=(questions,), daemon=True)
    process.start()
    process.join()
    if process.exitcode:
        raise solving.SolverDied(f"ended with {process.exitcode} while warming")


def _answer(questions: list[Problem]) -> None:
    """What the child does."""
    solving.spare_the_compiler()
    for question in questions:
        solving.answer(question, lambda _phase, _share: None)


def warm_once() -> None:
    """Warm all, unless this has been done on this processor since the sources last changed."""
    # The compiler is imported here only: a web process that warms leaves it to its child.
    from llvmlite.binding import get_host_cpu_name

    from matching.engine.compiled import CACHE

    if CACHE is None:
        return  # what is compiled here would be kept nowhere
    done = CACHE / f"warm-{get_host_cpu_name()}"
    with alone():
        if not done.exists():
            warm()
            done.touch()


@contextmanager
def alone() -> Iterator[None]:
    """Wait until nobody else warms, then keep others waiting."""
    from matching.engine.compiled import CACHE

    if CACHE is None:
        yield
        return
    with (CACHE / "warming").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _under_caps(question: Problem) -> Problem:
    """The same, where a host takes one pupil at once and keeps no seat: caps refuse that."""
    one_at_once = caps(len(question.slots.keys), len(question.pupils.keys), at_once=[-1, -1, 1])
    slots = replace(question.slots, reserved=question.slots.reserved * 0)
    held = replace(question.fixed, reserved=question.fixed.reserved & False)
    return replace(question, slots=slots, fixed=held, caps=one_at_once)


def small_question(policy: Policy) -> Problem:
    """Six pupils for four seats, with all that a question may hold."""
    pupils, slots = 6, 3
    return Problem(
        weeks=["2027-W05", "2027-W06"],
        slots=Slots(
            keys=["a", "b", "c"],
            offers=np.arange(slots, dtype=np.int32),
            weeks=np.array([1, 2, 3], np.uint64),
            seats=np.array([1, 1, 2], np.int32),
            reserved=np.array([0, 0, 1], np.int32),
            reserved_for=np.array([-1, -1, 0], np.int16),
            lat=np.array([45.0, 45.1, 45.2]),
            lon=np.full(slots, 5.0),
            territory=np.array([0, 0, 1], np.int32),
            sector=np.array([0, 1, -1], np.int16),
            accessible=np.array([True, False, True]),
            link_group=np.zeros(slots, np.int32),
        ),
        pupils=Pupils(
            keys=[f"p{number}" for number in range(pupils)],
            lottery=np.arange(pupils, dtype=np.uint64),
            lat=np.full(pupils, 45.05),
            lon=np.full(pupils, 5.01),
            weeks=np.array([1, 2, 3, 3, 3, 1], np.uint64),
            reach=np.full(pupils, 3000, np.int32),
            class_of_service=np.array([0, 0, 1, 0, 0, 0], np.int16),
            entitlements=np.array([1, 0, 0, 0, 0, 0], np.uint64),
            school=np.zeros(pupils, np.int32),
            territory=np.zeros(pupils, np.int32),
            sectors=np.array([1, 2, 3, 0, 0, 1], np.uint64),
            needs_access=np.zeros(pupils, np.bool_),
            link_group=np.zeros(pupils, np.int32),
        ),
        wishes=Wishes(
            np.array([0, 1, 2], np.int32),
            np.array([0, 1, 2], np.int32),
            np.array([1, 2, 1], np.int8),
        ),
        refused=Pairs(np.array([3], np.int32), np.array([0], np.int32)),
        fixed=Fixed(
            np.array([5], np.int32),
            np.array([2], np.int32),
            np.array([False]),
            np.array([0], np.int8),
        ),
        policy=policy,
    )
