"""A company reads its own rows only, and its figures are right."""

import random
from collections import Counter

from matching.models.statuses import HOLDING, OfferStatus, PlacementStatus
from matching.models.users import Role
from matching.queries import companies, offers
from tests.factories import people, places
from tests.factories.placements import placement


def test_a_member_sees_the_rows_of_his_company_and_no_other(session):
    mine, theirs = places.site(), places.site()
    my_offer, _their_offer = places.offer(mine, status=OfferStatus.DRAFT), places.offer(theirs)
    user = people.adult(Role.COMPANY_MEMBER, company=mine.company)
    assert session.scalars(companies.visible_to(user)).all() == [mine.company]
    assert session.scalars(companies.sites_visible_to(user)).all() == [mine]
    assert session.scalars(offers.visible_to(user)).all() == [my_offer]
    user.memberships[0].ended_at = my_offer.created_at
    session.commit()
    assert session.scalars(offers.visible_to(user)).all() == []


def test_a_coordinator_does_not_come_in_by_the_door_of_the_company(session):
    offer = places.offer()
    for user in (
        people.adult(Role.TERRITORY_COORDINATOR, territory=places.territory_of()),
        people.adult(Role.FOUNDATION_ADMIN),
        people.adult(Role.PRINCIPAL, school=places.school()),
    ):
        assert session.scalars(offers.visible_to(user)).all() == []
        assert session.scalars(companies.sites_visible_to(user)).all() == []
    assert offer.status == OfferStatus.PUBLISHED


def test_seats_are_counted_by_state_whatever_their_past(session):
    """Against a count made by hand, row after row."""
    rng = random.Random(7)
    site = places.site()
    group = places.class_group()
    made = [places.offer(site, weeks=("2027-W05", "2027-W06"), seats=4) for _ in range(3)]
    places.offer(site, school_year=2025)
    places.offer()
    expected: dict[int, Counter] = {}
    for offer in made:
        count = expected[offer.id] = Counter()
        for seat in offer.seats:
            past = rng.choices(list(PlacementStatus), k=rng.randrange(3))
            past = [status for status in past if status not in HOLDING]
            now = rng.choice([None, *HOLDING])
            for status in [*past, *([now] if now else [])]:
                if status != PlacementStatus.DECLARED:
                    placement(seat, pupil=people.pupil(group), status=status)
            if now is None and rng.random() < 0.3:
                seat.closed_at = offer.created_at
            count["open"] += seat.closed_at is None
            count["proposed"] += now == PlacementStatus.PROPOSED
            count["agreed"] += now is not None and now != PlacementStatus.PROPOSED
    session.commit()
    found = session.execute(offers.seat_states(site.company_id, places.YEAR)).all()
    assert {row[0]: tuple(row[1:]) for row in found} == {
        offer_id: (count["open"], count["proposed"], count["agreed"])
        for offer_id, count in expected.items()
    }
    assert sum(count["agreed"] for count in expected.values()) > 3
