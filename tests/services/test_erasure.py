"""On 31 August nothing is left of the pupils of the year but what counts."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from matching import clock
from matching.models import events
from matching.models.applications import Application
from matching.models.events import Event
from matching.models.placements import Placement
from matching.models.pupils import Guardian, Pupil
from matching.models.statuses import PlacementStatus
from matching.models.users import Role, User
from matching.services import erasure
from tests.factories import campaigns, people, placements, places


def count(session, model) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(model))


@pytest.fixture
def last_year(session):
    """A pupil of 2026–2027 with a guardian, a wish, and a placement that took place."""
    pupil = people.pupil(places.class_group())
    pupil.guardians.append(Guardian(position=1, first_name="Awa", last_name="Élève"))
    offer = places.offer(seats=1)
    campaigns.wish(pupil, offer)
    placement = placements.placement(
        offer.seats[0],
        pupil=pupil,
        status=PlacementStatus.DONE,
        school_answer=True,
        pupil_answer=True,
        host_answer=True,
        pupil_answered_by_id=pupil.user_id,
        host_answered_by_id=people.adult(Role.COMPANY_MEMBER, company=offer.site.company).id,
        distance_m=7400,
        rank=1,
        ended_words="Inès a beaucoup aimé",
    )
    events.note(pupil, before=None, after="seen", actor_id=pupil.user_id, why=None)
    session.commit()
    return pupil, placement, offer


@pytest.mark.parametrize("day", [date(2027, 8, 31), date(2027, 9, 15)])
def test_the_pupils_of_a_year_that_ended_leave_only_placements_that_count(
    last_year, session, monkeypatch, day
):
    _pupil, placement, _offer = last_year
    monkeypatch.setattr(clock, "today", lambda: day)
    assert erasure.erase_ended_years() == 1
    session.expire_all()
    assert [count(session, model) for model in (Pupil, Guardian, Application)] == [0, 0, 0]
    assert session.scalars(sa.select(User).where(User.login_name.is_not(None))).all() == []
    kept = session.get_one(Placement, placement.id)
    assert (kept.pupil_id, kept.pupil_answered_by_id, kept.ended_words) == (None, None, "")
    assert (kept.host_answered_by_id, kept.host_answer) == (None, True)
    assert (kept.status, kept.distance_m, kept.rank) == (PlacementStatus.DONE, 7400, 1)
    assert set(session.scalars(sa.select(Event.actor_id))) == {None}
    assert erasure.erase_ended_years() == 0


def test_a_year_that_is_not_over_is_left_alone(last_year, session, monkeypatch):
    monkeypatch.setattr(clock, "today", lambda: date(2027, 8, 30))
    assert erasure.erase_ended_years() == 0
    assert count(session, Pupil) == 1


def test_the_host_still_sees_the_week_that_took_place_and_nobody_in_it(
    last_year, session, monkeypatch, client
):
    pupil, _placement, offer = last_year
    name = pupil.first_name
    host = people.adult(Role.COMPANY_MEMBER, company=offer.site.company)
    monkeypatch.setattr(clock, "today", lambda: date(2027, 8, 31))
    erasure.erase_ended_years()
    session.expire_all()
    page = client.sign_in(host).get("/entreprise/propositions")
    assert page.status_code == 200
    assert name not in page.text


def test_the_journal_is_kept_for_a_year(last_year, session, monkeypatch):
    soon, late = clock.now() + timedelta(days=364), clock.now() + timedelta(days=366)
    monkeypatch.setattr(clock, "now", lambda: soon)
    erasure.forget_old_events()
    assert count(session, Event) == 1
    monkeypatch.setattr(clock, "now", lambda: late)
    erasure.forget_old_events()
    assert count(session, Event) == 0


def test_the_tutor_of_an_offer_is_forgotten_two_years_after_its_year(session, monkeypatch):
    offer = places.offer(tutor_name="Sacha Moulin")
    for day, name in ((date(2029, 7, 1), "Sacha Moulin"), (date(2029, 10, 1), "")):
        monkeypatch.setattr(clock, "today", lambda day=day: day)
        erasure.forget_tutors()
        session.expire_all()
        assert offer.tutor_name == name
