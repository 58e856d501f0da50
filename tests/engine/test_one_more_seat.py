"""What one more seat would bring, told without solving, is what solving again brings."""

import numpy as np
import pytest

from matching.engine.explain import market_of
from matching.engine.gains import gains
from matching.engine.problem import Policy
from matching.engine.solve import solve
from tests.engine.depth import quick_or_deep
from tests.engine.instances import around_a_town
from tests.engine.test_explain import SMALLER_IS_BETTER, levels, seat_kinds, with_seats

CASES = quick_or_deep(170, 700)  # of each policy
PUPILS = quick_or_deep(14, 60)


@pytest.mark.parametrize("policy", list(Policy))
def test_gains_are_what_solving_again_gains(policy: Policy) -> None:
    random = np.random.default_rng(20270201)
    compared, more_placed = 0, 0
    for _ in range(CASES):
        pupils = int(random.integers(3, PUPILS))
        slots = int(random.integers(2, PUPILS))
        problem = around_a_town(int(random.integers(1, 2**31)), policy, slots, pupils, side=5)
        kinds = seat_kinds(problem)
        if not kinds:
            continue
        solution = solve(problem)
        found, before = gains(market_of(problem), solution), levels(solution)
        telling = [(kind, slot) for kind, slot in kinds if found.levels[:, kind, slot].any()]
        among = telling if telling and random.random() < 0.5 else kinds
        kind, slot = among[int(random.integers(len(among)))]
        after = levels(solve(with_seats(problem, slot, kind, 1)))
        more = bool(found.places[kind, slot])
        assert after["placed"] - before["placed"] == more
        more_placed += more
        if policy == Policy.CANNOT_BE_GAMED or (policy == Policy.FAIR and more):
            continue  # nothing exact is promised there
        change = [
            (after[name] - before[name]) * (1 if name in SMALLER_IS_BETTER else -1)
            for name in found.names
        ]
        assert change == found.levels[:, kind, slot].tolist()
        compared += any(change)
    assert CASES / 10 < more_placed < CASES
    assert compared > CASES / 10 or policy == Policy.CANNOT_BE_GAMED
