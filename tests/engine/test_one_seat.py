"""An answer changed by one seat is the one found by solving again."""

from dataclasses import replace

import numpy as np
import pytest

from matching.engine.one_seat import with_one_seat, without_one_seat
from matching.engine.problem import Policy, Problem
from matching.engine.solution import Reason, Solution
from matching.engine.solve import solve
from matching.engine.standing import Standing, stand
from matching.engine.verify import verify
from tests.benchmarks.worlds import World, problem_of
from tests.engine.capped_instances import tiny_capped
from tests.engine.depth import quick_or_deep
from tests.engine.instances import around_a_town, tiny
from tests.engine.test_explain import seat_kinds, with_seats

COLUMNS = ("slot", "reserved_seat", "week", "distance", "rank", "reason")


def changed(standing: Standing, slot: int, kind: int, change: int, *, prove: bool) -> Solution:
    by_one_seat = with_one_seat if change > 0 else without_one_seat
    return by_one_seat(standing, slot, reserved=bool(kind), prove=prove)


def left(problem: Problem, slot: int, kind: int) -> int:
    """Seats of this kind that no placement holds."""
    held = problem.fixed
    taken = np.count_nonzero((held.slot == slot) & (held.reserved == bool(kind)))
    reserved = problem.slots.reserved[slot]
    return int((reserved if kind else problem.slots.seats[slot] - reserved) - taken)


def same_columns(one: Solution, other: Solution) -> bool:
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in COLUMNS)


def assert_same(one: Solution, other: Solution) -> None:
    assert one.levels == other.levels
    assert same_columns(one, other)


@pytest.mark.parametrize("policy", [Policy.FAIR, Policy.BEST_TOTAL])
@pytest.mark.parametrize(("towns", "pupils"), [(quick_or_deep(30, 600), 14), (4, 60)])
def test_one_seat_more_or_less_is_what_solving_again_finds(
    policy: Policy, towns: int, pupils: int
) -> None:
    random = np.random.default_rng(20270301 + pupils)
    placed = {1: 0, -1: 0}  # how often one pupil more or less has a place
    moved = 0  # how often somebody else gets another one
    for _ in range(towns):
        size = int(random.integers(3, pupils))
        number = int(random.integers(1, 2**31))
        problem = around_a_town(number, policy, int(random.integers(1, size)), size, side=5)
        solution = solve(problem)
        standing = stand(problem, solution)
        kinds = seat_kinds(problem)
        for kind, slot in random.permutation(kinds)[: quick_or_deep(8, 100)].tolist():
            for change in (1, -1):
                if left(problem, slot, kind) + change < 0:
                    continue
                other = with_seats(problem, slot, kind, change)
                found = changed(standing, slot, kind, change, prove=True)
                again = solve(other)
                assert_same(found, again)
                assert verify(other, found).ok
                more = again.levels[0].value - solution.levels[0].value
                placed[change] += abs(more)
                moved += int(np.count_nonzero(found.slot != solution.slot)) > abs(more)
    assert min(placed.values()) > towns / 4
    assert moved > towns / 4


@pytest.mark.parametrize("policy", [Policy.FAIR, Policy.BEST_TOTAL])
def test_schools_where_many_named_the_same_sectors_are_placed_as_by_solving_again(
    policy: Policy,
) -> None:
    problem = problem_of(World("Ille-et-Vilaine", 600, 560, departements=("35",)), policy)
    solution = solve(problem)
    standing = stand(problem, solution)
    assert np.count_nonzero(solution.reason == Reason.SECTOR) > 50
    kinds = seat_kinds(problem)
    for kind, slot in kinds[:: len(kinds) // quick_or_deep(20, 200)]:
        for change in (1, -1):
            if left(problem, slot, kind) + change >= 0:
                other = with_seats(problem, slot, kind, change)
                assert_same(changed(standing, slot, kind, change, prove=False), solve(other))


def test_the_answer_that_stands_is_not_changed() -> None:
    problem = around_a_town(8, Policy.FAIR, slots=10, pupils=30)
    solution = solve(problem)
    standing = stand(problem, solution)
    again = [
        changed(standing, slot, kind, 1, prove=False)
        for _ in range(2)
        for kind, slot in seat_kinds(problem)
    ]
    half = len(again) // 2
    for one, other in zip(again[:half], again[half:], strict=True):
        assert_same(one, other)
    assert again[0].certificate is None


def test_what_cannot_be_changed_by_one_seat_is_refused() -> None:
    problem = tiny(3, Policy.FAIR)
    solution = solve(problem)
    capped = next(
        one
        for one in (tiny_capped(number, Policy.FAIR) for number in range(50))
        if one.caps is not None
    )
    gamed = replace(problem, policy=Policy.CANNOT_BE_GAMED)
    with pytest.raises(ValueError, match="only fair and best_total"):
        stand(capped, solve(capped))
    with pytest.raises(ValueError, match="only fair and best_total"):
        stand(gamed, solve(gamed))
    with pytest.raises(ValueError, match="without prices"):
        stand(problem, replace(solution, certificate=None))


def test_an_answer_that_is_not_the_best_is_refused() -> None:
    problem = around_a_town(8, Policy.FAIR, slots=10, pupils=30)
    solution = solve(problem)
    prices = solution.certificate.prices.copy()
    prices[-2] = 0
    assert solution.certificate.prices[-2].any()
    worse = replace(solution, certificate=replace(solution.certificate, prices=prices))
    with pytest.raises(ValueError, match="do not prove"):
        stand(problem, worse)


def test_a_kind_of_seats_that_never_was_or_is_all_held_cannot_be_changed() -> None:
    problem = next(
        one
        for one in (tiny(number, Policy.FAIR) for number in range(200))
        if any(left(one, slot, kind) == 0 for kind, slot in seat_kinds(one))
        and (one.slots.reserved == 0).any()
    )
    standing = stand(problem, solve(problem))
    with pytest.raises(ValueError, match="never had"):
        with_one_seat(standing, int(np.argmin(problem.slots.reserved)), reserved=True)
    kind, slot = next(pair for pair in seat_kinds(problem) if left(problem, pair[1], pair[0]) == 0)
    with pytest.raises(ValueError, match="without a seat to close"):
        without_one_seat(standing, slot, reserved=bool(kind))
