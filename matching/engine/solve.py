"""The matcher's front door."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from matching.engine.answer import Answer, give_seats, hold, solution_of
from matching.engine.best_total import best_total
from matching.engine.cannot_be_gamed import cannot_be_gamed
from matching.engine.capped import under_caps
from matching.engine.fair import fair
from matching.engine.groups import interchangeable
from matching.engine.market import Market, Outcome
from matching.engine.pairs import feasible_pairs
from matching.engine.problem import Policy, Problem
from matching.engine.seats import seat_nodes
from matching.engine.solution import Certificate, Solution
from matching.engine.unplaced import say_why_not

POLICIES = {
    Policy.FAIR: fair,
    Policy.BEST_TOTAL: best_total,
    Policy.CANNOT_BE_GAMED: cannot_be_gamed,
}
SHARES = {  # where each phase begins and ends in the whole
    "reading": (0.0, 0.05),
    "pairs": (0.05, 0.25),
    "who": (0.25, 0.35),
    "where": (0.35, 0.95),
    "explaining": (0.95, 1.0),
}


class Cancelled(Exception):  # noqa: N818 - it is news, not an error
    """The caller asked to stop; nothing was answered."""


def solve(
    problem: Problem,
    *,
    progress: Callable[[str, float], None] = lambda _phase, _share: None,
    cancelled: Callable[[], bool] = lambda: False,
    memory: int | None = None,
    start: Certificate | None = None,
) -> Solution:
    """Place the pupils of `problem` by its policy.

    `progress(phase, share)` is called with a share that grows from 0 to 1; phases are "reading",
    "pairs", "who", "where", "explaining". `cancelled()` is asked at each of these calls; Cancelled
    is raised when it says yes. TooLarge is raised, before anything is computed, when more than
    `memory` bytes would be needed. `start` is the certificate of an answer over the same slots, as
    of the round before: its prices spare time and change nothing; ValueError is raised when it is
    of other slots. The same rows in any order give the same answer.
    """

    def step(phase: str, share: float) -> None:
        if cancelled():
            raise Cancelled
        begin, end = SHARES[phase]
        progress(phase, begin + (end - begin) * share)

    if start is not None and start.prices.shape[1:] != (2, len(problem.slots.keys)):
        raise ValueError("prices of other slots")
    step("reading", 0.0)
    nodes = seat_nodes(problem)
    groups = interchangeable(problem)
    step("pairs", 0.0)
    arcs, obstacle = feasible_pairs(problem, groups, nodes, memory)
    market = Market(problem, groups, nodes, arcs, start)
    step("who", 0.0)
    by_policy = POLICIES[problem.policy] if problem.caps is None else under_caps
    outcome = by_policy(market, step)
    step("explaining", 0.0)
    answer = Answer(len(problem.pupils.keys))
    hold(problem, answer)
    capped = outcome.capped
    week = None if capped is None else capped.week
    give_seats(problem, groups, nodes, (outcome.group, outcome.node, outcome.cost), answer, week)
    say_why_not(market, obstacle, answer, None if capped is None else capped.stopped)
    certificate = Certificate(
        outcome.levels, _by_slot(market, outcome), None if capped is None else capped.prices
    )
    solution = solution_of(problem, outcome.levels, answer, certificate)
    step("explaining", 1.0)
    return solution


def _by_slot(market: Market, outcome: Outcome) -> NDArray[np.int64]:
    """Prices of nodes as prices of open and reserved seats of the given slots."""
    nodes = market.nodes
    prices = np.zeros((len(outcome.levels), 2, len(market.problem.slots.keys)), dtype=np.int64)
    prices[:, nodes.kind, nodes.slot] = outcome.prices
    return prices
