"""How far, which classes, which weeks: what a school decides before its pupils choose."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from matching import clock
from matching.database import db
from matching.errors import RuleBroken, Stale
from matching.models.schools import ClassGroup, School
from matching.permissions import Permission, can
from matching.queries import schools as school_queries
from matching.rules import school_calendar
from matching.services import classes, schools, windows
from matching.web import window_pages
from matching.web.forms.school import ClassForm, NewClassForm, ReachForm, SchoolForm, WindowForm
from matching.web.guards import requires, signed_in
from matching.web.messages import sentence
from matching.web.own_school import own_class, own_classes, own_school
from matching.web.refusals import explain

bp = Blueprint("school_settings", __name__, url_prefix="/etablissement")


@bp.get("/reglages")
@requires(Permission.SCHOOL_SPACE)
def settings() -> str:
    """How far pupils may go, and the list of classes."""
    school = own_school()
    return settings_page(school, ReachForm(reach_km=school.reach_km, seen=school.reach_km))


@bp.post("/reglages")
@requires(Permission.SCHOOL_SETTINGS)
def change_reach() -> Response | tuple[str, int]:
    """Set how far pupils may be placed."""
    school, form = own_school(), ReachForm()
    if form.validate_on_submit():
        try:
            schools.change_reach(signed_in(), school, **form.reach_values())
        except Stale:
            raise
        except RuleBroken as error:
            explain(form, error)
        else:
            flash(_("La distance est enregistrée."), "success")
            return redirect(url_for("school_settings.settings"), 303)
    return settings_page(school, form), 422


def settings_page(school: School, reach: ReachForm) -> str:
    """The page of settings."""
    adults = db.session.scalars(school_queries.adults_of(school))
    return render_template(
        "school/settings.html",
        school=school,
        reach=reach,
        zone_name=school_calendar.ZONE_NAMES[school.holiday_zone],
        classes=own_classes(),
        teachers={one.id: one.name for one in adults},
        whole=schools.sees_whole_school(signed_in()),
        may_change=can(signed_in(), Permission.SCHOOL_SETTINGS),
    )


@bp.route("/fiche", methods=["GET", "POST"])
@requires(Permission.SCHOOL_SETTINGS)
def amend() -> Response | tuple[str, int]:
    """Correct the school before its approval, or after a refusal."""
    school = own_school()
    form = SchoolForm.of(school)
    if form.validate_on_submit():
        try:
            schools.amend(signed_in(), school, form.details())
        except RuleBroken as error:
            explain(form, error)
        else:
            flash(_("La fiche du collège est enregistrée."), "success")
            return redirect(url_for("school.board"), 303)
    page = render_template("school/amend.html", form=form, school=school)
    return page, 422 if form.is_submitted() else 200


@bp.route("/classes/nouvelle", methods=["GET", "POST"])
@requires(Permission.SCHOOL_ENROL)
def create_class() -> Response | tuple[str, int]:
    """Open a class."""
    form = NewClassForm()
    if form.validate_on_submit():
        try:
            row = classes.create(signed_in(), own_school(), name=form.name.data or "")
        except RuleBroken as error:
            explain(form, error)
        else:
            flash(_("La classe %(name)s est ouverte.", name=row.name), "success")
            return redirect(url_for("school.class_board", ref=row.ref), 303)
    page = render_template("school/class_form.html", form=form, class_group=None)
    return page, 422 if form.is_submitted() else 200


@bp.route("/classes/<ref>/modifier", methods=["GET", "POST"])
@requires(Permission.SCHOOL_SETTINGS)
def change_class(ref: str) -> Response | tuple[str, int]:
    """Rename a class, name its class teacher."""
    row = own_class(ref)
    colleagues = db.session.scalars(school_queries.adults_of(row.school)).all()
    form = ClassForm.of(row, colleagues)
    if form.validate_on_submit():
        try:
            classes.change(signed_in(), row, **form.class_values())
        except Stale:
            raise
        except RuleBroken as error:
            explain(form, error)
        else:
            flash(_("La classe est enregistrée."), "success")
            return redirect(url_for("school_settings.settings"), 303)
    page = render_template("school/class_form.html", form=form, class_group=row)
    return page, 422 if form.is_submitted() else 200


@bp.get("/semaines")
@requires(Permission.SCHOOL_SPACE)
def weeks() -> str:
    """The weeks of the school, or of one class."""
    return weeks_page(chosen_class(), {})


@bp.post("/semaines")
@requires(Permission.SCHOOL_SETTINGS)
def choose_week() -> Response | tuple[str, int]:
    """Choose a week, with all its free days, or change the days of a week."""
    of_class, form = chosen_class(), WindowForm()
    if not form.validate_on_submit():
        abort(400)
    week = form.week.data or ""
    try:
        windows.choose(
            signed_in(), own_school(), week=week, weekdays=form.days(), class_group=of_class
        )
    except RuleBroken as error:
        return weeks_page(of_class, {week: sentence(error.code, **error.values)}), 422
    return redirect(weeks_url(of_class, week), 303)


def weeks_page(of_class: ClassGroup | None, errors: dict[str, str]) -> str:
    """The page of the weeks; ``errors`` says beside a week why it was refused."""
    school = own_school()
    whole = schools.sees_whole_school(signed_in())
    return render_template(
        "school/weeks.html",
        school=school,
        of_class=of_class,
        errors=errors,
        may_change=can(signed_in(), Permission.SCHOOL_SETTINGS) and (whole or of_class is not None),
        **window_pages.weeks(school, of_class, own_classes(), clock.school_year()),
    )


@bp.post("/semaines/retirer")
@requires(Permission.SCHOOL_SETTINGS)
def give_up_week() -> Response:
    """Take a week away."""
    of_class, week = chosen_class(), request.form.get("week", "").replace("\x00", "")
    windows.give_up(signed_in(), own_school(), week=week, class_group=of_class)
    return redirect(weeks_url(of_class, week), 303)


def chosen_class() -> ClassGroup | None:
    """The class that the address names, or none for the whole school."""
    ref = request.args.get("classe", "")
    return own_class(ref) if ref else None


def weeks_url(of_class: ClassGroup | None, week: str) -> str:
    """The page of the weeks, at the week that has just changed."""
    ref = of_class.ref if of_class else None
    return url_for("school_settings.weeks", classe=ref, _anchor=week)
