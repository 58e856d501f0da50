"""A host takes a pupil whom the round left without, and a last seat that twelve want at once."""

import pytest
import sqlalchemy as sa

from matching.database import db
from matching.errors import RuleBroken
from matching.models.companies import Site
from matching.models.offers import Offer
from matching.models.placements import Origin, Placement
from matching.models.pupils import Pupil
from matching.models.statuses import PlacementStatus
from matching.models.users import Role, User
from matching.services import late_acceptance, placements
from tests.factories import campaigns, people, places
from tests.services.racing import at_once


def test_a_host_takes_a_pupil_left_without_and_the_school_looks_next(session):
    pupil = people.pupil(places.class_group())
    offer = places.offer(seats=1)
    campaigns.published_round(pupil)
    host = people.adult(Role.COMPANY_MEMBER, company=offer.site.company)
    row = late_acceptance.accept(host, offer, pupil)
    assert (row.host_answer, row.school_answer, row.origin) == (True, None, Origin.HOST)
    placements.answer_as_school(host, row, True, version=row.version)
    placements.answer_as_pupil(pupil.user, row, True, version=row.version)
    assert row.status is PlacementStatus.CONFIRMED


def test_before_publication_a_host_cannot_take_a_pupil(session):
    pupil, offer = people.pupil(places.class_group()), places.offer(seats=1)
    host = people.adult(Role.COMPANY_MEMBER, company=offer.site.company)
    with pytest.raises(RuleBroken, match="pupil_not_in_a_published_round"):
        late_acceptance.accept(host, offer, pupil)


@pytest.mark.parametrize(
    ("pupil_values", "offer_values", "code"),
    [
        ({"commune_code": "29232"}, {}, "pupil_out_of_reach"),
        ({"needs_access": True}, {}, "offer_not_accessible"),
        ({}, {"weeks": ("2027-W10",)}, "no_free_seat"),
        ({}, {"reserved_for": "rep"}, "no_free_seat"),
    ],
    ids=["too far", "not accessible", "another week", "reserved for others"],
)
def test_a_late_acceptance_obeys_the_rules_of_the_matcher(
    session, pupil_values, offer_values, code
):
    pupil = people.pupil(places.class_group(), **pupil_values)
    offer = places.offer(seats=1, **offer_values)
    campaigns.published_round(pupil)
    host = people.adult(Role.COMPANY_MEMBER, company=offer.site.company)
    with pytest.raises(RuleBroken, match=code):
        late_acceptance.accept(host, offer, pupil)


def test_twelve_colleagues_want_the_last_seat_one_wins_and_eleven_are_told_so(own_app):
    """Fifty times, with twelve real connections each time."""
    with own_app.app_context():
        group = places.class_group()
        pupils = [people.pupil(group) for _ in range(12)]
        site = places.site()
        campaigns.published_round(*pupils)
        hosts = [people.adult(Role.COMPANY_MEMBER, company=site.company).id for _ in range(12)]
        pairs = list(zip(hosts, [pupil.id for pupil in pupils], strict=True))
        site_id = site.id

    def accept(host_id: int, pupil_id: int, offer_id: int):
        return lambda: late_acceptance.accept(
            db.session.get(User, host_id),
            db.session.get(Offer, offer_id),
            db.session.get(Pupil, pupil_id),
        )

    for _time in range(50):
        with own_app.app_context():
            db.session.execute(sa.delete(Placement))
            db.session.commit()
            offer_id = places.offer(db.session.get(Site, site_id), seats=1).id
            db.session.commit()
        outcomes = at_once(own_app, *(accept(host, pupil, offer_id) for host, pupil in pairs))
        assert outcomes == ["done"] + ["no_free_seat"] * 11


def test_a_host_sees_the_nearest_pupils_left_without_and_no_other(session):
    group = places.class_group()
    without, placed = people.pupil(group), people.pupil(group)
    far = people.pupil(group, commune_code="29232")
    never_in_a_round = people.pupil(group)
    offer = places.offer(seats=2)
    campaigns.published_round(without, placed, far)
    host = people.adult(Role.COMPANY_MEMBER, company=offer.site.company)
    late_acceptance.accept(host, offer, placed)
    found = [one.pupil for one in late_acceptance.candidates(offer)]
    assert found == [without]
    assert never_in_a_round not in found


def test_a_full_offer_has_nobody_to_take(session):
    group = places.class_group()
    one, other = people.pupil(group), people.pupil(group)
    offer = places.offer(seats=1)
    campaigns.published_round(one, other)
    host = people.adult(Role.COMPANY_MEMBER, company=offer.site.company)
    late_acceptance.accept(host, offer, one)
    assert late_acceptance.candidates(offer) == []
