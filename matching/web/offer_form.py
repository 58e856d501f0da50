"""The pages of the offer form: for each, its address, its form and what saving it means."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice

from matching.models.companies import Site
from matching.models.offers import Offer
from matching.models.users import User
from matching.services import offers, seats
from matching.web.forms.offers import HoursForm, PlaceForm, ProgrammeForm, WeeksForm, WelcomeForm
from matching.web.forms.versioned import VersionedForm
from matching.web.own_company import own_sites


@dataclass(frozen=True, slots=True)
class Page:
    """One page: ``fill`` gives the form what is stored, ``save`` hands over what was typed."""

    label: str
    template: str
    form: type[VersionedForm]
    fill: Callable[[Offer], dict[str, Any]]
    save: Callable[[User, Offer, Any], object]


def site_choices(sites: list[Site]) -> list[SelectChoice]:
    """The sites that an offer may be at."""
    return [
        SelectChoice(site.ref, f"{site.name} – {site.address}, {site.postcode}") for site in sites
    ]


def _fill_place(offer: Offer) -> dict[str, Any]:
    return {
        "ref": offer.ref,
        "site": offer.site.ref,
        "title": offer.title,
        "sector": offer.sector,
    }


def _save_place(user: User, offer: Offer, form: Any) -> None:
    site = next(one for one in own_sites() if one.ref == form.site.data)
    offers.revise(
        user,
        offer,
        version=form.seen_version(),
        site=site,
        title=form.title.data,
        sector=form.sector.data,
    )


def _fill_programme(offer: Offer) -> dict[str, Any]:
    return {"what_you_see": offer.what_you_see, "what_you_do": offer.what_you_do}


def _save_programme(user: User, offer: Offer, form: Any) -> None:
    offers.revise(
        user,
        offer,
        version=form.seen_version(),
        what_you_see=form.what_you_see.data,
        what_you_do=form.what_you_do.data,
    )


def _fill_hours(offer: Offer) -> dict[str, Any]:
    return {
        "weekdays": list(offer.weekdays),
        "starts_at": offer.starts_at,
        "ends_at": offer.ends_at,
        "break_minutes": offer.break_minutes,
    }


def _save_hours(user: User, offer: Offer, form: Any) -> None:
    offers.revise(
        user,
        offer,
        version=form.seen_version(),
        weekdays="".join(sorted(set(form.weekdays.data))),
        starts_at=form.starts_at.data,
        ends_at=form.ends_at.data,
        break_minutes=form.break_minutes.data,
    )


def _fill_weeks(offer: Offer) -> dict[str, Any]:
    plan = seats.plan_of(offer)
    by_uai = plan.reserved_for not in (None, *seats.PRIORITY_EDUCATION)
    return {
        "weeks": list(plan.weeks),
        "any_week": "yes" if plan.any_week else "no",
        "seats": plan.seats,
        "reserved": plan.reserved,
        "reserved_for": "uai" if by_uai else plan.reserved_for,
        "uai": plan.reserved_for if by_uai else "",
        "at_once": plan.limits.at_once,
        "of_a_school": plan.limits.of_a_school,
        "in_all": plan.limits.in_all,
    }


def _save_weeks(user: User, offer: Offer, form: Any) -> None:
    plan = seats.SeatPlan(
        weeks=tuple(form.weeks.data),
        seats=form.seats.data,
        any_week=form.any_week.data == "yes",
        reserved=form.reserved.data or 0,
        reserved_for=form.entitlement(),
        limits=form.limits(),
    )
    seats.arrange(user, offer, plan, version=form.seen_version())


def _fill_welcome(offer: Offer) -> dict[str, Any]:
    return {
        "tutor_name": offer.tutor_name,
        "access": offer.access,
        "gear": offer.gear,
        "accessible": offer.accessible,
        "charter": list(offer.charter),
    }


def _save_welcome(user: User, offer: Offer, form: Any) -> None:
    offers.revise(
        user,
        offer,
        version=form.seen_version(),
        tutor_name=form.tutor_name.data,
        access=form.access.data,
        gear=form.gear.data or "",
        accessible=form.accessible.data,
        charter=form.charter.data,
    )


PAGES: dict[str, Page] = {
    "lieu": Page(_l("Lieu"), "place", PlaceForm, _fill_place, _save_place),
    "programme": Page(
        _l("Programme"), "programme", ProgrammeForm, _fill_programme, _save_programme
    ),
    "horaires": Page(_l("Horaires"), "hours", HoursForm, _fill_hours, _save_hours),
    "semaines": Page(_l("Semaines"), "weeks", WeeksForm, _fill_weeks, _save_weeks),
    "accueil": Page(_l("Accueil"), "welcome", WelcomeForm, _fill_welcome, _save_welcome),
}
REREAD = "relire"  # the last step is the offer itself
# Names of ``offers.NEEDED`` in words; there they name the template of the page to open.
MISSING_WORDS = {
    "what_you_see": _l("Dites ce que l’élève verra."),
    "what_you_do": _l("Dites ce que l’élève fera."),
    "seats": _l("Choisissez au moins une semaine à venir et une place."),
    "hours": _l("Corrigez les horaires."),
    "tutor_name": _l("Nommez le tuteur ou la tutrice."),
    "access": _l("Dites comment venir."),
}
_SLUGS = {page.template: slug for slug, page in PAGES.items()}


def still_to_write(offer: Offer) -> list[tuple[str, str]]:
    """(slug of the page, what to do there) of all that is missing."""
    return [
        (_SLUGS[offers.NEEDED[name]], str(MISSING_WORDS[name])) for name in offers.missing(offer)
    ]


def after(slug: str) -> str | None:
    """The page that follows, None after the last one."""
    slugs = [*PAGES, None]
    return slugs[slugs.index(slug) + 1]


def steps(offer: Offer | None, current: str, url: Callable[[str], str]) -> list[dict[str, Any]]:
    """The pages as the steps of a path; the last one is to read all again."""
    unwritten = {slug for slug, _words in still_to_write(offer)} if offer else set(PAGES)
    labels = {slug: page.label for slug, page in PAGES.items()} | {REREAD: _("Relire")}
    return [
        {
            "label": label,
            "state": _state(slug, current, unwritten | {REREAD}),
            "url": url(slug) if offer else None,
        }
        for slug, label in labels.items()
    ]


def _state(slug: str, current: str, unwritten: set[str]) -> str:
    if slug == current:
        return "current"
    return "next" if slug in unwritten else "done"
