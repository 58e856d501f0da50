"""Published offers with free seats, around a point."""

import random
from datetime import date

import pytest
from geopy.distance import geodesic

from matching.geography.communes import gazetteer
from matching.models.placements import Origin, Placement
from matching.models.statuses import ApprovalStatus, OfferStatus, PlacementStatus
from matching.queries import public_figures, search
from matching.queries.places import communes_typed
from tests.factories import people, places

ALWAYS = search.from_week("2026-W36")


def found(session, around=None, seats=None, offers=None) -> list[search.Found]:
    offers = search.published(places.YEAR) if offers is None else offers
    return search.find(session, offers, seats or search.free_seats(ALWAYS), around)


def ids(rows) -> set[int]:
    return {row.offer_id for row in rows}


def hold(session, seat, status=PlacementStatus.PROPOSED) -> None:
    pupil = people.pupil(places.class_group())
    session.add(
        Placement(
            pupil=pupil,
            seat=seat,
            origin=Origin.RUN,
            status=status,
            week=places.WEEK,
            reason="wish",
        )
    )
    session.commit()


def test_only_published_offers_of_approved_companies_are_shown(session):
    shown = places.offer()
    places.offer(status=OfferStatus.SUBMITTED)
    places.offer(school_year=places.YEAR - 1)
    places.offer(places.site(places.company(status=ApprovalStatus.REGISTERED)))
    places.offer(places.site(blocked_by_inspection=True))
    assert ids(found(session)) == {shown.id}


def test_the_nearest_offers_come_first_as_the_geodesic_sees_them(session):
    here = gazetteer().by_code(places.OYONNAX)
    near = [each for each in gazetteer() if abs(each.lat - here.lat) + abs(each.lon - here.lon) < 1]
    chosen = random.Random(4).sample(near, 40)
    company = places.company()
    kilometres = {
        places.offer(places.site(company, each.code)).id: geodesic(
            (here.lat, here.lon), (each.lat, each.lon)
        ).km
        for each in chosen
    }
    rows = found(session, search.Around(here.lat, here.lon, 30))
    assert ids(rows) == {number for number, km in kilometres.items() if km <= 30}
    assert 5 < len(rows) < 40
    assert all(abs(row.metres / 1000 - kilometres[row.offer_id]) < 0.01 for row in rows)
    assert [row.metres for row in rows] == sorted(row.metres for row in rows)


def test_offers_at_the_same_distance_follow_their_reference(session):
    at = places.site()
    refs = {offer.ref: offer.id for offer in (places.offer(at) for _ in range(5))}
    rows = found(session, search.Around(at.lat, at.lon, 1))
    assert [row.offer_id for row in rows] == [refs[ref] for ref in sorted(refs)]


def test_a_seat_counts_until_somebody_holds_it_or_it_closes(session):
    offer = places.offer(seats=3)
    assert [row.free for row in found(session)] == [3]
    hold(session, offer.seats[0])
    hold(session, offer.seats[1], PlacementStatus.DECLINED)
    assert [row.free for row in found(session)] == [2]
    assert [row.free for row in found(session, seats=search.free_seats(ALWAYS, held_too=True))] == [
        3
    ]
    for seat in offer.seats[1:]:
        hold(session, seat, PlacementStatus.CONFIRMED)
    assert found(session) == []


@pytest.mark.parametrize("any_week", [True, False])
def test_an_offer_is_found_in_its_weeks_only(session, any_week):
    offer = places.offer(weeks=("2027-W05", "2027-W06"), seats=2, any_week=any_week)
    in_one = found(session, seats=search.free_seats(search.in_weeks(["2027-W06", "2027-W09"])))
    assert [(row.offer_id, row.free) for row in in_one] == [(offer.id, 2)]
    assert found(session, seats=search.free_seats(search.in_weeks(["2027-W09"]))) == []
    assert found(session, seats=search.free_seats(search.from_week("2027-W07"))) == []


def test_reserved_seats_are_free_only_for_those_who_are_entitled(session):
    places.offer(reserved_for="rep", seats=2)
    assert [row.free for row in found(session)] == [2]
    assert found(session, seats=search.free_seats(ALWAYS, {"0960001X"})) == []
    assert [row.free for row in found(session, seats=search.free_seats(ALWAYS, {"rep"}))] == [2]


def test_the_home_page_counts_pledges_seats_and_placements(session):
    company = places.company()
    places.pledge(company, 12)
    places.pledge(company, 99, school_year=places.YEAR - 1)
    places.pledge(places.company(status=ApprovalStatus.REFUSED), 50)
    offer = places.offer(places.site(company), seats=3)
    places.offer(places.site(company, "97411"), seats=4)
    hold(session, offer.seats[0], PlacementStatus.CONFIRMED)
    assert session.scalar(public_figures.pupils_pledged(places.YEAR)) == 12
    seats = session.execute(public_figures.open_seats(places.YEAR, "2026-W36")).all()
    assert {tuple(row) for row in seats} == {("01", 2), ("974", 4)}
    assert session.scalar(public_figures.hosts(places.YEAR)) == 1
    assert session.scalar(public_figures.pupils_placed(places.YEAR)) == 1


def test_departements_are_told_apart_by_their_code(session):
    places.offer()
    places.offer(places.site(commune_code="97411"))
    corsica = places.offer(places.site(commune_code="2A004"))
    every = search.published(places.YEAR)
    assert len(found(session, offers=search.in_departement(every, "01"))) == 1
    assert ids(found(session, offers=search.in_departement(every, "2A"))) == {corsica.id}
    assert found(session, offers=search.in_departement(every, "%")) == []


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("Oyonnax", {"01283"}),
        ("97400 Saint-Denis", {"97411"}),
        ("Saint-Denis", {"93066", "97411", "11339", "30247"}),
        ("zzyzx", set()),
        ("", set()),
    ],
)
def test_a_homonym_is_offered_to_choose_and_never_guessed(typed, codes):
    assert {commune.code for commune in communes_typed(typed)} == codes


def test_weeks_to_filter_by_are_those_of_the_offers(session):
    places.offer(weeks=("2027-W05", "2027-W06"))
    places.offer(weeks=("2027-W05",), status=OfferStatus.DRAFT)
    places.offer(weeks=("2026-W45", "2027-W08"))
    monday = date(2026, 11, 23).isocalendar()
    from_now = search.from_week(f"{monday.year}-W{monday.week:02}")
    weeks = session.scalars(search.weeks_of(search.published(places.YEAR), from_now)).all()
    assert weeks == ["2027-W05", "2027-W06", "2027-W08"]
