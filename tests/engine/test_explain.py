"""The numbers behind the answers are those that one finds by asking again."""

from dataclasses import replace

import numpy as np
import pytest

from matching.engine.explain import market_of, surroundings
from matching.engine.gains import gains
from matching.engine.measures import measures
from matching.engine.problem import Fixed, Policy, Problem
from matching.engine.shortage import shortage
from matching.engine.solution import Reason, Solution
from matching.engine.solve import solve
from matching.engine.wish_reasons import WishReason, wish_reasons
from tests.engine.brute_force import Table, best_set, turn_of
from tests.engine.instances import around_a_town, tiny

SMALLER_IS_BETTER = {"ranks", "distance", "ties"}


def with_seats(problem: Problem, slot: int, kind: int, change: int) -> Problem:
    seats, reserved = problem.slots.seats.copy(), problem.slots.reserved.copy()
    seats[slot] += change
    reserved[slot] += change * kind
    return replace(problem, slots=replace(problem.slots, seats=seats, reserved=reserved))


def levels(solution: Solution) -> dict[str, int]:
    return dict(solution.levels)


def seat_kinds(problem: Problem) -> list[tuple[int, int]]:
    had = np.stack([problem.slots.seats - problem.slots.reserved, problem.slots.reserved])
    return [(kind, slot) for kind, slot in np.argwhere(had > 0).tolist()]


@pytest.mark.parametrize("policy", list(Policy))
def test_one_more_seat_brings_what_solving_again_brings(policy: Policy) -> None:
    compared = 0
    for number in range(60):
        problem = tiny(number, policy)
        solution = solve(problem)
        found = gains(market_of(problem), solution)
        before = levels(solution)
        for kind, slot in seat_kinds(problem):
            after = levels(solve(with_seats(problem, slot, kind, 1)))
            more = bool(found.places[kind, slot])
            assert after["placed"] - before["placed"] == more
            if policy == Policy.CANNOT_BE_GAMED or (policy == Policy.FAIR and more):
                continue
            change = [
                (after[name] - before[name]) * (1 if name in SMALLER_IS_BETTER else -1)
                for name in found.names
            ]
            assert change == found.levels[:, kind, slot].tolist()
            compared += 1
    assert policy == Policy.CANNOT_BE_GAMED or compared > 90


@pytest.mark.parametrize("policy", list(Policy))
def test_closing_a_seat_costs_a_place_where_it_is_said(policy: Policy) -> None:
    told = []
    for number in range(60):
        problem = tiny(number, policy)
        if len(problem.fixed.pupil):
            continue
        solution = solve(problem)
        found = gains(market_of(problem), solution)
        for kind, slot in seat_kinds(problem):
            after = levels(solve(with_seats(problem, slot, kind, -1)))
            told.append(bool(found.unplaces[kind, slot]))
            assert levels(solution)["placed"] - after["placed"] == told[-1]
    assert 20 < sum(told) < len(told) - 20


def test_numbers_around_a_pupil_are_counted_pair_by_pair() -> None:
    for number in range(60):
        problem = tiny(number, Policy.FAIR)
        solution = solve(problem)
        table, market = Table(problem), market_of(problem)
        around = surroundings(market, solution)
        order = sorted(table.pupils, key=lambda k: turn_of(table, k))
        had = problem.slots.seats - problem.slots.reserved
        for pupil in range(len(problem.pupils.keys)):
            if pupil in table.held:
                assert around.slots[pupil] == around.turn[pupil] == -1
                continue
            mine = {}
            for slot in range(len(had)):
                if table.allowed(pupil, slot):
                    seats = int(had[slot])
                    if table.entitled(pupil, slot):
                        seats += int(problem.slots.reserved[slot])
                    if seats:
                        mine[slot] = seats
            assert around.slots[pupil] == len(mine)
            assert around.seats[pupil] == sum(mine.values())
            nearest = min((table.tens(pupil, slot) for slot in mine), default=-1)
            assert around.nearest[pupil] == nearest
            assert around.turn[pupil] == order.index(pupil) + 1
            if solution.reason[pupil] in (Reason.CLASS, Reason.LOTTERY):
                assert 0 < around.last_turn[pupil] < around.turn[pupil]


@pytest.mark.parametrize("policy", list(Policy))
def test_every_wish_is_accounted_for(policy: Policy) -> None:
    met = set()
    for number in range(150):
        problem = tiny(number, policy)
        solution = solve(problem)
        table, wishes = Table(problem), problem.wishes
        found = wish_reasons(market_of(problem), solution)
        rows = zip(wishes.pupil.tolist(), wishes.slot.tolist(), wishes.rank.tolist(), strict=True)
        for row, (pupil, slot, rank) in enumerate(rows):
            reason = WishReason(int(found.reason[row]))
            met.add(reason)
            assert (reason == WishReason.GRANTED) == (solution.slot[pupil] == slot)
            assert (reason == WishReason.HELD_ELSEWHERE) == (
                pupil in table.held and solution.slot[pupil] != slot
            )
            if reason == WishReason.BETTER_GRANTED:
                assert 0 < solution.rank[pupil] <= rank
            if WishReason.NO_WEEK <= reason <= WishReason.NO_ACCESS:
                assert not table.allowed(pupil, slot)
            if reason in (WishReason.CLASS, WishReason.LOTTERY, WishReason.TOTAL):
                assert solution.slot[pupil] < 0
            if reason in (WishReason.WOULD_UNPLACE, WishReason.WOULD_WORSEN):
                assert table.allowed(pupil, slot)
    assert {WishReason.GRANTED, WishReason.BETTER_GRANTED, WishReason.OUT_OF_REACH} <= met
    assert WishReason.WOULD_UNPLACE in met


@pytest.mark.parametrize("policy", [Policy.FAIR, Policy.BEST_TOTAL])
def test_granting_a_refused_wish_costs_at_least_what_is_told(policy: Policy) -> None:
    """Hold the pupil in the slot that he wished, let the run decide the others."""
    seen = {WishReason.WOULD_UNPLACE: 0, WishReason.WOULD_WORSEN: 0}
    for number in range(300):
        problem = tiny(number, policy)
        if len(problem.fixed.pupil):
            continue
        one_class = replace(problem.pupils, class_of_service=[0] * len(problem.pupils.keys))
        problem = replace(problem, pupils=one_class)
        solution = solve(problem)
        found = wish_reasons(market_of(problem), solution)
        for row in np.flatnonzero(np.isin(found.reason, list(seen))).tolist():
            pupil, slot = int(problem.wishes.pupil[row]), int(problem.wishes.slot[row])
            if problem.slots.seats[slot] == problem.slots.reserved[slot]:
                continue
            held = Fixed([pupil], [slot], [False], [-1])
            other = solve(replace(problem, fixed=held))
            granted, before = costs(other), costs(solution)
            told = int(found.level[row])
            if told in (-1, len(before) - 1):
                continue  # not told, or told of ties, which held placements have none of
            unplaced = ((solution.slot >= 0) & (other.slot < 0)).any()
            if policy == Policy.FAIR and (told == 0 or unplaced):
                assert unplaced  # somebody loses his place: before any level that decides where
                seen[WishReason(found.reason[row])] += 1
                continue
            first = next(k for k in range(len(before)) if granted[k] != before[k])
            assert first <= told
            assert granted[first] - before[first] >= (found.loss[row] if first == told else 1)
            seen[WishReason(int(found.reason[row]))] += 1
    assert min(seen.values()) > 3


def costs(solution: Solution) -> list[int]:
    """The levels, the smaller the better."""
    return [value if name in SMALLER_IS_BETTER else -value for name, value in solution.levels]


@pytest.mark.parametrize("number", [8, 10])
def test_over_demanded_are_those_who_can_only_have_seats_of_the_cut(number: int) -> None:
    problem = around_a_town(number, Policy.FAIR, slots=40, pupils=150, side=10)
    solution, market, table = solve(problem), market_of(problem), Table(problem)
    dead = solution.certificate.dead
    had = np.stack([problem.slots.seats - problem.slots.reserved, problem.slots.reserved]) > 0
    everybody = np.arange(150)
    found = shortage(
        market, solution, gains(market, solution), everybody, np.arange(40), areas=150
    ).over_demanded
    for pupil in everybody.tolist():
        may_have = [
            dead[kind, slot]
            for slot in range(40)
            if pupil not in table.held and table.allowed(pupil, slot)
            for kind in range(1 + table.entitled(pupil, slot))
            if had[kind, slot]
        ]
        assert found[pupil] == (len(may_have) > 0 and all(may_have))
    assert 0 < found.sum() < 150


def test_shortage_adds_up_and_is_zero_where_nobody_lacks() -> None:
    problem = around_a_town(9, Policy.FAIR, slots=60, pupils=150, side=10)
    solution, market = solve(problem), market_of(problem)
    areas = np.arange(150) % 4
    table = shortage(market, solution, gains(market, solution), areas, np.arange(60) % 4, areas=4)
    assert table.pupils.sum() == 150
    assert table.unplaced.sum() == (solution.slot < 0).sum() > 0
    assert table.seats.sum() == problem.slots.seats.sum()
    assert table.seats.sum() - table.empty.sum() == (solution.slot >= 0).sum()
    full = replace(problem, slots=replace(problem.slots, seats=problem.slots.seats + 200))
    answer, market = solve(full), market_of(full)
    table = shortage(market, answer, gains(market, answer), areas, np.arange(60) % 4, areas=4)
    assert table.over_demanded.sum() == table.slots_lacking.sum() == 0
    assert (table.unplaced == table.without_any_slot).all()


def test_measures_of_the_policies_on_one_question() -> None:
    figures = {}
    for policy in Policy:
        problem = around_a_town(9, policy, slots=60, pupils=150, side=10)
        figures[policy] = measures(market_of(problem), solve(problem))
    fair, total, choice = (figures[policy] for policy in Policy)
    assert fair.placed == total.placed == choice.placed
    assert sum(total.by_rank) >= sum(fair.by_rank) >= sum(choice.by_rank)
    assert choice.envious <= total.envious
    assert fair.pupils == 150
    assert 0 < fair.median_distance <= fair.distance_95
    assert fair.placed_with_wishes == choice.placed_with_wishes
    whole = fair.placed_with_wishes * fair.wishing
    whole += fair.placed_without_wishes * (fair.pupils - fair.wishing)
    assert round(whole) == fair.placed


def test_those_who_are_told_of_the_lottery_come_after_somebody_of_their_class() -> None:
    for number in range(100):
        problem = tiny(number, Policy.FAIR)
        solution = solve(problem)
        table = Table(problem)
        chosen = best_set(table)
        classes = problem.pupils.class_of_service
        for pupil in np.flatnonzero(solution.reason == Reason.LOTTERY).tolist():
            assert any(classes[other] == classes[pupil] for other in chosen)
        for pupil in np.flatnonzero(solution.reason == Reason.CLASS).tolist():
            assert any(classes[other] > classes[pupil] for other in chosen)


def test_class_is_the_reason_where_only_higher_classes_hold_the_seats_that_he_may_have() -> None:
    told = {Reason.CLASS: 0, Reason.LOTTERY: 0}
    for number in range(100):
        problem = around_a_town(number, Policy.FAIR, slots=12, pupils=40)
        solution = solve(problem)
        table, classes = Table(problem), problem.pupils.class_of_service
        decided = solution.reason != Reason.HELD
        for pupil in np.flatnonzero(np.isin(solution.reason, list(told))).tolist():
            holders = [
                other
                for other in np.flatnonzero(decided & (solution.slot >= 0)).tolist()
                if table.allowed(pupil, int(solution.slot[other]))
                and (
                    not solution.reserved_seat[other]
                    or table.entitled(pupil, int(solution.slot[other]))
                )
            ]
            higher = all(classes[other] > classes[pupil] for other in holders)
            assert solution.reason[pupil] == (Reason.CLASS if higher else Reason.LOTTERY)
            told[Reason(solution.reason[pupil])] += 1
    assert min(told.values()) > 30
