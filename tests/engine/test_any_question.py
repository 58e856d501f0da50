"""Questions that hypothesis picks, against every answer and against flows; more when deep."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine.problem import Policy
from matching.engine.solve import solve
from matching.engine.verify import verify
from tests.engine.brute_force import best_levels
from tests.engine.depth import quick_or_deep
from tests.engine.independent import best_by_flow, network
from tests.engine.instances import around_a_town, tiny
from tests.engine.test_best_answer import levels_decided


@pytest.mark.parametrize("policy", list(Policy))
@settings(max_examples=quick_or_deep(100, 2000), deadline=None, derandomize=True)
@given(number=st.integers(1000, 2**31))
def test_no_answer_to_a_small_question_is_better(policy: Policy, number: int) -> None:
    problem = tiny(number, policy, most=7)
    solution = solve(problem)
    assert levels_decided(problem, solution) == best_levels(problem)
    assert verify(problem, solution).ok


@pytest.mark.parametrize("policy", [Policy.FAIR, Policy.BEST_TOTAL])
@settings(max_examples=quick_or_deep(3, 200), deadline=None, derandomize=True)
@given(number=st.integers(1000, 2**31), pupils=st.integers(50, quick_or_deep(120, 400)))
def test_no_flow_for_a_larger_question_is_better(policy: Policy, number: int, pupils: int) -> None:
    problem = around_a_town(number, policy, slots=pupils // 3, pupils=pupils, side=9)
    solution = solve(problem)
    placed = set(np.flatnonzero(solution.slot >= 0).tolist())
    net = network(problem, placed if policy == Policy.FAIR else None)
    found = best_by_flow(net)
    assert levels_decided(problem, solution)[: len(found)] == found
    assert verify(problem, solution).ok
