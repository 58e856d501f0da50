"""The check refuses an answer in which anything is damaged, and names what."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from matching.engine.problem import Policy, Problem
from matching.engine.solution import Certificate, Level, Reason, Solution
from matching.engine.solve import solve
from matching.engine.verify import verify
from tests.engine.brute_force import Table
from tests.engine.instances import around_a_town

Damage = Callable[[Problem, Solution], dict[str, Any]]


@cache
def sound(policy: Policy) -> tuple[Problem, Solution]:
    """An answer with held placements, reserved seats, groups and unplaced pupils."""
    problem = around_a_town(25, policy, slots=60, pupils=150, side=8)
    solution = solve(problem)
    assert verify(problem, solution).ok
    return problem, solution


def decided(problem: Problem, solution: Solution) -> np.ndarray:
    """Rows of the pupils whom the run placed."""
    rows = np.flatnonzero(solution.slot >= 0)
    return rows[~np.isin(rows, problem.fixed.pupil)]


def changed(column: np.ndarray, row: int, value: int) -> np.ndarray:
    copy = column.copy()
    copy[row] = value
    return copy


def a_placed_pupil_is_dropped(problem: Problem, solution: Solution) -> dict[str, Any]:
    row = decided(problem, solution)[0]
    return {
        "slot": changed(solution.slot, row, -1),
        "reserved_seat": changed(solution.reserved_seat, row, 0),
        "week": changed(solution.week, row, -1),
        "distance": changed(solution.distance, row, -1),
        "rank": changed(solution.rank, row, 0),
        "reason": changed(solution.reason, row, Reason.LOTTERY),
    }


def a_placed_pupil_keeps_nothing_but_his_week(p: Problem, s: Solution) -> dict[str, Any]:
    return {"slot": changed(s.slot, decided(p, s)[0], -1)}


def a_slot_does_not_exist(p: Problem, s: Solution) -> dict[str, Any]:
    return {"slot": changed(s.slot, decided(p, s)[0], len(p.slots.keys))}


def a_column_is_short(_: Problem, s: Solution) -> dict[str, Any]:
    return {"week": s.week[:-1]}


def another_policy_is_claimed(p: Problem, _: Solution) -> dict[str, Any]:
    return {"policy": next(policy for policy in Policy if policy != p.policy)}


def another_seed_is_claimed(p: Problem, _: Solution) -> dict[str, Any]:
    return {"seed": p.seed + 1}


def a_held_pupil_moves(p: Problem, s: Solution) -> dict[str, Any]:
    row = int(p.fixed.pupil[0])
    return {"slot": changed(s.slot, row, (int(s.slot[row]) + 1) % len(p.slots.keys))}


def an_unfeasible_pair(p: Problem, s: Solution) -> dict[str, Any]:
    row = decided(p, s)[0]
    wrong = np.flatnonzero((p.slots.weeks & p.pupils.weeks[row]) == 0)[0]
    return {"slot": changed(s.slot, row, wrong)}


def a_distance_is_shortened(p: Problem, s: Solution) -> dict[str, Any]:
    row = decided(p, s)[np.argmax(s.distance[decided(p, s)])]
    return {"distance": changed(s.distance, row, int(s.distance[row]) - 1)}


def two_pupils_on_one_seat(p: Problem, s: Solution) -> dict[str, Any]:
    """An unplaced pupil joins a full slot that he could have."""
    held = np.bincount(s.slot[s.slot >= 0], minlength=len(p.slots.keys))
    for row in np.flatnonzero((s.slot < 0) & (s.reason == unplaced_reason(p))):
        for slot in np.flatnonzero((held >= p.slots.seats) & (p.slots.seats > 0)):
            joined = {
                "slot": changed(s.slot, row, slot),
                "week": changed(s.week, row, 0),
                "distance": changed(s.distance, row, 0),
                "reason": changed(s.reason, row, Reason.DISTANCE),
            }
            names = {f.property for f in verify(p, replace(s, **joined)).failures}
            if "pairs" not in names:
                return joined
    raise AssertionError("no such pair in the instance")


def unplaced_reason(problem: Problem) -> Reason:
    return Reason.TOTAL if problem.policy == Policy.BEST_TOTAL else Reason.LOTTERY


def a_reserved_seat_for_somebody_else(p: Problem, s: Solution) -> dict[str, Any]:
    rows = decided(p, s)
    wanted = p.slots.reserved_for[s.slot[rows]]
    bit = np.left_shift(np.uint64(1), np.maximum(wanted, 0).astype(np.uint64))
    entitled = (wanted >= 0) & ((p.pupils.entitlements[rows] & bit) != 0)
    row = rows[~entitled & ~s.reserved_seat[rows]][0]
    return {"reserved_seat": changed(s.reserved_seat, row, 1)}


def an_entitled_pupil_on_an_open_seat(p: Problem, s: Solution) -> dict[str, Any]:
    row = decided(p, s)[s.reserved_seat[decided(p, s)]][0]
    return {"reserved_seat": changed(s.reserved_seat, row, 0)}


def a_later_week(p: Problem, s: Solution) -> dict[str, Any]:
    row = decided(p, s)[0]
    return {"week": changed(s.week, row, (int(s.week[row]) + 1) % len(p.weeks))}


def a_better_rank_is_told(p: Problem, s: Solution) -> dict[str, Any]:
    row = decided(p, s)[s.rank[decided(p, s)] > 1][0]
    return {"rank": changed(s.rank, row, 1)}


def a_false_reason_for_a_place(p: Problem, s: Solution) -> dict[str, Any]:
    row = decided(p, s)[s.rank[decided(p, s)] == 0][0]
    return {"reason": changed(s.reason, row, Reason.WISH)}


def a_false_reason_for_none(p: Problem, s: Solution) -> dict[str, Any]:
    row = np.flatnonzero(s.reason == unplaced_reason(p))[0]
    return {"reason": changed(s.reason, row, Reason.OUT_OF_REACH)}


def a_level_is_embellished(_: Problem, s: Solution) -> dict[str, Any]:
    levels = [Level(n, v + 1) if n == "wishes" else Level(n, v) for n, v in s.levels]
    return {"levels": tuple(levels)}


def a_level_is_left_out(_: Problem, s: Solution) -> dict[str, Any]:
    return {"levels": s.levels[:-1]}


def prices(s: Solution) -> np.ndarray:
    assert s.certificate is not None
    return s.certificate.prices.copy()


def certified(s: Solution, new: np.ndarray) -> dict[str, Any]:
    assert s.certificate is not None
    return {"certificate": Certificate(s.certificate.levels, new)}


def the_cut_is_smaller(_: Problem, s: Solution) -> dict[str, Any]:
    new = prices(s)
    dead = np.argwhere(new[0] > 0)[0]
    new[0][tuple(dead)] = 0
    return certified(s, new)


def a_price_on_a_free_seat(p: Problem, s: Solution) -> dict[str, Any]:
    new = prices(s)
    used = np.bincount(s.slot[s.slot >= 0], minlength=len(p.slots.keys))
    free = np.flatnonzero((used < p.slots.seats) & (p.slots.reserved == 0))[0]
    new[-1, 0, free] = 1
    return certified(s, new)


def a_negative_price(p: Problem, s: Solution) -> dict[str, Any]:
    new = prices(s)
    slot = np.flatnonzero((p.slots.seats > p.slots.reserved) & (new[:, 0] == 0).all(axis=0))[0]
    new[1, 0, slot] = -1
    return certified(s, new)


def prices_are_all_nought(_: Problem, s: Solution) -> dict[str, Any]:
    return certified(s, prices(s) * 0)


def one_price_is_raised(p: Problem, s: Solution) -> dict[str, Any]:
    new = prices(s)
    rows = decided(p, s)
    slot = s.slot[rows[~s.reserved_seat[rows] & (s.rank[rows] == 0)][0]]
    new[0, 0, slot] += 5
    return certified(s, new)


DAMAGES: list[tuple[Damage, set[str]]] = [
    (a_placed_pupil_is_dropped, {"values", "maximum", "cut", "prices", "members", "reason"}),
    (a_placed_pupil_keeps_nothing_but_his_week, {"shape"}),
    (a_slot_does_not_exist, {"shape"}),
    (a_column_is_short, {"shape"}),
    (another_policy_is_claimed, {"question"}),
    (another_seed_is_claimed, {"question"}),
    (a_held_pupil_moves, {"held"}),
    (an_unfeasible_pair, {"pairs"}),
    (a_distance_is_shortened, {"distance"}),
    (two_pupils_on_one_seat, {"seats"}),
    (a_reserved_seat_for_somebody_else, {"reserved", "seats"}),
    (an_entitled_pupil_on_an_open_seat, {"reserved", "seats"}),
    (a_later_week, {"week"}),
    (a_better_rank_is_told, {"rank"}),
    (a_false_reason_for_a_place, {"reason"}),
    (a_false_reason_for_none, {"reason"}),
    (a_level_is_embellished, {"values"}),
    (a_level_is_left_out, {"values"}),
    (the_cut_is_smaller, {"cut"}),
    (a_price_on_a_free_seat, {"prices"}),
    (a_negative_price, {"prices"}),
    (prices_are_all_nought, {"optimal", "cut"}),
    (one_price_is_raised, {"optimal", "prices"}),
]


@pytest.mark.parametrize("policy", list(Policy))
@pytest.mark.parametrize(
    ("damage", "named"), DAMAGES, ids=lambda value: getattr(value, "__name__", "")
)
def test_a_damaged_answer_is_refused(damage: Damage, named: set[str], policy: Policy) -> None:
    problem, solution = sound(policy)
    report = verify(problem, replace(solution, **damage(problem, solution)))
    assert not report.ok
    assert named & {failure.property for failure in report.failures}


def retold(problem: Problem, solution: Solution, slot: np.ndarray, seat: np.ndarray) -> Solution:
    """An answer with these slots and seats whose every column and level is true; no certificate."""
    table = Table(problem)
    names = [level.name for level in solution.levels]
    totals = dict.fromkeys(names, 0)
    columns = {
        name: getattr(solution, name).copy() for name in ("week", "distance", "rank", "reason")
    }
    for row in np.flatnonzero(slot >= 0).tolist():
        place = int(slot[row])
        worth = dict(zip(names[-6:], table.worth(row, place), strict=True))
        totals["placed"] += 1
        for name, value in worth.items():
            totals[name] += value if name != "ties" or row not in table.held else 0
        own_class = f"class {problem.pupils.class_of_service[row]}"
        if own_class in totals:
            totals[own_class] += 1
        if row in table.held:
            continue
        common = int(problem.pupils.weeks[row]) & int(problem.slots.weeks[place])
        columns["week"][row] = (common & -common).bit_length() - 1
        columns["distance"][row] = worth["distance"]
        columns["rank"][row] = worth["ranks"]
        columns["reason"][row] = (
            Reason.WISH if worth["wishes"]
            else Reason.SECTOR if worth["sectors"]
            else Reason.TERRITORY if worth["territory"]
            else Reason.DISTANCE
        )  # fmt: skip
    return replace(
        solution,
        slot=slot,
        reserved_seat=seat,
        levels=tuple(Level(name, totals[name]) for name in names),
        certificate=None,
        **columns,
    )


@pytest.mark.parametrize("policy", list(Policy))
def test_an_exchange_of_places_passes_only_if_no_level_changes(policy: Policy) -> None:
    problem, solution = sound(policy)
    rows = decided(problem, solution)
    table = Table(problem)
    untouched = retold(problem, solution, solution.slot, solution.reserved_seat)
    assert untouched.levels == solution.levels
    assert verify(problem, untouched).ok
    refused = 0
    for one, other in ((a, b) for a in rows.tolist() for b in rows.tolist() if a < b):
        slot, seat = solution.slot.copy(), solution.reserved_seat.copy()
        slot[[one, other]], seat[[one, other]] = slot[[other, one]], seat[[other, one]]
        if seat[one] or seat[other] or slot[one] == slot[other]:
            continue
        if not (table.allowed(one, int(slot[one])) and table.allowed(other, int(slot[other]))):
            continue
        answer = retold(problem, solution, slot, seat)
        if answer.levels == solution.levels:
            continue
        names = {failure.property for failure in verify(problem, answer).failures}
        assert names & {"optimal", "choice", "reserved"}
        refused += "reserved" not in names
    assert refused > 50
