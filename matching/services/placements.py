"""School, pupil and host answer; a no, or the end of the clock, frees the seat at once.

The school looks first. When it says yes, the clock starts for pupil and host together; two yeses
after the school's make the placement confirmed (DESIGN §3).
"""

from datetime import timedelta

import sqlalchemy as sa

from matching import clock
from matching.database import db, transactional
from matching.errors import RuleBroken, Stale
from matching.models import events
from matching.models.applications import Application, RefusedPair
from matching.models.companies import Company, Site
from matching.models.offers import Offer, Seat
from matching.models.placements import Party, Placement
from matching.models.pupils import Pupil
from matching.models.statuses import (
    LIVE_APPLICATIONS,
    ApplicationStatus,
    ApprovalStatus,
    PlacementStatus,
)
from matching.models.users import User
from matching.queries import campaigns
from matching.services import notices

ANSWER_DAYS = 7  # when no campaign says otherwise
REASONS: dict[Party, tuple[str, ...]] = {
    Party.SCHOOL: ("found_elsewhere", "too_far", "not_suitable", "week_changed", "other"),
    Party.PUPIL: ("found_elsewhere", "too_far", "no_transport", "not_interested", "other"),
    Party.HOST: ("no_tutor", "activity_changed", "site_closed", "not_suitable", "other"),
}


@transactional
def answer_as_school(
    teacher: User,
    placement: Placement,
    yes: bool,  # noqa: FBT001 - the answer is the point
    *,
    version: int,
    reason: str = "",
    words: str = "",
) -> Placement:
    """The school's answer. A yes starts the clock of pupil and host."""
    _lock(placement, version)
    if yes:
        placement.answer_before = clock.now() + timedelta(days=_answer_days(placement))
    _answer(teacher, placement, Party.SCHOOL, yes, reason, words)
    if yes and placement.host_answer is None:
        notices.host_has_proposal(placement)
    return placement


@transactional
def answer_as_pupil(
    user: User,
    placement: Placement,
    yes: bool,  # noqa: FBT001 - same
    *,
    version: int,
    reason: str = "",
    words: str = "",
) -> Placement:
    """The pupil's answer, once the school has said yes and before the clock runs out."""
    _lock(placement, version)
    _require_open_to_answers(placement)
    return _answer(user, placement, Party.PUPIL, yes, reason, words)


@transactional
def answer_as_host(
    user: User,
    placement: Placement,
    yes: bool,  # noqa: FBT001 - same
    *,
    version: int,
    reason: str = "",
    words: str = "",
) -> Placement:
    """The host's answer, on the same clock as the pupil's.

    A yes is refused (``company_not_allowed``, ``site_blocked``) where no pupil may go any more.
    """
    _lock(placement, version)
    _require_open_to_answers(placement)
    if yes and placement.seat is not None:
        refuse_closed_place(placement.seat.offer)
    return _answer(user, placement, Party.HOST, yes, reason, words)


@transactional
def cancel(
    user: User, placement: Placement, party: Party, *, version: int, reason: str, words: str = ""
) -> Placement:
    """Undo a confirmed placement: the seat is free again, the pupil's other wishes are open.

    School and host are told by e-mail, the pupil by the page.
    """
    _lock(placement, version, PlacementStatus.CONFIRMED, PlacementStatus.SIGNED)
    _end(placement, PlacementStatus.CANCELLED, user, party, reason, words)
    for wish in _wishes(placement, ApplicationStatus.SUPERSEDED):
        events.move(wish, ApplicationStatus.SUBMITTED, actor_id=user.id, why="placement_cancelled")
    notices.schools_lose_proposals([placement])
    notices.hosts_lose_proposals([placement])
    return placement


@transactional
def expire_due() -> int:
    """End the proposals whose clock has run out; return how many seats that gives back."""
    due = db.session.scalars(
        sa.select(Placement)
        .where(Placement.status == PlacementStatus.PROPOSED, Placement.answer_before < clock.now())
        .order_by(Placement.id)
        .with_for_update()
    ).all()
    for placement in due:
        _end(placement, PlacementStatus.EXPIRED, None, Party.NOBODY, "no_answer", "")
    return len(due)


def _lock(placement: Placement, version: int, *statuses: PlacementStatus) -> None:
    """Read the row again under a lock; refuse what a page opened before no longer shows."""
    db.session.refresh(placement, with_for_update=True)
    if placement.status not in (statuses or (PlacementStatus.PROPOSED,)):
        raise Stale("placement_ended" if placement.ended_by else "answered_already")
    if placement.version != version:
        raise Stale("placement_changed")
    placement.version += 1


def _answer(
    user: User,
    placement: Placement,
    party: Party,
    yes: bool,  # noqa: FBT001 - same
    reason: str,
    words: str,
) -> Placement:
    """Write one of the three answers, once; a no ends the proposal, the last yes confirms it."""
    if getattr(placement, f"{party}_answer") is not None:
        raise Stale("answered_already")
    setattr(placement, f"{party}_answer", yes)
    setattr(placement, f"{party}_answered_at", clock.now())
    setattr(placement, f"{party}_answered_by_id", user.id)
    if yes:
        _confirm_if_all_said_yes(placement, user)
    else:
        _decline(placement, user, party, reason, words)
    return placement


def refuse_closed_place(offer: Offer) -> None:
    """Raise where pupils no longer go: Stale ``company_not_allowed``, RuleBroken ``site_blocked``.

    The rows are held, so that nobody blocks them before the end of the transaction.
    """
    status, flagged = db.session.execute(
        sa.select(Company.status, Site.blocked_by_inspection)
        .join(Site, Site.company_id == Company.id)
        .where(Site.id == offer.site_id)
        .with_for_update(read=True)
    ).one()
    if status is not ApprovalStatus.APPROVED:
        raise Stale("company_not_allowed")
    if flagged:
        raise RuleBroken("site_blocked")


def _require_open_to_answers(placement: Placement) -> None:
    if placement.school_answer is not True:
        raise RuleBroken("school_answers_first")
    if placement.answer_before is not None and placement.answer_before < clock.now():
        raise RuleBroken("too_late_to_answer")


def _answer_days(placement: Placement) -> int:
    if placement.run is not None:
        return placement.run.campaign.answer_days
    pupil = placement.pupil
    if pupil is None:
        return ANSWER_DAYS
    campaign = db.session.scalar(campaigns.open_for_school(pupil.school, pupil.school_year))
    return campaign.answer_days if campaign else ANSWER_DAYS


def _confirm_if_all_said_yes(placement: Placement, user: User) -> None:
    if not (placement.school_answer and placement.pupil_answer and placement.host_answer):
        return
    events.move(placement, PlacementStatus.CONFIRMED, actor_id=user.id)
    for wish in _wishes(placement, *LIVE_APPLICATIONS):
        events.move(wish, ApplicationStatus.SUPERSEDED, actor_id=user.id, why="placement_confirmed")


def _decline(placement: Placement, user: User, party: Party, reason: str, words: str) -> None:
    """A no ends the proposal, and the pair never meets again."""
    if reason not in REASONS[party]:
        raise RuleBroken("decline_without_reason", field="reason")
    _end(placement, PlacementStatus.DECLINED, user, party, reason, words)
    offer_id = placement.seat and db.session.scalar(
        sa.select(Seat.offer_id).where(Seat.id == placement.seat_id)
    )
    known = db.session.scalar(
        sa.select(RefusedPair.id).where(
            RefusedPair.pupil_id == placement.pupil_id, RefusedPair.offer_id == offer_id
        )
    )
    if offer_id and placement.pupil_id and known is None:
        db.session.add(RefusedPair(pupil_id=placement.pupil_id, offer_id=offer_id, reason=reason))


def _end(
    placement: Placement,
    status: PlacementStatus,
    user: User | None,
    party: Party,
    reason: str,
    words: str,
) -> None:
    placement.ended_by, placement.ended_reason = party, reason
    placement.ended_words = words[:500]
    events.move(placement, status, actor_id=user.id if user else None, why=reason)


def _wishes(placement: Placement, *statuses: ApplicationStatus) -> list[Application]:
    return list(
        db.session.scalars(
            sa.select(Application)
            .join(Pupil, Pupil.id == Application.pupil_id)
            .where(Application.pupil_id == placement.pupil_id, Application.status.in_(statuses))
            .order_by(Application.id)
        )
    )
