"""A school's list of pupils, one by one; files have pages of their own."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from matching.errors import RuleBroken, Stale
from matching.permissions import Permission
from matching.services import enrolment
from matching.web.forms.enrolment import PupilForm
from matching.web.guards import requires, signed_in
from matching.web.own_school import own_class, own_classes, own_pupil
from matching.web.refusals import explain

bp = Blueprint("enrolment", __name__, url_prefix="/etablissement")


@bp.route("/classes/<ref>/eleves/nouveau", methods=["GET", "POST"])
@requires(Permission.SCHOOL_ENROL)
def add_pupil(ref: str) -> Response | tuple[str, int]:
    """Enrol one pupil."""
    class_group, form = own_class(ref), PupilForm()
    del form.class_group
    if form.validate_on_submit():
        try:
            row = enrolment.add(
                signed_in(), class_group, form.details, residence=form.typed_place()
            )
        except RuleBroken as error:
            explain(form, error)
        else:
            flash(_("%(name)s est sur la liste.", name=row.first_name), "success")
            return redirect(url_for("school.class_board", ref=ref), 303)
    page = render_template("school/pupil_form.html", form=form, class_group=class_group, pupil=None)
    return page, 422 if form.is_submitted() else 200


@bp.route("/eleves/<ref>/modifier", methods=["GET", "POST"])
@requires(Permission.SCHOOL_ENROL)
def change_pupil(ref: str) -> Response | tuple[str, int]:
    """Correct a pupil, or move him to another class."""
    row = own_pupil(ref)
    form = PupilForm.of(row)
    form.class_group.choices = [(one.ref, one.name) for one in own_classes()]
    if form.validate_on_submit():
        try:
            enrolment.change(
                signed_in(),
                row,
                form.details,
                class_group=own_class(form.class_group.data or ""),
                residence=form.typed_place(),
                seen=form.seen.data or "",
            )
        except Stale:
            raise
        except RuleBroken as error:
            explain(form, error)
        else:
            flash(_("La fiche est enregistrée."), "success")
            return redirect(url_for("school.pupil", ref=ref), 303)
    page = render_template(
        "school/pupil_form.html", form=form, class_group=row.class_group, pupil=row
    )
    return page, 422 if form.is_submitted() else 200


@bp.post("/eleves/<ref>/retirer")
@requires(Permission.SCHOOL_ENROL)
def remove_pupil(ref: str) -> Response:
    """Erase a pupil."""
    row = own_pupil(ref)
    class_ref = row.class_group.ref
    enrolment.remove(signed_in(), row)
    flash(_("L’élève est retiré et ses données sont effacées."), "success")
    return redirect(url_for("school.class_board", ref=class_ref), 303)
