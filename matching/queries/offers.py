"""Offers as their company sees them, and what became of their seats."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import contains_eager

from matching.models.companies import Site
from matching.models.events import Event
from matching.models.offers import Offer, Seat
from matching.models.placements import Placement
from matching.models.statuses import HOLDING, OfferStatus, PlacementStatus
from matching.models.users import User
from matching.queries.companies import member_company_ids

LIVE = (OfferStatus.PUBLISHED, OfferStatus.PAUSED)
# The agreement may still be to sign: what counts here is that the three said yes.
AGREED = (PlacementStatus.CONFIRMED, PlacementStatus.SIGNED, PlacementStatus.DONE)


def visible_to(user: User) -> Select[Offer]:
    """Every offer of the companies where the user is a member, the newest first."""
    return (
        sa.select(Offer)
        .join(Offer.site)
        .options(contains_eager(Offer.site))
        .where(Site.company_id.in_(member_company_ids(user)))
        .order_by(Offer.created_at.desc(), Offer.id.desc())
    )


def seat_states(company_id: int, school_year: int) -> Select[int, int, int, int]:
    """One row per offer of that company and year: offer id, seats open, proposed, agreed.

    Free seats are the difference: a seat has at most one placement that holds it.
    """
    return (
        sa.select(
            Offer.id,
            _count(Seat.closed_at.is_(None)),
            _count(Placement.status == PlacementStatus.PROPOSED),
            _count(Placement.status.in_(AGREED)),
        )
        .join(Site, Site.id == Offer.site_id)
        .join(Seat, Seat.offer_id == Offer.id)
        .outerjoin(Placement, sa.and_(Placement.seat_id == Seat.id, Placement.status.in_(HOLDING)))
        .where(Site.company_id == company_id, Offer.school_year == school_year)
        .group_by(Offer.id)
        .order_by(Offer.id)
    )


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)


def held_seat_ids(offer: Offer) -> Select[int | None]:
    """The seats of this offer that a placement holds."""
    return (
        sa.select(Placement.seat_id)
        .join(Seat, Seat.id == Placement.seat_id)
        .where(Seat.offer_id == offer.id, Placement.status.in_(HOLDING))
    )


def seats_to_lock(offer: Offer) -> Select[int]:
    """The seats of this offer, held until the end of the transaction.

    Always in this order, so that two transactions never wait for each other.
    """
    return sa.select(Seat.id).where(Seat.offer_id == offer.id).order_by(Seat.id).with_for_update()


def held_weeks(offer: Offer) -> Select[str]:
    """The weeks in which pupils hold a seat of this offer."""
    return (
        sa.select(Placement.week)
        .join(Seat, Seat.id == Placement.seat_id)
        .where(Seat.offer_id == offer.id, Placement.status.in_(HOLDING))
        .distinct()
        .order_by(Placement.week)
    )


def published_before(offer_ids: Sequence[int]) -> Select[int]:
    """Those of these offers that were published once, whatever they are now."""
    return (
        sa.select(Event.subject_id)
        .where(
            Event.subject == Offer.__tablename__,
            Event.subject_id.in_(offer_ids),
            sa.or_(
                Event.from_status == OfferStatus.PUBLISHED, Event.to_status == OfferStatus.PUBLISHED
            ),
        )
        .distinct()
        .order_by(Event.subject_id)
    )
