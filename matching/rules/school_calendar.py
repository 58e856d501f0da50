"""The school year, its weeks, and which days of a week a school can give to an internship.

A week is an ISO key ("2026-W37"), a weekday a number from 1 (Monday) to 5 (Friday). A zone is A,
B or C, or the name of a territory that sets its own calendar: there only public holidays are
known here, and the school vouches for its weeks. Alsace-Moselle is a zone of its own because it
keeps the school holidays of zone B and two public holidays more.
"""

import csv
import functools
import re
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from importlib import resources
from typing import Literal

import holidays

WeekProblem = Literal[
    "week_format",
    "week_outside_season",
    "week_calendar_unknown",
    "week_holiday",
    "week_short",
    "weekdays_count",
    "weekdays_weekend",
]

WEEKDAYS: frozenset[int] = frozenset(range(1, 6))
MIN_WEEKDAYS = 3  # "3 to 5 days" in the ministry's texts

# Each zone, its name for people, and the part of France whose public holidays it keeps.
_ZONES: dict[str, tuple[str, str | None]] = {
    "A": ("Zone A", None),
    "B": ("Zone B", None),
    "B-alsace-moselle": ("Zone B, Alsace-Moselle", "57"),
    "C": ("Zone C", None),
    "corse": ("Corse", None),
    "guadeloupe": ("Guadeloupe", "971"),
    "guyane": ("Guyane", "973"),
    "la-reunion": ("La Réunion", "974"),
    "martinique": ("Martinique", "972"),
    "mayotte": ("Mayotte", "976"),
    "caledonie": ("Nouvelle-Calédonie", "NC"),
    "polynesie": ("Polynésie française", "PF"),
    "saint-barthelemy": ("Saint-Barthélemy", "BL"),
    "saint-martin": ("Saint-Martin", "MF"),
    "miquelon": ("Saint-Pierre-et-Miquelon", "PM"),
    "wallis": ("Wallis-et-Futuna", "WF"),
}
ZONE_NAMES = {zone: name for zone, (name, _) in _ZONES.items()}
_NATIONAL_CALENDAR = {"A": "A", "B": "B", "B-alsace-moselle": "B", "C": "C"}

_WEEK = re.compile(r"(20[0-9]{2})-W([0-9]{2})")


@dataclass(frozen=True, slots=True)
class SchoolHoliday:
    """Days without school, both ends included."""

    name: str
    first_day: date
    last_day: date


# School years and weeks


def school_year_of(day: date) -> int:
    """The year in which the school year of this day began: 1 September opens the next one."""
    return day.year if day.month >= 9 else day.year - 1


def first_day(school_year: int) -> date:
    return date(school_year, 9, 1)


def last_day(school_year: int) -> date:
    """31 August, the day on which pupils' data are erased."""
    return date(school_year + 1, 8, 31)


def week_of(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def monday_of(week: str) -> date:
    """The first day of the week. ValueError when there is no such week."""
    written = _WEEK.fullmatch(week)
    if written is None:
        raise ValueError(f"not an ISO week: {week!r}")
    return date.fromisocalendar(int(written[1]), int(written[2]), 1)


def school_year_of_week(week: str) -> int:
    """A week belongs to the school year of its Thursday, as it does to the calendar year."""
    return school_year_of(monday_of(week) + timedelta(days=3))


def weeks(school_year: int) -> list[str]:
    """All the weeks of a school year, in order: 52, or 53."""
    thursday = first_day(school_year)
    thursday += timedelta(days=(4 - thursday.isoweekday()) % 7)
    found = []
    while thursday <= last_day(school_year):
        found.append(week_of(thursday))
        thursday += timedelta(weeks=1)
    return found


def days_of(week: str, weekdays: Iterable[int] = WEEKDAYS) -> list[date]:
    """The dates of these weekdays, in order."""
    monday = monday_of(week)
    return [monday + timedelta(days=weekday - 1) for weekday in sorted(set(weekdays))]


# Zones and holidays


def zone_of(departement: str) -> str | None:
    """The zone of a département ("01", "2A", "974"), None when there is no such département."""
    found = _academies().get(departement)
    return found[1] if found else None


def academy_of(departement: str) -> str | None:
    """The académie of a département, by its name."""
    found = _academies().get(departement)
    return found[0] if found else None


def school_vouches(zone: str) -> bool:
    """Whether only the school knows its holidays: Corsica and overseas set their own."""
    return zone not in _NATIONAL_CALENDAR


def calendar_known(zone: str, school_year: int) -> bool:
    """Whether nothing is missing here to judge a week of that school year."""
    return school_vouches(zone) or (_NATIONAL_CALENDAR[zone], school_year) in _school_holidays()


def school_holidays(zone: str, school_year: int) -> tuple[SchoolHoliday, ...]:
    """The holidays of a school year in order, summer last; none where the school vouches."""
    return _school_holidays().get((_NATIONAL_CALENDAR.get(zone, zone), school_year), ())


def school_holiday(zone: str, day: date) -> str | None:
    """The name of the school holidays that hold this day."""
    # The summer of one school year may run into the first days of the next.
    for school_year in (school_year_of(day), school_year_of(day) - 1):
        for holiday in school_holidays(zone, school_year):
            if holiday.first_day <= day <= holiday.last_day:
                return holiday.name
    return None


def public_holiday(zone: str, day: date) -> str | None:
    """The name of the public holiday kept on this day in this zone."""
    return _public_holidays(_ZONES[zone][1], day.year).get(day)


def holiday_in(zone: str, week: str) -> str:
    """The name of the first holiday between Monday and Friday, or nothing."""
    for day in days_of(week):
        name = school_holiday(zone, day) or public_holiday(zone, day)
        if name:
            return name
    return ""


def free_weekdays(zone: str, week: str) -> frozenset[int]:
    """The weekdays without any holiday. ValueError when there is no such week."""
    return frozenset(
        day.isoweekday()
        for day in days_of(week)
        if school_holiday(zone, day) is None and public_holiday(zone, day) is None
    )


# Weeks for internships


def week_problem(zone: str, week: str, weekdays: AbstractSet[int] = WEEKDAYS) -> WeekProblem | None:
    """Why a class of this zone cannot leave on these weekdays of this week, or None.

    The season runs from 1 September to 30 June, with whole weeks only. A week with fewer than
    three free days is a holiday; `week_short` means that one of the days asked for is not free,
    and `free_weekdays` tells which are.
    """
    try:
        monday = monday_of(week)
    except ValueError:
        return "week_format"
    if not weekdays <= WEEKDAYS:
        return "weekdays_weekend"
    if len(weekdays) < MIN_WEEKDAYS:
        return "weekdays_count"
    school_year = school_year_of(monday)
    if monday + timedelta(days=4) > date(school_year + 1, 6, 30):
        return "week_outside_season"
    if not calendar_known(zone, school_year):
        return "week_calendar_unknown"
    free = free_weekdays(zone, week)
    if len(free) < MIN_WEEKDAYS:
        return "week_holiday"
    return None if weekdays <= free else "week_short"


def bookable_weeks(zone: str, school_year: int, free_days: int = len(WEEKDAYS)) -> list[str]:
    """The weeks of the season with at least so many free days, in order; five means whole weeks."""
    found = []
    for week in weeks(school_year):
        free = free_weekdays(zone, week)
        if len(free) >= free_days and week_problem(zone, week, free) is None:
            found.append(week)
    return found


@functools.cache
def _academies() -> dict[str, tuple[str, str]]:
    return {row["departement"]: (row["academie"], row["zone"]) for row in _rows("academies.csv")}


@functools.cache
def _school_holidays() -> dict[tuple[str, int], tuple[SchoolHoliday, ...]]:
    found: dict[tuple[str, int], list[SchoolHoliday]] = {}
    for row in _rows("school_holidays.csv"):
        holiday = SchoolHoliday(
            row["name"],
            date.fromisoformat(row["first_day"]),
            date.fromisoformat(row["last_day"]),
        )
        found.setdefault((row["zone"], int(row["school_year"])), []).append(holiday)
    return {key: tuple(sorted(of, key=lambda one: one.first_day)) for key, of in found.items()}


def _rows(name: str) -> list[dict[str, str]]:
    text = (resources.files("matching") / "data" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@functools.cache
def _public_holidays(part: str | None, year: int) -> dict[date, str]:
    return dict(holidays.country_holidays("FR", subdiv=part, years=year, language="fr"))
