"""Under `cannot_be_gamed` no reordering or hiding of a pupil's wishes brings him a better one."""

from dataclasses import replace
from itertools import permutations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine.problem import Policy, Problem, Wishes
from matching.engine.solve import solve
from tests.engine.instances import around_a_town


def said(problem: Problem, pupil: int, slots: tuple[int, ...]) -> Problem:
    """The question when `pupil` wishes `slots`, in this order."""
    wishes = problem.wishes
    others = wishes.pupil != pupil
    told = Wishes(
        np.append(wishes.pupil[others], [pupil] * len(slots)).astype(int),
        np.append(wishes.slot[others], slots).astype(int),
        np.append(wishes.rank[others], range(1, len(slots) + 1)).astype(int),
    )
    return replace(problem, wishes=told)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(0, 10**6), st.integers(2, 4), st.integers(2, 4), st.data())
def test_the_truth_serves_best(number: int, slots: int, pupils: int, data: st.DataObject) -> None:
    problem = around_a_town(4 * number + 1, Policy.CANNOT_BE_GAMED, slots, pupils, side=2)
    truth = tuple(data.draw(st.permutations(range(slots)), label="wishes in true order"))
    pupil = data.draw(st.integers(0, pupils - 1), label="pupil")
    honest = int(solve(said(problem, pupil, truth)).slot[pupil])
    value = {slot: -place for place, slot in enumerate(truth)}  # any slot beats none
    for length in range(slots + 1):
        for lie in permutations(truth, length):
            got = int(solve(said(problem, pupil, lie)).slot[pupil])
            assert value.get(got, -99) <= value.get(honest, -99)


def test_under_fair_a_lie_can_pay_which_is_why_the_policy_exists() -> None:
    paid = 0
    for number in range(1, 400, 4):
        problem = around_a_town(number, Policy.FAIR, slots=3, pupils=4, side=2)
        for pupil in range(4):
            if pupil in problem.fixed.pupil:
                continue
            truth = said(problem, pupil, (0, 1, 2))
            honest = int(solve(truth).slot[pupil])
            if honest > 0:
                lies = [solve(said(problem, pupil, (slot,))).slot[pupil] for slot in range(honest)]
                paid += any(got == slot for slot, got in enumerate(lies))
    assert paid > 0
