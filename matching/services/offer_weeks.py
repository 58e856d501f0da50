"""In which weeks pupils may come to a site, and why not in the others."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from matching import clock
from matching.errors import RuleBroken
from matching.geography.communes import gazetteer
from matching.models.companies import Site
from matching.models.offers import Offer
from matching.rules import school_calendar


def zone_of(site: Site) -> str | None:
    """The holiday zone of a site, by its département."""
    commune = gazetteer().by_code(site.commune_code)
    return school_calendar.zone_of(commune.departement) if commune else None


def closed_because(zone: str | None, week: str, weekdays: AbstractSet[int]) -> str | None:
    """Why no pupil may come that week, as a code of ``rules.school_calendar``, or None.

    A week with a public holiday is open if three of the offer's weekdays are left.
    """
    if zone is None:
        return "week_calendar_unknown"
    problem = school_calendar.week_problem(zone, week)
    if problem not in (None, "week_short"):
        return problem
    left = weekdays & school_calendar.free_weekdays(zone, week)
    return None if len(left) >= school_calendar.MIN_WEEKDAYS else "week_short"


def weekdays_of(offer: Offer) -> frozenset[int]:
    """The weekdays of an offer, from 1 (Monday)."""
    return frozenset(int(figure) for figure in offer.weekdays)


def open_weeks(offer: Offer) -> list[str]:
    """The weeks of an offer in which pupils may still come."""
    zone, weekdays = zone_of(offer.site), weekdays_of(offer)
    return [
        one.week
        for one in offer.weeks
        if not over(one.week) and closed_because(zone, one.week, weekdays) is None
    ]


def refuse_short_weeks(offer: Offer) -> None:
    """Raise RuleBroken ``week_short`` when fewer than three of the weekdays are left in a week."""
    zone, weekdays = zone_of(offer.site), weekdays_of(offer)
    for one in offer.weeks:
        if not over(one.week) and closed_because(zone, one.week, weekdays) == "week_short":
            why = school_calendar.holiday_in(zone, one.week) if zone else ""
            raise RuleBroken("week_short", field="weekdays", week=one.week, why=why)


def refuse_closed_weeks(offer: Offer, weeks: Iterable[str]) -> None:
    zone, weekdays = zone_of(offer.site), weekdays_of(offer)
    season = set(school_calendar.weeks(offer.school_year))
    for week in weeks:
        problem = closed_because(zone, week, weekdays)
        if problem is None and week not in season:
            problem = "week_outside_season"
        if problem is None and over(week):
            problem = "week_over"
        if problem:
            why = ""
            if zone and problem in {"week_holiday", "week_short"}:
                why = school_calendar.holiday_in(zone, week)
            raise RuleBroken(problem, field="weeks", week=week, why=why)


def over(week: str) -> bool:
    """Has the week begun? It is too late to send anybody."""
    return school_calendar.monday_of(week) <= clock.today()
