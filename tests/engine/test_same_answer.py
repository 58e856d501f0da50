"""The same question gives the same answer, whatever the order, the process or the compiler."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from matching.engine import groups, seats
from matching.engine.problem import Policy, Problem
from matching.engine.solution import Solution
from matching.engine.solve import solve
from tests.engine.instances import around_a_town, shuffled, tiny

ROOT = Path(__file__).parents[2]
PRINT_ANSWERS = """
import sys
from hashlib import sha256
from tests.engine.instances import tiny
from matching.engine.solve import solve
digest = sha256()
for number in range(int(sys.argv[1])):
    for policy in ("fair", "best_total", "cannot_be_gamed"):
        solution = solve(tiny(number, policy))
        for name in ("slot", "reserved_seat", "week", "distance", "rank", "reason"):
            digest.update(getattr(solution, name).tobytes())
        digest.update(solution.certificate.prices.tobytes())
        digest.update(repr(solution.levels).encode())
print(digest.hexdigest())
"""


def answers_in_another_process(count: int, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", PRINT_ANSWERS, str(count)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def assert_same(
    problem: Problem, one: Solution, other: Solution, pupils: np.ndarray, slots: np.ndarray
) -> None:
    """`other` answers the question whose rows went to `pupils` and `slots`."""
    expected = np.where(one.slot >= 0, slots[one.slot], -1)
    np.testing.assert_array_equal(other.slot[pupils], expected)
    for name in ("reserved_seat", "week", "distance", "rank", "reason"):
        np.testing.assert_array_equal(getattr(other, name)[pupils], getattr(one, name))
    assert other.levels == one.levels
    assert one.certificate is not None
    assert other.certificate is not None
    np.testing.assert_array_equal(other.certificate.prices[:, :, slots], one.certificate.prices)


@pytest.mark.parametrize("policy", list(Policy))
def test_order_of_rows_and_internal_numbers_decide_nothing(policy: Policy) -> None:
    for number in range(40):
        problem = tiny(number, policy)
        one = solve(problem)
        for order in range(5):
            other, pupils, slots = shuffled(problem, order)
            assert_same(problem, one, solve(other), pupils, slots)


@pytest.mark.parametrize("policy", list(Policy))
def test_numbers_along_the_curve_decide_nothing(
    policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    questions = [*(tiny(number, policy) for number in range(40)), around_a_town(7, policy, 60, 50)]
    along = [solve(problem) for problem in questions]
    for module in (groups, seats):
        monkeypatch.setattr(module, "along_curve", lambda rows, _lat, _lon: rows)
    for problem, one in zip(questions, along, strict=True):
        other = solve(problem)
        assert other.levels == one.levels
        for name in ("slot", "reserved_seat", "week", "reason"):
            np.testing.assert_array_equal(getattr(other, name), getattr(one, name))


@pytest.mark.parametrize("policy", list(Policy))
def test_a_large_question_shuffled_has_the_same_answer(policy: Policy) -> None:
    problem = around_a_town(8, policy, slots=600, pupils=2000, side=30)
    one = solve(problem)
    for order in range(5):
        other, pupils, slots = shuffled(problem, order)
        assert_same(problem, one, solve(other), pupils, slots)


def test_two_processes_and_uncompiled_code_give_the_same_bytes() -> None:
    compiled = answers_in_another_process(12)
    assert compiled == answers_in_another_process(12, PYTHONHASHSEED="7")
    assert compiled == answers_in_another_process(12, NUMBA_DISABLE_JIT="1")


def test_reading_a_problem_loads_no_compiler() -> None:
    script = (
        "import sys, matching.engine.problem, matching.engine.solution; "
        "assert 'numba' not in sys.modules and 'flask' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True)
