"""Caps that cross are refused, and so is an answer that breaks a cap or whose proof is damaged."""

from dataclasses import replace

import numpy as np
import pytest

from matching.engine.caps import caps
from matching.engine.columns import ProblemInvalid
from matching.engine.problem import Policy, Problem, Travel
from matching.engine.solution import Solution
from matching.engine.solve import solve
from matching.engine.verify import verify
from tests.engine.capped_brute_force import CappedTable, breaks_a_cap
from tests.engine.capped_instances import with_caps
from tests.engine.instances import around_a_town
from tests.engine.test_caps import plain


def two_weeks(**columns: object) -> Problem:
    """Two slots of one offer in two weeks, a third open in both; pupils of two schools."""
    problem = plain(around_a_town(1, Policy.FAIR, slots=3, pupils=4))
    slots, pupils = problem.slots, problem.pupils
    return replace(
        problem,
        slots=replace(
            slots, offers=np.array([0, 0, 1]), weeks=np.array([1, 2, 3], np.uint64),
            seats=np.array([2, 2, 3]), reserved=np.array([0, 1, 1]),
            reserved_for=np.array([-1, 0, 0]),
        ),
        pupils=replace(
            pupils, school=np.array([7, 7, 8, 8]), weeks=np.array([1, 3, 2, 2], np.uint64),
            entitlements=np.array([1, 0, 1, 1], np.uint64),
        ),
        caps=caps(3, 4, **columns),
    )  # fmt: skip


def one_total(*members: int, limit: int = -1, of_a_school: int = -1) -> dict[str, object]:
    return {
        "total": [limit],
        "total_of_a_school": [of_a_school],
        "member_total": [0] * len(members),
        "member_slot": list(members),
    }


@pytest.mark.parametrize(
    ("columns", "refused"),
    [
        # a school that may come in two weeks, beside the seats of each week
        (one_total(0, 1, of_a_school=1), ("caps.total_of_a_school", 0, "crosses_seats")),
        # at once, beside the seats that those without a right may have in all weeks
        ({"at_once": [-1, -1, 1]}, ("caps.at_once", 2, "crosses_reserved")),
        # a school of whom only one may have the reserved seat
        ({"of_a_school": [-1, 1, -1]}, ("caps.of_a_school", 1, "crosses_reserved")),
        ({"apart": [5, 5, -1, -1]}, ("caps.apart", 0, "crosses_reserved")),
        ({"apart": [5, -1, 5, -1]}, ("caps.apart", 0, "two_schools")),
        ({"at_once": [-2, 1, 1]}, ("caps.at_once", 0, "negative")),
        ({"at_once": [1]}, ("caps.of_a_school", -1, "wrong_length")),
        (one_total(0, 3, limit=1), ("caps.member_slot", 1, "unknown_slot")),
        (one_total(0, 0, limit=1), ("caps.member_slot", 1, "twice")),
    ],
)
def test_caps_that_cross_or_do_not_fit_are_refused(
    columns: dict[str, object], refused: tuple[str, int, str]
) -> None:
    with pytest.raises(ProblemInvalid) as caught:
        two_weeks(**columns)
    assert refused in [tuple(fault) for fault in caught.value.faults]


def test_totals_that_share_some_slots_only_are_refused() -> None:
    for members in ([[0, 1], [1, 2]], [[1, 2], [0, 1]], [[0, 1, 2], [0, 1], [1, 2]]):
        rows = [(total, slot) for total, slots in enumerate(members) for slot in slots]
        with pytest.raises(ProblemInvalid, match="crosses_total"):
            two_weeks(
                total=[1] * len(members),
                total_of_a_school=[-1] * len(members),
                member_total=[total for total, _ in rows],
                member_slot=[slot for _, slot in rows],
            )


def test_a_school_that_meets_one_week_of_an_offer_may_be_capped_over_it() -> None:
    problem = two_weeks()
    pupils = replace(problem.pupils, weeks=np.array([1, 1, 2, 2], np.uint64))
    given_caps = caps(3, 4, **one_total(0, 1, of_a_school=1))
    slots = replace(problem.slots, reserved=np.zeros(3, int), reserved_for=np.full(3, -1))
    capped = replace(problem, slots=slots, pupils=pupils, caps=given_caps)
    solution = solve(capped)
    assert verify(capped, solution).ok
    in_offer = capped.pupils.school[np.isin(solution.slot, [0, 1])]
    assert np.bincount(in_offer, minlength=9).max() <= 1


@pytest.fixture(scope="module", params=list(Policy))
def sound(request: pytest.FixtureRequest) -> tuple[Problem, Solution]:
    problem = with_caps(around_a_town(25, request.param, slots=60, pupils=150, side=8), 25)
    solution = solve(problem)
    assert verify(problem, solution).failures == ()
    return problem, solution


def test_an_answer_that_breaks_a_cap_is_refused(sound: tuple[Problem, Solution]) -> None:
    problem, solution = sound
    table = CappedTable(problem)
    refused = 0
    for row in table.pupils:
        for slot, week in table.placements(row):
            moved, weeks = solution.slot.copy(), solution.week.copy()
            moved[row], weeks[row] = slot, week
            if breaks_a_cap(problem, moved.tolist(), weeks.tolist()):
                failures = verify(problem, replace(solution, slot=moved, week=weeks)).failures
                assert "caps" in {failure.property for failure in failures}
                refused += 1
        if refused > 40:
            return
    raise AssertionError("no such pair in the instance")


def test_damaged_prices_of_caps_are_refused(sound: tuple[Problem, Solution]) -> None:
    problem, solution = sound
    certificate = solution.certificate
    assert certificate is not None
    assert certificate.caps is not None
    told = certificate.caps
    priced = np.flatnonzero((told.prices != 0).any(axis=0))
    assert len(priced) > 3
    damages = {"none": told.prices * 0, "negative": told.prices.copy(), "less": told.prices.copy()}
    damages["negative"][1, priced[0]] -= 10**6
    level = int(np.flatnonzero(told.prices[:, priced[-1]])[0])
    damages["less"][level, priced[-1]] -= 1
    for prices in damages.values():
        damaged = replace(certificate, caps=replace(told, prices=prices))
        assert not verify(problem, replace(solution, certificate=damaged)).ok
    for other in (None, replace(told, team=told.team + 1)):
        damaged = replace(certificate, caps=other)
        names = {
            f.property for f in verify(problem, replace(solution, certificate=damaged)).failures
        }
        assert "prices" in names
    failures = verify(problem, replace(solution, certificate=None)).failures
    assert [failure.property for failure in failures] == ["prices"]


def test_travel_and_held_placements_go_with_caps() -> None:
    problem = two_weeks(at_once=[1, 1, -1], of_a_school=[1, -1, -1])
    pupils = replace(problem.pupils, entitlements=np.zeros(4, np.uint64))
    rows = [(pupil, slot) for pupil in range(4) for slot in range(3)]
    travel = Travel(*zip(*rows, strict=True), np.full(len(rows), 10))
    capped = replace(problem, pupils=pupils, travel=travel)
    held = replace(capped.fixed, pupil=[0, 1], slot=[0, 0], reserved=np.zeros(2, bool), week=[0, 0])
    beyond = replace(capped, fixed=held)  # two held where one may be: nobody is added
    solution = solve(beyond)
    assert verify(beyond, solution).ok
    assert np.sum(solution.slot == 0) == 2
