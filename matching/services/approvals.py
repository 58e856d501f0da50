"""A coordinator lets a school or a company in, and an offer out, or says why not."""

from matching.database import db, transactional
from matching.errors import RuleBroken, Stale
from matching.models import events
from matching.models.companies import Company
from matching.models.offers import Offer
from matching.models.schools import School
from matching.models.statuses import ApprovalStatus, OfferStatus
from matching.models.users import User
from matching.services import notices, offers, vetting

MAX_WORDS = 500


@transactional
def approve(actor: User, party: School | Company, check: vetting.Check | None = None) -> None:
    """From now on its people may meet minors.

    A company asks for a ``check`` of the person who will host, unless one was recorded before.
    Raises RuleBroken ``company_not_vetted`` (field ``how``) or as ``vetting.record``, and Stale
    ``already_answered`` when somebody else refused or blocked it meanwhile.
    """
    if isinstance(party, Company) and party.status == ApprovalStatus.REGISTERED:
        if check is not None:
            vetting.record(actor, party, check)
        elif party.vetted_at is None:
            raise RuleBroken("company_not_vetted", field="how")
        db.session.flush()  # the lock reads the row again
    _answer(actor, party, ApprovalStatus.APPROVED, why=None)


@transactional
def refuse(actor: User, party: School | Company, *, words: str) -> None:
    """Do not let it in, and say why; it may mend this and ask again.

    Raises RuleBroken ``words_missing`` or ``words_long``, Stale ``already_answered``.
    """
    _answer(actor, party, ApprovalStatus.REFUSED, why=_checked(words))


def _answer(actor: User, party: School | Company, to: ApprovalStatus, why: str | None) -> None:
    db.session.refresh(party, with_for_update=True)
    if party.status == to:  # a double click
        return
    # Blocked may become approved too, but never from this page, which showed it as registered.
    if party.status != ApprovalStatus.REGISTERED:
        raise Stale("already_answered", status=party.status.value)
    events.move(party, to, actor_id=actor.id, why=why)
    if why is None:
        notices.let_in(party)
    else:
        notices.not_let_in(party, why)


@transactional
def publish(actor: User, offer: Offer, *, version: int) -> None:
    """Show the offer to pupils.

    Raises RuleBroken ``company_not_approved``, ``site_blocked`` or ``offer_incomplete`` (its weeks
    may have gone by), Stale ``already_answered``, or ``offer_changed`` when its company has
    changed it since the coordinator read it.
    """
    offers.lock(offer)
    if offer.status == OfferStatus.PUBLISHED:  # a double click
        return
    _refuse_answered(offer, version)
    # Nobody may block the company or the site before this transaction ends.
    db.session.refresh(offer.site.company, with_for_update={"read": True})
    db.session.refresh(offer.site, with_for_update={"read": True})
    offers.refuse_unsafe(offer)
    offers.refuse_incomplete(offer)
    events.move(offer, OfferStatus.PUBLISHED, actor_id=actor.id)
    offer.version += 1
    notices.offer_published(offer)


@transactional
def give_back(actor: User, offer: Offer, *, version: int, words: str) -> None:
    """Return the offer to its company with what to mend.

    Raises RuleBroken ``words_missing`` or ``words_long``, Stale ``already_answered`` or
    ``offer_changed``.
    """
    offers.lock(offer)
    if offer.status == OfferStatus.RETURNED:  # a double click
        return
    _refuse_answered(offer, version)
    offer.returned_because = _checked(words)
    events.move(offer, OfferStatus.RETURNED, actor_id=actor.id, why=offer.returned_because)
    offer.version += 1
    notices.offer_returned(offer, offer.returned_because)


def _refuse_answered(offer: Offer, version: int) -> None:
    if offer.status != OfferStatus.SUBMITTED:
        raise Stale("already_answered", status=offer.status.value)
    if offer.version != version:
        raise Stale("offer_changed")


def _checked(words: str) -> str:
    words = words.strip()
    if not words:
        raise RuleBroken("words_missing", field="words")
    if len(words) > MAX_WORDS:
        raise RuleBroken("words_long", field="words", most=MAX_WORDS)
    return words
