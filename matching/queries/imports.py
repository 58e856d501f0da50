"""Files of pupils that were confirmed, and what each made."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy import Select
from sqlalchemy.orm import joinedload, selectinload

from matching.models.imports import PupilImport
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
