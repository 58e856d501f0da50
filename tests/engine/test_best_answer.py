"""The answer is the best at every level: against every answer, and against general methods."""

from functools import cache

import pytest

from matching.engine.answer import Answer, hold, levels_of
from matching.engine.problem import Policy, Problem
from matching.engine.solution import Reason, Solution
from matching.engine.solve import solve
from matching.engine.verify import verify
from tests.engine.brute_force import Table, best_levels, best_set
from tests.engine.independent import (
    best_by_flow,
    best_by_linear_programmes,
    network,
    placed_in_turn,
)
from tests.engine.instances import around_a_town, tiny

INSTANCES = range(300)


def levels_decided(problem: Problem, solution: Solution) -> list[tuple[str, int]]:
    """The levels without what held placements add."""
    names = tuple(level.name for level in solution.levels)
    held = Answer(len(problem.pupils.keys))
    hold(problem, held)
    given = dict(levels_of(problem, names, held))
    return [(name, value - given[name]) for name, value in solution.levels]


@pytest.mark.parametrize("policy", list(Policy))
def test_no_answer_is_better_at_any_level(policy: Policy) -> None:
    for number in INSTANCES:
        problem = tiny(number, policy)
        solution = solve(problem)
        assert levels_decided(problem, solution) == best_levels(problem), number


def test_fair_places_each_pupil_whom_those_before_him_leave_a_place() -> None:
    for number in INSTANCES:
        problem = tiny(number, Policy.FAIR)
        table = Table(problem)
        solution = solve(problem)
        assert {k for k in table.pupils if solution.slot[k] >= 0} == best_set(table), number


@pytest.mark.parametrize("policy", list(Policy))
def test_answers_pass_the_check_with_prices_given_and_without(policy: Policy) -> None:
    for number in INSTANCES:
        problem = tiny(number, policy)
        solution = solve(problem)
        assert verify(problem, solution).failures == (), number
        assert verify(problem, without_certificate(solution)).failures == (), number


def without_certificate(solution: Solution) -> Solution:
    columns = {name: getattr(solution, name) for name in solution.__dataclass_fields__}
    return Solution(**{**columns, "certificate": None})


@cache
def hundreds(number: int, policy: Policy) -> Problem:
    return around_a_town(number, policy, slots=90, pupils=220, side=12)


@pytest.mark.parametrize("number", [1, 4, 5, 7])
@pytest.mark.parametrize("policy", [Policy.FAIR, Policy.BEST_TOTAL])
def test_linear_programmes_and_flows_find_nothing_better(number: int, policy: Policy) -> None:
    problem = hundreds(number, policy)
    solution = solve(problem)
    net = network(problem)
    if policy == Policy.FAIR:
        chosen = placed_in_turn(net, problem)
        assert chosen == {k for k in net.pupils if solution.slot[k] >= 0}
        net = network(problem, chosen)
    mine = levels_decided(problem, solution)
    assert mine == best_by_linear_programmes(net)
    by_flow = best_by_flow(net)
    assert len(by_flow) >= 6
    assert mine[: len(by_flow)] == by_flow


def test_every_reason_is_met_in_the_instances() -> None:
    met: set[int] = set()
    for number in INSTANCES:
        for policy in (Policy.FAIR, Policy.BEST_TOTAL):
            met.update(solve(tiny(number, policy)).reason.tolist())
    of_caps = {Reason.SCHOOL_CAP, Reason.KEPT_APART, Reason.HOST_CAP}  # see test_caps.py
    assert met == {int(reason) for reason in set(Reason) - of_caps}
