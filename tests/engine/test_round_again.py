"""A round run again from the prices of the one before: the answer of solving from nothing."""

from dataclasses import replace

import numpy as np
import pytest

from matching.engine import filling
from matching.engine.problem import Fixed, Pairs, Policy, Problem
from matching.engine.solution import Certificate, Solution
from matching.engine.solve import solve
from matching.engine.verify import verify
from tests.engine.depth import quick_or_deep
from tests.engine.instances import around_a_town

POLICIES = list(Policy)


@pytest.fixture(autouse=True, params=[0, filling.LARGE])
def auctions_from(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """With an auction that begins at the prices given, and without any."""
    monkeypatch.setattr(filling, "LARGE", request.param)


def some_held_some_gone(problem: Problem, answer: Solution, number: int) -> Problem:
    """A third of those placed keep their seat, a tenth will not have the slot that they had."""
    random = np.random.default_rng(number)
    placed = random.permutation(np.flatnonzero(answer.slot >= 0))
    held, gone = placed[: len(placed) // 3], placed[-(len(placed) // 10) - 1 :]
    gone = np.setdiff1d(gone, held)
    refused = {*zip(problem.refused.pupil, problem.refused.slot, strict=True)}
    refused |= {*zip(gone, answer.slot[gone], strict=True)}
    pupils, slots = zip(*sorted(refused), strict=True)
    return replace(
        problem,
        refused=Pairs(np.array(pupils), np.array(slots)),
        fixed=Fixed(held, answer.slot[held], answer.reserved_seat[held], answer.week[held]),
    )


def assert_same(one: Solution, other: Solution) -> None:
    assert one.levels == other.levels
    for column in ("slot", "reserved_seat", "week", "rank", "distance", "reason"):
        np.testing.assert_array_equal(getattr(one, column), getattr(other, column), column)


@pytest.mark.parametrize("policy", POLICIES)
def test_a_round_again_from_prices_is_the_round_from_nothing(policy: Policy) -> None:
    compared = 0
    for number in range(1, quick_or_deep(60, 600)):
        before = around_a_town(number, policy, 30, 90, side=8)
        answer = solve(before)
        if (answer.slot >= 0).sum() < 10:
            continue
        again = some_held_some_gone(before, answer, number)
        from_prices = solve(again, start=answer.certificate)
        assert_same(from_prices, solve(again))
        assert verify(again, from_prices).ok, number
        compared += 1
    assert compared > 40


@pytest.mark.parametrize("policy", POLICIES)
def test_any_prices_are_a_fair_start(policy: Policy) -> None:
    for number in range(1, quick_or_deep(20, 200)):
        problem = around_a_town(number, policy, 30, 90, side=8)
        answer = solve(problem)
        assert answer.certificate is not None
        random = np.random.default_rng(number)
        wrong = Certificate(
            answer.certificate.levels,
            random.integers(-(10**9), 10**9, answer.certificate.prices.shape),
        )
        started = solve(problem, start=wrong)
        assert_same(started, answer)
        assert verify(problem, started).ok, number


def test_prices_of_other_slots_are_refused() -> None:
    problem = around_a_town(3, Policy.FAIR, 30, 90)
    other = around_a_town(3, Policy.FAIR, 20, 90)
    with pytest.raises(ValueError, match="other slots"):
        solve(problem, start=solve(other).certificate)
