"""Three answers and one clock."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from matching import clock
from matching.database import db
from matching.errors import RuleBroken, Stale
from matching.models.applications import Application, RefusedPair
from matching.models.events import Event
from matching.models.placements import Origin, Party, Placement
from matching.models.statuses import (
    HOLDING,
    TRANSITIONS,
    ApplicationStatus,
    PlacementStatus,
)
from matching.models.users import Role
from matching.services import placements
from tests.factories import campaigns, people, places

ANSWERS = {
    "school": placements.answer_as_school,
    "pupil": placements.answer_as_pupil,
    "host": placements.answer_as_host,
}


@pytest.fixture
def proposal(session):
    """A proposal just published, with the teacher, the pupil's user and the host's person."""
    pupil = people.pupil(places.class_group())
    offer = places.offer(seats=1)
    campaigns.wish(pupil, offer)
    run = campaigns.published_round()
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
