"""The weeks of an offer, and its seats: one row for one pupil and one week.

Without a week, a seat is for any one of the offer's weeks. Once an offer has been published its
seats are closed, never deleted, and a seat that a placement holds stays.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from matching import clock
from matching.database import db, transactional
from matching.errors import RuleBroken
from matching.models.offers import Offer, OfferWeek, Seat
from matching.models.schools import PriorityEducation
from matching.models.users import User
from matching.queries import offers as offer_queries
from matching.rules.identifiers import clean, uai_problem
from matching.rules.limits import MOST, NO_LIMITS, Limits, limit_problems
from matching.services import offer_weeks, offers

MAX_PER_WEEK = 60
MAX_SEATS = 600  # of one offer; more is a slip of the finger
PRIORITY_EDUCATION = (PriorityEducation.REP.value, PriorityEducation.REP_PLUS.value)


@dataclass(frozen=True, slots=True)
class SeatPlan:
    """What the company offers: ``seats`` and ``reserved`` count each week, or all when any week.

    ``reserved_for`` is "rep" (a REP+ school is entitled too), "rep_plus" or a UAI.
    """

    weeks: tuple[str, ...] = ()
    seats: int = 2
    any_week: bool = False
    reserved: int = 0
    reserved_for: str | None = None
    limits: Limits = NO_LIMITS


def plan_of(offer: Offer) -> SeatPlan:
    """The plan that the open seats of an offer carry out."""
    seats = _open_ahead(offer)
    weeks = tuple(week.week for week in offer.weeks)
    if not seats:
        return SeatPlan(weeks=weeks, limits=limits_of(offer))
    first = [seat for seat in seats if seat.week == seats[0].week]
    reserved_for = [seat.reserved_for for seat in first if seat.reserved_for]
    return SeatPlan(
        weeks=weeks,
        seats=len(first),
        any_week=seats[0].week is None,
        reserved=len(reserved_for),
        reserved_for=reserved_for[0] if reserved_for else None,
        limits=limits_of(offer),
    )


def limits_of(offer: Offer) -> Limits:
    """The limits that the company set."""
    return Limits(offer.most_at_once, offer.most_of_a_school, offer.most_in_all)


@transactional
def arrange(actor: User, offer: Offer, plan: SeatPlan, *, version: int) -> Offer:
    """Bring the weeks and the seats of an offer to ``plan``; the same plan twice changes nothing.

    Weeks that are over stay, and pupils who hold a seat, even where a limit is now below their
    number. Raises Stale ``offer_changed`` or ``offer_closed``, and RuleBroken:
    ``weeks_missing``, a code of ``closed_because`` (field ``weeks``, value ``week``),
    ``seats_number``, ``seats_too_many``, ``reserved_number``, ``reserved_for_missing``,
    ``uai_format``, ``uai_departement``, ``uai_key``, ``weeks_held`` (value ``weeks``: pupils hold
    a seat then), ``seats_held`` (values ``held``, ``week``), ``reserved_held`` (value ``most``),
    a code of ``rules.limits`` and ``of_a_school_reserved``.
    """
    offers.lock(offer)
    over = {one.week for one in offer.weeks if offer_weeks.over(one.week)}
    plan = _checked(plan)
    weeks = sorted(over | set(plan.weeks))
    ahead = [week for week in weeks if week not in over]
    offer_weeks.refuse_closed_weeks(offer, ahead)
    if (
        _wanted(plan, ahead) == _present(offer)
        and weeks == [one.week for one in offer.weeks]
        and plan.limits == limits_of(offer)
    ):
        return offer
    offers.refuse_stale(offer, version)
    # The lock comes before the count: a colleague may accept a pupil at this moment.
    db.session.execute(offer_queries.seats_to_lock(offer))
    held = set(db.session.scalars(offer_queries.held_seat_ids(offer)))
    lost = [
        week for week in db.session.scalars(offer_queries.held_weeks(offer)) if week not in weeks
    ]
    if lost:
        raise RuleBroken("weeks_held", field="weeks", weeks=lost)
    published = db.session.scalar(offer_queries.published_before([offer.id])) is not None
    keep = published or offer.status in offer_queries.LIVE
    _set_weeks(offer, weeks)
    _set_seats(offer, plan, ahead, held, keep=keep)
    _set_limits(offer, plan)
    offer.version += 1
    return offer


def _checked(plan: SeatPlan) -> SeatPlan:
    if not plan.weeks:
        raise RuleBroken("weeks_missing", field="weeks")
    if not 1 <= plan.seats <= MAX_PER_WEEK:
        raise RuleBroken("seats_number", field="seats", most=MAX_PER_WEEK)
    if not plan.any_week and plan.seats * len(plan.weeks) > MAX_SEATS:
        raise RuleBroken("seats_too_many", field="seats", most=MAX_SEATS)
    if not 0 <= plan.reserved <= plan.seats:
        raise RuleBroken("reserved_number", field="reserved", most=plan.seats)
    reserved_for = _entitlement(plan) if plan.reserved else None
    _refuse_limits(plan, weeks=len(plan.weeks), reserved=plan.reserved)
    return SeatPlan(plan.weeks, plan.seats, plan.any_week, plan.reserved, reserved_for, plan.limits)


def _refuse_limits(plan: SeatPlan, *, weeks: int, reserved: int) -> None:
    problems = limit_problems(plan.limits, any_week=plan.any_week, weeks=weeks, reserved=reserved)
    if problems:
        raise RuleBroken(problems[0][1], field=problems[0][0], problems=problems, most=MOST)


def _set_limits(offer: Offer, plan: SeatPlan) -> None:
    """Once the seats are there: pupils may hold reserved ones that the plan no longer has."""
    rights = [seat.reserved_for for seat in _open_ahead(offer) if seat.reserved_for]
    _refuse_limits(plan, weeks=len(offer.weeks), reserved=len(rights))
    # The matcher counts the seats of two different rights apart.
    if plan.limits.of_a_school is not None and len(set(rights)) > 1:
        raise RuleBroken("of_a_school_reserved", field="of_a_school")
    offer.most_at_once = plan.limits.at_once
    offer.most_of_a_school = plan.limits.of_a_school
    offer.most_in_all = plan.limits.in_all


def _entitlement(plan: SeatPlan) -> str:
    if not plan.reserved_for:
        raise RuleBroken("reserved_for_missing", field="reserved_for")
    if plan.reserved_for in PRIORITY_EDUCATION:
        return plan.reserved_for
    if problem := uai_problem(plan.reserved_for):
        raise RuleBroken(problem, field="uai")
    return clean(plan.reserved_for)


Bucket = tuple[str | None, str | None]  # week, entitlement


def _wanted(plan: SeatPlan, weeks: Iterable[str]) -> Counter[Bucket]:
    buckets: list[str | None] = [None] if plan.any_week else list(weeks)
    counted: Counter[Bucket] = Counter()
    for week in buckets:
        counted[week, None] += plan.seats - plan.reserved
        counted[week, plan.reserved_for] += plan.reserved
    return +counted


def _present(offer: Offer) -> Counter[Bucket]:
    return Counter((seat.week, seat.reserved_for) for seat in _open_ahead(offer))


def _open_ahead(offer: Offer) -> list[Seat]:
    """Open seats, but those of a week that is over, which nothing changes any more."""
    return [
        seat
        for seat in offer.seats
        if seat.closed_at is None and not (seat.week and offer_weeks.over(seat.week))
    ]


def _set_weeks(offer: Offer, weeks: Sequence[str]) -> None:
    known = {one.week: one for one in offer.weeks}
    for week in known.keys() - set(weeks):
        offer.weeks.remove(known[week])
    for week in weeks:
        if week not in known:
            offer.weeks.append(OfferWeek(week=week))


def _set_seats(
    offer: Offer, plan: SeatPlan, weeks: Sequence[str], held: AbstractSet[int | None], *, keep: bool
) -> None:
    buckets: list[str | None] = [None] if plan.any_week else list(weeks)
    by_week: dict[str | None, list[Seat]] = {week: [] for week in buckets}
    for seat in _open_ahead(offer):
        by_week.setdefault(seat.week, []).append(seat)
    for week, seats in by_week.items():
        _fill(offer, plan if week in buckets else SeatPlan(seats=0), week, seats, held, keep=keep)


def _fill(
    offer: Offer,
    plan: SeatPlan,
    week: str | None,
    seats: list[Seat],
    held: AbstractSet[int | None],
    *,
    keep: bool,
) -> None:
    """Bring one week to the plan: held seats first, then free ones, opened or taken away."""
    taken = [seat for seat in seats if seat.id in held]
    free = [seat for seat in seats if seat.id not in held]
    if len(taken) > plan.seats:
        raise RuleBroken("seats_held", field="seats", held=len(taken), week=week)
    reserved = plan.reserved - sum(seat.reserved_for is not None for seat in taken)
    if reserved > plan.seats - len(taken):
        most = plan.reserved - (reserved - (plan.seats - len(taken)))
        raise RuleBroken("reserved_held", field="reserved", most=most)
    for number in range(plan.seats - len(taken)):
        if number < len(free):
            seat = free[number]
        else:
            seat = Seat(week=week)
            offer.seats.append(seat)
        seat.reserved_for = plan.reserved_for if number < reserved else None
    for seat in free[plan.seats - len(taken) :]:
        if keep:
            seat.closed_at = clock.now()
        else:
            offer.seats.remove(seat)
