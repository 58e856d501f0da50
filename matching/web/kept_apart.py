"""Pupils whom their school does not want sent to one place together: no reason asked, none kept."""

from itertools import groupby
from typing import NamedTuple

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from matching import clock
from matching.database import db
from matching.errors import RuleBroken, Stale
from matching.models.pupils import Pupil
from matching.models.schools import School
from matching.permissions import Permission
from matching.queries import pupils as pupil_queries
from matching.services import kept_apart
from matching.web.forms.school import KeptApartForm
from matching.web.guards import requires, signed_in
from matching.web.own_school import own_pupils, own_school
from matching.web.refusals import explain

bp = Blueprint("kept_apart", __name__, url_prefix="/etablissement/eleves-a-separer")


class ApartSet(NamedTuple):
    """A set as the person may see it: ``others`` are in classes that are not his."""

    mark: str
    pupils: list[Pupil]
    others: int
    together: bool  # two of them hold a place in one offer and week


@bp.route("", methods=["GET", "POST"])
@requires(Permission.SCHOOL_KEEP_APART)
def index() -> Response | tuple[str, int]:
    """The sets, and a form that makes one more."""
    school, pupils, form = own_school(), own_pupils(), KeptApartForm()
    if form.validate_on_submit():
        chosen = [one for one in pupils if one.ref in (form.pupils.data or ())]
        try:
            kept_apart.keep_apart(signed_in(), school, chosen)
        except Stale:
            raise
        except RuleBroken as error:
            explain(form, error)
        else:
            flash(_("C’est noté : ces élèves ne seront pas placés ensemble."), "success")
            return redirect(url_for("kept_apart.index"), 303)
    return draw(school, pupils, form)


def draw(school: School, pupils: list[Pupil], form: KeptApartForm) -> tuple[str, int]:
    """The page; the class from which one comes is open."""
    sets = sets_of(school, pupils)
    html = render_template(
        "school/kept_apart.html",
        school=school,
        form=form,
        sets=sets,
        classes=[(group, list(rows)) for group, rows in groupby(pupils, lambda p: p.class_group)],
        taken={one.ref for found in sets for one in found.pupils},
        opened=request.args.get("classe", ""),
    )
    return html, 422 if form.errors or form.form_errors else 200


def sets_of(school: School, pupils: list[Pupil]) -> list[ApartSet]:
    """The sets with a pupil whom the person sees; who is alone with a mark is in none."""
    year, seen = clock.school_year(), {one.id for one in pupils}
    together = set(db.session.scalars(pupil_queries.together_all_the_same(school, year)))
    found = []
    rows = db.session.scalars(pupil_queries.kept_apart(school, year))
    for mark, grouped in groupby(rows, lambda one: one.kept_apart):
        members = list(grouped)
        mine = [one for one in members if one.id in seen]
        if mine and len(members) > 1:
            found.append(
                ApartSet(mark or "", mine, len(members) - len(mine), together=mark in together)
            )
    return sorted(found, key=lambda one: (one.pupils[0].last_name, one.pupils[0].first_name))


@bp.post("/defaire")
@requires(Permission.SCHOOL_KEEP_APART)
def undo() -> Response:
    """Undo a set, all of whose pupils the person sees."""
    school, mark = own_school(), request.form.get("mark", "")
    found = next((one for one in sets_of(school, own_pupils()) if one.mark == mark), None)
    if found is None:
        flash(_("Ce groupe est déjà défait."))
    elif found.others:
        flash(
            _("Ce groupe compte des élèves d’une autre classe : demandez au chef d’établissement."),
            "warning",
        )
    else:
        kept_apart.let_together(signed_in(), school, mark)
        flash(_("Le groupe est défait : ces élèves peuvent être placés ensemble."), "success")
    return redirect(url_for("kept_apart.index"), 303)
