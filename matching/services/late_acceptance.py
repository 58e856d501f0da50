"""After publication, a host takes a pupil who has nothing, on a free seat.

The same three answers follow; the host's is given already. Twelve colleagues may click at once:
the seats of the offer are locked before they are counted, and the database has the last word.
"""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from matching.database import db, transactional
from matching.errors import RuleBroken, Stale
from matching.geography.communes import gazetteer
from matching.geography.distance import distance_m10
from matching.models import events
from matching.models.applications import Application, RefusedPair
from matching.models.match_runs import MatchRun, RunResult
from matching.models.offers import Offer, Seat
from matching.models.placements import Origin, Placement
from matching.models.pupils import Pupil
from matching.models.schools import PlacementWindow
from matching.models.statuses import HOLDING, OfferStatus, PlacementStatus
from matching.models.users import User
from matching.queries import left_without, offers
from matching.queries.matching_input import entitlements_of
from matching.services import limits, notices, placements
from matching.services.limits import Room


@dataclass(frozen=True, slots=True)
class Candidate:
    """A pupil whom the host may take, as the host may see him: no name yet."""

    pupil: Pupil
    week: str
    distance_m: int


def candidates(offer: Offer) -> list[Candidate]:
    """Pupils left without, whom the rules allow on a free seat of ``offer``; the nearest first."""
    free = _free_seats(offer)
    if not free:
        return []
    room = limits.room_in(offer)
    found = []
    for pupil in db.session.scalars(left_without.around(offer.site, offer.school_year)):
        seat = _seat_for(pupil, offer, free, room)
        if seat is None:
            continue
        try:
            distance = _distance_or_refuse(offer, pupil)
        except RuleBroken:
            continue
        found.append(Candidate(pupil, seat[1], distance * 10))
    return sorted(found, key=lambda one: (one.distance_m, one.pupil.ref))


@transactional
def accept(host: User, offer: Offer, pupil: Pupil) -> Placement:
    """Propose a free seat of ``offer`` to ``pupil``; the school looks next.

    Raises RuleBroken ``no_free_seat`` when the last one has just gone, ``limit_reached`` when a
    seat is free but a limit of the company, or the pupils whom his school keeps apart, leave no
    room in his weeks (which of these is not told), ``pupil_placed_already`` when somebody else was
    quicker, or the code of the rule that forbids the pair.
    """
    if offer.status is not OfferStatus.PUBLISHED:
        raise Stale("offer_not_published")
    limits.lock_site(offer)
    placements.refuse_closed_place(offer)
    if not _was_left_without(pupil):
        raise RuleBroken("pupil_not_in_a_published_round")
    distance = _distance_or_refuse(offer, pupil)
    # The lock comes before the count: colleagues may accept together.
    db.session.execute(offers.seats_to_lock(offer))
    if db.session.scalar(
        sa.select(Placement.id).where(Placement.pupil_id == pupil.id, Placement.status.in_(HOLDING))
    ):
        raise RuleBroken("pupil_placed_already")
    free = _free_seats(offer)
    if not free:
        raise RuleBroken("no_free_seat")
    found = _seat_for(pupil, offer, free, limits.room_in(offer))
    if found is None:
        raise RuleBroken("limit_reached" if _seat_for(pupil, offer, free) else "no_free_seat")
    return _propose(host, offer, pupil, *found, distance)


def _free_seats(offer: Offer) -> list[Seat]:
    """Seats that nobody holds, the reserved ones first."""
    held = sa.select(Placement.seat_id).where(
        Placement.seat_id == Seat.id, Placement.status.in_(HOLDING)
    )
    return list(
        db.session.scalars(
            sa.select(Seat)
            .where(Seat.offer_id == offer.id, Seat.closed_at.is_(None), ~sa.exists(held))
            .order_by(Seat.reserved_for.is_(None), Seat.id)
        )
    )


def _seat_for(
    pupil: Pupil, offer: Offer, free: list[Seat], room: Room | None = None
) -> tuple[Seat, str] | None:
    """The first free seat that the pupil is entitled to in one of his weeks, with the week.

    With ``room``, a week in which the limits take him.
    """
    entitled = {None, *entitlements_of(pupil.school.priority_education, pupil.school.uai)}
    weeks = [week for week in _weeks(pupil) if room is None or room.takes(pupil, week)]
    for seat in free:
        week = _common_week(seat, offer, weeks)
        if week is not None and seat.reserved_for in entitled:
            return seat, week
    return None


def _propose(
    host: User, offer: Offer, pupil: Pupil, seat: Seat, week: str, distance: int
) -> Placement:
    placement = Placement(
        pupil_id=pupil.id,
        seat_id=seat.id,
        origin=Origin.HOST,
        status=PlacementStatus.PROPOSED,
        week=week,
        rank=db.session.scalar(
            sa.select(Application.rank).where(
                Application.pupil_id == pupil.id, Application.offer_id == offer.id
            )
        ),
        distance_m=distance * 10,
        same_territory=offer.site.territory_id is not None
        and offer.site.territory_id == pupil.school.territory_id,
        reserved_seat=seat.reserved_for is not None,
        reason="host",
        host_answer=True,
        host_answered_by_id=host.id,
    )
    db.session.add(placement)
    try:
        db.session.flush()
    except IntegrityError as error:
        db.session.rollback()
        raise RuleBroken("no_free_seat") from error
    events.record(placement, PlacementStatus.PROPOSED, actor_id=host.id, why="host")
    notices.school_has_proposals([placement])
    return placement


def _was_left_without(pupil: Pupil) -> bool:
    """Before publication a host may only decline: no race between the two doors."""
    return bool(
        db.session.scalar(
            sa.select(RunResult.id)
            .join(MatchRun)
            .where(RunResult.pupil_id == pupil.id, MatchRun.published_at.is_not(None))
            .limit(1)
        )
    )


def _distance_or_refuse(offer: Offer, pupil: Pupil) -> int:
    """Tens of metres between the two; raises the rule that forbids the pair."""
    school, site = pupil.school, offer.site
    home = gazetteer().by_code(pupil.commune_code or school.commune_code)
    work = gazetteer().by_code(site.commune_code)
    lat, lon = (home.lat, home.lon) if home and pupil.commune_code else (school.lat, school.lon)
    distance = distance_m10(lat, lon, site.lat, site.lon)
    if distance > school.reach_km * 100:
        raise RuleBroken("pupil_out_of_reach")
    if home and work and home.link_group != work.link_group:
        raise RuleBroken("no_road_link")
    if pupil.needs_access and not offer.accessible:
        raise RuleBroken("offer_not_accessible")
    if db.session.scalar(
        sa.select(RefusedPair.id).where(
            RefusedPair.pupil_id == pupil.id, RefusedPair.offer_id == offer.id
        )
    ):
        raise RuleBroken("pair_refused")
    return distance


def _weeks(pupil: Pupil) -> list[str]:
    """The pupil's weeks: the class's windows when it has any, else the school's."""
    windows = db.session.execute(
        sa.select(PlacementWindow.class_group_id, PlacementWindow.week)
        .where(
            PlacementWindow.school_id == pupil.school_id,
            PlacementWindow.school_year == pupil.school_year,
            sa.or_(
                PlacementWindow.class_group_id.is_(None),
                PlacementWindow.class_group_id == pupil.class_group_id,
            ),
        )
        .order_by(PlacementWindow.week)
    ).all()
    own = [week for group, week in windows if group is not None]
    return own or [week for _group, week in windows]


def _common_week(seat: Seat, offer: Offer, weeks: list[str]) -> str | None:
    """The seat's week if the pupil may leave then; for any-week seats the earliest common one."""
    open_weeks = {seat.week} if seat.week else {row.week for row in offer.weeks}
    return next((week for week in weeks if week in open_weeks), None)
