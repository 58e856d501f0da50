from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest

from matching.engine.problem import (
    Fixed,
    Pairs,
    Policy,
    Problem,
    ProblemInvalid,
    Pupils,
    Slots,
    Travel,
    Wishes,
)
from tests.engine.instances import around_a_town


def problem() -> Problem:
    return around_a_town(1, Policy.FAIR, slots=5, pupils=6)


def columns(table: Slots | Pupils) -> dict[str, Any]:
    return {f.name: getattr(table, f.name) for f in fields(table)}


def changed(table: Slots | Pupils, column: str, row: int, value: object) -> dict[str, Any]:
    values = columns(table)
    values[column] = list(values[column])
    values[column][row] = value
    return values


def faults(error: ProblemInvalid) -> list[tuple[str, int, str]]:
    return [tuple(fault) for fault in error.faults]


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("seats", -1, "negative"),
        ("reserved", 9, "more_than_seats"),
        ("reserved", -1, "negative"),
        ("reserved_for", 64, "too_large"),
        ("sector", 64, "too_large"),
        ("lat", 91.0, "not_a_latitude"),
        ("lat", float("nan"), "not_a_latitude"),
        ("lon", -180.5, "not_a_longitude"),
    ],
)
def test_a_wrong_slot_is_named_by_column_and_row(column: str, value: float, code: str) -> None:
    with pytest.raises(ProblemInvalid) as error:
        Slots(**changed(problem().slots, column, 3, value))
    assert (f"slots.{column}", 3, code) in faults(error.value)


def test_all_faults_of_a_table_are_told_at_once() -> None:
    values = changed(problem().pupils, "reach", 1, -5)
    values["lat"] = [100.0] + [48.0] * 5
    with pytest.raises(ProblemInvalid) as error:
        Pupils(**values)
    assert faults(error.value) == [
        ("pupils.reach", 1, "negative"),
        ("pupils.lat", 0, "not_a_latitude"),
    ]


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ([1, 2], "wrong_length"),
        ([0.5] * 6, "wrong_type"),
        (["a"] * 6, "wrong_type"),
        ([2**40] * 6, "out_of_range"),
        ([2**70] * 6, "out_of_range"),
    ],
)
def test_a_column_of_another_type_or_size_is_refused(value: list[Any], code: str) -> None:
    values = columns(problem().pupils)
    values["reach"] = value
    with pytest.raises(ProblemInvalid) as error:
        Pupils(**values)
    assert faults(error.value) == [("pupils.reach", -1, code)]


def test_keys_and_pairs_must_not_come_twice() -> None:
    first = problem().slots.keys[0]
    with pytest.raises(ProblemInvalid, match=r"slots\.keys\[4\] twice"):
        Slots(**changed(problem().slots, "keys", 4, first))
    with pytest.raises(ProblemInvalid, match=r"wishes\.slot\[1\] twice"):
        Wishes([0, 0], [2, 2], [1, 4])
    with pytest.raises(ProblemInvalid, match=r"fixed\.pupil\[1\] twice"):
        Fixed([0, 0], [2, 1], [False, False], [-1, -1])
    with pytest.raises(ProblemInvalid, match=r"travel\.slot\[1\] twice"):
        Travel([0, 0], [2, 2], [10, 10])


@pytest.mark.parametrize("rank", [0, 6, -1])
def test_ranks_go_from_one_to_five(rank: int) -> None:
    with pytest.raises(ProblemInvalid, match="rank_outside_1_to_5"):
        Wishes([0], [2], [rank])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"wishes": Wishes([9], [0], [1])}, "unknown_pupil"),
        ({"wishes": Wishes([0], [9], [1])}, "unknown_slot"),
        ({"refused": Pairs([0], [-1])}, "unknown_slot"),
        ({"fixed": Fixed([0], [0], [False], [3])}, "unknown_week"),
        ({"travel": Travel([6], [0], [10])}, "unknown_pupil"),
        ({"policy": "first_come"}, "unknown"),
        ({"seed": -1}, "outside_64_bits"),
        ({"seed": 2**64}, "outside_64_bits"),
        ({"weeks": ["2027-W06", "2027-W05", "2027-W03"]}, "not_sorted_or_twice"),
        ({"weeks": ["2027-W03"]}, "unknown_week"),
        ({"weeks": [f"{k:04}" for k in range(65)]}, "too_many"),
    ],
)
def test_tables_must_fit_together(change: dict[str, Any], code: str) -> None:
    with pytest.raises(ProblemInvalid, match=code):
        replace(problem(), **change)


def test_more_pupils_held_than_seats_is_refused() -> None:
    slots = problem().slots
    full = int(np.argmax((slots.seats - slots.reserved) == 1))
    held = Fixed([0, 1], [full, full], [False, False], [-1, -1])
    with pytest.raises(ProblemInvalid, match="more_held_than_seats"):
        replace(problem(), fixed=held)
    with pytest.raises(ProblemInvalid, match="more_held_than_reserved"):
        replace(problem(), fixed=Fixed([0], [full], [slots.reserved[full] == 0], [-1]))


def test_tables_are_copies_that_nobody_can_change() -> None:
    seats = np.array([1, 2, 3, 1, 1])
    slots = Slots(**{**columns(problem().slots), "seats": seats, "reserved": [0] * 5})
    seats[0] = 99
    assert slots.seats[0] == 1
    with pytest.raises(ValueError, match="read-only"):
        slots.seats[0] = 5
