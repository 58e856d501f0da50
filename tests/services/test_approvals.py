"""A coordinator lets schools, companies and offers in, or says why not."""

from datetime import date

import pytest
import sqlalchemy as sa

from matching import clock
from matching.errors import RuleBroken, Stale
from matching.models.companies import VettedHow
from matching.models.events import Event
from matching.models.statuses import ApprovalStatus, OfferStatus
from matching.models.users import Role
from matching.services import approvals, offers, vetting
from tests.factories import people, places

pytestmark = pytest.mark.usefixtures("in_november")


def submitted(**values):
    return places.offer(
        values.pop("site", None) or places.site(),
        status=OfferStatus.SUBMITTED,
        tutor_name="Karim B.",
        access="Bus 2.",
        **values,
    )


def call_back(company) -> vetting.Check:
    """One of the company's people, rung by the coordinator."""
    host = people.adult(Role.COMPANY_MEMBER, company=company)
    return vetting.Check(host.ref, VettedHow.CALL_BACK, "Standard rappelé le 23, Mme Roux.")


@pytest.mark.parametrize("make", [places.school, places.company])
def test_a_yes_lets_in_once_and_is_signed(session, coordinator, make):
    party = make(status=ApprovalStatus.REGISTERED)
    check = call_back(party) if make is places.company else None
    approvals.approve(coordinator, party, check)
    approvals.approve(coordinator, party, check)  # a double click
    assert party.status == ApprovalStatus.APPROVED
    event = session.scalars(sa.select(Event)).one()
    assert (event.actor_id, event.from_status) == (coordinator.id, "registered")


@pytest.mark.parametrize("make", [places.school, places.company])
def test_a_no_needs_words_which_are_kept(session, coordinator, make):
    party = make(status=ApprovalStatus.REGISTERED)
    for words, code in (("", "words_missing"), ("  ", "words_missing"), ("x" * 501, "words_long")):
        with pytest.raises(RuleBroken) as caught:
            approvals.refuse(coordinator, party, words=words)
        assert (caught.value.code, caught.value.field) == (code, "words")
    approvals.refuse(coordinator, party, words=" Le SIREN est celui d’un autre. ")
    assert party.status == ApprovalStatus.REFUSED
    assert session.scalars(sa.select(Event.why)).one() == "Le SIREN est celui d’un autre."


@pytest.mark.parametrize("make", [places.school, places.company])
@pytest.mark.parametrize("status", [ApprovalStatus.REFUSED, ApprovalStatus.BLOCKED])
def test_a_stale_yes_never_lets_in_who_was_refused_or_blocked(session, coordinator, make, status):
    party = make(status=status)
    with pytest.raises(Stale, match="already_answered"):
        approvals.approve(coordinator, party)
    assert party.status == status


def test_a_no_after_the_yes_of_a_colleague_is_told(session, coordinator):
    party = places.company()
    with pytest.raises(Stale, match="already_answered"):
        approvals.refuse(coordinator, party, words="Non.")


def test_an_offer_is_published_once_read(session, coordinator):
    offer = submitted()
    approvals.publish(coordinator, offer, version=1)
    approvals.publish(coordinator, offer, version=1)  # a double click
    assert (offer.status, offer.version) == (OfferStatus.PUBLISHED, 2)


def test_an_offer_that_changed_meanwhile_is_read_again(session, coordinator):
    offer = submitted()
    host = people.adult(Role.COMPANY_MEMBER, company=offer.site.company)
    offers.revise(host, offer, version=1, what_you_do="Tout autre chose.")
    with pytest.raises(Stale, match="offer_changed"):
        approvals.publish(coordinator, offer, version=1)
    with pytest.raises(Stale, match="offer_changed"):
        approvals.give_back(coordinator, offer, version=1, words="Trop court.")
    approvals.publish(coordinator, offer, version=2)
    assert offer.status == OfferStatus.PUBLISHED


@pytest.mark.parametrize("status", [s for s in ApprovalStatus if s != ApprovalStatus.APPROVED])
def test_no_offer_is_published_before_its_company_is_approved(session, coordinator, status):
    offer = submitted(site=places.site(places.company(status=status)))
    with pytest.raises(RuleBroken, match="company_not_approved"):
        approvals.publish(coordinator, offer, version=1)
    assert offer.status == OfferStatus.SUBMITTED


def test_no_offer_is_published_at_a_site_that_inspectors_found_unsafe(session, coordinator):
    offer = submitted(site=places.site(blocked_by_inspection=True))
    with pytest.raises(RuleBroken, match="site_blocked"):
        approvals.publish(coordinator, offer, version=1)


def test_no_offer_is_published_once_its_weeks_went_by(session, coordinator, monkeypatch):
    offer = submitted()
    monkeypatch.setattr(clock, "today", lambda: date(2027, 3, 1))
    with pytest.raises(RuleBroken, match="offer_incomplete"):
        approvals.publish(coordinator, offer, version=1)


def test_an_offer_goes_back_with_what_to_mend(session, coordinator):
    offer = submitted()
    with pytest.raises(RuleBroken, match="words_missing"):
        approvals.give_back(coordinator, offer, version=1, words="")
    approvals.give_back(coordinator, offer, version=1, words="Retirez les sigles.")
    approvals.give_back(coordinator, offer, version=1, words="Retirez les sigles.")
    assert (offer.status, offer.returned_because) == (OfferStatus.RETURNED, "Retirez les sigles.")


@pytest.mark.parametrize(
    "status", [OfferStatus.DRAFT, OfferStatus.RETURNED, OfferStatus.PAUSED, OfferStatus.CLOSED]
)
def test_only_what_was_handed_in_is_published(session, coordinator, status):
    offer = places.offer(status=status, tutor_name="K.", access="Bus.")
    with pytest.raises(Stale, match="already_answered"):
        approvals.publish(coordinator, offer, version=1)
