"""A school's file of pupils: read, corrected in the page, then written. All or nothing.

The same file twice changes nothing, and pupils who are not in the file stay.
"""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from matching import clock
from matching.database import db, transactional
from matching.errors import RuleBroken, Stale
from matching.models.imports import KEPT_FOR, ImportChange, ImportPreview, PupilImport
from matching.models.schools import ClassGroup, School
from matching.models.users import User
from matching.queries import pupils
from matching.rules.file_reading import Unreadable, clean_cell
from matching.rules.pupils_file import FileProblem, check, unreadable_problem
from matching.rules.pupils_kept import Choices, KeptFile, keep
from matching.rules.pupils_layout import without_national_number
from matching.services import classes, enrolment, import_plan, import_undo, kept_files, schools
from matching.services.import_plan import Plan

LONGEST_CELL = 300  # what may be typed in a cell, before the rules say how much it takes


@transactional
def send(
    user: User,
    school: School,
    data: bytes,
    *,
    default_class: str | None = None,
    choices: Choices | None = None,
) -> FileProblem | None:
    """Read a file and keep its cells for the preview; return why, when it is no table at all.

    It takes the place of the file that this person sent before. Raises RuleBroken
    ``school_closed``.
    """
    schools.refuse_closed(school)
    schools.lock(school)  # two clicks on « envoyer » wait for each other
    erase_expired()
    cancel(user)
    kept = keep(data, today=clock.today(), choices=choices)
    if isinstance(kept, Unreadable):
        return unreadable_problem(kept)
    db.session.add(
        ImportPreview(
            owner_id=user.id,
            school_id=school.id,
            school_year=clock.school_year(),
            file=kept_files.to_json(kept),
            default_class=default_class,
        )
    )
    return None


@transactional
def correct(
    user: User,
    school: School,
    *,
    ref: str,
    cells: Mapping[tuple[int, int], str],
    decisions: Mapping[int, str],
) -> None:
    """Change cells of the file that waits, by line and place of the column, and answer questions.

    An empty decision takes the former one back; lines and columns that the file does not have are
    left out. Raises Stale ``import_gone`` when ``ref`` no longer waits.
    """
    preview = _waiting(user, school, ref)
    kept = kept_files.from_json(preview.file)
    places = {place for place, column in enumerate(kept.columns) if column.key}
    lines = {line.line: line for line in kept.lines}
    for (number, place), text in cells.items():
        if number in lines and place in places:
            clean = without_national_number(clean_cell(text)[:LONGEST_CELL])
            lines[number].cells[place] = clean
    decided = dict(preview.decisions)
    for number, decision in decisions.items():
        if number in lines:
            decided[str(number)] = decision[:16]
    preview.file = kept_files.to_json(kept)
    preview.decisions = {number: decision for number, decision in decided.items() if decision}
    preview.touched_at = clock.now()


@transactional
def rename_columns(
    user: User,
    school: School,
    *,
    ref: str,
    keys: Sequence[str | None],
    default_class: str | None,
) -> None:
    """Say which column of the file that waits is which; cells of one that is no longer kept go.

    Raises Stale ``import_gone``, or RuleBroken ``import_column_gone`` (field ``file``) for a column
    whose cells were dropped: the file must be sent again.
    """
    preview = _waiting(user, school, ref)
    kept = kept_files.from_json(preview.file)
    if len(keys) != len(kept.columns):
        raise Stale("import_gone")
    for column, key in zip(kept.columns, keys, strict=True):
        if key and not column.key and column.looks != "empty":
            raise RuleBroken("import_column_gone", field="file", heading=column.heading or "–")
    preview.file = kept_files.to_json(kept_files.with_keys(kept, keys))
    preview.default_class = default_class
    preview.touched_at = clock.now()


def file_of(preview: ImportPreview) -> KeptFile:
    """What was kept of the file."""
    return kept_files.from_json(preview.file)


def plan_of(user: User, preview: ImportPreview) -> Plan:
    """What the kept cells say, compared with the school as it is now."""
    decisions = {int(number): decision for number, decision in preview.decisions.items()}
    read = check(
        file_of(preview),
        today=clock.today(),
        default_class=preview.default_class,
        decisions=decisions,
    )
    plan = import_plan.compare(user, preview.school, read.rows, decisions)
    plan.problems = sorted((*read.problems, *plan.problems), key=lambda one: one.line or 0)
    plan.skipped = read.skipped
    return plan


def expired(preview: ImportPreview) -> bool:
    """Whether the hour of the preview is over."""
    return preview.touched_at + KEPT_FOR <= clock.now()


@transactional
def confirm(user: User, school: School, *, seen: str) -> Plan:
    """Write what the preview showed, and forget the file; return what was done.

    ``seen`` is the mark of the plan on the page. Raises Stale ``import_gone`` (done, cancelled or
    too old) or ``import_changed`` (the school has changed since: look again).
    """
    kept = _waiting(user, school)
    plan = plan_of(user, kept)
    if plan.problems or plan.mark != seen:
        raise Stale("import_changed")
    done = PupilImport(
        school_id=school.id,
        author_id=user.id,
        school_year=clock.school_year(),
        added=len(plan.additions),
        updated=len(plan.updates),
    )
    if not plan.changes_nothing:
        db.session.add(done)
        db.session.flush()
    groups = _classes(school)
    for key, one in plan.classes.items():
        if one.opened:
            groups[key] = classes.open_class(school, one.name)
            groups[key].import_id = done.id
    # Those whose identity changes first: a new pupil may take the one that they leave.
    changes = []
    for update in plan.updates:
        before = import_undo.before(update.pupil)
        group = groups[classes.same_class(update.row.class_name)]
        enrolment.write(update.pupil, update.details, group)
        changes.append(ImportChange(import_id=done.id, pupil=update.pupil, before=before))
    db.session.flush()
    enrolled = []
    for added in plan.additions:
        group = groups[classes.same_class(added.row.class_name)]
        pupil = enrolment.enrol(group, added.details, commune_code=added.details.commune_code)
        pupil.import_id = done.id
        enrolled.append(pupil)
    for change in changes:
        change.mark = enrolment.mark(change.pupil)
    db.session.add_all(changes)
    db.session.flush()
    done.marks = {pupil.ref: enrolment.mark(pupil) for pupil in enrolled}
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
        sa.delete(ImportPreview).where(ImportPreview.touched_at <= clock.now() - KEPT_FOR)
    )


def _waiting(user: User, school: School, ref: str | None = None) -> ImportPreview:
    """The file of this person that waits, the school's row held; Stale ``import_gone``."""
    schools.refuse_closed(school)
    schools.lock(school)
    query = pupils.import_of(user).where(ImportPreview.school_id == school.id)
    kept = db.session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if kept is None or expired(kept) or ref not in (None, kept.ref):
        raise Stale("import_gone")  # of two clicks, one was quicker
    return kept


def _classes(school: School) -> dict[str, ClassGroup]:
    rows = db.session.scalars(
        sa.select(ClassGroup).where(
            ClassGroup.school_id == school.id, ClassGroup.school_year == clock.school_year()
        )
    )
    return {classes.same_class(row.name): row for row in rows}
