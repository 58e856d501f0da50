"""Whether a limit leaves room for one more pupil, where a placement is made outside a run.

Whoever gives a seat by hand asks here, once the seats are locked. A pupil who found a place alone,
outside, holds no seat: no limit counts him. Limits refuse only who would be one more: pupils who
hold a seat keep it.
"""

from collections import Counter
from dataclasses import dataclass

import sqlalchemy as sa

from matching.database import db
from matching.models.companies import Site
from matching.models.offers import Offer, Seat
from matching.models.placements import Placement
from matching.models.pupils import Pupil
from matching.models.statuses import HOLDING


@dataclass(frozen=True, slots=True)
class Room:
    """What holds the seats of an offer now, beside its limits."""

    limits: tuple[int | None, ...]  # at once, of a school at once, in all, at the site
    in_week: Counter[str]
    of_school: Counter[tuple[str, int]]  # week, school id
    kept_apart: frozenset[tuple[str, int, str]]  # week, school id, mark of the set
    at_site: int  # over all offers of the site in the school year

    def takes(self, pupil: Pupil, week: str) -> bool:
        """May this pupil come in this week as well?"""
        school = pupil.school_id
        held = (
            self.in_week[week],
            self.of_school[week, school],
            self.in_week.total(),
            self.at_site,
        )
        return (
            all(
                limit is None or count < limit
                for limit, count in zip(self.limits, held, strict=True)
            )
            and (week, school, pupil.kept_apart) not in self.kept_apart
        )


def room_in(offer: Offer) -> Room:
    """Read the limits, and count who is there."""
    limits = db.session.execute(
        sa.select(Offer.most_at_once, Offer.most_of_a_school, Offer.most_in_all, Site.most_pupils)
        .join(Site, Site.id == Offer.site_id)
        .where(Offer.id == offer.id)
    ).one()
    held = db.session.execute(
        sa.select(Seat.offer_id, Placement.week, Pupil.school_id, Pupil.kept_apart)
        .join(Seat, Seat.id == Placement.seat_id)
        .join(Offer, Offer.id == Seat.offer_id)
        .outerjoin(Pupil, Pupil.id == Placement.pupil_id)
        .where(
            Placement.status.in_(HOLDING),
            Offer.site_id == offer.site_id,
            Offer.school_year == offer.school_year,
        )
    ).all()
    here = [(week, school, mark) for offer_id, week, school, mark in held if offer_id == offer.id]
    return Room(
        limits=tuple(limits),
        in_week=Counter(week for week, _school, _mark in here),
        of_school=Counter((week, school) for week, school, _mark in here),
        kept_apart=frozenset(
            (week, school, mark) for week, school, mark in here if mark is not None
        ),
        at_site=len(held),
    )


def lock_site(offer: Offer) -> None:
    """Hold the site until the end of the transaction: its limit counts several offers.

    Before any seat is locked, so that two transactions never wait for each other.
    """
    db.session.execute(sa.select(Site.id).where(Site.id == offer.site_id).with_for_update())
