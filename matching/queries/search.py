"""Published offers with free seats: all of them, or those around a point.

Distances are computed on the rows that a box around the point lets through: no table of distances
to keep, and the cost follows what is near, not the whole country.
"""

import math
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import sqlalchemy as sa
from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from matching.engine.distance import distances
from matching.geography.communes import gazetteer
from matching.models.companies import Company, Site
from matching.models.offers import Offer, OfferWeek, Seat
from matching.models.placements import Placement
from matching.models.statuses import HOLDING, ApprovalStatus, OfferStatus

METRES = 10  # the engine counts tens of metres
KM_PER_DEGREE = 110.0  # a little less than the shortest: the box must not cut the circle
WeekRule = Callable[[InstrumentedAttribute[Any]], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Around:
    """A point and a radius; ``link_group`` leaves out what no road joins."""

    lat: float
    lon: float
    km: int
    link_group: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """An offer, its free seats, and its distance in metres when a point was given."""

    offer_id: int
    free: int
    metres: int | None


def published(school_year: int) -> Select[Offer]:
    """Published offers of approved companies, at sites where pupils may go, by reference."""
    return (
        sa.select(Offer)
        .join(Site, Site.id == Offer.site_id)
        .join(Company, Company.id == Site.company_id)
        .where(
            Offer.school_year == school_year,
            Offer.status == OfferStatus.PUBLISHED,
            Company.status == ApprovalStatus.APPROVED,
            Site.blocked_by_inspection.is_(False),
        )
        .order_by(Offer.ref)
    )


def in_departement(offers: Select[Offer], code: str) -> Select[Offer]:
    """Only the offers of a département ("01", "2A", "974")."""
    return offers.where(Site.commune_code.startswith(code, autoescape=True))


def from_week(week: str) -> WeekRule:
    """Weeks that have not begun: ISO weeks sort like text."""
    return lambda column: column >= week


def in_weeks(weeks: Collection[str]) -> WeekRule:
    """One of these weeks."""
    return lambda column: column.in_(weeks)


def free_seats(
    weeks: WeekRule, entitlements: Collection[str] | None = None, *, held_too: bool = False
) -> tuple[ColumnElement[bool], ...]:
    """What makes a seat free in these weeks: nobody holds it, and it is not kept for others.

    Without ``entitlements`` reserved seats count too; with ``held_too``, those that somebody holds.
    """
    held = sa.exists().where(Placement.seat_id == Seat.id, Placement.status.in_(HOLDING))
    any_week = sa.exists().where(OfferWeek.offer_id == Seat.offer_id, weeks(OfferWeek.week))
    conditions = (
        Seat.closed_at.is_(None),
        sa.true() if held_too else ~held,
        sa.or_(weeks(Seat.week), sa.and_(Seat.week.is_(None), any_week)),
    )
    if entitlements is None:
        return conditions
    return (*conditions, sa.or_(Seat.reserved_for.is_(None), Seat.reserved_for.in_(entitlements)))


def find(
    session: Session,
    offers: Select[Offer],
    seats: tuple[ColumnElement[bool], ...],
    around: Around | None = None,
) -> list[Found]:
    """The offers with a free seat, nearest first and then by reference; by reference alone
    when no point is given."""
    counted = (
        offers.join(Seat, Seat.offer_id == Offer.id)
        .where(*seats)
        .with_only_columns(
            Offer.id, Offer.ref, Site.lat, Site.lon, Site.commune_code, sa.func.count(Seat.id)
        )
        .group_by(Offer.id, Offer.ref, Site.lat, Site.lon, Site.commune_code)
    )
    if around is None:
        return [Found(row[0], row[5], None) for row in session.execute(counted)]
    rows = [
        row
        for row in session.execute(counted.where(_in_box(around)))
        if around.link_group is None or _link_group(row[4]) == around.link_group
    ]
    if not rows:
        return []
    tens = distances(
        np.array([row[2] for row in rows]),
        np.array([row[3] for row in rows]),
        np.array([around.lat]),
        np.array([around.lon]),
    ).tolist()
    near = sorted(
        (away, row[1], row[0], row[5])
        for away, row in zip(tens, rows, strict=True)
        if away * METRES <= around.km * 1000
    )
    return [Found(offer_id, free, away * METRES) for away, _ref, offer_id, free in near]


def shown(ids: Collection[int]) -> Select[Offer]:
    """Offers with all that a card shows; ``find`` has said in which order."""
    return (
        sa.select(Offer)
        .where(Offer.id.in_(ids))
        .options(joinedload(Offer.site).joinedload(Site.company))
        .order_by(Offer.id)
    )


def weeks_of(offers: Select[Offer], weeks: WeekRule) -> Select[str]:
    """The weeks in which these offers take pupils, in order."""
    return (
        sa.select(OfferWeek.week)
        .where(
            OfferWeek.offer_id.in_(offers.with_only_columns(Offer.id).order_by(None)),
            weeks(OfferWeek.week),
        )
        .distinct()
        .order_by(OfferWeek.week)
    )


def _in_box(around: Around) -> ColumnElement[bool]:
    tall = around.km / KM_PER_DEGREE
    wide = tall / max(math.cos(math.radians(abs(around.lat) + tall)), 0.01)
    return sa.and_(
        Site.lat.between(around.lat - tall, around.lat + tall),
        Site.lon.between(around.lon - wide, around.lon + wide),
    )


def _link_group(commune_code: str) -> str:
    commune = gazetteer().by_code(commune_code)
    return commune.link_group if commune else commune_code
