"""Schools, classes and weeks, as the adults of a school may see them."""

import sqlalchemy as sa
from sqlalchemy import Select

from matching.models.applications import Application
from matching.models.placements import Placement
from matching.models.pupils import Pupil
from matching.models.schools import ClassGroup, PlacementWindow, School
from matching.models.statuses import HOLDING, ApplicationStatus
from matching.models.users import SCHOOL_ROLES, Membership, Role, User
from matching.queries.memberships import held

SENT = (ApplicationStatus.SUBMITTED, ApplicationStatus.READ_BY_SCHOOL)


def visible_to(user: User) -> Select[School]:
    """The schools in which the user works; most people have one."""
    return (
        sa.select(School).where(School.id.in_(_school_ids(user))).order_by(School.name, School.id)
    )


def classes_visible_to(user: User, school_year: int) -> Select[ClassGroup]:
    """Classes of that year in the user's schools; his own only, when he is teacher of any.

    A principal and a clerk see the whole school.
    """
    found = (
        sa.select(ClassGroup)
        .where(ClassGroup.school_id.in_(_school_ids(user)), ClassGroup.school_year == school_year)
        .order_by(ClassGroup.name, ClassGroup.id)
    )
    whole = (Role.PRINCIPAL, Role.SCHOOL_CLERK)
    if any(one.role in whole for one in user.in_force):
        return found
    own = sa.select(ClassGroup.id).where(
        ClassGroup.class_teacher_id == user.id, ClassGroup.school_year == school_year
    )
    return found.where(sa.or_(ClassGroup.id.in_(own), ~sa.exists(own)))


def adults_of(school: School) -> Select[User]:
    """The people who work in the school, by name."""
    return (
        sa.select(User)
        .where(
            User.id.in_(
                sa.select(Membership.user_id).where(
                    Membership.school_id == school.id,
                    Membership.role.in_(SCHOOL_ROLES),
                    Membership.ended_at.is_(None),
                )
            )
        )
        .order_by(User.last_name, User.first_name, User.id)
    )


def windows_of(school: School, school_year: int) -> Select[PlacementWindow]:
    """Every week chosen for the school and for its classes, in order."""
    return (
        sa.select(PlacementWindow)
        .where(PlacementWindow.school_id == school.id, PlacementWindow.school_year == school_year)
        .order_by(PlacementWindow.week, PlacementWindow.id)
    )


def class_counts(class_groups: Select[ClassGroup]) -> Select[int, int, int, int, int]:
    """For each class: its id, pupils, pupils who sent wishes, placed, and with neither."""
    sent = _has_sent_wishes()
    placed = _is_placed()
    return (
        sa.select(
            Pupil.class_group_id,
            sa.func.count(Pupil.id),
            _count_if(sent),
            _count_if(placed),
            _count_if(sa.not_(sa.or_(sent, placed))),
        )
        .where(
            Pupil.class_group_id.in_(class_groups.with_only_columns(ClassGroup.id).order_by(None))
        )
        .group_by(Pupil.class_group_id)
        .order_by(Pupil.class_group_id)
    )


def _has_sent_wishes() -> sa.ColumnElement[bool]:
    return sa.exists().where(Application.pupil_id == Pupil.id, Application.status.in_(SENT))


def _is_placed() -> sa.ColumnElement[bool]:
    return sa.exists().where(Placement.pupil_id == Pupil.id, Placement.status.in_(HOLDING))


def _count_if(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0), type_=sa.Integer), 0)


def _school_ids(user: User) -> Select[int | None]:
    return sa.select(Membership.school_id).where(
        held(user), Membership.role.in_(SCHOOL_ROLES), Membership.ended_at.is_(None)
    )
