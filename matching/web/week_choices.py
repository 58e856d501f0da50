"""The weeks of a school year as a form shows them: by month, closed ones with the reason."""

from dataclasses import dataclass
from datetime import date

from babel.dates import format_date
from flask_babel import get_locale, gettext

from matching.i18n import language
from matching.models.offers import Offer
from matching.rules import school_calendar
from matching.services import offer_weeks
from matching.web import filters
from matching.web.holiday_names import holiday_name


@dataclass(frozen=True, slots=True)
class WeekChoice:
    """One week: its key, its days in words, why it is closed (or None), what to know of it."""

    key: str
    label: str
    closed: str | None
    note: str | None


def months_of(offer: Offer) -> dict[str, list[WeekChoice]]:
    """Name of the month → its weeks, to June; weeks that are over only if chosen."""
    zone, weekdays = offer_weeks.zone_of(offer.site), offer_weeks.weekdays_of(offer)
    chosen = {one.week for one in offer.weeks}
    months: dict[str, list[WeekChoice]] = {}
    for week in school_calendar.weeks(offer.school_year):
        problem = offer_weeks.closed_because(zone, week, weekdays)
        gone = offer_weeks.over(week) and week not in chosen
        if problem == "week_outside_season" or gone:
            continue
        monday = school_calendar.monday_of(week)
        month = format_date(monday, "MMMM y", locale=get_locale() or "fr")
        closed = _why_closed(zone or "", week, problem)
        note = None if closed or zone is None else _without(zone, week)
        months.setdefault(month, []).append(WeekChoice(week, _days(week), closed, note))
    return months


def _why_closed(zone: str, week: str, problem: str | None) -> str | None:
    if offer_weeks.over(week):
        return _("passée")
    if problem is None:
        return None
    if problem == "week_calendar_unknown":
        return _("calendrier scolaire pas encore connu")
    names = {school_calendar.school_holiday(zone, day) for day in school_calendar.days_of(week)}
    found = sorted(name for name in names if name)
    return holiday_name(found[0]) if found else _("trop peu de jours libres")


def _without(zone: str, week: str) -> str | None:
    """The days of this week on which nobody comes."""
    free = school_calendar.free_weekdays(zone, week)
    lost = [day for day in school_calendar.days_of(week) if day.isoweekday() not in free]
    if not lost:
        return None
    return _("sauf %(days)s", days=", ".join(_closed_day(zone, day) for day in lost))


def _closed_day(zone: str, day: date) -> str:
    name = school_calendar.public_holiday(zone, day) or school_calendar.school_holiday(zone, day)
    return f"{filters.day(day, year=False)} ({holiday_name(name or '')})"


def _days(week: str) -> str:
    days = school_calendar.days_of(week)
    last = filters.day(days[-1], weekday=False, year=False)
    first = filters.day(days[0], weekday=False, year=False)
    if days[0].month == days[-1].month:
        first = (
            first.split()[0] if language() == "en" else first.rsplit(" ", 1)[0].split("\u00a0")[0]
        )
    return _("du %(first)s au %(last)s", first=first, last=last)


def _(text: str, **values: str) -> str:
    return str(gettext(text, **values))
