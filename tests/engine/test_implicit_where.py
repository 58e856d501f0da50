"""Where all sit over pairs that are not stored: the best levels, a bound before, and its check."""

from dataclasses import replace

import numpy as np
import pytest

import matching.engine.implicit_where as engine
from matching.engine.implicit_where import REWARDED, Located, place_where
from matching.engine.problem import Policy, Problem
from matching.engine.solution import Level
from matching.engine.solve import solve
from matching.engine.verify_implicit_where import check_where
from tests.benchmarks.worlds import DEMO, problem_of
from tests.engine.depth import quick_or_deep
from tests.engine.instances import around_a_town, tiny

TINY, TOWNS = quick_or_deep(100, 1200), quick_or_deep(20, 400)
SMALL = replace(DEMO, points="address", pupils=1_000)


@pytest.fixture(autouse=True)
def few_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    """So few that small questions take several rounds, after samples."""
    for name, few in {
        "NEAREST": 1,
        "DRAWN": 1,
        "ADDED": 1,
        "SMALLEST_SAMPLE": 20,
        "LARGE": 20,
    }.items():
        monkeypatch.setattr(engine, name, few)


def town(number: int) -> Problem:
    return replace(around_a_town(number, Policy.FAIR, 40, 90, side=8), travel=None)


def sizes(levels: tuple[Level, ...]) -> list[int]:
    """As costs: the less, the better."""
    return [-level.value if level.name in REWARDED else level.value for level in levels]


def refused(problem: Problem, located: Located) -> set[str]:
    return {name for name, _ in check_where(problem, *located[:5])}


def assert_exact(problem: Problem) -> None:
    located = place_where(problem)
    assert located.levels == located.bound == solve(problem).levels
    assert located.gap is None
    assert refused(problem, located) == set()


def assert_bounded(problem: Problem) -> None:
    best, located = sizes(solve(problem).levels), place_where(problem, rounds=1)
    assert sizes(located.bound) <= best <= sizes(located.levels)
    assert located.rounds == 1
    assert refused(problem, located) == set()


def test_tiny_questions_end_at_the_best_levels() -> None:
    for number in range(TINY):
        assert_exact(replace(tiny(number, Policy.FAIR), travel=None))


def test_a_question_in_which_all_is_held_has_nothing_to_decide() -> None:
    problem = replace(tiny(150, Policy.FAIR), travel=None)
    assert len(problem.fixed.pupil) == len(problem.pupils.keys) == 1
    assert_exact(problem)


def test_towns_end_at_the_best_levels() -> None:
    for number in range(TOWNS):
        assert_exact(town(number))


@pytest.mark.parametrize("supply", ["scarce", "balanced", "ample"])
@pytest.mark.parametrize("wishing", [0.0, 0.6])
def test_a_world_ends_at_the_best_levels(supply: str, wishing: float) -> None:
    assert_exact(problem_of(replace(SMALL, wishing=wishing).supplied(supply)))


def test_pupils_of_a_school_share_its_pairs() -> None:
    assert_exact(problem_of(replace(SMALL, points="school")))


def test_one_round_proves_a_bound() -> None:
    for number in range(TOWNS):
        assert_bounded(town(number))
    assert_bounded(problem_of(SMALL))


def test_the_gap_is_told_at_the_first_level_that_may_be_better() -> None:
    problem = problem_of(replace(SMALL, wishing=0.0))
    located = place_where(problem, rounds=1)
    names = [level.name for level in located.levels]
    assert located.gap is not None
    place = names.index(located.gap.name)
    assert sizes(located.levels)[:place] == sizes(located.bound)[:place]
    assert located.gap.value == sizes(located.levels)[place] - sizes(located.bound)[place] > 0


def test_it_stops_when_it_is_enough() -> None:
    problem, asked = problem_of(SMALL), []
    located = place_where(problem, enough=lambda: bool(asked.append(None) or len(asked) == 2))
    assert located.rounds == 2
    assert located.pairs < 50 * 1_000


def test_what_is_not_fair_or_lists_its_pairs_is_left_to_stored_pairs() -> None:
    with pytest.raises(ValueError, match="policy"):
        place_where(tiny(1, Policy.BEST_TOTAL))
    with pytest.raises(ValueError, match="travel"):
        place_where(tiny(7, Policy.FAIR))


def test_damaged_answers_are_refused() -> None:
    """A pupil moved, a value or the bound changed. Another price may prove as much: not often."""
    random = np.random.default_rng(0)
    caught = 0
    for number in range(TOWNS):
        problem = town(number)
        located = place_where(problem)
        decided = np.setdiff1d(np.flatnonzero(located.slot >= 0), problem.fixed.pupil)
        one, other = random.choice(decided, 2, replace=False).tolist()
        slot, seat = located.slot.copy(), located.reserved_seat.copy()
        slot[[one, other]], seat[[one, other]] = slot[[other, one]], seat[[other, one]]
        moved = located._replace(slot=slot, reserved_seat=seat)
        same = slot[one] == slot[other] or _equal(problem, one, other)
        assert same or refused(problem, moved), number
        prices = located.prices.copy()
        kind = int(located.reserved_seat[one])
        prices[-2, kind, located.slot[one]] += int(random.choice([-1, 1])) << 20
        caught += bool(refused(problem, located._replace(prices=prices)))
        level = int(random.integers(1, len(located.levels)))
        better = tuple(
            Level(name, value + (k == level)) for k, (name, value) in enumerate(located.levels)
        )
        assert "values" in refused(problem, located._replace(levels=better)), number
        assert "bound" in refused(problem, located._replace(bound=better)), number
    assert caught > TOWNS / 2


def _equal(problem: Problem, one: int, other: int) -> bool:
    """Whether two pupils differ in nothing but lottery and key, so that they may change places."""
    wishing = set(problem.wishes.pupil.tolist()) | set(problem.refused.pupil.tolist())
    pupils = problem.pupils
    names = [name for name in pupils.__dataclass_fields__ if name not in {"keys", "lottery"}]
    alike = all(getattr(pupils, name)[one] == getattr(pupils, name)[other] for name in names)
    return alike and not {one, other} & wishing
