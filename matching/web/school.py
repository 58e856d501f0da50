"""What the adults of a school see: their classes, their pupils, the wishes of each."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from matching import clock
from matching.database import db
from matching.errors import RuleBroken
from matching.permissions import Permission, can
from matching.queries import placements as placement_queries
from matching.queries import pupils as pupil_queries
from matching.rules.hours import age_on
from matching.services import registrations, throttle, wish_reading
from matching.web import placement_pages, reasons, registration, school_pages
from matching.web.forms.school import RegisterForm
from matching.web.guards import limited, public, requires, signed_in
from matching.web.own_school import own_class, own_classes, own_pupil, own_school
from matching.web.refusals import explain

bp = Blueprint("school", __name__)


@bp.route("/inscription/etablissement", methods=["GET", "POST"])
@public
@limited(throttle.REGISTRATIONS)
def register() -> Response | str | tuple[str, int]:
    """A school and the first of its adults, who then opens a letter."""
    if current_user.is_authenticated:
        return redirect(url_for("account.space"), 303)
    form = RegisterForm()
    if form.validate_on_submit():
        try:
            registrations.ask_for_school(form.details(), **form.person_values())
        except RuleBroken as error:
            explain(form, error)
        else:
            return registration.asked(form.email.data or "")
    page = render_template("school/register.html", form=form)
    return page, 422 if form.is_submitted() else 200


@bp.get("/etablissement")
@requires(Permission.SCHOOL_SPACE)
def board() -> str:
    """The classes, with what is left to do."""
    school = own_school()
    return render_template(
        "school/board.html", school=school, **school_pages.board(signed_in(), school, own_classes())
    )


@bp.get("/etablissement/classes/<ref>")
@requires(Permission.SCHOOL_SPACE)
def class_board(ref: str) -> str:
    """The pupils of a class, through one filter at a time."""
    class_group = own_class(ref)
    view = request.args.get("vue", "")
    return render_template(
        "school/class_board.html",
        class_group=class_group,
        may_keep_apart=can(signed_in(), Permission.SCHOOL_KEEP_APART),
        **school_pages.class_board(class_group, view),
    )


@bp.get("/etablissement/eleves/<ref>")
@requires(Permission.SCHOOL_SPACE)
def pupil(ref: str) -> str:
    """A pupil: wishes in order, placement, guardians."""
    row = own_pupil(ref)
    wishes = db.session.scalars(pupil_queries.wishes_sent_by(row)).all()
    placement = db.session.scalars(placement_queries.of_pupil(row).limit(1)).first()
    return render_template(
        "school/pupil.html",
        pupil=row,
        wishes=[(wish, school_pages.km_to(row, wish.offer.site)) for wish in wishes],
        placement=placement,
        why=placement_pages.why(placement) if placement else [],
        why_none=reasons.why_none(row, placement),
        misplaced=school_pages.outside_the_weeks(row, placement),
        age=age_on(clock.today(), row.birth_date),
    )


@bp.post("/etablissement/eleves/<ref>/voeux-lus")
@requires(Permission.SCHOOL_SPACE)
def read_wishes(ref: str) -> Response:
    """The adult has read the wishes that the page showed."""
    row = own_pupil(ref)
    marked = wish_reading.mark_read(signed_in(), row, seen=set(request.form.getlist("seen")))
    if marked:
        flash(_("C’est noté : les vœux de %(name)s sont lus.", name=row.first_name), "success")
    return redirect(url_for("school.pupil", ref=ref), 303)
