"""What everyone may see: the home page, the offers, the credits, the state of the service."""

import json
from functools import cache
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response, abort, render_template, request, url_for

from matching import clock
from matching.database import db
from matching.geography.communes import Commune, gazetteer
from matching.geography.names import fold
from matching.models.offers import Offer
from matching.paths import STATIC
from matching.queries import public_figures, search
from matching.queries.places import communes_typed
from matching.rules.charter import CRITERIA
from matching.rules.school_calendar import week_of
from matching.rules.sectors import sector
from matching.web import offer_map
from matching.web.forms.search import VisitorSearchForm
from matching.web.guards import public
from matching.web.home_map import home_map, outlines
from matching.web.offer_pages import offer_page

bp = Blueprint("public", __name__)


@bp.get("/")
@public
def home() -> str:
    """What was promised, where places are open, and the four ways in."""
    year, week = clock.school_year(), this_week()
    seats = dict(db.session.execute(public_figures.open_seats(year, week)).all())
    drawn = home_map(seats)
    return render_template(
        "public/home.html",
        map=drawn,
        urls={
            shape.code: url_for("public.offers", departement=shape.code)
            for shape in (*drawn.shapes, *drawn.overseas)
        },
        offers_url=url_for("public.offers"),
        pupil_url=url_for("account.pupil_sign_in"),
        teacher_url=url_for("account.sign_in"),
        company_url=url_for("company.register"),
        territory_url=url_for("account.sign_in"),
        places_pledged=db.session.scalar(public_figures.pupils_pledged(year)),
        places_open=sum(seats.values()),
        companies=db.session.scalar(public_figures.hosts(year)),
        pupils_placed=db.session.scalar(public_figures.pupils_placed(year)),
    )


@bp.get("/offres")
@public
def offers() -> tuple[str, int]:
    """Published offers, around a commune or in a département."""
    form, valid, meant, found = asked_offers()
    page = render_template(
        "public/offers.html",
        form=form,
        page=offer_page(found, form.kept() if valid else {}),
        place=meant[0] if len(meant) == 1 else None,
        choice=meant if len(meant) != 1 else [],
        departement=names_of_departements().get(form.departement.data or ""),
        sector_of=sector,
        map_url=url_for("public.offers_map", **form.kept()) if found else None,
    )
    return page, 200 if valid else 422


@bp.get("/offres/carte")
@public
def offers_map() -> Response:
    """The same offers, gathered for the map."""
    return offer_map.answer(lambda: asked_offers()[3], "public.offer")


def asked_offers() -> tuple[VisitorSearchForm, bool, list[Commune], list[search.Found]]:
    """The filters of the address, whether they make sense, the communes meant, what they leave."""
    every = search.published(clock.school_year())
    form = VisitorSearchForm(request.args)
    weeks = db.session.scalars(search.weeks_of(every, search.from_week(this_week())))
    form.offer_weeks(weeks)
    valid = form.validate()
    meant = communes_meant(form) if valid else []
    place = meant[0] if len(meant) == 1 else None
    form.commune.data = place.code if place else ""
    if place:
        form.departement.data = ""
    nowhere = bool(form.place.data) and place is None
    found = visible_offers(form, place) if valid and not nowhere else []
    return form, valid, meant, found


def communes_meant(form: VisitorSearchForm) -> list[Commune]:
    """The commune picked from a list if its name still stands in the field, else those typed."""
    picked = gazetteer().by_code(form.commune.data or "")
    typed = form.place.data or ""
    if picked and fold(typed) in ("", fold(picked.name)):
        form.place.data = picked.name
        return [picked]
    return communes_typed(typed) if typed else []


def visible_offers(form: VisitorSearchForm, place: Commune | None) -> list[search.Found]:
    """The offers that pass the filters, nearest first when there is a point."""
    chosen = search.published(clock.school_year())
    if form.sector.data:
        chosen = chosen.where(Offer.sector == form.sector.data)
    if form.accessible.data:
        chosen = chosen.where(Offer.accessible)
    if form.departement.data:
        chosen = search.in_departement(chosen, form.departement.data)
    week = form.week.data
    weeks = search.in_weeks([week]) if week else search.from_week(this_week())
    around = search.Around(place.lat, place.lon, int(form.km.data)) if place else None
    return search.find(db.session(), chosen, search.free_seats(weeks), around)


@bp.get("/offres/<ref>")
@public
def offer(ref: str) -> str:
    """What a visitor may see of an offer: never whom to call."""
    chosen = search.published(clock.school_year()).where(Offer.ref == ref)
    row = db.session.scalar(chosen) or abort(404)
    free = search.find(db.session(), chosen, search.free_seats(search.from_week(this_week())))
    return render_template(
        "public/offer.html", **offer_details(row), free=sum(f.free for f in free)
    )


def offer_details(row: Offer) -> dict[str, Any]:
    """What the two pages of an offer show."""
    promised = [criterion for criterion in CRITERIA if criterion.key in row.charter]
    return {
        "offer": row,
        "sector": sector(row.sector),
        "weeks": [one.week for one in row.weeks if one.week >= this_week()],
        "promises": promised,
    }


@bp.get("/credits")
@public
def credits() -> str:  # noqa: A001 - the page's own name
    """Where data, letters, icons and programs come from."""
    return render_template("public/credits.html", packages=vendored(), communes=len(gazetteer()))


@bp.get("/health")
@public
def health() -> dict[str, str]:
    """For whoever watches the service: the database answers."""
    db.session.execute(sa.select(1))
    return {"status": "ok"}


@cache
def vendored() -> list[dict[str, Any]]:
    """The packages whose files we carry, with their licences."""
    listed: list[dict[str, Any]] = json.loads((STATIC / "vendor" / "manifest.json").read_text())
    return listed


@cache
def names_of_departements() -> dict[str, str]:
    """The name of each département of the map."""
    return {shape["code"]: shape["name"] for shape in outlines()["shapes"]}


def this_week() -> str:
    """The present ISO week: what began before is no longer on offer."""
    return week_of(clock.today())
