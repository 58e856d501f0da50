"""Take back what a file did: pupils and classes that nobody has used since, pupils it changed."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from matching import clock
from matching.database import db, transactional
from matching.errors import RuleBroken, Stale
from matching.keyed_hash import keyed_hash
from matching.models.applications import Application
from matching.models.imports import ImportChange, PupilImport
from matching.models.placements import Placement
from matching.models.pupils import Pupil
from matching.models.schools import ClassGroup, School
from matching.models.users import User
from matching.queries import imports as import_queries
from matching.rules.pupils_cells import Guardian
from matching.services import enrolment, schools
from matching.services.enrolment import PupilDetails


@dataclass(frozen=True, slots=True)
class Undoing:
    """What undoing would do: who would go, who would be as before and in which class, who stays
    and why, which classes would close.

    A reason is "placement", "wishes", "interests", "card" or "corrected"; of a pupil whom the file
    changed, "corrected", "class_gone" or "twin". ``mark`` changes when any of these does.
    """

    going: tuple[Pupil, ...]
    restoring: tuple[tuple[ImportChange, ClassGroup], ...]
    staying: tuple[tuple[Pupil, str], ...]
    closing: tuple[ClassGroup, ...]

    @property
    def mark(self) -> str:
        """What the page shows, to compare with what is true when the word is given."""
        pupils = (pupil.ref for pupil in self.going)
        before = (change.pupil.ref for change, _group in self.restoring)
        closing = (group.ref for group in self.closing)
        return keyed_hash("import-undo", *pupils, "before", *before, "closing", *closing)


def look(record: PupilImport) -> Undoing:
    """What undoing this import would do now."""
    made = db.session.scalars(import_queries.pupils_made_by(record)).all()
    ids = [pupil.id for pupil in made]
    used: dict[str, set[int | None]] = {
        "placement": _with(sa.select(Placement.pupil_id).where(Placement.pupil_id.in_(ids))),
        "wishes": _with(sa.select(Application.pupil_id).where(Application.pupil_id.in_(ids))),
        "interests": {pupil.id for pupil in made if pupil.interests},
        "card": {pupil.id for pupil in made if pupil.card_issued_at},
        "corrected": {
            pupil.id for pupil in made if enrolment.mark(pupil) != record.marks.get(pupil.ref)
        },
    }
    staying = []
    for pupil in made:
        reason = next((why for why, found in used.items() if pupil.id in found), None)
        if reason is not None:
            staying.append((pupil, reason))
    kept = {pupil.id for pupil, _reason in staying}
    going = tuple(pupil for pupil in made if pupil.id not in kept)
    restoring = []
    for change in db.session.scalars(import_queries.changes_of(record, clock.now())).all():
        group = _class_of(change)
        reason = _why_not(change, [pupil.id for pupil in going])
        if reason is None and group is not None:
            restoring.append((change, group))
        else:
            staying.append((change.pupil, reason or "class_gone"))
    moving = (one.pupil for one, group in restoring if group != one.pupil.class_group)
    leaving = [*going, *moving]
    empty = db.session.scalars(
        import_queries.classes_left_empty(record, without=[pupil.id for pupil in leaving])
    )
    return Undoing(going, tuple(restoring), tuple(staying), tuple(empty))


@transactional
def undo(user: User, school: School, record: PupilImport, *, seen: str) -> Undoing:
    """Erase the pupils that the file enrolled and nobody has used, close its classes left empty.

    Pupils whom it changed less than a week ago are what they were. ``seen`` is the mark of what
    the page showed. Raises RuleBroken ``import_used`` when nothing can go, ``school_closed``, or
    Stale ``import_undone`` and ``import_moved``.
    """
    schools.refuse_closed(school)
    schools.lock(school)
    db.session.refresh(record)
    if record.undone_at is not None:
        raise Stale("import_undone")
    found = look(record)
    if not (found.going or found.closing or found.restoring):
        raise RuleBroken("import_used")
    if found.mark != seen:
        raise Stale("import_moved")
    for pupil in found.going:
        enrolment.remove(user, pupil)
    for change, group in found.restoring:
        enrolment.write(change.pupil, _details(change), group)
        db.session.delete(change)
    db.session.flush()
    for group in found.closing:
        db.session.delete(group)
    if not found.staying:
        record.undone_at = clock.now()
    return found


@transactional
def forget_old() -> None:
    """What pupils were before a file is kept as long as it serves."""
    db.session.execute(sa.delete(ImportChange).where(ImportChange.expires_at <= clock.now()))


def before(pupil: Pupil) -> dict[str, Any]:
    """All that a file may change of a pupil, as ``ImportChange.before`` keeps it."""
    return {
        "last_name": pupil.last_name,
        "first_name": pupil.first_name,
        "birth_date": pupil.birth_date.isoformat(),
        "class": pupil.class_group.ref,
        "commune_code": pupil.commune_code,
        "needs_access": pupil.needs_access,
        "guardians": [
            asdict(Guardian(one.last_name, one.first_name, one.email or "", one.phone or ""))
            for one in pupil.guardians
        ],
    }


def _details(change: ImportChange) -> PupilDetails:
    """The pupil as he was."""
    kept = change.before
    return PupilDetails(
        last_name=kept["last_name"],
        first_name=kept["first_name"],
        birth_date=date.fromisoformat(kept["birth_date"]),
        guardians=tuple(Guardian(**one) for one in kept["guardians"]),
        commune_code=kept["commune_code"],
        needs_access=kept["needs_access"],
    )


def _class_of(change: ImportChange) -> ClassGroup | None:
    """The class where the pupil was, if it is still there."""
    return db.session.scalar(sa.select(ClassGroup).where(ClassGroup.ref == change.before["class"]))


def _why_not(change: ImportChange, going: Sequence[int]) -> str | None:
    """Why this pupil cannot be what he was."""
    if enrolment.mark(change.pupil) != change.mark:
        return "corrected"
    twin = sa.select(Pupil.id).where(
        Pupil.school_id == change.pupil.school_id,
        Pupil.school_year == change.pupil.school_year,
        Pupil.identity == enrolment.identity_of(_details(change)),
        Pupil.id.not_in([change.pupil_id, *going]),
    )
    return "twin" if db.session.scalar(twin.limit(1)) is not None else None


def _with(query: sa.Select[int | None]) -> set[int | None]:
    return set(db.session.scalars(query))
