"""The figures of the home page: what was promised, what is open, what became of it."""

import sqlalchemy as sa
from sqlalchemy import Select

from matching.models.companies import Company, Pledge, Site
from matching.models.offers import Offer, Seat
from matching.models.placements import Placement
from matching.models.statuses import ApprovalStatus, PlacementStatus
from matching.queries import search

PLACED = (PlacementStatus.CONFIRMED, PlacementStatus.SIGNED, PlacementStatus.DONE)


def pupils_pledged(school_year: int) -> Select[int]:
    """How many pupils the companies promised to host."""
    return (
        sa.select(sa.func.coalesce(sa.func.sum(Pledge.pupils), 0))
        .join(Company, Company.id == Pledge.company_id)
        .where(
            Pledge.school_year == school_year,
            Company.status.in_((ApprovalStatus.REGISTERED, ApprovalStatus.APPROVED)),
        )
    )


def open_seats(school_year: int, week: str) -> Select[str, int]:
    """Département → free seats of published offers, from this week on."""
    two = sa.func.substr(Site.commune_code, 1, 2)
    departement = sa.case((two == "97", sa.func.substr(Site.commune_code, 1, 3)), else_=two)
    return (
        search.published(school_year)
        .join(Seat, Seat.offer_id == Offer.id)
        .where(*search.free_seats(search.from_week(week)))
        .with_only_columns(departement, sa.func.count(Seat.id))
        .group_by(departement)
        .order_by(None)
    )


def hosts(school_year: int) -> Select[int]:
    """Companies with a published offer."""
    offers = search.published(school_year).order_by(None)
    return offers.with_only_columns(sa.func.count(sa.distinct(Site.company_id)))


def pupils_placed(school_year: int) -> Select[int]:
    """Placements to which the three said yes."""
    return (
        sa.select(sa.func.count(Placement.id))
        .join(Seat, Seat.id == Placement.seat_id)
        .join(Offer, Offer.id == Seat.offer_id)
        .where(Offer.school_year == school_year, Placement.status.in_(PLACED))
    )
