"""Take back what a file made: the pupils and classes that nobody has used since."""

from dataclasses import dataclass

import sqlalchemy as sa

from matching import clock
from matching.database import db, transactional
from matching.errors import RuleBroken, Stale
from matching.keyed_hash import keyed_hash
from matching.models.applications import Application
from matching.models.imports import PupilImport
from matching.models.placements import Placement
from matching.models.pupils import Pupil
from matching.models.schools import ClassGroup, School
from matching.models.users import User
from matching.queries import imports as import_queries
from matching.services import enrolment, schools


@dataclass(frozen=True, slots=True)
class Undoing:
    """What undoing would do: who would go, who stays and why, which classes would close.

    A reason is "placement", "wishes", "interests", "card" or "corrected". ``mark`` changes when any
    of these does.
    """

    going: tuple[Pupil, ...]
    staying: tuple[tuple[Pupil, str], ...]
    closing: tuple[ClassGroup, ...]

    @property
    def mark(self) -> str:
        """What the page shows, to compare with what is true when the word is given."""
        pupils = (pupil.ref for pupil in self.going)
        return keyed_hash("import-undo", *pupils, *(group.ref for group in self.closing))


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
    empty = db.session.scalars(
        import_queries.classes_left_empty(record, without=[pupil.id for pupil in going])
    )
    return Undoing(going, tuple(staying), tuple(empty))


@transactional
def undo(user: User, school: School, record: PupilImport, *, seen: str) -> Undoing:
    """Erase the pupils that the file enrolled and nobody has used, close its classes left empty.

    Pupils whom it changed stay as they are. ``seen`` is the mark of what the page showed. Raises
    RuleBroken ``import_used`` when nothing can go, ``school_closed``, or Stale ``import_undone``
    and ``import_moved``.
    """
    schools.refuse_closed(school)
    schools.lock(school)
    db.session.refresh(record)
    if record.undone_at is not None:
        raise Stale("import_undone")
    found = look(record)
    if not (found.going or found.closing):
        raise RuleBroken("import_used")
    if found.mark != seen:
        raise Stale("import_moved")
    for pupil in found.going:
        enrolment.remove(user, pupil)
    for group in found.closing:
        db.session.delete(group)
    if not found.staying:
        record.undone_at = clock.now()
    return found


def _with(query: sa.Select[int | None]) -> set[int | None]:
    return set(db.session.scalars(query))
