"""Runs the engine in a process of its own, so that no web request waits for it.

The child imports the compiler and holds the big arrays; the parent gets progress, then the answer
and its verification. Killing the child is how a run is cancelled.
"""

import gc
import multiprocessing
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, cast

import numpy as np

from matching import memory
from matching.engine.problem import Problem, TooLarge
from matching.engine.solution import Solution

if TYPE_CHECKING:
    from matching.engine.explain import Surroundings
    from matching.engine.gains import Gains
    from matching.engine.measures import Measures
    from matching.engine.shortage import Shortage

POLL_SECONDS = 0.2


class SolverDied(Exception):  # noqa: N818 - it tells what happened
    """The process of the engine ended without an answer."""


@dataclass(frozen=True, slots=True)
class Checked:
    """An answer, what the independent check says of it, and the numbers behind its reasons.

    ``around``, ``lacking`` and ``measured`` are None when the check failed: then nothing is
    explained.
    ``territories`` numbers the rows of ``lacking``; −1 is "outside every territory".
    """

    solution: Solution
    properties: tuple[str, ...]
    failures: tuple[tuple[str, str], ...]
    around: "Surroundings | None" = None
    gained: "Gains | None" = None
    lacking: "Shortage | None" = None
    territories: tuple[int, ...] = ()
    measured: "Measures | None" = None


def solve_and_verify(
    problem: Problem,
    *,
    progress: Callable[[str, float], None],
    cancelled: Callable[[], bool],
) -> Checked | None:
    """Solve ``problem`` and check the answer; None when ``cancelled()`` said yes meanwhile.

    Raises SolverDied when the process is killed or fails, TooLarge when it would need more memory
    than this machine can give.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(
        target=_work, args=(theirs, problem, memory.most_for_a_round()), daemon=True
    )
    process.start()
    theirs.close()
    try:
        asked = time.monotonic()
        while True:
            if ours.poll(POLL_SECONDS):
                kind, *content = ours.recv()
                if kind == "progress":
                    progress(*content)
                elif kind == "answer":
                    return cast("Checked", content[0])
                elif kind == "too large":
                    raise TooLarge(*content)
                else:
                    raise SolverDied(content[0])
            if time.monotonic() - asked >= POLL_SECONDS:
                asked = time.monotonic()
                if cancelled():
                    return None
    except EOFError as error:
        raise SolverDied("ended without an answer") from error
    finally:
        process.kill()
        process.join()
        ours.close()


def answer(
    problem: Problem, progress: Callable[[str, float], None], most: int | None = None
) -> Checked:
    """Solve, check and explain, in this process. The check and the rest are the last tenth."""
    from matching.engine.solve import solve
    from matching.engine.verify import verify

    solution = solve(
        problem, progress=lambda phase, share: progress(phase, share * 0.9), memory=most
    )
    progress("verifying", 0.9)
    report = verify(problem, solution)
    failures = tuple((failure.property, failure.detail) for failure in report.failures)
    if failures:
        return Checked(solution, tuple(report.checked), failures)
    progress("explaining", 0.95)
    return _explained(problem, solution, tuple(report.checked))


def spare_the_compiler() -> None:
    """Look for garbage less often: the compiler makes millions of objects that stay, and looking
    through them as often as usual takes a sixth of its time.
    """
    gc.set_threshold(100_000, 20, 20)


def _explained(problem: Problem, solution: Solution, properties: tuple[str, ...]) -> Checked:
    from matching.engine.explain import market_of, surroundings
    from matching.engine.gains import gains
    from matching.engine.measures import measures
    from matching.engine.shortage import shortage

    market = market_of(problem)
    gained = gains(market, solution)
    known, areas = np.unique(
        np.concatenate([problem.pupils.territory, problem.slots.territory]), return_inverse=True
    )
    of_pupil, of_slot = np.split(areas.astype(np.int32), [len(problem.pupils.keys)])
    return Checked(
        solution,
        properties,
        (),
        surroundings(market, solution),
        gained,
        shortage(market, solution, gained, of_pupil, of_slot, len(known)),
        tuple(known.tolist()),
        measures(market, solution),
    )


def _work(pipe: Connection, problem: Problem, most: int) -> None:
    """What the child does."""
    spare_the_compiler()
    try:
        pipe.send(("answer", answer(problem, lambda *told: pipe.send(("progress", *told)), most)))
    except TooLarge as error:
        pipe.send(("too large", error.needed, error.most))
    except Exception as error:  # whatever happens is told to the parent
        pipe.send(("failed", f"{type(error).__name__}: {error}"))
