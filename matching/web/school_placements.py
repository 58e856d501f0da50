"""Proposals: the school looks first, pupil by pupil or a class at a time."""

import re

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from matching.database import db
from matching.errors import RuleBroken, Stale
from matching.models.companies import Site
from matching.models.offers import Offer, Seat
from matching.models.placements import Placement
from matching.models.pupils import Pupil
from matching.permissions import Permission, can
from matching.queries import placements as placement_queries
from matching.services import placements, school_answers
from matching.web import placement_pages
from matching.web.forms.school import DeclineForm
from matching.web.guards import requires, signed_in
from matching.web.messages import sentence
from matching.web.own_school import own_school
from matching.web.refusals import explain

bp = Blueprint("school_placements", __name__, url_prefix="/etablissement/propositions")

# A proposal as the page showed it; the version is a small number.
SEEN = re.compile(r"(?P<ref>[0-9a-z]+):(?P<version>[0-9]{1,9})")


@bp.get("")
@requires(Permission.SCHOOL_SPACE)
def index() -> str:
    """Proposals to look at, then what became of the others."""
    offer = joinedload(Placement.seat).joinedload(Seat.offer).joinedload(Offer.site)
    rows = db.session.scalars(
        placement_queries.visible_to_school(signed_in()).options(
            joinedload(Placement.pupil).joinedload(Pupil.class_group),
            offer.joinedload(Site.company),
        )
    ).all()
    return render_template(
        "school/placements.html",
        school=own_school(),
        may_answer=can(signed_in(), Permission.SCHOOL_PLACEMENT_ANSWER),
        why=placement_pages.why,
        words=placement_pages.WORDS,
        who=placement_pages.WHO,
        **placement_pages.sorted_out(rows),
    )


@bp.post("")
@requires(Permission.SCHOOL_PLACEMENT_ANSWER)
def accept() -> Response:
    """Yes to the proposals that the page showed: one, or all those of a class."""
    shown = filter(None, map(SEEN.fullmatch, request.form.getlist("seen")))
    versions = {one["ref"]: int(one["version"]) for one in shown}
    rows = db.session.scalars(
        placement_queries.visible_to_school(signed_in()).where(Placement.ref.in_(versions))
    ).all()
    seen = [(row, versions[row.ref]) for row in rows]
    accepted, left = school_answers.accept_all(signed_in(), seen)
    if accepted:
        flash(
            ngettext("Oui noté pour %(num)s élève.", "Oui noté pour %(num)s élèves.", accepted),
            "success",
        )
    if left:
        flash(
            ngettext(
                "%(num)s proposition avait déjà changé : la voici à jour.",
                "%(num)s propositions avaient déjà changé : les voici à jour.",
                left,
            ),
            "warning",
        )
    return redirect(url_for("school_placements.index"), 303)


@bp.route("/<ref>/refuser", methods=["GET", "POST"])
@requires(Permission.SCHOOL_PLACEMENT_ANSWER)
def decline(ref: str) -> Response | tuple[str, int]:
    """No, with a reason: the seat goes back at once."""
    query = placement_queries.visible_to_school(signed_in()).where(Placement.ref == ref)
    row = db.session.scalar(query) or abort(404)
    form = DeclineForm(version=row.version)
    if form.validate_on_submit():
        try:
            placements.answer_as_school(signed_in(), row, yes=False, **form.decline_values())
        except Stale as error:
            flash(sentence(error.code, **error.values), "warning")
            return redirect(url_for("school_placements.index"), 303)
        except RuleBroken as error:
            explain(form, error)
        else:
            flash(_("Le refus est noté, la place est rendue."), "success")
            return redirect(url_for("school_placements.index"), 303)
    page = render_template(
        "school/decline.html", form=form, placement=row, why=placement_pages.why(row)
    )
    return page, 422 if form.is_submitted() else 200
