"""A school enrols its pupils one by one, corrects them, moves them, takes them off the list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import sqlalchemy as sa

from matching import clock
from matching.database import db, transactional
from matching.errors import RuleBroken, Stale
from matching.keyed_hash import keyed_hash
from matching.models.events import Event
from matching.models.placements import Placement
from matching.models.pupils import Guardian, Pupil
from matching.models.schools import ClassGroup, School
from matching.models.statuses import HOLDING
from matching.models.users import User
from matching.rules import pupils_cells, pupils_file
from matching.services import accounts, locations, schools

IDENTITY_WIDTH = 200


@dataclass(frozen=True, slots=True)
class PupilDetails:
    """What a school tells of a pupil. ``commune_code`` is the commune of residence, if told."""

    last_name: str
    first_name: str
    birth_date: date
    guardians: tuple[pupils_cells.Guardian, ...] = ()
    commune_code: str | None = None
    needs_access: bool = False


@transactional
def add(
    user: User, class_group: ClassGroup, details: PupilDetails, *, residence: Mapping[str, str]
) -> Pupil:
    """Enrol a pupil; the account opens with the first card.

    ``residence`` is a typed place (``locations.locate``) or blank. Raises RuleBroken
    ``pupil_exists`` (field ``last_name``, value ``class_name``), ``school_closed``, and those of
    ``locations.locate``. ``user`` may be anyone who sees the class.
    """
    schools.refuse_closed(class_group.school)
    schools.lock(class_group.school)
    refuse_twin(class_group.school, details)
    return enrol(class_group, details, commune_code=_commune_code(residence))


@transactional
def change(
    user: User,
    pupil: Pupil,
    details: PupilDetails,
    *,
    class_group: ClassGroup,
    residence: Mapping[str, str],
    seen: str,
) -> None:
    """Correct a pupil or move him to another class of the school; a placement stays his.

    ``seen`` is the mark of the pupil that the page showed (``mark``). Raises as ``add``, and Stale
    ``pupil_changed``.
    """
    schools.refuse_closed(pupil.school)
    schools.lock(pupil.school)
    db.session.refresh(pupil)
    if mark(pupil) != seen:
        raise Stale("pupil_changed")
    if class_group.school_id != pupil.school_id or class_group.school_year != pupil.school_year:
        raise ValueError("a class of another school or year")
    refuse_twin(pupil.school, details, but=pupil.id)
    write(pupil, replace(details, commune_code=_commune_code(residence)), class_group)


def write(pupil: Pupil, details: PupilDetails, class_group: ClassGroup) -> None:
    """Make a pupil this, once the caller knows that there is no twin."""
    pupil.last_name, pupil.first_name = details.last_name, details.first_name
    pupil.birth_date, pupil.identity = details.birth_date, identity_of(details)
    pupil.class_group = class_group
    pupil.commune_code, pupil.needs_access = details.commune_code, details.needs_access
    set_guardians(pupil, details.guardians)


@transactional
def remove(user: User, pupil: Pupil) -> None:
    """Erase a pupil with the account, the guardians and the wishes.

    Raises RuleBroken ``pupil_has_place`` while a placement holds. Placements that ended stay as
    counts, without a person.
    """
    schools.lock(pupil.school)
    if db.session.scalar(
        sa.select(Placement.id)
        .where(Placement.pupil_id == pupil.id, Placement.status.in_(HOLDING))
        .limit(1)
    ):
        raise RuleBroken("pupil_has_place")
    account = pupil.user
    db.session.delete(pupil)
    db.session.flush()
    for column in (Event.actor_id, Placement.pupil_answered_by_id):
        db.session.execute(
            sa.update(column.class_).where(column == account.id).values({column: None})
        )
    db.session.delete(account)


def enrol(class_group: ClassGroup, details: PupilDetails, *, commune_code: str | None) -> Pupil:
    """The new pupil, once the school is locked and the caller knows that there is no twin."""
    account, _code = accounts.new_pupil_account()  # nobody is told this code: cards make theirs
    pupil = Pupil(
        user=account,
        school_id=class_group.school_id,
        class_group=class_group,
        school_year=class_group.school_year,
        last_name=details.last_name,
        first_name=details.first_name,
        birth_date=details.birth_date,
        identity=identity_of(details),
        commune_code=commune_code,
        needs_access=details.needs_access,
    )
    db.session.add(pupil)
    set_guardians(pupil, details.guardians)
    return pupil


def set_guardians(pupil: Pupil, guardians: Sequence[pupils_cells.Guardian]) -> None:
    """Make the pupil's guardians these, in this order."""
    for position, given in enumerate(guardians, start=1):
        if len(pupil.guardians) < position:
            pupil.guardians.append(Guardian(position=position))
        row = pupil.guardians[position - 1]
        row.last_name, row.first_name = given.last_name, given.first_name
        row.email, row.phone = given.email or None, given.phone or None
    del pupil.guardians[len(guardians) :]


def identity_of(details: PupilDetails) -> str:
    """The key that makes two rows one pupil, as text."""
    last_name, first_name, birth_date = pupils_file.identity(
        details.last_name, details.first_name, details.birth_date
    )
    # Folding may lengthen a name (« ß » is two letters): cut it rather than overflow the column.
    return f"{last_name}|{first_name}|{birth_date}"[-IDENTITY_WIDTH:]


def mark(pupil: Pupil) -> str:
    """What a page shows of a pupil, as a fingerprint: when it differs, the page is stale."""
    shown = [
        *(pupil.identity, pupil.last_name, pupil.first_name, str(pupil.class_group_id)),
        *(pupil.commune_code or "", str(pupil.needs_access)),
    ]
    for one in pupil.guardians:
        shown += [one.last_name, one.first_name, one.email or "", one.phone or ""]
    return keyed_hash("pupil-mark", *shown)


def refuse_twin(school: School, details: PupilDetails, but: int | None = None) -> None:
    """Raise RuleBroken ``pupil_exists`` when another pupil has the same names and birth date."""
    twin = db.session.scalar(
        sa.select(Pupil).where(
            Pupil.school_id == school.id,
            Pupil.school_year == clock.school_year(),
            Pupil.identity == identity_of(details),
        )
    )
    if twin is not None and twin.id != but:
        raise RuleBroken("pupil_exists", field="last_name", class_name=twin.class_group.name)


def _commune_code(residence: Mapping[str, str]) -> str | None:
    if not residence.get("commune"):
        return None
    return locations.locate(**residence).commune_code
