"""The hours of an internship, against the limits of the Labour Code and of the model agreement."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.rules.hours import HoursPolicy, age_on, timetable_problems

WEEK = {1, 2, 3, 4, 5}
STRICT = HoursPolicy()
STATE = HoursPolicy(strict_before_15=False)


@pytest.mark.parametrize(
    ("start", "end", "lunch"),
    [(time(9), time(16), 60), (time(8), time(14, 30), 30), (time(9), time(13, 15), 0)],
)
def test_ordinary_days_suit_everyone(start: time, end: time, lunch: int) -> None:
    assert timetable_problems(STRICT, WEEK, start, end, lunch) == []


@pytest.mark.parametrize(
    ("policy", "age", "problems"),
    [
        (STRICT, None, ["hours_day", "hours_week"]),
        (STRICT, 14, ["hours_day", "hours_week"]),
        (STRICT, 15, []),
        (STATE, 14, []),
        (STATE, None, []),
    ],
)
def test_seven_hours_a_day_suit_only_those_who_are_fifteen_or_the_state_policy(
    policy: HoursPolicy, age: int | None, problems: list[str]
) -> None:
    assert timetable_problems(policy, WEEK, time(9), time(17), 60, age) == problems


def test_eight_hours_a_day_suit_nobody() -> None:
    assert timetable_problems(STATE, WEEK, time(8), time(17), 60, 16) == ["hours_day", "hours_week"]


def test_four_days_of_seven_hours_stay_under_the_week() -> None:
    assert timetable_problems(STRICT, {1, 2, 3, 4}, time(9), time(17), 60, 14) == ["hours_day"]


@pytest.mark.parametrize(
    ("end", "lunch", "problems"),
    [
        (time(13, 29), 0, []),
        (time(13, 30), 0, ["hours_break"]),
        (time(13, 59), 29, ["hours_break"]),
        (time(14), 30, []),
    ],
)
def test_half_an_hour_of_break_is_due_from_four_hours_and_a_half(
    end: time, lunch: int, problems: list[str]
) -> None:
    assert timetable_problems(STRICT, WEEK, time(9), end, lunch) == problems


@pytest.mark.parametrize(
    ("start", "end", "problems"),
    [
        (time(8), time(12), []),
        (time(7, 59), time(11), ["hours_window"]),
        (time(15), time(18), []),
        (time(15), time(18, 1), ["hours_window"]),
        (time(5, 59), time(9), ["hours_window", "hours_night"]),
        (time(17), time(20, 1), ["hours_window", "hours_night"]),
    ],
)
def test_presence_stays_between_eight_and_six(start: time, end: time, problems: list[str]) -> None:
    assert timetable_problems(STRICT, WEEK, start, end, 0) == problems


def test_a_wider_window_never_opens_the_night() -> None:
    def at(start: time, end: time, age: int) -> list[str]:
        policy = HoursPolicy(earliest=time(0), latest=time(23, 59))
        return list(timetable_problems(policy, WEEK, start, end, 0, age))

    assert at(time(6), time(10), 15) == []
    assert at(time(5), time(9), 15) == ["hours_night"]
    assert at(time(17), time(21), 15) == ["hours_night"]
    assert at(time(17), time(21), 16) == []
    assert at(time(19), time(22, 30), 16) == ["hours_night"]


def test_a_long_lunch_does_not_hide_a_day_that_leaves_too_little_rest() -> None:
    policy = HoursPolicy(earliest=time(6), latest=time(20))
    assert timetable_problems(policy, WEEK, time(7), time(17), 300, 14) == []
    assert timetable_problems(policy, WEEK, time(7), time(17, 1), 301, 14) == ["hours_rest"]
    assert timetable_problems(policy, WEEK, time(7), time(19), 420, 16) == []


@pytest.mark.parametrize(
    ("start", "end", "lunch", "problems"),
    [
        (time(9), time(9), 0, ["hours_order"]),
        (time(16), time(9), 60, ["hours_order"]),
        (time(9), time(16), -1, ["hours_lunch"]),
        (time(9), time(12), 180, ["hours_lunch"]),
    ],
)
def test_hours_that_make_no_sense_are_told_first(
    start: time, end: time, lunch: int, problems: list[str]
) -> None:
    assert timetable_problems(STRICT, WEEK, start, end, lunch) == problems


@pytest.mark.parametrize(
    ("weekdays", "problem"),
    [({1, 2, 3, 6}, "weekdays_weekend"), ({1, 2}, "weekdays_count"), (set(), "weekdays_count")],
)
def test_three_to_five_days_from_monday_to_friday(weekdays: set[int], problem: str) -> None:
    assert timetable_problems(STRICT, weekdays, time(9), time(12), 0) == [problem]


@given(
    st.sets(st.integers(1, 5), min_size=3),
    st.times(),
    st.times(),
    st.integers(0, 180),
    st.integers(11, 17),
)
def test_what_is_accepted_keeps_the_law_minute_by_minute(
    weekdays: set[int], start: time, end: time, lunch: int, age: int
) -> None:
    start, end = start.replace(second=0, microsecond=0), end.replace(second=0, microsecond=0)
    if timetable_problems(STRICT, weekdays, start, end, lunch, age):
        return
    minutes = range(start.hour * 60 + start.minute, end.hour * 60 + end.minute)
    present = len(minutes) - lunch
    assert 0 < present <= (360 if age < 15 else 420)
    assert present * len(weekdays) <= (1800 if age < 15 else 2100)
    assert min(minutes) >= 480
    assert max(minutes) < 1080
    assert lunch >= 30 or present < 270


@given(st.integers(0, 47), st.integers(1, 48), st.integers(0, 6), st.integers(11, 17))
def test_what_suits_any_pupil_suits_each(start: int, length: int, lunch: int, age: int) -> None:
    end = min(start + length, 47)
    begins, ends = (time(half // 2, 30 * (half % 2)) for half in (start, end))
    if not timetable_problems(STRICT, WEEK, begins, ends, lunch * 15):
        assert timetable_problems(STRICT, WEEK, begins, ends, lunch * 15, age) == []


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        (date(2012, 3, 15), date(2027, 3, 14), 14),
        (date(2012, 3, 15), date(2027, 3, 15), 15),
        (date(2012, 2, 29), date(2027, 2, 28), 14),
        (date(2012, 2, 29), date(2027, 3, 1), 15),
        (date(2012, 2, 29), date(2028, 2, 29), 16),
    ],
)
def test_a_birthday_adds_a_year(birth: date, day: date, age: int) -> None:
    assert age_on(day, birth) == age
