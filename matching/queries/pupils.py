"""Pupils, their wishes and their state, as the adults of their school may see them."""

import sqlalchemy as sa
from sqlalchemy import Select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from matching.models.applications import Application
from matching.models.companies import Site
from matching.models.imports import ImportPreview
from matching.models.offers import Offer, Seat
from matching.models.placements import Placement
from matching.models.pupils import Pupil
from matching.models.schools import ClassGroup, School
from matching.models.statuses import HOLDING, ApplicationStatus
from matching.models.users import User
from matching.queries import schools


def visible_to(user: User, school_year: int) -> Select[Pupil]:
    """Pupils of the classes that the user sees, by class and name."""
    classes = schools.classes_visible_to(user, school_year)
    return (
        sa.select(Pupil)
        .join(Pupil.class_group)
        .where(Pupil.class_group_id.in_(classes.with_only_columns(ClassGroup.id).order_by(None)))
        .order_by(ClassGroup.name, Pupil.last_name, Pupil.first_name, Pupil.id)
        .options(contains_eager(Pupil.class_group), selectinload(Pupil.guardians))
    )


def of_class(class_group: ClassGroup) -> Select[Pupil, int, int, Placement]:
    """Each pupil of a class: wishes sent, those still to read, the placement that holds or none."""
    sent = _count_of_wishes(*schools.SENT)
    to_read = _count_of_wishes(ApplicationStatus.SUBMITTED)
    holds = sa.and_(Placement.pupil_id == Pupil.id, Placement.status.in_(HOLDING))
    host = joinedload(Placement.seat).joinedload(Seat.offer).joinedload(Offer.site)
    return (
        sa.select(Pupil, sent, to_read, Placement)
        .outerjoin(Placement, holds)
        .where(Pupil.class_group_id == class_group.id)
        .order_by(Pupil.last_name, Pupil.first_name, Pupil.id)
        .options(host.joinedload(Site.company))
    )


def wishes_sent_by(pupil: Pupil) -> Select[Application]:
    """The wishes that the pupil has sent, the preferred first, with their hosts."""
    return (
        sa.select(Application)
        .where(Application.pupil_id == pupil.id, Application.status.in_(schools.SENT))
        .order_by(Application.rank, Application.id)
        .options(joinedload(Application.offer).joinedload(Offer.site).joinedload(Site.company))
    )


def of_school(school: School, school_year: int) -> Select[Pupil]:
    """Every pupil of a school: what an imported file is compared with."""
    return (
        sa.select(Pupil)
        .where(Pupil.school_id == school.id, Pupil.school_year == school_year)
        .order_by(Pupil.id)
        .options(selectinload(Pupil.guardians), joinedload(Pupil.class_group))
    )


def kept_apart(school: School, school_year: int) -> Select[Pupil]:
    """The pupils of a school with a mark of those kept apart, set by set, by name."""
    return (
        sa.select(Pupil)
        .join(Pupil.class_group)
        .where(
            Pupil.school_id == school.id,
            Pupil.school_year == school_year,
            Pupil.kept_apart.is_not(None),
        )
        .order_by(Pupil.kept_apart, Pupil.last_name, Pupil.first_name, Pupil.id)
        .options(contains_eager(Pupil.class_group))
    )


def together_all_the_same(school: School, school_year: int) -> Select[str | None]:
    """The marks of pupils kept apart of whom two hold a place in one offer and week."""
    return (
        sa.select(Pupil.kept_apart)
        .join(Placement, Placement.pupil_id == Pupil.id)
        .join(Seat, Seat.id == Placement.seat_id)
        .where(
            Pupil.school_id == school.id,
            Pupil.school_year == school_year,
            Pupil.kept_apart.is_not(None),
            Placement.status.in_(HOLDING),
        )
        .group_by(Pupil.kept_apart, Seat.offer_id, Placement.week)
        .having(sa.func.count() > 1)
        .order_by(Pupil.kept_apart)
    )


def import_of(user: User) -> Select[ImportPreview]:
    """The file that this person has sent and not yet confirmed."""
    return sa.select(ImportPreview).where(ImportPreview.owner_id == user.id)


def _count_of_wishes(*statuses: ApplicationStatus) -> sa.ScalarSelect[int]:
    return (
        sa.select(sa.func.count(Application.id))
        .where(Application.pupil_id == Pupil.id, Application.status.in_(statuses))
        .correlate(Pupil)
        .scalar_subquery()
    )
