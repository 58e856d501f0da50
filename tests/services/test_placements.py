"""Three answers, one clock, and a last seat that twelve colleagues want at once."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from matching import clock
from matching.database import db
from matching.errors import RuleBroken, Stale
from matching.models.applications import Application, RefusedPair
from matching.models.events import Event
from matching.models.match_runs import MatchRun, RunResult
from matching.models.offers import Offer
from matching.models.placements import Origin, Party, Placement
from matching.models.pupils import Pupil
from matching.models.statuses import (
    HOLDING,
    TRANSITIONS,
    ApplicationStatus,
    PlacementStatus,
    RunStatus,
)
from matching.models.users import Role, User
from matching.services import late_acceptance, placements
from tests.factories import campaigns, people, places

ANSWERS = {
    "school": placements.answer_as_school,
    "pupil": placements.answer_as_pupil,
    "host": placements.answer_as_host,
}


def published_run(campaign, *results) -> MatchRun:
    run = MatchRun(
        campaign=campaign,
        round=1,
        policy=campaign.policy,
        seed=campaign.seed,
        status=RunStatus.DONE,
        published_at=clock.now(),
    )
    db.session.add(run)
    db.session.flush()
    for pupil, reason in results:
        db.session.add(RunResult(run=run, pupil=pupil, reason=reason))
    db.session.commit()
    return run


@pytest.fixture
def proposal(session):
    """A proposal just published, with the teacher, the pupil's user and the host's person."""
    pupil = people.pupil(places.class_group())
    offer = places.offer(seats=1)
    campaigns.wish(pupil, offer)
    run = published_run(campaigns.campaign(wishes_open=False))
    row = Placement(
        pupil=pupil,
        seat=offer.seats[0],
        run=run,
        origin=Origin.RUN,
        status=PlacementStatus.PROPOSED,
        week=places.WEEK,
        rank=1,
        reason="wish",
    )
    session.add(row)
    session.commit()
    row.people = {
        "school": people.adult(Role.PRINCIPAL, school=pupil.school),
        "pupil": pupil.user,
        "host": people.adult(Role.COMPANY_MEMBER, company=offer.site.company),
    }
    return row


def answer(row, who, yes=True, reason="other"):
    return ANSWERS[who](row.people[who], row, yes, version=row.version, reason=reason)


def test_two_yeses_after_the_schools_confirm_the_placement(proposal, session):
    answer(proposal, "school")
    assert proposal.status is PlacementStatus.PROPOSED
    answer(proposal, "host")
    assert proposal.status is PlacementStatus.PROPOSED
    answer(proposal, "pupil")
    assert proposal.status is PlacementStatus.CONFIRMED
    assert session.scalar(sa.select(Application.status)) is ApplicationStatus.SUPERSEDED
    steps = session.execute(
        sa.select(Event.from_status, Event.to_status, Event.actor_id).where(
            Event.subject == "placement"
        )
    ).all()
    assert steps == [("proposed", "confirmed", proposal.people["pupil"].id)]


@pytest.mark.parametrize("who", ["pupil", "host"])
def test_nobody_answers_before_the_school(proposal, who):
    with pytest.raises(RuleBroken, match="school_answers_first"):
        answer(proposal, who)


def test_the_clock_starts_when_the_school_says_yes(proposal):
    assert proposal.answer_before is None
    before = clock.now()
    answer(proposal, "school")
    days = proposal.run.campaign.answer_days
    assert before + timedelta(days=days) <= proposal.answer_before
    assert proposal.answer_before <= clock.now() + timedelta(days=days)


@pytest.mark.parametrize("who", ["school", "pupil", "host"])
def test_a_no_frees_the_seat_at_once_and_the_pair_never_meets_again(proposal, session, who):
    if who != "school":
        answer(proposal, "school")
    answer(proposal, who, yes=False)
    assert proposal.status is PlacementStatus.DECLINED
    assert proposal.ended_by is Party(who)
    assert (
        session.scalar(
            sa.select(sa.func.count()).where(
                Placement.seat_id == proposal.seat_id, Placement.status.in_(HOLDING)
            )
        )
        == 0
    )
    pair = session.scalars(sa.select(RefusedPair)).one()
    assert (pair.pupil_id, pair.offer_id) == (proposal.pupil_id, proposal.seat.offer_id)


def test_a_no_without_a_reason_is_refused_and_nothing_is_written(proposal):
    answer(proposal, "school")
    with pytest.raises(RuleBroken, match="decline_without_reason"):
        answer(proposal, "host", yes=False, reason="")
    db.session.expire_all()
    assert proposal.status is PlacementStatus.PROPOSED
    assert proposal.host_answer is None


def test_a_second_answer_and_a_stale_page_are_told_apart_politely(proposal):
    answer(proposal, "school")
    version = proposal.version
    answer(proposal, "host")
    with pytest.raises(Stale, match="placement_changed"):
        placements.answer_as_pupil(proposal.people["pupil"], proposal, True, version=version)
    with pytest.raises(Stale, match="answered_already"):
        answer(proposal, "host")


def test_the_end_of_the_clock_gives_the_seat_back(proposal, session):
    answer(proposal, "school")
    proposal.answer_before = clock.now() - timedelta(seconds=1)
    session.commit()
    with pytest.raises(RuleBroken, match="too_late_to_answer"):
        answer(proposal, "pupil")
    assert placements.expire_due() == 1
    assert (proposal.status, proposal.ended_by) == (PlacementStatus.EXPIRED, Party.NOBODY)
    assert placements.expire_due() == 0


def test_a_school_that_stays_silent_never_says_yes(proposal):
    assert placements.expire_due() == 0
    assert proposal.status is PlacementStatus.PROPOSED


def test_a_cancelled_placement_opens_the_other_wishes_again(proposal, session):
    for who in ("school", "pupil", "host"):
        answer(proposal, who)
    placements.cancel(
        proposal.people["host"],
        proposal,
        Party.HOST,
        version=proposal.version,
        reason="site_closed",
    )
    assert proposal.status is PlacementStatus.CANCELLED
    assert session.scalar(sa.select(Application.status)) is ApplicationStatus.SUBMITTED


@pytest.mark.parametrize("status", list(PlacementStatus))
def test_only_the_steps_of_the_table_are_possible(proposal, session, status):
    from matching.models import events

    for wanted in PlacementStatus:
        proposal.status = status
        session.commit()
        if wanted in TRANSITIONS[type(status)][status]:
            events.move(proposal, wanted, actor_id=None)
            assert proposal.status is wanted
        else:
            with pytest.raises(Stale):
                events.move(proposal, wanted, actor_id=None)
        session.rollback()


@pytest.mark.parametrize("twice", ["seat", "pupil"])
def test_the_database_refuses_a_seat_or_a_pupil_held_twice(proposal, session, twice):
    other = people.pupil(proposal.pupil.class_group)
    second_offer = places.offer(seats=1)
    session.add(
        Placement(
            pupil=other if twice == "seat" else proposal.pupil,
            seat=proposal.seat if twice == "seat" else second_offer.seats[0],
            origin=Origin.HOST,
            status=PlacementStatus.CONFIRMED,
            week=places.WEEK,
            reason="host",
        )
    )
    with pytest.raises(sa.exc.IntegrityError):
        session.flush()
    session.rollback()


def test_a_host_takes_a_pupil_left_without_and_the_school_looks_next(session):
    pupil = people.pupil(places.class_group())
    offer = places.offer(seats=1)
    published_run(campaigns.campaign(wishes_open=False), (pupil, "lottery"))
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
    published_run(campaigns.campaign(wishes_open=False), (pupil, "lottery"))
    host = people.adult(Role.COMPANY_MEMBER, company=offer.site.company)
    with pytest.raises(RuleBroken, match=code):
        late_acceptance.accept(host, offer, pupil)


def test_twelve_colleagues_want_the_last_seat_one_wins_and_eleven_are_told_so(own_app):
    """Fifty times, with twelve real connections each time."""
    with own_app.app_context():
        group = places.class_group()
        pupils = [people.pupil(group) for _ in range(12)]
        company = places.company()
        at = places.site(company)
        run = published_run(
            campaigns.campaign(wishes_open=False), *((pupil, "lottery") for pupil in pupils)
        )
        assert run.id
        hosts = [people.adult(Role.COMPANY_MEMBER, company=company).id for _ in range(12)]
        pupil_ids = [pupil.id for pupil in pupils]
        site_id = at.id
    for _time in range(50):
        with own_app.app_context():
            db.session.execute(sa.delete(Placement))
            db.session.commit()
            offer_id = places.offer(db.session.get(type(at), site_id), seats=1).id
            db.session.commit()
        outcomes = race(own_app, hosts, offer_id, pupil_ids)
        assert sorted(outcomes) == ["no_free_seat"] * 11 + ["won"]


def race(app, hosts, offer_id, pupil_ids) -> list[str]:
    outcomes: list[str] = []
    start = threading.Barrier(len(hosts))

    def accept(host_id: int, pupil_id: int) -> None:
        with app.app_context():
            start.wait()
            try:
                late_acceptance.accept(
                    db.session.get(User, host_id),
                    db.session.get(Offer, offer_id),
                    db.session.get(Pupil, pupil_id),
                )
                outcomes.append("won")
            except RuleBroken as refused:
                outcomes.append(refused.code)
            except Exception as error:
                outcomes.append(repr(error))

    threads = [
        threading.Thread(target=accept, args=pair) for pair in zip(hosts, pupil_ids, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_a_host_sees_the_nearest_pupils_left_without_and_no_other(session):
    group = places.class_group()
    without, placed = people.pupil(group), people.pupil(group)
    far = people.pupil(group, commune_code="29232")
    never_in_a_round = people.pupil(group)
    offer = places.offer(seats=2)
    published_run(
        campaigns.campaign(wishes_open=False),
        (without, "lottery"),
        (placed, "lottery"),
        (far, "lottery"),
    )
    host = people.adult(Role.COMPANY_MEMBER, company=offer.site.company)
    late_acceptance.accept(host, offer, placed)
    found = [one.pupil for one in late_acceptance.candidates(offer)]
    assert found == [without]
    assert never_in_a_round not in found


def test_a_full_offer_has_nobody_to_take(session):
    group = places.class_group()
    one, other = people.pupil(group), people.pupil(group)
    offer = places.offer(seats=1)
    published_run(campaigns.campaign(wishes_open=False), (one, "lottery"), (other, "lottery"))
    host = people.adult(Role.COMPANY_MEMBER, company=offer.site.company)
    late_acceptance.accept(host, offer, one)
    assert late_acceptance.candidates(offer) == []
