"""The weeks of the demonstration: still to come, outside the holidays of each zone."""

import random
from collections.abc import Sequence
from datetime import date, timedelta

from matching.rules import school_calendar

FEWEST_WEEKS = 4
MOST_WEEKS = 6
_POPULAR_FIRST = (5, 5, 4, 3, 2, 2)  # how schools and companies spread over the weeks
NOTICE = timedelta(weeks=4)  # from wishes to the first day at the company
# Overseas sets its own holidays, unknown here; La Réunion is in class in these weeks of the year.
_TERMS_OVERSEAS = (*range(6, 10), *range(13, 18), *range(20, 25))


def weeks_of(zone: str, school_year: int, today: date) -> list[str]:
    """Four to six whole weeks, in order: from the winter term on, in the future if possible.

    When the season is nearly over, its last weeks.
    """
    winter = f"{school_year + 1}-W05"
    season = [week for week in _season(zone, school_year) if week >= winter]
    ahead = [week for week in season if school_calendar.monday_of(week) >= today + NOTICE]
    return (ahead if len(ahead) >= FEWEST_WEEKS else season[-MOST_WEEKS:])[:MOST_WEEKS]


def some_weeks(source: random.Random, weeks: Sequence[str], count: int) -> tuple[str, ...]:
    """Some of the weeks, the first ones more often, in order."""
    left = list(weeks)
    found = []
    for _ in range(min(count, len(left))):
        week = source.choices(left, [_POPULAR_FIRST[weeks.index(one)] for one in left])[0]
        left.remove(week)
        found.append(week)
    return tuple(sorted(found))


def other_week(zone: str, school_year: int, weeks: list[str]) -> str | None:
    """A week of the season in which nobody takes pupils: the first after, or before, ``weeks``."""
    season = _season(zone, school_year)
    after = [week for week in season if week > weeks[-1]]
    before = [week for week in season if week < weeks[0]]
    return after[0] if after else before[-1] if before else None


def _season(zone: str, school_year: int) -> list[str]:
    known = school_calendar.calendar_known(zone, school_year)
    if known and not school_calendar.school_vouches(zone):
        return school_calendar.bookable_weeks(zone, school_year)
    weeks = [f"{school_year + 1}-W{number:02}" for number in _TERMS_OVERSEAS]
    return [week for week in weeks if len(school_calendar.free_weekdays(zone, week)) == 5]
