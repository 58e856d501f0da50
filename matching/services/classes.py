"""The classes of a school: opened, renamed, given to a class teacher."""

import sqlalchemy as sa

from matching import clock
from matching.database import db, transactional
from matching.errors import RuleBroken, Stale
from matching.models.schools import ClassGroup, School
from matching.models.users import SCHOOL_ROLES, Membership, User
from matching.services import schools

MAX_NAME = 40


@transactional
def create(user: User, school: School, *, name: str) -> ClassGroup:
    """Open a class in this school year.

    Raises RuleBroken ``class_exists`` or ``class_name_length`` (field ``name``),
    ``whole_school_only``, ``school_closed``.
    """
    schools.refuse_part_of_school(user)
    schools.refuse_closed(school)
    schools.lock(school)
    return open_class(school, name)


@transactional
def change(
    user: User, class_group: ClassGroup, *, name: str, class_teacher_ref: str, seen: str
) -> None:
    """Rename a class, name its teacher (a colleague's reference, or nothing).

    ``seen`` is the mark of the class that the page showed (``mark``). Raises RuleBroken
    ``class_exists``, ``class_name_length`` (field ``name``), ``teacher_unknown`` (field
    ``class_teacher``), ``whole_school_only``, or Stale ``class_changed``.
    """
    schools.refuse_part_of_school(user)
    schools.lock(class_group.school)
    db.session.refresh(class_group)
    if mark(class_group) != seen:
        raise Stale("class_changed")
    name = _clean_name(name)
    _refuse_twin(class_group.school, name, but=class_group.id)
    class_group.name = name
    class_group.class_teacher_id = _colleague(class_group.school, class_teacher_ref)


def open_class(school: School, name: str) -> ClassGroup:
    """The new class, inside a transaction that has locked the school."""
    name = _clean_name(name)
    _refuse_twin(school, name)
    row = ClassGroup(school=school, school_year=clock.school_year(), name=name)
    db.session.add(row)
    db.session.flush()
    return row


def mark(class_group: ClassGroup) -> str:
    """What a page shows of a class: when it differs from what was seen, the page is stale."""
    return f"{class_group.name}|{class_group.class_teacher_id or ''}"


def same_class(name: str) -> str:
    """Two names with the same key are one class: « 3e A », « 3E  a »."""
    return " ".join(name.split()).casefold()


def _clean_name(name: str) -> str:
    name = " ".join(name.split())
    if not 1 <= len(name) <= MAX_NAME:
        raise RuleBroken("class_name_length", field="name", most=MAX_NAME)
    return name


def _refuse_twin(school: School, name: str, but: int | None = None) -> None:
    others = db.session.execute(
        sa.select(ClassGroup.id, ClassGroup.name).where(
            ClassGroup.school_id == school.id, ClassGroup.school_year == clock.school_year()
        )
    )
    for class_id, other in others:
        if class_id != but and same_class(other) == same_class(name):
            raise RuleBroken("class_exists", field="name", name=other)


def _colleague(school: School, ref: str) -> int | None:
    if not ref:
        return None
    found = db.session.scalar(
        sa.select(User.id)
        .join(Membership, Membership.user_id == User.id)
        .where(
            User.ref == ref,
            Membership.school_id == school.id,
            Membership.role.in_(SCHOOL_ROLES),
            Membership.ended_at.is_(None),
        )
        .limit(1)
    )
    if found is None:
        raise RuleBroken("teacher_unknown", field="class_teacher")
    return found
