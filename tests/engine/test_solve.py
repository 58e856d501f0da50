"""What the front door promises: progress, cancelling, weeks, lottery among equals, empty input."""

import numpy as np
import pytest

from matching.engine.problem import Fixed, Policy, Problem, Pupils, Slots, TooLarge, Wishes
from matching.engine.solution import Reason
from matching.engine.solve import Cancelled, solve
from matching.engine.verify import verify
from tests.engine.instances import around_a_town

POLICIES = list(Policy)
WEEKS = ["2027-W03", "2027-W05", "2027-W06"]


def slots(count: int, **columns: object) -> Slots:
    values: dict[str, object] = {
        "keys": [f"slot {k}" for k in range(count)],
        "offers": range(count),
        "weeks": [1] * count,
        "seats": [1] * count,
        "reserved": [0] * count,
        "reserved_for": [-1] * count,
        "lat": [48.0] * count,
        "lon": [2.0] * count,
        "territory": [-1] * count,
        "sector": [-1] * count,
        "accessible": [True] * count,
        "link_group": [0] * count,
    }
    return Slots(**{**values, **columns})


def pupils(count: int, **columns: object) -> Pupils:
    values: dict[str, object] = {
        "keys": [f"pupil {k}" for k in range(count)],
        "lottery": range(count),
        "lat": [48.0] * count,
        "lon": [2.0] * count,
        "weeks": [1] * count,
        "reach": [2000] * count,
        "class_of_service": [0] * count,
        "entitlements": [0] * count,
        "school": [-1] * count,
        "territory": [-1] * count,
        "sectors": [0] * count,
        "needs_access": [False] * count,
        "link_group": [0] * count,
    }
    return Pupils(**{**values, **columns})


@pytest.mark.parametrize("policy", POLICIES)
def test_progress_goes_from_nought_to_one_without_going_back(policy: Policy) -> None:
    heard: list[tuple[str, float]] = []
    problem = around_a_town(3, policy, slots=80, pupils=200, side=10)
    solve(problem, progress=lambda phase, share: heard.append((phase, share)))
    shares = [share for _, share in heard]
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert shares[-1] == 1
    phases = list(dict.fromkeys(phase for phase, _ in heard))
    assert phases == ["reading", "pairs", "who", "where", "explaining"]
    assert len(shares) > 20


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("asked", [0, 1, 3, 10])
def test_cancelling_stops_between_two_steps(policy: Policy, asked: int) -> None:
    questions = iter(range(1000))
    problem = around_a_town(3, policy, slots=80, pupils=200, side=10)
    with pytest.raises(Cancelled):
        solve(problem, cancelled=lambda: next(questions) >= asked)
    assert next(questions) == asked + 1


@pytest.mark.parametrize("policy", POLICIES)
def test_nothing_to_match_is_answered(policy: Policy) -> None:
    for count, seats in ((0, 0), (0, 3), (3, 0)):
        problem = Problem(WEEKS, slots(seats), pupils(count), policy=policy)
        solution = solve(problem)
        assert verify(problem, solution).ok
        assert dict(solution.levels)["placed"] == 0
        assert solution.reason.tolist() == [Reason.NO_SLOT] * count


@pytest.mark.parametrize("policy", POLICIES)
def test_any_week_seat_is_taken_in_the_earliest_common_week(policy: Policy) -> None:
    problem = Problem(
        WEEKS, slots(1, weeks=[0b111], seats=[3]), pupils(3, weeks=[0b110, 0b100, 0b111]),
        policy=policy,
    )  # fmt: skip
    assert solve(problem).week.tolist() == [1, 2, 0]


@pytest.mark.parametrize("policy", POLICIES)
def test_among_equals_the_first_in_the_lottery_has_the_only_seat(policy: Policy) -> None:
    for first in range(4):
        lottery = [(k - first) % 4 for k in range(4)]
        problem = Problem(WEEKS, slots(1), pupils(4, lottery=lottery), policy=policy)
        assert np.flatnonzero(solve(problem).slot == 0).tolist() == [first]


@pytest.mark.parametrize("policy", POLICIES)
def test_equal_lottery_numbers_are_decided_by_the_key(policy: Policy) -> None:
    problem = Problem(
        WEEKS, slots(1), pupils(3, lottery=[7, 7, 7], keys=["c", "a", "b"]), policy=policy
    )
    assert np.flatnonzero(solve(problem).slot == 0).tolist() == [1]


@pytest.mark.parametrize("policy", POLICIES)
def test_a_higher_class_is_served_before_the_lottery(policy: Policy) -> None:
    problem = Problem(WEEKS, slots(1), pupils(3, class_of_service=[0, 0, 1]), policy=policy)
    solution = solve(problem)
    assert solution.slot.tolist() == [-1, -1, 0]
    assert solution.reason.tolist()[:2] == [Reason.CLASS, Reason.CLASS]


@pytest.mark.parametrize("policy", POLICIES)
def test_the_entitled_sit_on_reserved_seats_and_leave_the_open_ones(policy: Policy) -> None:
    problem = Problem(
        WEEKS, slots(1, seats=[2], reserved=[1], reserved_for=[0]),
        pupils(2, entitlements=[0, 1], lottery=[1, 0]), policy=policy,
    )  # fmt: skip
    solution = solve(problem)
    assert solution.slot.tolist() == [0, 0]
    assert solution.reserved_seat.tolist() == [False, True]


@pytest.mark.parametrize("policy", POLICIES)
def test_a_wish_out_of_reach_is_not_granted_and_ranks_are_not_renumbered(policy: Policy) -> None:
    problem = Problem(
        WEEKS, slots(2, lat=[49.0, 48.0]), pupils(1),
        wishes=Wishes([0, 0], [0, 1], [1, 3]), policy=policy,
    )  # fmt: skip
    solution = solve(problem)
    assert solution.slot.tolist() == [1]
    assert solution.rank.tolist() == [3]
    assert dict(solution.levels)["ranks"] == 3


@pytest.mark.parametrize("policy", POLICIES)
def test_a_place_exactly_at_reach_is_in_reach(policy: Policy) -> None:
    far = solve(Problem(WEEKS, slots(1, lat=[48.1]), pupils(1), policy=policy)).distance[0]
    for reach, slot in ((far, 0), (far - 1, -1)):
        problem = Problem(WEEKS, slots(1, lat=[48.1]), pupils(1, reach=[reach]), policy=policy)
        assert solve(problem).slot.tolist() == [slot]


@pytest.mark.parametrize("policy", POLICIES)
def test_held_placements_stay_and_keep_their_seats(policy: Policy) -> None:
    held = Fixed([2], [0], [False], [-1])
    problem = Problem(WEEKS, slots(1), pupils(3), fixed=held, policy=policy)
    solution = solve(problem)
    assert solution.slot.tolist() == [-1, -1, 0]
    assert solution.reason.tolist() == [Reason.HELD_BY_OTHERS, Reason.HELD_BY_OTHERS, Reason.HELD]
    assert dict(solution.levels)["placed"] == 1
    assert verify(problem, solution).ok


def test_a_question_too_large_for_the_memory_is_refused_with_the_figure_before_it_is_solved() -> (
    None
):
    problem = around_a_town(3, Policy.FAIR, slots=80, pupils=200, side=10)
    heard: list[str] = []
    with pytest.raises(TooLarge) as refused:
        solve(problem, memory=1_000, progress=lambda phase, _share: heard.append(phase))
    assert refused.value.needed > refused.value.most == 1_000
    assert set(heard) == {"reading", "pairs"}
    assert solve(problem, memory=refused.value.needed).levels == solve(problem).levels
