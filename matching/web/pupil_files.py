"""A file of pupils: sent, corrected in its page, confirmed, undone."""

import sqlalchemy as sa
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from matching import clock
from matching.database import db
from matching.errors import RuleBroken, Stale
from matching.models.imports import ImportPreview, PupilImport
from matching.permissions import Permission
from matching.queries import imports as import_queries
from matching.queries import pupils as pupil_queries
from matching.rules.pupils_columns import template_csv
from matching.rules.pupils_file import FileProblem
from matching.rules.pupils_kept import ignored_columns
from matching.services import import_undo, imports
from matching.services.schools import sees_whole_school
from matching.web import import_lines
from matching.web.filters import plural
from matching.web.forms.files import ColumnsForm, FileForm
from matching.web.guards import requires, signed_in
from matching.web.own_school import own_classes, own_school
from matching.web.refusals import explain
from matching.web.school_messages import cell_sentence

bp = Blueprint("pupil_files", __name__, url_prefix="/etablissement/import")

SHOWN = 200  # pupils of a preview: more are counted
CHANGES = {
    "names": _l("orthographe du nom"),
    "birth_date": _l("date de naissance"),
    "guardians": _l("responsables légaux"),
    "commune": _l("commune de résidence"),
    "access": _l("besoin d’un lieu accessible"),
}
STAYS = {
    "placement": _l("un stage lui est proposé"),
    "wishes": _l("il a fait des vœux"),
    "interests": _l("il a choisi ses univers"),
    "card": _l("sa carte est imprimée"),
    "corrected": _l("sa fiche a été corrigée depuis"),
    "class_gone": _l("son ancienne classe n’existe plus"),
    "twin": _l("un autre élève porte son ancien nom"),
}


@bp.get("/modele.csv")
@requires(Permission.SCHOOL_ENROL)
def template() -> Response:
    """Our template, with one line of example."""
    headers = {"Content-Disposition": 'attachment; filename="eleves-modele.csv"'}
    return Response(template_csv(), mimetype="text/csv", headers=headers)


@bp.route("", methods=["GET", "POST"])
@requires(Permission.SCHOOL_ENROL)
def send() -> Response | tuple[str, int]:
    """Send a file of pupils; its page then shows how it was read."""
    form = FileForm(default_class=request.args.get("classe", ""))
    form.offer(own_classes())
    if form.validate_on_submit():
        content = form.content()
        problem = (
            FileProblem("file_missing")
            if content is None
            else imports.send(signed_in(), own_school(), content, default_class=form.class_name())
        )
        if problem is None:
            return redirect(url_for("pupil_files.preview"), 303)
        form.add_error("file", of_file(problem))
    page = render_template("school/send_file.html", form=form, done=own_imports())
    return page, 422 if form.is_submitted() else 200


@bp.get("/apercu")
@requires(Permission.SCHOOL_ENROL)
def preview() -> Response | str:
    """How the file was read, what is to mend, what it would change: nothing is written."""
    kept = own_import()
    if kept is None:
        return redirect(url_for("pupil_files.send"))
    return preview_page(kept, ColumnsForm.of(kept, own_classes()))


@bp.post("/colonnes")
@requires(Permission.SCHOOL_ENROL)
def read_again() -> Response | tuple[str, int]:
    """Say which column is which, or send the file again to have it read in another way."""
    kept = own_import()
    if kept is None:
        return redirect(url_for("pupil_files.send"), 303)
    form = ColumnsForm.of(kept, own_classes())
    file = imports.file_of(kept)
    keys = import_lines.typed_keys(request.form, file)
    content = form.content() if form.validate_on_submit() else None
    if form.errors:
        return preview_page(kept, form, keys), 422
    if content is None and form.reads_otherwise(file):
        form.add_error("file", cell_sentence("file_again"))
        return preview_page(kept, form, keys), 422
    school, default_class = own_school(), form.class_name()
    try:
        if content is None:
            imports.rename_columns(
                signed_in(), school, ref=kept.ref, keys=keys, default_class=default_class
            )
        else:
            choices = form.choices(file, keys)
            problem = imports.send(
                signed_in(), school, content, default_class=default_class, choices=choices
            )
            if problem is not None:
                flash(of_file(problem), "error")
                return redirect(url_for("pupil_files.send"), 303)
    except Stale:
        raise
    except RuleBroken as error:
        explain(form, error)
        return preview_page(kept, form, keys), 422
    return redirect(url_for("pupil_files.preview"), 303)


@bp.post("/corriger")
@requires(Permission.SCHOOL_ENROL)
def correct() -> Response:
    """Take the cells and the answers that the page sent; the page then says what is left."""
    imports.correct(
        signed_in(),
        own_school(),
        ref=request.form.get("ref", ""),
        cells=import_lines.typed_cells(request.form),
        decisions=import_lines.decisions(request.form),
    )
    return redirect(url_for("pupil_files.preview"), 303)


@bp.post("/confirmer")
@requires(Permission.SCHOOL_ENROL)
def confirm() -> Response:
    """Write what the preview showed."""
    done = imports.confirm(signed_in(), own_school(), seen=request.form.get("seen", ""))
    added = plural(len(done.additions), _("élève ajouté"), _("élèves ajoutés"))
    updated = plural(len(done.updates), _("fiche modifiée"), _("fiches modifiées"))
    flash(_("Import enregistré : %(added)s, %(updated)s.", added=added, updated=updated), "success")
    return redirect(url_for("school.board"), 303)


@bp.post("/annuler")
@requires(Permission.SCHOOL_ENROL)
def cancel() -> Response:
    """Forget the file."""
    imports.cancel(signed_in())
    flash(_("Import annulé : rien n’a été changé, et le fichier est effacé."), "success")
    return redirect(url_for("pupil_files.send"), 303)


@bp.get("/<ref>/defaire")
@requires(Permission.SCHOOL_ENROL)
def look_back(ref: str) -> str:
    """What undoing an import would take away, and who would stay."""
    record = own_done_import(ref)
    return render_template(
        "school/undo_import.html",
        record=record,
        found=import_undo.look(record),
        reasons=STAYS,
        shown=SHOWN,
    )


@bp.post("/<ref>/defaire")
@requires(Permission.SCHOOL_ENROL)
def undo(ref: str) -> Response:
    """Take it away."""
    record = own_done_import(ref)
    done = import_undo.undo(signed_in(), own_school(), record, seen=request.form.get("seen", ""))
    removed = plural(len(done.going), _("élève retiré"), _("élèves retirés"))
    restored = plural(len(done.restoring), _("fiche rétablie"), _("fiches rétablies"))
    kept = plural(len(done.staying), _("élève gardé"), _("élèves gardés"))
    flash(
        _(
            "Import défait : %(removed)s, %(restored)s, %(kept)s.",
            removed=removed,
            restored=restored,
            kept=kept,
        ),
        "success",
    )
    return redirect(url_for("pupil_files.send"), 303)


def preview_page(
    kept: ImportPreview, form: ColumnsForm, keys: tuple[str | None, ...] | None = None
) -> str:
    """The page of a file; ``keys`` are the columns as the person has just chosen them."""
    file, plan = imports.file_of(kept), imports.plan_of(signed_in(), kept)
    if keys is None:
        keys = tuple(column.key for column in file.columns)
    return render_template(
        "school/preview.html",
        ref=kept.ref,
        file=file,
        form=form,
        plan=plan,
        columns=list(zip(file.columns, keys, strict=True)),
        column_choices=import_lines.column_choices(),
        letter=import_lines.letter,
        looks=import_lines.LOOKS,
        file_problems=[
            (one.column, of_file(one)) for one in import_lines.of_the_file(file, plan.problems)
        ],
        mend=import_lines.lines_to_mend(file, plan.problems),
        most=import_lines.MOST_LINES,
        decided=sorted(map(int, kept.decisions)),
        ignored=ignored_columns(file.columns),
        shown=SHOWN,
        names=CHANGES,
    )


def of_file(problem: FileProblem) -> str:
    """The sentence of a problem of the whole file, with its line when one is broken."""
    told = cell_sentence(problem.code, problem.expected, problem.other_line)
    if problem.code == "file_quotes":
        return str(_("Ligne %(line)s – %(told)s", line=problem.line, told=told))
    return told


def own_import() -> ImportPreview | None:
    """The file that the person has sent, if it still waits."""
    kept = db.session.scalar(pupil_queries.import_of(signed_in()))
    return None if kept is None or imports.expired(kept) else kept


def own_imports() -> list[PupilImport]:
    """The imports of this year that the person may undo, the newest first."""
    return list(db.session.scalars(visible_imports()))


def own_done_import(ref: str) -> PupilImport:
    """One of them."""
    return db.session.scalar(visible_imports().where(PupilImport.ref == ref)) or abort(404)


def visible_imports() -> sa.Select[PupilImport]:
    """All those of the school, or only the person's own for who sees some classes."""
    whole = sees_whole_school(signed_in())
    return import_queries.visible_to(
        signed_in(), own_school(), clock.school_year(), whole=whole
    ).where(import_queries.may_be_undone(clock.now()))
