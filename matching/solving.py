"""Runs the engine in a process of its own, so that no web request waits for it.

The child imports the compiler and holds the big arrays; the parent gets progress, then the answer
and its verification. Killing the child is how a run is cancelled.
"""

import multiprocessing
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection

from matching.engine.problem import Problem
from matching.engine.solution import Solution

POLL_SECONDS = 0.2


class SolverDied(Exception):  # noqa: N818 - it tells what happened
    """The process of the engine ended without an answer."""


@dataclass(frozen=True, slots=True)
class Checked:
    """An answer with what the independent check says of it."""

    solution: Solution
    properties: tuple[str, ...]
    failures: tuple[tuple[str, str], ...]


def solve_and_verify(
    problem: Problem,
    *,
    progress: Callable[[str, float], None],
    cancelled: Callable[[], bool],
) -> Checked | None:
    """Solve ``problem`` and check the answer; None when ``cancelled()`` said yes meanwhile.

    Raises SolverDied when the process is killed or fails.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(theirs, problem), daemon=True)
    process.start()
    theirs.close()
    try:
        while True:
            if ours.poll(POLL_SECONDS):
                kind, *content = ours.recv()
                if kind == "progress":
                    progress(*content)
                elif kind == "answer":
                    return Checked(*content)
                else:
                    raise SolverDied(content[0])
            elif cancelled():
                return None
    except EOFError as error:
        raise SolverDied("ended without an answer") from error
    finally:
        process.kill()
        process.join()
        ours.close()


def _work(pipe: Connection, problem: Problem) -> None:
    """What the child does."""
    from matching.engine.solve import solve
    from matching.engine.verify import verify

    try:
        solution = solve(
            problem,
            # The check is the last tenth of the work.
            progress=lambda phase, share: pipe.send(("progress", phase, share * 0.9)),
        )
        pipe.send(("progress", "verifying", 0.9))
        report = verify(problem, solution)
        failures = tuple((failure.property, failure.detail) for failure in report.failures)
        pipe.send(("answer", solution, tuple(report.checked), failures))
    except Exception as error:
        pipe.send(("failed", f"{type(error).__name__}: {error}"))
