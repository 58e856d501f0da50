"""The matcher's front door."""

from collections.abc import Callable

from matching.engine.problem import Problem
from matching.engine.solution import Solution


class Cancelled(Exception):  # noqa: N818 - it is news, not an error
    """The caller asked to stop; nothing was answered."""


def solve(
    problem: Problem,
    *,
    progress: Callable[[str, float], None] = lambda _phase, _share: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Solution:
    """Place the pupils of `problem` by its policy.

    `progress(phase, share)` is called with a share that grows from 0 to 1; phases are "reading",
    "pairs", "who", "where", "explaining". `cancelled()` is asked between steps; Cancelled is
    raised when it says yes. The same rows in any order give the same answer.
    """
    raise Cancelled
