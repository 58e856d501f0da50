"""A school's file of pupils: read, kept for the preview, then written. All or nothing.

The same file twice changes nothing, and pupils who are not in the file stay.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

import sqlalchemy as sa

from matching import clock
from matching.database import db, transactional
from matching.errors import Stale
from matching.models.imports import KEPT_FOR, ImportPreview
from matching.models.schools import ClassGroup, School
from matching.models.users import User
from matching.queries import pupils
from matching.rules.pupils_cells import Guardian
from matching.rules.pupils_file import FileProblem, PupilRow, read_pupils
from matching.services import classes, enrolment, import_plan, schools
from matching.services.import_plan import Plan, Update


@transactional
def send(
    user: User, school: School, data: bytes, *, default_class: str | None = None
) -> tuple[Sequence[FileProblem], Sequence[str]]:
    """Read a file; return what is wrong with it and the columns that were left out.

    When nothing is wrong, its lines are kept for the preview, in the place of those that this
    person sent before. Raises RuleBroken ``school_closed``.
    """
    schools.refuse_closed(school)
    schools.lock(school)  # two clicks on « envoyer » wait for each other
    erase_expired()
    cancel(user)
    read = read_pupils(data, today=clock.today(), default_class=default_class)
    problems = read.problems or import_plan.compare(user, school, read.rows).problems
    if not problems:
        db.session.add(
            ImportPreview(
                owner_id=user.id,
                school_id=school.id,
                school_year=clock.school_year(),
                lines=[_to_json(row) for row in read.rows],
                ignored_columns=list(read.ignored_columns),
            )
        )
    return problems, read.ignored_columns


def plan_of(user: User, preview: ImportPreview) -> Plan:
    """Compare the kept lines with the school as it is now."""
    return import_plan.compare(user, preview.school, map(_from_json, preview.lines))


def expired(preview: ImportPreview) -> bool:
    """Whether the hour of the preview is over."""
    return preview.created_at + KEPT_FOR <= clock.now()


@transactional
def confirm(user: User, school: School, *, seen: str) -> Plan:
    """Write what the preview showed, and forget the file; return what was done.

    ``seen`` is the mark of the plan on the page. Raises Stale ``import_gone`` (done, cancelled or
    too old) or ``import_changed`` (the school has changed since: look again).
    """
    schools.refuse_closed(school)
    schools.lock(school)
    kept = db.session.scalar(
        pupils.import_of(user)
        .where(ImportPreview.school_id == school.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if kept is None or expired(kept):  # of two clicks, one was quicker
        raise Stale("import_gone")
    plan = plan_of(user, kept)
    if plan.problems or plan.mark != seen:
        raise Stale("import_changed")
    groups = _classes(school)
    for key, one in plan.classes.items():
        if one.opened:
            groups[key] = classes.open_class(school, one.name)
    for added in plan.additions:
        group = groups[classes.same_class(added.row.class_name)]
        enrolment.enrol(group, added.details, commune_code=added.details.commune_code)
    for update in plan.updates:
        _apply(update, groups[classes.same_class(update.row.class_name)])
    db.session.delete(kept)
    return plan


@transactional
def cancel(user: User) -> None:
    """Forget the file that this person has sent."""
    db.session.execute(sa.delete(ImportPreview).where(ImportPreview.owner_id == user.id))


@transactional
def erase_expired() -> None:
    """Forget every file whose hour is over."""
    db.session.execute(
        sa.delete(ImportPreview).where(ImportPreview.created_at <= clock.now() - KEPT_FOR)
    )


def _apply(update: Update, group: ClassGroup) -> None:
    pupil, details = update.pupil, update.details
    pupil.last_name, pupil.first_name = details.last_name, details.first_name
    pupil.class_group = group
    pupil.commune_code, pupil.needs_access = details.commune_code, details.needs_access
    enrolment.set_guardians(pupil, details.guardians)


def _classes(school: School) -> dict[str, ClassGroup]:
    rows = db.session.scalars(
        sa.select(ClassGroup).where(
            ClassGroup.school_id == school.id, ClassGroup.school_year == clock.school_year()
        )
    )
    return {classes.same_class(row.name): row for row in rows}


def _to_json(row: PupilRow) -> dict[str, Any]:
    return asdict(row) | {"birth_date": row.birth_date.isoformat()}


def _from_json(line: dict[str, Any]) -> PupilRow:
    return PupilRow(
        **line
        | {
            "birth_date": date.fromisoformat(line["birth_date"]),
            "guardians": tuple(Guardian(**one) for one in line["guardians"]),
            "access_needs": tuple(line["access_needs"]),
        }
    )
