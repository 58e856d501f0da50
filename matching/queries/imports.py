"""Files of pupils that were confirmed, and what each made."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import joinedload, selectinload

from matching.models.imports import ImportChange, PupilImport
from matching.models.pupils import Pupil
from matching.models.schools import ClassGroup, PlacementWindow, School
from matching.models.users import User


def visible_to(user: User, school: School, school_year: int, *, whole: bool) -> Select[PupilImport]:
    """The imports of this year, the newest first; only the user's own, unless ``whole``."""
    found = (
        sa.select(PupilImport)
        .where(PupilImport.school_id == school.id, PupilImport.school_year == school_year)
        .order_by(PupilImport.created_at.desc(), PupilImport.id.desc())
        .options(joinedload(PupilImport.author))
    )
    return found if whole else found.where(PupilImport.author_id == user.id)


def pupils_made_by(record: PupilImport) -> Select[Pupil]:
    """The pupils that a file enrolled and who are still there, by class and name."""
    return (
        sa.select(Pupil)
        .join(Pupil.class_group)
        .where(Pupil.import_id == record.id)
        .order_by(ClassGroup.name, Pupil.last_name, Pupil.first_name, Pupil.id)
        .options(
            joinedload(Pupil.class_group), selectinload(Pupil.guardians), joinedload(Pupil.user)
        )
    )


def changes_of(record: PupilImport, now: datetime) -> Select[ImportChange]:
    """The pupils that a file changed and who can be made what they were, by class and name."""
    return (
        sa.select(ImportChange)
        .join(ImportChange.pupil)
        .join(Pupil.class_group)
        .where(ImportChange.import_id == record.id, ImportChange.expires_at > now)
        .order_by(ClassGroup.name, Pupil.last_name, Pupil.first_name, Pupil.id)
        .options(
            joinedload(ImportChange.pupil).options(
                joinedload(Pupil.class_group), selectinload(Pupil.guardians)
            )
        )
    )


def may_be_undone(now: datetime) -> ColumnElement[bool]:
    """Something of this import may still be taken back."""
    changed = sa.select(ImportChange.id).where(
        ImportChange.import_id == PupilImport.id, ImportChange.expires_at > now
    )
    return sa.and_(
        PupilImport.undone_at.is_(None), sa.or_(PupilImport.added > 0, sa.exists(changed))
    )


def classes_left_empty(record: PupilImport, *, without: Sequence[int]) -> Select[ClassGroup]:
    """The classes that a file opened and that hold only these pupils, without weeks or teacher."""
    others = sa.select(Pupil.id).where(
        Pupil.class_group_id == ClassGroup.id, Pupil.id.not_in(without)
    )
    windows = sa.select(PlacementWindow.id).where(PlacementWindow.class_group_id == ClassGroup.id)
    return (
        sa.select(ClassGroup)
        .where(
            ClassGroup.import_id == record.id,
            ClassGroup.class_teacher_id.is_(None),
            ~sa.exists(others),
            ~sa.exists(windows),
        )
        .order_by(ClassGroup.name, ClassGroup.id)
    )
