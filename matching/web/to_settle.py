"""Agreed placements where nobody may meet a minor any more: the coordinator decides."""

import sqlalchemy as sa
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from matching.database import db
from matching.models.companies import Company, Site
from matching.models.placements import Party, Placement
from matching.models.schools import School
from matching.models.statuses import ApprovalStatus
from matching.permissions import Permission
from matching.queries import placements as queries
from matching.services import placements
from matching.web.forms.versioned import number_shown
from matching.web.guards import requires, signed_in
from matching.web.placement_pages import WORDS

bp = Blueprint("to_settle", __name__, url_prefix="/territoire/a-traiter")


@bp.get("")
@requires(Permission.TERRITORY_SPACE)
def index() -> str:
    """References and places, no name of a pupil."""
    found = db.session.execute(queries.to_settle(signed_in())).all()
    return render_template(
        "territory/to_settle.html",
        rows=[
            (placement, school, site, company, WORDS[why_not(school, site, company)])
            for placement, school, site, company in found
        ],
    )


@bp.route("/<ref>/annuler", methods=["GET", "POST"])
@requires(Permission.TERRITORY_RUN)
def cancel(ref: str) -> str | Response:
    """Say what it does, then do it: the seat is free, the pupil is in the next round."""
    query = queries.to_settle(signed_in()).where(Placement.ref == ref)
    found = db.session.execute(query).first() or abort(404)
    placement, school, site, company = found
    reason = why_not(school, site, company)
    if request.method == "GET":
        return render_template(
            "territory/cancel.html",
            placement=placement,
            school=school,
            site=site,
            company=company,
            why=WORDS[reason],
        )
    placements.cancel(
        signed_in(),
        placement,
        Party.COORDINATOR,
        version=number_shown(request.form.get("version")) or 0,
        reason=reason,
    )
    flash(_("Le stage est annulé : le collège et l’entreprise sont prévenus."), "success")
    return redirect(url_for(".index"), 303)


def how_many() -> int:
    """For the coordinator's board."""
    found = queries.to_settle(signed_in()).with_only_columns(Placement.id).order_by(None)
    return db.session.scalar(sa.select(sa.func.count()).select_from(found.subquery())) or 0


def why_not(school: School, site: Site, company: Company) -> str:
    """Why the placement cannot simply go on."""
    if school.status is ApprovalStatus.BLOCKED:
        return "school_blocked"
    return "company_blocked" if company.status is ApprovalStatus.BLOCKED else "site_blocked"
