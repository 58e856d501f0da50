"""What waits for a coordinator: schools, companies and offers of his territories."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import InstrumentedAttribute, contains_eager, joinedload, selectinload

from matching.models.companies import Company, Site
from matching.models.events import Event
from matching.models.offers import Offer
from matching.models.schools import School
from matching.models.statuses import ApprovalStatus, OfferStatus
from matching.models.territories import Territory
from matching.models.users import Membership, Role, User
from matching.queries import campaigns


def schools_visible_to(user: User) -> Select[School]:
    """Schools attached to a territory of the user; every school for the foundation."""
    return (
        sa.select(School)
        .where(_coordinated(user, School.attached_territory_id))
        .order_by(School.id)
    )


def companies_visible_to(user: User) -> Select[Company]:
    """Companies with a site attached to a territory of the user; all for the foundation."""
    there = sa.select(Site.company_id).where(_coordinated(user, Site.attached_territory_id))
    return sa.select(Company).where(Company.id.in_(there)).order_by(Company.id)


def offers_visible_to(user: User) -> Select[Offer]:
    """Offers, drafts left out, at a site attached to a territory of the user; all for the
    foundation."""
    return (
        sa.select(Offer)
        .join(Offer.site)
        .options(contains_eager(Offer.site))
        .where(Offer.status != OfferStatus.DRAFT, _coordinated(user, Site.attached_territory_id))
        .order_by(Offer.id)
    )


def waiting(user: User) -> Select[str, int, datetime]:
    """(table name, row id, moment since when it waits) of everything to judge, the oldest first."""
    registered = ApprovalStatus.REGISTERED
    rows = sa.union_all(
        _waiting(schools_visible_to(user), School, registered),
        _waiting(companies_visible_to(user), Company, registered),
        _waiting(offers_visible_to(user), Offer, OfferStatus.SUBMITTED),
    ).subquery()
    return sa.select(rows.c.kind, rows.c.id, rows.c.since).order_by(
        rows.c.since, rows.c.kind, rows.c.id
    )


def waiting_counts(user: User) -> Select[str, int]:
    """(table name, how many wait), tables without any left out."""
    rows = waiting(user).order_by(None).subquery()
    return sa.select(rows.c.kind, sa.func.count()).group_by(rows.c.kind).order_by(rows.c.kind)


def _waiting(visible: Select[Any], table: Any, status: ApprovalStatus | OfferStatus) -> Select[Any]:
    asked = (
        sa.select(sa.func.max(Event.at))
        .where(
            Event.subject == table.__tablename__,
            Event.subject_id == table.id,
            Event.to_status == status,
        )
        .correlate(table)
        .scalar_subquery()
    )
    return (
        visible.where(table.status == status)
        .order_by(None)
        .with_only_columns(
            sa.literal(table.__tablename__).label("kind"),
            table.id.label("id"),
            sa.func.coalesce(asked, table.created_at).label("since"),
        )
    )


def _coordinated(
    user: User, territory_id: InstrumentedAttribute[int | None]
) -> ColumnElement[bool]:
    """Is the row in a territory of the user? The foundation also sees those in none."""
    if any(one.role == Role.FOUNDATION_ADMIN for one in user.in_force):
        return sa.true()
    mine = campaigns.territories_of(user).with_only_columns(Territory.id).order_by(None)
    return territory_id.in_(mine)


def schools(ids: list[int]) -> Select[School]:
    """These schools, with the territory whose campaigns they join."""
    return (
        sa.select(School)
        .where(School.id.in_(ids))
        .options(joinedload(School.attached_territory))
        .order_by(School.id)
    )


def companies(ids: list[int]) -> Select[Company]:
    """These companies, with their sites and pledges."""
    return (
        sa.select(Company)
        .where(Company.id.in_(ids))
        .options(
            selectinload(Company.sites).joinedload(Site.attached_territory),
            selectinload(Company.pledges),
        )
        .order_by(Company.id)
    )


def offers(ids: list[int]) -> Select[Offer]:
    """These offers, with all that a pupil would read."""
    return (
        sa.select(Offer)
        .where(Offer.id.in_(ids))
        .options(
            joinedload(Offer.site).joinedload(Site.company),
            joinedload(Offer.created_by),
            selectinload(Offer.weeks),
            selectinload(Offer.seats),
        )
        .order_by(Offer.id)
    )


def adults_of(*, school_ids: list[int], company_ids: list[int]) -> Select[Membership]:
    """The live memberships of these schools and companies, with the people, the first one first."""
    return (
        sa.select(Membership)
        .where(
            Membership.ended_at.is_(None),
            sa.or_(Membership.school_id.in_(school_ids), Membership.company_id.in_(company_ids)),
        )
        .options(joinedload(Membership.user))
        .order_by(Membership.id)
    )


def last_words(subject: str, subject_id: int, status: ApprovalStatus) -> Select[str | None]:
    """What was said when the row last came to this status."""
    return (
        sa.select(Event.why)
        .where(Event.subject == subject, Event.subject_id == subject_id, Event.to_status == status)
        .order_by(Event.id.desc())
        .limit(1)
    )
