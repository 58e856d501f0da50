"""What a pupil may wish for: the rules of the matcher, for one pupil."""

import numpy as np
import pytest

from matching.engine.distance import distances
from matching.geography.communes import gazetteer
from matching.models.applications import RefusedPair
from matching.models.schools import PlacementWindow, PriorityEducation
from matching.queries import pupil_offers
from matching.queries.matching_input import matching_input
from tests.factories import campaigns, people, places


def found(session, pupil, campaign=None, **filters) -> set[int]:
    rows = pupil_offers.find_for(session, pupil, campaign, **filters)
    return {row.offer_id for row in rows}


@pytest.fixture
def pupil(session):
    return people.pupil(places.class_group(places.school(reach_km=20)))


def test_the_school_sets_how_far_and_the_filter_only_how_near(session, pupil):
    here = places.offer()
    near = places.offer(places.site(commune_code="01031"))
    places.offer(places.site(commune_code="74010"))
    assert found(session, pupil) == {here.id, near.id}
    assert found(session, pupil, km=1) == {here.id}
    assert found(session, pupil, km=500) == {here.id, near.id}
    assert len(found(session, pupil, beyond_km=100)) == 3


def test_distance_starts_from_the_commune_of_residence_when_the_school_gave_it(session, pupil):
    offer = places.offer(places.site(commune_code="74010"))
    assert found(session, pupil) == set()
    pupil.commune_code = "74010"
    session.commit()
    assert found(session, pupil) == {offer.id}


def test_the_weeks_of_the_class_replace_those_of_the_school(session, pupil):
    of_school = places.offer(weeks=("2027-W05",))
    of_class = places.offer(weeks=("2027-W11",), any_week=True)
    assert found(session, pupil) == {of_school.id}
    session.add(
        PlacementWindow(
            school=pupil.school, class_group=pupil.class_group, school_year=places.YEAR,
            week="2027-W11",
        )
    )  # fmt: skip
    session.commit()
    assert found(session, pupil) == {of_class.id}


def test_a_pupil_who_needs_access_sees_accessible_offers_only(session, pupil):
    places.offer()
    accessible = places.offer(accessible=True)
    pupil.needs_access = True
    session.commit()
    assert found(session, pupil) == {accessible.id}


def test_seats_kept_for_others_are_not_shown(session, pupil):
    rep, own, plus = (
        places.offer(reserved_for=code) for code in ("rep", pupil.school.uai, "rep_plus")
    )
    assert found(session, pupil) == {own.id}
    pupil.school.priority_education = PriorityEducation.REP
    session.commit()
    assert found(session, pupil) == {own.id, rep.id}
    pupil.school.priority_education = PriorityEducation.REP_PLUS
    session.commit()
    assert found(session, pupil) == {own.id, rep.id, plus.id}


def test_days_must_leave_three_in_common(session, pupil):
    places.offer(weekdays="345")
    enough = places.offer(weekdays="1345")
    for window in pupil.school.windows:
        window.weekdays = "1234"
    session.commit()
    assert found(session, pupil) == {enough.id}


def test_an_island_without_a_bridge_sees_its_own_offers(session):
    pupil = people.pupil(places.class_group(places.school("56152", reach_km=40)))
    own = places.offer(places.site(commune_code="56152"))
    places.offer(places.site(commune_code="56186"))
    assert found(session, pupil) == {own.id}


def test_sector_week_and_access_narrow_the_list(session, pupil):
    wood = places.offer(sector="wood", accessible=True)
    places.offer(sector="metal")
    assert found(session, pupil, sector="wood") == {wood.id}
    assert found(session, pupil, accessible=True) == {wood.id}
    assert found(session, pupil, week="2027-W06") == set()


def test_what_a_pupil_sees_is_what_the_matcher_may_give(session):
    """On a mixed world, the list equals the feasible pairs of the matcher's own question."""
    near = [
        each for each in gazetteer() if each.departement in ("01", "39") and each.population > 2000
    ]
    company = places.company()
    for number, commune in enumerate(near):
        places.offer(
            places.site(company, commune.code),
            weeks=("2027-W05",) if number % 3 else ("2027-W06", "2027-W07"),
            any_week=number % 2 == 0,
            accessible=number % 4 == 0,
            reserved_for="rep" if number % 5 == 0 else None,
        )
    schools = [
        places.school(reach_km=45),
        places.school(reach_km=30, priority_education=PriorityEducation.REP),
    ]
    pupils = [
        people.pupil(places.class_group(school), needs_access=needs)
        for school in schools
        for needs in (False, True)
    ]
    refused = pupil_offers.find_for(session, pupils[0], None)[0].offer_id
    session.add(RefusedPair(pupil_id=pupils[0].id, offer_id=refused, reason="other"))
    session.commit()
    campaign = campaigns.campaign(*places.all_territories())
    given = matching_input(session(), campaign)
    problem = given.problem
    for row, pupil_id in enumerate(given.pupil_ids):
        pupil = next(one for one in pupils if one.id == pupil_id)
        away = distances(
            problem.slots.lat, problem.slots.lon,
            problem.pupils.lat[row : row + 1], problem.pupils.lon[row : row + 1],
        )  # fmt: skip
        mine = problem.pupils.entitlements[row]
        open_seats = problem.slots.seats > problem.slots.reserved
        entitled = np.array(
            [code >= 0 and bool(int(mine) >> int(code) & 1) for code in problem.slots.reserved_for]
        )
        feasible = (
            (away <= problem.pupils.reach[row])
            & ((problem.slots.weeks & problem.pupils.weeks[row]) != 0)
            & (open_seats | entitled)
            & (problem.slots.accessible | (not problem.pupils.needs_access[row]))
        )
        barred = set(problem.refused.slot[problem.refused.pupil == row].tolist())
        expected = {
            given.slots[slot].offer_id for slot in np.flatnonzero(feasible) if slot not in barred
        }
        assert found(session, pupil, campaign) == expected
        assert 0 < len(expected) < len(near)
