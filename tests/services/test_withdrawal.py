"""Blocking a school, a company or a site takes back what waits there; people settle the rest."""

import pytest
import sqlalchemy as sa

from matching.models.applications import RefusedPair
from matching.models.events import Event
from matching.models.mail import Mail
from matching.models.placements import Party
from matching.models.statuses import ApplicationStatus, PlacementStatus
from matching.models.users import Role
from matching.queries import placements as queries
from matching.services import foundation, placements
from tests.factories import campaigns, people, places
from tests.factories.placements import placement


@pytest.fixture
def admin(session):
    return people.adult(Role.FOUNDATION_ADMIN)


@pytest.fixture
def offer(session):
    found = places.offer(seats=4)
    people.adult(Role.COMPANY_MEMBER, company=found.site.company, email="hote@example.org")
    return found


@pytest.fixture
def group(session):
    found = places.class_group()
    people.adult(Role.PRINCIPAL, school=found.school, email="principale@example.org")
    return found


def block(admin, party) -> None:
    if party.__tablename__ == "site":
        foundation.flag_site(admin, party, flagged=True, why="Danger")
    else:
        foundation.block(admin, party, why="Signalement")


def party_of(kind, offer, group):
    return {"school": group.school, "company": offer.site.company, "site": offer.site}[kind]


KINDS = pytest.mark.parametrize("kind", ["school", "company", "site"])


@KINDS
def test_what_waits_there_is_withdrawn_and_its_seats_are_free(session, admin, offer, group, kind):
    seen = placement(offer.seats[0], pupil=people.pupil(group), school_answer=True)
    unseen = placement(offer.seats[1], pupil=people.pupil(group))
    agreed = placement(offer.seats[2], pupil=people.pupil(group), status=PlacementStatus.CONFIRMED)
    elsewhere = placement(places.offer().seats[0])
    block(admin, party_of(kind, offer, group))
    session.expire_all()
    for one in (seen, unseen):
        assert (one.status, one.ended_by) == (PlacementStatus.CANCELLED, Party.COORDINATOR)
        assert one.ended_reason == f"{kind}_blocked"
        assert one.version == 2
    assert agreed.status is PlacementStatus.CONFIRMED
    assert elsewhere.status is PlacementStatus.PROPOSED
    why = session.scalars(sa.select(Event.why).where(Event.subject == "placement")).all()
    assert why == [f"{kind}_blocked"] * 2
    assert session.scalar(sa.select(RefusedPair.id)) is None
    other = people.pupil(places.class_group())
    assert placement(offer.seats[0], pupil=other).id  # the seat may be given again


@KINDS
def test_the_other_side_is_told_and_reads_no_name(session, admin, offer, group, kind):
    pupil = people.pupil(group, first_name="Inès", last_name="Zzq")
    placement(offer.seats[0], pupil=pupil, school_answer=True)
    block(admin, party_of(kind, offer, group))
    (letter,) = session.scalars(sa.select(Mail)).all()
    assert letter.name == "proposals_withdrawn"
    told = "hote@example.org" if kind == "school" else "principale@example.org"
    assert letter.address == told
    assert "Inès" not in letter.text
    assert "Zzq" not in letter.text


def test_a_host_who_had_seen_nothing_is_told_nothing(session, admin, offer, group):
    placement(offer.seats[0], pupil=people.pupil(group))
    block(admin, group.school)
    assert session.scalars(sa.select(Mail)).all() == []


@KINDS
def test_blocking_twice_or_unblocking_brings_nothing_back(session, admin, offer, group, kind):
    row = placement(offer.seats[0], pupil=people.pupil(group), school_answer=True)
    party = party_of(kind, offer, group)
    block(admin, party)
    block(admin, party)
    if kind == "site":
        foundation.flag_site(admin, party, flagged=False, why="Mis en sécurité")
    else:
        foundation.unblock(admin, party, why="Réglé")
    session.expire_all()
    assert row.status is PlacementStatus.CANCELLED
    assert session.scalar(sa.select(sa.func.count(Mail.id))) == 1


@KINDS
def test_what_was_agreed_is_shown_to_the_coordinators_of_both_sides(
    session, admin, offer, group, kind
):
    row = placement(offer.seats[0], pupil=people.pupil(group), status=PlacementStatus.CONFIRMED)
    near = people.adult(Role.TERRITORY_COORDINATOR, territory=places.territory_of())
    far = people.adult(Role.TERRITORY_COORDINATOR, territory=places.territory_of("29019"))
    assert session.execute(queries.to_settle(near)).all() == []
    block(admin, party_of(kind, offer, group))
    for who, expected in ((near, [row]), (far, []), (admin, [row])):
        found = session.execute(queries.to_settle(who)).all()
        assert [line[0] for line in found] == expected


def test_the_coordinator_cancels_and_the_wishes_are_open_again(
    session, client, admin, offer, group
):
    pupil = people.pupil(group, last_name="Zzq")
    wish = campaigns.wish(pupil, places.offer(), status=ApplicationStatus.SUPERSEDED)
    row = placement(offer.seats[0], pupil=pupil, status=PlacementStatus.CONFIRMED)
    block(admin, offer.site)
    client.sign_in(people.adult(Role.TERRITORY_COORDINATOR, territory=places.territory_of()))
    assert "à revoir" in client.get("/territoire").text
    page = client.get("/territoire/a-traiter").text
    assert row.ref in page
    assert "trouvé dangereux" in page
    assert "Zzq" not in page
    address = f"/territoire/a-traiter/{row.ref}/annuler"
    assert f'href="{address}"' in page
    assert "Une annulation ne se défait pas." in client.get(address).text
    session.expire_all()
    assert row.status is PlacementStatus.CONFIRMED
    assert client.post(address, data={"version": "7"}).status_code in (303, 409)
    session.expire_all()
    assert row.status is PlacementStatus.CONFIRMED
    assert client.post(address, data={"version": "1"}).status_code == 303
    session.expire_all()
    assert (row.status, row.ended_reason) == (PlacementStatus.CANCELLED, "site_blocked")
    assert wish.status is ApplicationStatus.SUBMITTED
    told = set(session.scalars(sa.select(Mail.address)))
    assert told == {"hote@example.org", "principale@example.org"}
    assert "Rien à revoir" in client.get("/territoire/a-traiter").text
    assert client.post(address, data={"version": "2"}).status_code == 404


def test_a_placement_that_nothing_touches_is_not_cancelled_here(session, client, offer, group):
    row = placement(offer.seats[0], pupil=people.pupil(group), status=PlacementStatus.CONFIRMED)
    client.sign_in(people.adult(Role.TERRITORY_COORDINATOR, territory=places.territory_of()))
    answer = client.post(f"/territoire/a-traiter/{row.ref}/annuler", data={"version": "1"})
    assert answer.status_code == 404


def test_the_party_that_cancels_is_kept(session, admin, offer, group):
    row = placement(offer.seats[0], pupil=people.pupil(group), status=PlacementStatus.CONFIRMED)
    placements.cancel(admin, row, Party.COORDINATOR, version=1, reason="site_blocked")
    assert row.ended_by is Party.COORDINATOR
