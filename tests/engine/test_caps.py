"""Under caps that nest the answer is the best, proven, and the same on every machine."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine.caps import Caps, caps
from matching.engine.explain import market_of
from matching.engine.gains import gains
from matching.engine.problem import Policy, Problem, none_fixed, none_refused
from matching.engine.solution import Reason
from matching.engine.solve import solve
from matching.engine.verify import verify
from matching.engine.wish_reasons import WishReason, wish_reasons
from tests.engine.capped_brute_force import (
    CappedTable,
    best_capped_levels,
    best_capped_set,
    breaks_a_cap,
)
from tests.engine.capped_independent import best_capped_by_flow
from tests.engine.capped_instances import tiny_capped, with_caps
from tests.engine.instances import around_a_town, shuffled
from tests.engine.test_best_answer import levels_decided
from tests.engine.test_honesty import said
from tests.engine.test_same_answer import assert_same

COLUMNS = ("slot", "reserved_seat", "week", "distance", "rank", "reason")


@settings(max_examples=50, deadline=None, derandomize=True)
@given(st.integers(0, 10**6), st.sampled_from(Policy))
def test_no_answer_within_the_caps_is_better_at_any_level(number: int, policy: Policy) -> None:
    problem = tiny_capped(number, policy)
    if problem.caps is None:
        return
    solution = solve(problem)
    assert levels_decided(problem, solution) == best_capped_levels(problem)
    assert verify(problem, solution).failures == ()
    assert not breaks_a_cap(problem, solution.slot.tolist(), solution.week.tolist())
    if policy != Policy.BEST_TOTAL:
        table = CappedTable(problem)
        assert {k for k in table.pupils if solution.slot[k] >= 0} == best_capped_set(table)


@pytest.mark.parametrize("policy", [Policy.FAIR, Policy.BEST_TOTAL])
def test_flows_of_another_maker_find_nothing_better_for_two_thousand(policy: Policy) -> None:
    problem = plain(around_a_town(4, policy, slots=330, pupils=2_000, side=40))
    problem = with_caps(problem, 4)
    assert problem.caps is not None
    solution = solve(problem)
    assert verify(problem, solution).ok
    everybody = np.ones(len(problem.pupils.keys), dtype=np.bool_)
    chosen = everybody if policy == Policy.BEST_TOTAL else solution.slot >= 0
    found = best_capped_by_flow(problem, chosen)
    assert list(map(tuple, solution.levels[:-1])) == found
    assert solution.levels[0].value < solve(replace(problem, caps=None)).levels[0].value


def plain(problem: Problem) -> Problem:
    """Without held placements, refusals and travel."""
    return replace(problem, fixed=none_fixed(), refused=none_refused(), travel=None)


def test_caps_that_are_all_off_change_no_byte() -> None:
    for number in range(8):
        problem = around_a_town(number, list(Policy)[number % 3], slots=20, pupils=40)
        off = replace(problem, caps=caps(20, 40))
        assert off.caps is None
        one, other = solve(problem), solve(off)
        assert all((getattr(one, c) == getattr(other, c)).all() for c in COLUMNS)
        assert one.levels == other.levels
        assert one.certificate is not None
        assert other.certificate is not None
        assert one.certificate.prices.tobytes() == other.certificate.prices.tobytes()
        assert other.certificate.caps is None


@pytest.mark.parametrize("policy", list(Policy))
def test_the_order_of_rows_and_internal_numbers_decide_nothing(policy: Policy) -> None:
    problem = with_caps(around_a_town(15, policy, slots=50, pupils=120, side=8), 15)
    solution = solve(problem)
    for number in range(6):
        other, pupils, slots = shuffled(problem, number)
        moved = replace(other, caps=moved_caps(problem.caps, pupils, slots, number))
        assert_same(problem, solution, solve(moved), pupils, slots)


def moved_caps(given_caps: Caps | None, pupils: np.ndarray, slots: np.ndarray, number: int) -> Caps:
    assert given_caps is not None
    random = np.random.default_rng(number)
    total = random.permutation(len(given_caps.total))
    rows = random.permutation(len(given_caps.member_total))
    return Caps(
        at_once=given_caps.at_once[np.argsort(slots)],
        of_a_school=given_caps.of_a_school[np.argsort(slots)],
        apart=np.where(given_caps.apart >= 0, 1000 - given_caps.apart, -1)[np.argsort(pupils)],
        total=given_caps.total[np.argsort(total)],
        total_of_a_school=given_caps.total_of_a_school[np.argsort(total)],
        member_total=total[given_caps.member_total[rows]] if len(total) else rows,
        member_slot=slots[given_caps.member_slot[rows]],
    )


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.integers(0, 10**6), st.integers(2, 4), st.integers(2, 4), st.data())
def test_the_truth_serves_best_under_caps_too(
    number: int, slots: int, pupils: int, data: st.DataObject
) -> None:
    problem = around_a_town(4 * number + 1, Policy.CANNOT_BE_GAMED, slots, pupils, side=2)
    problem = with_caps(problem, number)
    truth = tuple(data.draw(st.permutations(range(slots)), label="wishes in true order"))
    pupil = data.draw(st.integers(0, pupils - 1), label="pupil")
    honest = int(solve(said(problem, pupil, truth)).slot[pupil])
    value = {slot: -place for place, slot in enumerate(truth)}
    for first in truth:
        for lie in ((first,), (first, *(slot for slot in truth if slot != first))):
            got = int(solve(said(problem, pupil, lie)).slot[pupil])
            assert value.get(got, -99) <= value.get(honest, -99)


def test_one_seat_more_or_less_changes_what_is_told() -> None:
    seen = set()
    for number in range(45):
        problem = tiny_capped(number, Policy.FAIR, most=5)
        if problem.caps is None:
            continue
        solution = solve(problem)
        told = gains(market_of(problem), solution)
        for kind in (0, 1):
            for slot in range(len(problem.slots.keys)):
                for change, says in ((1, told.places), (-1, told.unplaces)):
                    other = with_a_seat(problem, kind, slot, change)
                    if other is not None:
                        placed = solve(other).levels[0].value - solution.levels[0].value
                        assert says[kind, slot] == (placed != 0), (number, kind, slot)
                        seen.add((change, placed))
        assert not told.levels.any()
    assert seen == {(1, 0), (1, 1), (-1, 0), (-1, -1)}


def with_a_seat(problem: Problem, kind: int, slot: int, change: int) -> Problem | None:
    """With a seat more or less of a kind that the slot has; None when it is held."""
    slots = problem.slots
    had = [slots.seats[slot] - slots.reserved[slot], slots.reserved[slot]][kind]
    held = np.sum((problem.fixed.slot == slot) & (problem.fixed.reserved == bool(kind)))
    if had == 0 or had + change < held:
        return None
    seats, reserved = slots.seats.copy(), slots.reserved.copy()
    seats[slot] += change
    reserved[slot] += change * kind
    return replace(problem, slots=replace(slots, seats=seats, reserved=reserved))


def test_each_cap_is_told_as_the_reason_where_seats_are_free() -> None:
    met: set[int] = set()
    for number in range(120):
        problem = tiny_capped(number, Policy.FAIR)
        if problem.caps is None:
            continue
        solution = solve(problem)
        met |= set(solution.reason.tolist())
        assert len(wish_reasons(market_of(problem), solution).reason) == len(problem.wishes.pupil)
        used = np.bincount(solution.slot[solution.slot >= 0], minlength=len(problem.slots.keys))
        table = CappedTable(problem)
        for row in np.flatnonzero(solution.reason >= Reason.SCHOOL_CAP).tolist():
            near = [slot for slot, _ in table.placements(row)]
            assert any(used[slot] < problem.slots.seats[slot] for slot in near)
    assert met >= {Reason.SCHOOL_CAP, Reason.KEPT_APART, Reason.HOST_CAP}
    assert {int(one) for one in Reason if one >= Reason.SCHOOL_CAP} <= {int(w) for w in WishReason}
