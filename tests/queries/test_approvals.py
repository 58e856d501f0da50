"""The queue of a coordinator: what is his, the oldest first."""

from datetime import UTC, datetime, timedelta

import pytest

from matching.models import events
from matching.models.statuses import ApprovalStatus, OfferStatus
from matching.models.users import Role
from matching.queries import approvals
from tests.factories import people, places

OYONNAX, PARIS, MULHOUSE = "01283", "75111", "68224"
START = datetime(2026, 10, 1, tzinfo=UTC)


def coordinator_of(commune: str):
    territory = places.territory_of(commune)
    return people.adult(Role.TERRITORY_COORDINATOR, territory=territory)


def waiting(session, user) -> list[tuple[str, int]]:
    return [(kind, row_id) for kind, row_id, _since in session.execute(approvals.waiting(user))]


def registered(commune: str, days: int):
    """One school, one company with an offer, in this order, a day apart."""
    registered = ApprovalStatus.REGISTERED
    school = places.school(commune, status=registered, created_at=START + timedelta(days))
    company = places.company(status=registered, created_at=START + timedelta(days + 1))
    site = places.site(company, commune)
    offer = places.offer(site, status=OfferStatus.SUBMITTED, created_at=START + timedelta(days + 2))
    return [("school", school.id), ("company", company.id), ("offer", offer.id)]


def test_a_coordinator_sees_his_territory_and_the_foundation_everything(session):
    here, there = registered(OYONNAX, 10), registered(MULHOUSE, 0)
    nowhere = places.school(
        status=ApprovalStatus.REGISTERED,
        territory_id=None,
        attached_territory_id=None,
        created_at=START - timedelta(1),
    )
    assert waiting(session, coordinator_of(OYONNAX)) == here
    assert waiting(session, coordinator_of(MULHOUSE)) == there
    foundation = people.adult(Role.FOUNDATION_ADMIN)
    assert waiting(session, foundation) == [("school", nowhere.id), *there, *here]


def test_nobody_else_sees_anything(session):
    registered(OYONNAX, 0)
    school = places.school()
    for user in (
        people.adult(),
        people.adult(Role.PRINCIPAL, school=school),
        people.adult(Role.COMPANY_MEMBER, company=places.company()),
    ):
        assert waiting(session, user) == []


def test_a_coordinator_who_left_sees_nothing_any_more(session):
    registered(OYONNAX, 0)
    user = coordinator_of(OYONNAX)
    user.memberships[0].ended_at = START
    session.commit()
    assert waiting(session, user) == []


def test_a_company_with_sites_in_two_territories_waits_in_both_queues_once(session):
    company = places.company(status=ApprovalStatus.REGISTERED)
    for commune in (OYONNAX, OYONNAX, MULHOUSE):
        places.site(company, commune)
    for commune in (OYONNAX, MULHOUSE):
        assert waiting(session, coordinator_of(commune)) == [("company", company.id)]


@pytest.mark.parametrize("status", [s for s in OfferStatus if s != OfferStatus.SUBMITTED])
def test_only_offers_handed_in_wait(session, status):
    places.offer(places.site(commune_code=OYONNAX), status=status)
    assert waiting(session, coordinator_of(OYONNAX)) == []


def test_an_offer_handed_in_again_waits_since_that_day(session):
    first, second = (
        places.offer(
            places.site(commune_code=OYONNAX),
            status=OfferStatus.SUBMITTED,
            created_at=START + timedelta(days),
        )
        for days in (0, 1)
    )
    events.record(first, OfferStatus.SUBMITTED, actor_id=None)
    session.commit()
    user = coordinator_of(OYONNAX)
    assert waiting(session, user) == [("offer", second.id), ("offer", first.id)]
    assert dict(session.execute(approvals.waiting_counts(user)).all()) == {"offer": 2}


def test_drafts_are_nobodys_but_their_authors(session):
    draft = places.offer(places.site(commune_code=OYONNAX), status=OfferStatus.DRAFT)
    for user in (coordinator_of(OYONNAX), people.adult(Role.FOUNDATION_ADMIN)):
        assert draft not in session.scalars(approvals.offers_visible_to(user)).all()
