"""The foundation's space: lists that can be searched, and a page for each row."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, abort, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import QueryableAttribute

from matching.database import db
from matching.models.campaigns import Campaign, CampaignTerritory
from matching.models.companies import Company, Site
from matching.models.offers import Offer
from matching.models.schools import School
from matching.models.statuses import ApprovalStatus, OfferStatus
from matching.models.territories import Territory
from matching.models.users import Membership, Role, User
from matching.permissions import Permission
from matching.queries import foundation as queries
from matching.services import two_factor
from matching.web.changes_list import last_changes
from matching.web.forms.foundation import (
    ROLE_WORDS,
    CampaignSearch,
    PartySearch,
    PeopleSearch,
    Search,
    SiteSearch,
)
from matching.web.foundation_pages import listing, membership_key
from matching.web.guards import requires

bp = Blueprint("foundation", __name__, url_prefix="/fondation")


@bp.get("")
@requires(Permission.FOUNDATION_SPACE)
def board() -> str:
    """How many of each, with the way to each list."""
    blocked = ApprovalStatus.BLOCKED
    counts: list[tuple[str, Any, str, dict[str, Any]]] = [
        (_("adultes"), queries.adults(), "foundation.people", {}),
        (_("comptes bloqués"), queries.adults(blocked=True), "foundation.people", {"blocked": "y"}),
        (_("collèges"), queries.schools(), "foundation.schools", {}),
        (_("entreprises"), queries.companies(), "foundation.companies", {}),
        (_("entreprises bloquées"), queries.companies(status=blocked), "foundation.companies",
         {"status": "blocked"}),
        (_("sites signalés"), queries.sites(flagged=True), "foundation.sites", {"flagged": "y"}),
        (_("campagnes ouvertes"), queries.campaigns(still_open=True), "foundation.campaigns",
         {"still_open": "y"}),
    ]  # fmt: skip
    figures = [
        {
            "label": label,
            "value": db.session.scalar(sa.select(sa.func.count()).select_from(query.subquery())),
            "url": url_for(endpoint, **values),
        }
        for label, query, endpoint, values in counts
    ]
    return render_template("foundation/board.html", figures=figures, changes=last_changes(8))


@bp.get("/personnes")
@requires(Permission.FOUNDATION_SPACE)
def people() -> tuple[str, int]:
    """Adults; pupils are in no list of the foundation."""
    form = PeopleSearch(request.args)
    valid = form.validate()
    role = Role(form.role.data) if valid and form.role.data else None
    query = queries.adults(form.q.data or "", role, blocked=form.blocked.data) if valid else None
    return listing("foundation/people.html", form, query, role_words=ROLE_WORDS)


@bp.get("/personnes/<ref>")
@requires(Permission.FOUNDATION_SPACE)
def person(ref: str) -> str:
    """An adult: roles of today and of before, and what changed."""
    row = db.session.scalar(queries.adults().where(User.ref == ref)) or abort(404)
    held = db.session.scalars(queries.members(Membership.user_id == row.id)).all()
    rows = [("user", row.id), *(("membership", one.id) for one in held)]
    return render_template(
        "foundation/person.html",
        person=row,
        second_factor=two_factor.is_on(row),
        held=held,
        key_of=membership_key,
        role_words=ROLE_WORDS,
        changes=last_changes(20, of=rows),
    )


@bp.get("/colleges")
@requires(Permission.FOUNDATION_SPACE)
def schools() -> tuple[str, int]:
    """Schools."""
    return party_list("foundation/schools.html", queries.schools)


@bp.get("/colleges/<ref>")
@requires(Permission.FOUNDATION_SPACE)
def school(ref: str) -> str:
    """A school: its adults and what changed."""
    row = db.session.scalar(queries.schools().where(School.ref == ref)) or abort(404)
    return party_page("foundation/school.html", row, Membership.school)


@bp.get("/entreprises")
@requires(Permission.FOUNDATION_SPACE)
def companies() -> tuple[str, int]:
    """Companies."""
    return party_list("foundation/companies.html", queries.companies)


@bp.get("/entreprises/<ref>")
@requires(Permission.FOUNDATION_SPACE)
def company(ref: str) -> str:
    """A company: its sites, its adults and what changed."""
    row = db.session.scalar(queries.companies().where(Company.ref == ref)) or abort(404)
    return party_page("foundation/company.html", row, Membership.company)


def party_list(
    template: str, rows: Callable[[str, ApprovalStatus | None], sa.Select[Any]]
) -> tuple[str, int]:
    """Schools or companies, as searched; no row when the status is none of the list."""
    form = PartySearch(request.args)
    query = None
    if form.validate():
        status = ApprovalStatus(form.status.data) if form.status.data else None
        query = rows(form.q.data or "", status)
    return listing(template, form, query)


def party_page(template: str, row: School | Company, place: QueryableAttribute[Any]) -> str:
    """The page of a school or a company, with the people whose ``place`` it is."""
    return render_template(
        template,
        party=row,
        held=db.session.scalars(queries.members(place == row)).all(),
        key_of=membership_key,
        role_words=ROLE_WORDS,
        changes=last_changes(20, of=[(row.__tablename__, row.id)]),
    )


@bp.get("/sites")
@requires(Permission.FOUNDATION_SPACE)
def sites() -> tuple[str, int]:
    """Sites, those that inspectors found unsafe among them."""
    form = SiteSearch(request.args)
    valid = form.validate()
    query = queries.sites(form.q.data or "", flagged=form.flagged.data) if valid else None
    return listing("foundation/sites.html", form, query)


@bp.get("/sites/<ref>")
@requires(Permission.FOUNDATION_SPACE)
def site(ref: str) -> str:
    """A site, its published offers and what changed."""
    row = db.session.scalar(queries.sites().where(Site.ref == ref)) or abort(404)
    offers = sa.select(Offer).where(Offer.site_id == row.id, Offer.status == OfferStatus.PUBLISHED)
    return render_template(
        "foundation/site.html",
        site=row,
        offers=db.session.scalars(offers.order_by(Offer.title, Offer.id)).all(),
        changes=last_changes(20, of=[("site", row.id)]),
    )


@bp.get("/territoires")
@requires(Permission.FOUNDATION_SPACE)
def territories() -> tuple[str, int]:
    """Territories with what each holds."""
    form = Search(request.args)
    query = queries.territories(form.q.data or "") if form.validate() else None
    return listing("foundation/territories.html", form, query, whole_rows=True)


@bp.get("/territoires/<code>")
@requires(Permission.FOUNDATION_SPACE)
def territory(code: str) -> str:
    """A territory: its members of today and of before, its campaigns."""
    found = db.session.execute(queries.territories().where(Territory.code == code)).first()
    row, schools_there, sites_there, _coordinators = found or abort(404)
    held = db.session.scalars(queries.members(Membership.territory_id == row.id)).all()
    taking_part = sa.select(CampaignTerritory.campaign_id).where(
        CampaignTerritory.territory_id == row.id
    )
    return render_template(
        "foundation/territory.html",
        territory=row,
        schools=schools_there,
        sites=sites_there,
        held=held,
        key_of=membership_key,
        role_words=ROLE_WORDS,
        campaigns=db.session.scalars(queries.campaigns().where(Campaign.id.in_(taking_part))).all(),
        changes=last_changes(20, of=[("membership", one.id) for one in held]),
    )


@bp.get("/campagnes")
@requires(Permission.FOUNDATION_SPACE)
def campaigns() -> tuple[str, int]:
    """Campaigns of every territory."""
    form = CampaignSearch(request.args)
    valid = form.validate()
    query = queries.campaigns(form.q.data or "", still_open=form.still_open.data) if valid else None
    return listing("foundation/campaigns.html", form, query)
