"""A company writes an offer, hands it in, pauses and closes it.

**What a minor will meet must be approved again.** A published offer whose words, hours, tutor,
promises or place change goes back to the coordinators, and no new pupil is placed there until
they publish it again; pupils who hold a seat keep it. Weeks, seats and practical advice (how to
come, step-free access, gear) change at once.
"""

from datetime import time
from typing import TypedDict, Unpack

from sqlalchemy.exc import IntegrityError

from matching import clock
from matching.database import db, new_reference, transactional
from matching.errors import RuleBroken, Stale
from matching.models import events
from matching.models.companies import Site
from matching.models.offers import Offer
from matching.models.statuses import ApprovalStatus, OfferStatus
from matching.models.users import User
from matching.queries import offers, settings
from matching.rules.charter import CRITERION_KEYS
from matching.rules.hours import timetable_problems
from matching.rules.sectors import SECTOR_KEYS
from matching.services import offer_weeks

PRACTICAL = frozenset({"access", "accessible", "gear"})
# What the review page asks for before an offer may be handed in: name → page of the form.
NEEDED = {
    "what_you_see": "programme",
    "what_you_do": "programme",
    "seats": "weeks",
    "hours": "hours",
    "tutor_name": "welcome",
    "access": "welcome",
}
_FIELD_OF_PROBLEM: dict[str, str] = {
    "hours_order": "ends_at",
    "hours_lunch": "break_minutes",
    "hours_day": "ends_at",
    "hours_week": "weekdays",
    "hours_break": "break_minutes",
    "hours_rest": "ends_at",
    "weekdays_count": "weekdays",
    "weekdays_weekend": "weekdays",
}


class OfferText(TypedDict, total=False):
    """What ``revise`` may change; the columns of Offer."""

    site: Site
    title: str
    sector: str
    what_you_see: str
    what_you_do: str
    weekdays: str
    starts_at: time
    ends_at: time
    break_minutes: int
    accessible: bool
    access: str
    gear: str
    tutor_name: str
    charter: list[str]


@transactional
def start(actor: User, site: Site, *, title: str, sector: str, ref: str | None = None) -> Offer:
    """Begin a draft for the present school year.

    ``ref`` is drawn when the page opens: the same page sent twice makes one offer. Raises
    RuleBroken ``sector_not_listed``.
    """
    if sector not in SECTOR_KEYS:
        raise RuleBroken("sector_not_listed", field="sector")
    if ref is not None:
        known = db.session.scalar(offers.visible_to(actor).where(Offer.ref == ref))
        if known is not None:
            return known
    offer = Offer(
        ref=ref or new_reference(),
        site=site,
        school_year=clock.school_year(),
        title=title,
        sector=sector,
        charter=[],
        created_by_id=actor.id,
    )
    db.session.add(offer)
    try:
        events.record(offer, OfferStatus.DRAFT, actor_id=actor.id)
    except IntegrityError:  # the page was sent twice at once
        raise Stale("offer_changed") from None
    return offer


@transactional
def revise(actor: User, offer: Offer, *, version: int, **changes: Unpack[OfferText]) -> Offer:
    """Change the words, the hours or the practical side of an offer.

    The same change sent twice does nothing the second time. Raises Stale ``offer_changed`` when
    ``version`` is not the offer's any more, Stale ``offer_closed``, and RuleBroken:
    ``sector_not_listed``, ``charter_unknown``, ``site_fixed``, a code of ``rules.hours`` (value
    ``problems``: all of them, as (field, code)), ``week_short`` when a week has too few of these
    weekdays, ``offer_incomplete`` when an offer that others have read would lose what they need.
    """
    lock(offer)
    changed = {name for name, value in changes.items() if getattr(offer, name) != value}
    if not changed:
        return offer
    refuse_stale(offer, version)
    _check(offer, changed, changes)
    for name in changed:
        setattr(offer, name, changes[name])  # type: ignore[literal-required] # names of OfferText
    if changed & {"weekdays", "starts_at", "ends_at", "break_minutes"}:
        refuse_hours(offer)
        offer_weeks.refuse_short_weeks(offer)
    if offer.status not in (OfferStatus.DRAFT, OfferStatus.RETURNED):
        refuse_incomplete(offer)
    if changed - PRACTICAL and offer.status in offers.LIVE:
        events.move(offer, OfferStatus.SUBMITTED, actor_id=actor.id)
    offer.version += 1
    return offer


def _check(offer: Offer, changed: set[str], changes: OfferText) -> None:
    if "sector" in changed and changes["sector"] not in SECTOR_KEYS:
        raise RuleBroken("sector_not_listed", field="sector")
    if "charter" in changed and not set(changes["charter"]) <= set(CRITERION_KEYS):
        raise RuleBroken("charter_unknown", field="charter")
    if "site" in changed and (
        offer.status not in (OfferStatus.DRAFT, OfferStatus.RETURNED)
        or db.session.scalar(offers.held_seat_ids(offer).limit(1))
    ):
        raise RuleBroken("site_fixed", field="site")


def refuse_hours(offer: Offer) -> None:
    """Raise RuleBroken with the first thing that the law or our policy says of these hours."""
    with db.session.no_autoflush:  # hours that the table refuses are told here first
        policy = settings.hours(db.session())
    problems = timetable_problems(
        policy,
        offer_weeks.weekdays_of(offer),
        offer.starts_at,
        offer.ends_at,
        offer.break_minutes,
    )
    if problems:
        early = offer.starts_at < policy.earliest
        at_fault = _FIELD_OF_PROBLEM | dict.fromkeys(
            ("hours_window", "hours_night"), "starts_at" if early else "ends_at"
        )
        pairs = [(at_fault[problem], problem) for problem in problems]
        raise RuleBroken(
            problems[0],
            field=pairs[0][0],
            problems=pairs,
            earliest=policy.earliest.hour,
            latest=policy.latest.hour,
        )


def missing(offer: Offer) -> list[str]:
    """The names of ``NEEDED`` that are still to write before the offer may be handed in."""
    absent = [
        name
        for name in ("what_you_see", "what_you_do", "tutor_name", "access")
        if not getattr(offer, name).strip()
    ]
    open_seats = [seat for seat in offer.seats if seat.closed_at is None]
    if not open_seats or not offer_weeks.open_weeks(offer):
        absent.append("seats")
    try:
        refuse_hours(offer)
    except RuleBroken:
        absent.append("hours")
    return [name for name in NEEDED if name in absent]


def refuse_incomplete(offer: Offer) -> None:
    """Raise RuleBroken ``offer_incomplete`` unless all that a pupil needs to read is there."""
    if absent := missing(offer):
        raise RuleBroken("offer_incomplete", missing=absent)


@transactional
def submit(actor: User, offer: Offer, *, version: int) -> None:
    """Hand the offer to the coordinators.

    Raises RuleBroken ``offer_incomplete`` (value ``missing``), Stale ``company_not_allowed`` when
    the company was refused or blocked, Stale ``offer_changed``.
    """
    lock(offer)
    if offer.status == OfferStatus.SUBMITTED:
        return
    refuse_stale(offer, version)
    if offer.status not in (OfferStatus.DRAFT, OfferStatus.RETURNED):
        raise Stale("offer_changed")
    if offer.site.company.status in (ApprovalStatus.REFUSED, ApprovalStatus.BLOCKED):
        raise Stale("company_not_allowed")
    refuse_incomplete(offer)
    events.move(offer, OfferStatus.SUBMITTED, actor_id=actor.id)
    offer.returned_because = None
    offer.version += 1


@transactional
def pause(actor: User, offer: Offer, *, version: int) -> None:
    """Propose the offer to nobody new for a while; pupils who hold a seat keep it."""
    _move(actor, offer, OfferStatus.PAUSED, version)


@transactional
def resume(actor: User, offer: Offer, *, version: int) -> None:
    """Propose a paused offer again; nothing in it changed, so nobody approves it again.

    Raises RuleBroken ``company_not_approved`` or ``site_blocked``.
    """
    lock(offer)
    if offer.status == OfferStatus.PUBLISHED:  # a double click
        return
    refuse_stale(offer, version)
    if offer.status != OfferStatus.PAUSED:
        raise Stale("offer_changed")
    refuse_unsafe(offer)
    events.move(offer, OfferStatus.PUBLISHED, actor_id=actor.id)
    offer.version += 1


@transactional
def close(actor: User, offer: Offer, *, version: int) -> None:
    """End the offer for good; pupils who hold a seat keep it."""
    _move(actor, offer, OfferStatus.CLOSED, version)


def _move(actor: User, offer: Offer, to: OfferStatus, version: int) -> None:
    lock(offer)
    if offer.status == to:  # a double click
        return
    refuse_stale(offer, version)
    events.move(offer, to, actor_id=actor.id)
    offer.version += 1


def refuse_unsafe(offer: Offer) -> None:
    """Raise RuleBroken unless pupils may be sent there.

    ``company_not_approved``, or ``site_blocked`` (Code du travail L4153-2: no agreement with a
    site that inspectors found unsafe).
    """
    if offer.site.company.status != ApprovalStatus.APPROVED:
        raise RuleBroken("company_not_approved")
    if offer.site.blocked_by_inspection:
        raise RuleBroken("site_blocked")


def lock(offer: Offer) -> None:
    """Hold the offer's row until the end of the transaction, freshly read."""
    db.session.refresh(offer, with_for_update=True)


def refuse_stale(offer: Offer, version: int) -> None:
    """Raise Stale when the page was opened before the last change, or the offer is closed."""
    if offer.status == OfferStatus.CLOSED:
        raise Stale("offer_closed")
    if offer.version != version:
        raise Stale("offer_changed")
