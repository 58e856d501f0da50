"""The weeks of a school year as the page shows them: by month, chosen, free, or closed and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from babel.dates import format_date
from flask import url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from matching import clock
from matching.database import db
from matching.models.schools import ClassGroup, PlacementWindow, School
from matching.queries import schools as school_queries
from matching.rules import school_calendar as calendar
from matching.services import windows
from matching.web.holiday_names import holiday_name


@dataclass(frozen=True, slots=True)
class Week:
    """One week: its key, the days that are free, why it is closed, what to know of it."""

    key: str
    free: str
    closed: str | None
    note: str | None


def weeks(
    school: School, of_class: ClassGroup | None, classes: Sequence[ClassGroup], school_year: int
) -> dict[str, Any]:
    """What the page of the weeks draws."""
    every = list(db.session.scalars(school_queries.windows_of(school, school_year)))
    mine = [one for one in every if one.class_group_id == (of_class.id if of_class else None)]
    by_month = {
        name: of
        for name, of in months(school.holiday_zone, school_year).items()
        if calendar.monday_of(of[-1].key) > clock.today()
    }
    open_months = [any(week.closed is None for week in of) for of in by_month.values()]
    return {
        "views": _tabs(of_class, classes, every),
        "windows": mine,
        "chosen": {one.week for one in mine},
        "inherited": windows.effective(every, of_class) if of_class and not mine else [],
        "months": by_month,
        "first_open": open_months.index(True) if True in open_months else 0,
        "free": {one.key: one.free for of in by_month.values() for one in of},
        "zone_name": calendar.ZONE_NAMES[school.holiday_zone],
        "school_vouches": calendar.school_vouches(school.holiday_zone),
    }


def months(zone: str, school_year: int) -> dict[str, list[Week]]:
    """Name of the month → its weeks, from September to June."""
    found: dict[str, list[Week]] = {}
    for key in calendar.weeks(school_year):
        free = calendar.free_weekdays(zone, key)
        problem = calendar.week_problem(zone, key, free)
        if problem == "week_outside_season" or calendar.monday_of(key).month in (7, 8):
            continue
        month = format_date(calendar.monday_of(key), "MMMM y", locale=get_locale() or "fr")
        found.setdefault(month, []).append(
            Week(
                key,
                "".join(str(day) for day in sorted(free)),
                _closed(zone, key, problem),
                _note(zone, key),
            )
        )
    return found


def _closed(zone: str, key: str, problem: str | None) -> str | None:
    if calendar.monday_of(key) <= clock.today():
        return str(_("semaine passée"))
    if problem is None:
        return None
    if problem == "week_calendar_unknown":
        return str(_("calendrier scolaire pas encore connu"))
    return "".join(_holidays(zone, key)[:1])


def _note(zone: str, key: str) -> str | None:
    """Why the week is shorter than five days."""
    names = _holidays(zone, key)
    return ", ".join(names) if names else None


def _holidays(zone: str, key: str) -> list[str]:
    """The holidays of the week, each once; a public one with its day."""
    names: dict[str, None] = {}
    for day in calendar.days_of(key):
        if public := calendar.public_holiday(zone, day):
            weekday = format_date(day, "EEEE d MMMM", locale=get_locale() or "fr")
            names[f"{weekday} ({holiday_name(public)})"] = None
        elif holiday := calendar.school_holiday(zone, day):
            names[holiday_name(holiday)] = None
    # School holidays close the week; a public holiday inside them tells nothing more.
    return sorted(names, key=lambda name: "(" in name)


def _tabs(
    of_class: ClassGroup | None, classes: Sequence[ClassGroup], every: Sequence[PlacementWindow]
) -> list[dict[str, Any]]:
    def tab(group: ClassGroup | None) -> dict[str, Any]:
        group_id = group.id if group else None
        return {
            "label": group.name if group else _("Tout le collège"),
            "url": url_for("school_settings.weeks", classe=group.ref if group else None),
            "count": sum(one.class_group_id == group_id for one in every) or None,
            "current": (of_class.id if of_class else None) == group_id,
        }

    return [tab(group) for group in (None, *classes)]
