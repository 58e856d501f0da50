"""A school's list of pupils: one by one, or from a file."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from matching.database import db
from matching.errors import RuleBroken, Stale
from matching.models.imports import ImportPreview
from matching.permissions import Permission
from matching.queries import pupils as pupil_queries
from matching.rules.pupils_columns import template_csv
from matching.rules.pupils_file import FileProblem
from matching.services import enrolment, imports
from matching.web.filters import plural
from matching.web.forms.enrolment import FileForm, PupilForm
from matching.web.guards import requires, signed_in
from matching.web.own_school import own_class, own_classes, own_pupil, own_school
from matching.web.refusals import explain
from matching.web.school_messages import cell_sentence

bp = Blueprint("enrolment", __name__, url_prefix="/etablissement")

SHOWN = 200  # lines of a preview: more are counted
CHANGES = {
    "names": _l("orthographe du nom"),
    "guardians": _l("responsables légaux"),
    "commune": _l("commune de résidence"),
    "access": _l("besoin d’un lieu accessible"),
}


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


@bp.get("/import/modele.csv")
@requires(Permission.SCHOOL_ENROL)
def file_template() -> Response:
    """Our template, with one line of example."""
    name = "eleves-modele.csv"
    return Response(
        template_csv(),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@bp.route("/import", methods=["GET", "POST"])
@requires(Permission.SCHOOL_ENROL)
def send_file() -> Response | tuple[str, int]:
    """Send a file of pupils; what is wrong with it is shown line by line."""
    form = FileForm(default_class=request.args.get("classe", ""))
    form.offer(own_classes())
    problems: Sequence[FileProblem] = ()
    ignored: Sequence[str] = ()
    if form.validate_on_submit():
        content = form.content()
        if content is None:
            form.add_error("file", cell_sentence("file_missing"))
        else:
            problems, ignored = imports.send(
                signed_in(), own_school(), content, default_class=form.class_name()
            )
            if not problems:
                return redirect(url_for("enrolment.preview"), 303)
    page = render_template(
        "school/send_file.html",
        form=form,
        problems=problems,
        ignored=ignored,
        shown=SHOWN,
        expected=cell_sentence,
    )
    return page, 422 if form.is_submitted() else 200


@bp.get("/import/apercu")
@requires(Permission.SCHOOL_ENROL)
def preview() -> Response | str:
    """What the file would change, before anything is written."""
    kept = own_import()
    if kept is None or imports.expired(kept):
        return redirect(url_for("enrolment.send_file"))
    plan = imports.plan_of(signed_in(), kept)
    return render_template(
        "school/preview.html",
        plan=plan,
        ignored=kept.ignored_columns,
        shown=SHOWN,
        expected=cell_sentence,
        names=CHANGES,
    )


@bp.post("/import/confirmer")
@requires(Permission.SCHOOL_ENROL)
def confirm_import() -> Response:
    """Write what the preview showed."""
    done = imports.confirm(signed_in(), own_school(), seen=request.form.get("seen", ""))
    added = plural(len(done.additions), _("élève ajouté"), _("élèves ajoutés"))
    updated = plural(len(done.updates), _("fiche modifiée"), _("fiches modifiées"))
    flash(_("Import enregistré : %(added)s, %(updated)s.", added=added, updated=updated), "success")
    return redirect(url_for("school.board"), 303)


@bp.post("/import/annuler")
@requires(Permission.SCHOOL_ENROL)
def cancel_import() -> Response:
    """Forget the file."""
    imports.cancel(signed_in())
    flash(_("Import annulé : rien n’a été changé, et le fichier est effacé."), "success")
    return redirect(url_for("enrolment.send_file"), 303)


def own_import() -> ImportPreview | None:
    """The file that the person has sent, if any."""
    return db.session.scalar(pupil_queries.import_of(signed_in()))
