"""A new school year: the old one is put away, and companies and schools are asked again.

Placements stay: they count what was done. Pupils' data are erased apart, by their own date.
"""

from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from matching import clock
from matching.database import db, transactional
from matching.errors import RuleBroken, Stale
from matching.models import events
from matching.models.campaigns import Campaign
from matching.models.imports import ImportPreview
from matching.models.offers import Offer, Seat
from matching.models.placements import Placement
from matching.models.pupils import Pupil
from matching.models.school_years import OpenedYear
from matching.models.schools import ClassGroup
from matching.models.sign_ins import SignIn
from matching.models.statuses import OfferStatus, PlacementStatus
from matching.models.users import User
from matching.services import commune_refresh, notices

WHY = "new school year"
LETTERS_AT_ONCE = 200  # in one transaction: a country of schools never holds one for minutes


@dataclass(frozen=True, slots=True)
class Opening:
    """What opening the year did, counted."""

    school_year: int
    classes: int
    accounts: int
    campaigns: int
    offers: int
    proposals: int
    letters: int
    communes: commune_refresh.Refreshed


def open_year() -> Opening:
    """Put the years before today's away and ask for the new one, once.

    Classes of before no longer show, their pupils sign in no more, campaigns and offers close,
    proposals that nobody answered end; then each company and each school gets a letter, some at a
    time. If it was stopped between two letters, the next call writes the others. Raises Stale
    ``year_open_already``, or RuleBroken ``year_nothing_before`` on an installation that has no
    earlier year.
    """
    year = clock.school_year()
    opening = _put_away(year)
    letters = 0
    while written := write_letters(year):
        letters += written
    return replace(opening, letters=letters)


@transactional
def write_letters(year: int) -> int:
    """Ask the next people for this year, once opened; how many letters, 0 when all are written."""
    opened = db.session.scalar(
        sa.select(OpenedYear)
        .where(OpenedYear.school_year == year, OpenedYear.asked_at.is_(None))
        .with_for_update()
    )
    if opened is None:
        return 0
    written, last = notices.new_year(
        opened.school_year, after=opened.asked_up_to, most=LETTERS_AT_ONCE
    )
    if last is None:
        opened.asked_at = clock.now()
    else:
        opened.asked_up_to = last
    return written


@transactional
def _put_away(year: int) -> Opening:
    """All but the letters; nothing at all when the year was opened and letters are left."""
    opened = db.session.scalar(sa.select(OpenedYear).where(OpenedYear.school_year == year))
    if opened is not None and opened.asked_at is None:
        return Opening(year, 0, 0, 0, 0, 0, 0, commune_refresh.refresh())
    classes = _count(sa.select(ClassGroup.id).where(ClassGroup.school_year < year))
    if not classes and not _count(sa.select(Offer.id).where(Offer.school_year < year)):
        raise RuleBroken("year_nothing_before", year=year)
    db.session.add(OpenedYear(school_year=year))
    try:
        db.session.flush()
    except IntegrityError:
        raise Stale("year_open_already", year=year) from None
    db.session.execute(sa.delete(ImportPreview).where(ImportPreview.school_year < year))
    return Opening(
        school_year=year,
        classes=classes,
        accounts=_close_accounts(year),
        campaigns=_close_campaigns(year),
        proposals=_end_proposals(year),
        offers=_close_offers(year),
        letters=0,
        communes=commune_refresh.refresh(),
    )


def _close_accounts(year: int) -> int:
    """Block the accounts of pupils of earlier years, and end their sessions."""
    before = sa.select(Pupil.user_id).where(Pupil.school_year < year)
    open_ones = sa.select(User.id).where(User.id.in_(before), User.blocked_at.is_(None))
    ids = db.session.scalars(open_ones).all()
    now = clock.now()
    db.session.execute(
        sa.update(SignIn)
        .where(SignIn.user_id.in_(before), SignIn.ended_at.is_(None))
        .values(ended_at=now)
    )
    db.session.execute(sa.update(User).where(User.id.in_(open_ones)).values(blocked_at=now))
    return len(ids)


def _close_campaigns(year: int) -> int:
    rows = db.session.scalars(
        sa.select(Campaign)
        .where(Campaign.school_year < year, Campaign.closed_at.is_(None))
        .with_for_update()
    ).all()
    for row in rows:
        row.closed_at = clock.now()
        for one in row.territories:
            one.closed_at = row.closed_at
    return len(rows)


def _end_proposals(year: int) -> int:
    """Proposals of earlier years that still wait: their clock is over, whatever it said."""
    rows = db.session.scalars(
        sa.select(Placement)
        .join(Placement.seat)
        .join(Seat.offer)
        .where(Offer.school_year < year, Placement.status == PlacementStatus.PROPOSED)
        .order_by(Placement.id)
        .with_for_update(of=Placement)
    ).all()
    for row in rows:
        events.move(row, PlacementStatus.EXPIRED, actor_id=None, why=WHY)
    return len(rows)


def _close_offers(year: int) -> int:
    """Close the offers of earlier years, each with its event, in three statements."""
    rows = db.session.execute(
        sa.select(Offer.id, Offer.status)
        .where(Offer.school_year < year, Offer.status != OfferStatus.CLOSED)
        .order_by(Offer.id)
        .with_for_update()
    ).all()
    if not rows:
        return 0
    now = clock.now()
    db.session.execute(
        sa.update(Offer)
        .where(Offer.school_year < year, Offer.status != OfferStatus.CLOSED)
        .values(status=OfferStatus.CLOSED, version=Offer.version + 1)
    )
    db.session.execute(
        sa.insert(events.Event),
        [
            {
                "at": now,
                "subject": Offer.__tablename__,
                "subject_id": number,
                "from_status": status,
                "to_status": OfferStatus.CLOSED,
                "why": WHY,
            }
            for number, status in rows
        ],
    )
    return len(rows)


def _count(query: sa.Select[int]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
