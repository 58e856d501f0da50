"""How long and when a pupil may be present at the company.

Sources: Code du travail L3162-1 (youth), L3162-3 (break), L3163-1 and -2 (night), L3164-1 and -2
(rest); the State's model agreement of July 2024 (7 h a day, 35 h a week); the chambers of
commerce, which print 6 h and 30 h before fifteen.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, time
from typing import Literal

from matching.rules.school_calendar import MIN_WEEKDAYS, WEEKDAYS

HoursProblem = Literal[
    "hours_order",
    "hours_lunch",
    "hours_day",
    "hours_week",
    "hours_break",
    "hours_window",
    "hours_night",
    "hours_rest",
    "weekdays_count",
    "weekdays_weekend",
]

_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class HoursPolicy:
    """The limits of one campaign, in minutes. The law's own limits are not settings.

    `strict_before_15` applies the chambers' 6 h and 30 h. It is on unless the foundation says
    otherwise, since most pupils leave at fourteen.
    """

    day_minutes: int = 7 * 60
    week_minutes: int = 35 * 60
    strict_before_15: bool = True
    strict_day_minutes: int = 6 * 60
    strict_week_minutes: int = 30 * 60
    earliest: time = time(8)
    latest: time = time(18)

    def longest_day(self, age: int | None = None) -> int:
        """Minutes in a day at this age; None means any pupil, so the youngest."""
        strict = self.strict_before_15 and (age is None or age < 15)
        return min(self.day_minutes, self.strict_day_minutes) if strict else self.day_minutes

    def longest_week(self, age: int | None = None) -> int:
        """Minutes in a week at this age; None means any pupil, so the youngest."""
        strict = self.strict_before_15 and (age is None or age < 15)
        return min(self.week_minutes, self.strict_week_minutes) if strict else self.week_minutes


def age_on(day: date, birth_date: date) -> int:
    """Whole years on that day. Born on 29 February, one grows older on 1 March."""
    birthday_to_come = (day.month, day.day) < (birth_date.month, birth_date.day)
    return day.year - birth_date.year - birthday_to_come


def timetable_problems(
    policy: HoursPolicy,
    weekdays: AbstractSet[int],
    start: time,
    end: time,
    lunch_minutes: int,
    age: int | None = None,
) -> list[HoursProblem]:
    """What is wrong with the same hours on each of these weekdays; an empty list when all is well.

    Lunch is one break in a row and does not count as presence. `age` is the pupil's on the first
    day; an offer that does not know its pupils yet leaves it out and must suit the youngest.
    """
    problems = _weekday_problems(weekdays)
    if end <= start:
        return [*problems, "hours_order"]
    span = _minutes(end) - _minutes(start)
    if not 0 <= lunch_minutes < span:
        return [*problems, "hours_lunch"]
    presence = span - lunch_minutes
    if presence > policy.longest_day(age):
        problems.append("hours_day")
    if presence * len(weekdays) > policy.longest_week(age):
        problems.append("hours_week")
    if presence >= 4 * 60 + 30 and lunch_minutes < 30:  # L3162-3
        problems.append("hours_break")
    if start < policy.earliest or end > policy.latest:
        problems.append("hours_window")
    return problems + _night_and_rest_problems(start, end, age)


def _weekday_problems(weekdays: AbstractSet[int]) -> list[HoursProblem]:
    """Monday to Friday only: the two days of weekly rest (L3164-2) are then always in a row."""
    if not weekdays <= WEEKDAYS:
        return ["weekdays_weekend"]
    return [] if len(weekdays) >= MIN_WEEKDAYS else ["weekdays_count"]


def _night_and_rest_problems(start: time, end: time, age: int | None) -> list[HoursProblem]:
    """Before sixteen: no presence from 20:00 to 06:00 (L3163-1, no exception), 14 h of rest.

    At sixteen and seventeen: 22:00 to 06:00, and 12 h of rest (L3164-1).
    """
    older = age is not None and age >= 16
    problems: list[HoursProblem] = []
    if start < time(6) or end > time(22 if older else 20):
        problems.append("hours_night")
    rest = _DAY - (_minutes(end) - _minutes(start))
    if rest < (12 if older else 14) * 60:
        problems.append("hours_rest")
    return problems


def _minutes(moment: time) -> int:
    return moment.hour * 60 + moment.minute
