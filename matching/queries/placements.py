"""Placements, as each person may see them: the host only once the school has said yes."""

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Select

from matching import clock
from matching.models.companies import Company, Site
from matching.models.offers import Offer, Seat
from matching.models.placements import Placement
from matching.models.pupils import Pupil
from matching.models.schools import ClassGroup, School
from matching.models.statuses import HOLDING, ApprovalStatus, PlacementStatus
from matching.models.territories import Territory
from matching.models.users import SCHOOL_ROLES, Membership, Role, User
from matching.queries import campaigns
from matching.queries.memberships import held


def visible_to_school(user: User) -> Select[Placement]:
    """Placements of the pupils of the user's schools; a class teacher's classes when he has any."""
    schools = sa.select(Membership.school_id).where(
        held(user),
        Membership.role.in_(SCHOOL_ROLES),
        Membership.ended_at.is_(None),
    )
    found = (
        sa.select(Placement)
        .join(Pupil, Pupil.id == Placement.pupil_id)
        .where(Pupil.school_id.in_(schools))
        .order_by(Pupil.last_name, Pupil.first_name, Placement.id.desc())
    )
    roles = {membership.role for membership in user.in_force}
    if roles & {Role.PRINCIPAL, Role.SCHOOL_CLERK}:
        return found
    own = sa.select(ClassGroup.id).where(
        ClassGroup.class_teacher_id == user.id, ClassGroup.school_year == clock.school_year()
    )
    return found.where(sa.or_(Pupil.class_group_id.in_(own), ~sa.exists(own)))


def visible_to_host(user: User) -> Select[Placement]:
    """Placements on the seats of the user's companies that the school has agreed to."""
    companies = sa.select(Membership.company_id).where(
        held(user),
        Membership.role == Role.COMPANY_MEMBER,
        Membership.ended_at.is_(None),
    )
    return (
        sa.select(Placement)
        .join(Seat, Seat.id == Placement.seat_id)
        .join(Offer, Offer.id == Seat.offer_id)
        .join(Site, Site.id == Offer.site_id)
        .where(Site.company_id.in_(companies), Placement.school_answer.is_(True))
        .order_by(Placement.week, Placement.id)
    )


def of_pupil(pupil: Pupil) -> Select[Placement]:
    """The pupil's placements, the newest first; the one that holds, if any, is the one to show."""
    return (
        sa.select(Placement)
        .where(Placement.pupil_id == pupil.id)
        .order_by(Placement.status.in_(HOLDING).desc(), Placement.id.desc())
    )


def visible_to_coordinator(user: User) -> Select[Placement]:
    """Placements of the pupils of the user's territories: references and totals, no names."""
    mine = campaigns.territories_of(user).with_only_columns(Territory.id).order_by(None)
    return (
        sa.select(Placement)
        .join(Pupil, Pupil.id == Placement.pupil_id)
        .join(School, School.id == Pupil.school_id)
        .where(School.attached_territory_id.in_(mine))
        .order_by(Placement.id)
    )


def of_party(party: School | Company | Site) -> ColumnElement[bool]:
    """Placements of the pupils of a school, or on the seats of a company or of one site."""
    if isinstance(party, School):
        return Placement.pupil_id.in_(sa.select(Pupil.id).where(Pupil.school_id == party.id))
    at = Site.company_id if isinstance(party, Company) else Site.id
    seats = sa.select(Seat.id).join(Seat.offer).join(Offer.site).where(at == party.id)
    return Placement.seat_id.in_(seats)


def to_settle(user: User) -> Select[Placement, School, Site, Company]:
    """Agreed placements whose school, company or site was blocked since, by week.

    Those of a pupil or of a site of the user's territories; all for the foundation.
    """
    blocked = ApprovalStatus.BLOCKED
    found = (
        sa.select(Placement, School, Site, Company)
        .join(Pupil, Pupil.id == Placement.pupil_id)
        .join(School, School.id == Pupil.school_id)
        .join(Seat, Seat.id == Placement.seat_id)
        .join(Offer, Offer.id == Seat.offer_id)
        .join(Site, Site.id == Offer.site_id)
        .join(Company, Company.id == Site.company_id)
        .where(
            Placement.status.in_((PlacementStatus.CONFIRMED, PlacementStatus.SIGNED)),
            sa.or_(School.status == blocked, Company.status == blocked, Site.blocked_by_inspection),
        )
        .order_by(Placement.week, Placement.id)
    )
    if any(one.role is Role.FOUNDATION_ADMIN for one in user.in_force):
        return found
    mine = campaigns.territories_of(user).with_only_columns(Territory.id).order_by(None)
    return found.where(
        sa.or_(School.attached_territory_id.in_(mine), Site.attached_territory_id.in_(mine))
    )
