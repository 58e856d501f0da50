"""A pupil prepares up to five ranked wishes, sends them, and may change them until the deadline.

Ranks stay 1, 2, 3… without gaps. A wish added after the others were sent is a draft until the pupil
sends again; an order changed or a wish taken back counts at once. The pupil's row is locked first:
two pages open side by side change the list one after the other.
"""

import sqlalchemy as sa

from matching import clock
from matching.database import db, transactional
from matching.errors import RuleBroken, Stale
from matching.models import events
from matching.models.applications import MAX_WISHES, Application
from matching.models.campaigns import Campaign
from matching.models.offers import Offer
from matching.models.placements import Placement
from matching.models.pupils import Pupil
from matching.models.statuses import HOLDING, LIVE_APPLICATIONS, ApplicationStatus, ApprovalStatus
from matching.models.users import User
from matching.queries import applications, campaigns, pupil_offers

MAX_MESSAGE = 500


@transactional
def add(user: User, pupil: Pupil, offer: Offer) -> Application:
    """Put the offer at the end of the pupil's wishes; an offer that is there already stays.

    Raises RuleBroken ``wishes_full`` (value ``most``), ``offer_not_for_you``, or what
    ``refuse_changes`` raises.
    """
    _lock(user, pupil)
    refuse_changes(pupil)
    wishes = _live(pupil)
    known = db.session.scalar(
        sa.select(Application).where(
            Application.pupil_id == pupil.id, Application.offer_id == offer.id
        )
    )
    if known is not None and known.status in LIVE_APPLICATIONS:
        return known
    if len(wishes) >= MAX_WISHES:
        raise RuleBroken("wishes_full", most=MAX_WISHES)
    if known is not None and known.status is not ApplicationStatus.WITHDRAWN:
        raise RuleBroken("offer_not_for_you")
    if not pupil_offers.find_for(db.session(), pupil, open_campaign(pupil), only=[offer.id]):
        raise RuleBroken("offer_not_for_you")
    if known is None:
        known = Application(pupil_id=pupil.id, offer_id=offer.id, rank=len(wishes) + 1)
        db.session.add(known)
        events.record(known, ApplicationStatus.DRAFT, actor_id=user.id)
    else:
        known.rank, known.message = len(wishes) + 1, ""
        events.move(known, ApplicationStatus.DRAFT, actor_id=user.id)
    return known


@transactional
def move(user: User, application: Application, *, step: int, seen: int) -> int:
    """Move a wish up (−1, or more when dragged) or down from the rank that the page showed.

    Returns its rank; those that it passes make room. A second press of the same button does
    nothing. Raises Stale ``wishes_changed`` when the list is no longer the one that was seen, or
    what ``refuse_changes`` raises.
    """
    _lock(user, application.pupil)
    refuse_changes(application.pupil)
    wishes = _live(application.pupil)
    target = seen + step
    if application not in wishes:
        raise Stale("wishes_changed")
    if application.rank == target:
        return target
    if application.rank != seen:
        raise Stale("wishes_changed")
    if not 1 <= target <= len(wishes):
        return seen
    order = [wish for wish in wishes if wish is not application]
    order.insert(target - 1, application)
    passed = order[min(seen, target) - 1 : max(seen, target)]
    # Two wishes never share a rank, not even while they change places.
    for wish in passed:
        wish.rank = None
    db.session.flush()
    for rank, wish in enumerate(passed, start=min(seen, target)):
        wish.rank = rank
    return target


@transactional
def withdraw(user: User, application: Application) -> None:
    """Take a wish back; the ones below move up. Taking it back twice does nothing."""
    _lock(user, application.pupil)
    refuse_changes(application.pupil)
    if application not in _live(application.pupil):
        return
    application.rank = None
    events.move(application, ApplicationStatus.WITHDRAWN, actor_id=user.id)
    for rank, below in enumerate(_live(application.pupil), start=1):
        below.rank = rank
        db.session.flush()


@transactional
def write_message(user: User, application: Application, *, message: str) -> None:
    """Say why this offer, in a few words.

    Raises RuleBroken ``message_too_long`` (field ``message``, value ``most``), ``wish_read`` once
    the school has read it, Stale ``wishes_changed``, or what ``refuse_changes`` raises.
    """
    _lock(user, application.pupil)
    refuse_changes(application.pupil)
    if application not in _live(application.pupil):
        raise Stale("wishes_changed")
    if application.status is ApplicationStatus.READ_BY_SCHOOL:
        raise RuleBroken("wish_read", field="message")
    if len(message) > MAX_MESSAGE:
        raise RuleBroken("message_too_long", field="message", most=MAX_MESSAGE)
    application.message = message


@transactional
def send(user: User, pupil: Pupil) -> int:
    """Send the wishes that are still drafts; return how many. Sending twice sends nothing more.

    Raises RuleBroken ``wishes_none``, ``wish_gone`` (value ``title``) when an offer is no longer
    open to the pupil, what ``refuse_sending`` or ``refuse_changes`` raises.
    """
    _lock(user, pupil)
    refuse_changes(pupil)
    campaign = refuse_sending(pupil)
    wishes = _live(pupil)
    if not wishes:
        raise RuleBroken("wishes_none")
    drafts = [wish for wish in wishes if wish.status is ApplicationStatus.DRAFT]
    wanted = [wish.offer_id for wish in drafts]
    found = pupil_offers.find_for(db.session(), pupil, campaign, only=wanted)
    still_open = {one.offer_id for one in found}
    for wish in drafts:
        if wish.offer_id not in still_open:
            raise RuleBroken("wish_gone", title=wish.offer.title)
        wish.submitted_at = clock.now()
        events.move(wish, ApplicationStatus.SUBMITTED, actor_id=user.id)
    return len(drafts)


def open_campaign(pupil: Pupil) -> Campaign | None:
    """The open campaign of the pupil's school, if there is one."""
    return db.session.scalar(campaigns.open_for_school(pupil.school, pupil.school_year))


def refuse_changes(pupil: Pupil) -> None:
    """Raise RuleBroken ``wishes_closed`` after the deadline, ``wishes_held`` with a placement."""
    campaign = open_campaign(pupil)
    if campaign is not None and clock.now() >= campaign.wishes_close_at:
        raise RuleBroken("wishes_closed")
    if db.session.scalar(
        sa.select(Placement.id).where(Placement.pupil_id == pupil.id, Placement.status.in_(HOLDING))
    ):
        raise RuleBroken("wishes_held")


def refuse_sending(pupil: Pupil) -> Campaign:
    """The campaign to which wishes may be sent now.

    Raises RuleBroken ``school_not_approved``, ``campaign_none`` or ``wishes_not_open``.
    """
    if pupil.school.status is not ApprovalStatus.APPROVED:
        raise RuleBroken("school_not_approved")
    campaign = open_campaign(pupil)
    if campaign is None:
        raise RuleBroken("campaign_none")
    if clock.now() < campaign.wishes_open_at:
        raise RuleBroken("wishes_not_open")
    return campaign


def _lock(user: User, pupil: Pupil) -> None:
    """Let nobody else change this pupil's wishes before the end of the transaction."""
    if pupil.user_id != user.id:
        raise ValueError("a pupil speaks for himself only")
    db.session.refresh(pupil, with_for_update=True)


def _live(pupil: Pupil) -> list[Application]:
    """The wishes as they are now, whatever a page read before the lock."""
    query = applications.live(pupil).execution_options(populate_existing=True)
    return list(db.session.scalars(query))
