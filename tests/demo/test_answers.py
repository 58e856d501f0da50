"""The answers of the published round are those that the services would have written."""

from collections import Counter

import sqlalchemy as sa

from matching import clock
from matching.models.applications import Application, RefusedPair
from matching.models.events import Event
from matching.models.match_runs import MatchRun, RunResult
from matching.models.offers import Seat
from matching.models.placements import Party, Placement
from matching.models.statuses import LIVE_APPLICATIONS, ApplicationStatus, PlacementStatus
from matching.services.placements import REASONS


def placements(session) -> list[Placement]:
    return session.scalars(sa.select(Placement).order_by(Placement.id)).all()


def test_the_round_was_run_checked_and_published_with_some_left_without_a_place(session):
    run = session.scalars(sa.select(MatchRun)).one()
    assert len(run.report["checked"]) >= 10
    results = session.scalars(sa.select(RunResult)).all()
    assert len(placements(session)) == sum(result.seat_id is not None for result in results)
    reasons = Counter(result.reason for result in results if result.seat_id is None)
    assert {"lottery", "no_week", "out_of_reach"} <= set(reasons)


def test_every_kind_of_answer_is_there(session):
    kinds = Counter(
        (placement.status, placement.school_answer, placement.pupil_answer, placement.host_answer)
        for placement in placements(session)
    )
    proposed = PlacementStatus.PROPOSED
    assert kinds[proposed, None, None, None] > 50  # waits for the school
    assert kinds[proposed, True, None, True] > 20  # for the pupil
    assert kinds[proposed, True, True, None] > 20  # for the host
    statuses = Counter(placement.status for placement in placements(session))
    assert statuses[PlacementStatus.CONFIRMED] > 300
    assert statuses[PlacementStatus.DECLINED] > 20
    assert statuses[PlacementStatus.EXPIRED] > 10


def test_each_answer_follows_the_rules_of_the_three_answers(session):
    now = clock.now()
    for row in placements(session):
        answers = (row.school_answer, row.pupil_answer, row.host_answer)
        moments = (row.school_answered_at, row.pupil_answered_at, row.host_answered_at)
        who = (row.school_answered_by_id, row.pupil_answered_by_id, row.host_answered_by_id)
        for answer, at, user_id in zip(answers, moments, who, strict=True):
            assert (answer is None) == (at is None) == (user_id is None)
            assert at is None or row.created_at < at <= now
        if row.school_answer is not True:  # the school looks first
            assert answers[1:] == (None, None)
        for at in moments[1:]:
            assert at is None or row.school_answered_at < at < row.answer_before
        said_no = [party for party, yes in zip(Party, answers, strict=False) if yes is False]
        match row.status:
            case PlacementStatus.CONFIRMED:
                assert answers == (True, True, True)
            case PlacementStatus.DECLINED:
                assert [row.ended_by] == said_no
                assert row.ended_reason in REASONS[row.ended_by]
            case PlacementStatus.EXPIRED:
                assert row.ended_by is Party.NOBODY
                assert row.answer_before < now
            case _:
                assert row.status is PlacementStatus.PROPOSED
                assert row.answer_before is None or row.answer_before > now
        assert (row.ended_by is None) == (
            row.status in (PlacementStatus.PROPOSED, PlacementStatus.CONFIRMED)
        )
        assert row.version == 1 + sum(answer is not None for answer in answers)


def test_a_no_forbids_the_pair_and_a_confirmed_place_closes_the_other_wishes(session):
    declined = sa.select(Placement.pupil_id, Seat.offer_id).join(Seat).where(
        Placement.status == PlacementStatus.DECLINED
    )  # fmt: skip
    refused = sa.select(RefusedPair.pupil_id, RefusedPair.offer_id)
    assert set(session.execute(declined)) == set(session.execute(refused))
    confirmed = sa.select(Placement.pupil_id).where(Placement.status == PlacementStatus.CONFIRMED)
    superseded = Application.status == ApplicationStatus.SUPERSEDED
    live = Application.status.in_(LIVE_APPLICATIONS)
    assert not session.scalars(
        sa.select(Application.id).where(Application.pupil_id.in_(confirmed), live)
    ).all()
    assert not session.scalars(
        sa.select(Application.id).where(Application.pupil_id.not_in(confirmed), superseded)
    ).all()


def test_each_end_of_a_proposal_left_an_event(session):
    ends = (PlacementStatus.CONFIRMED, PlacementStatus.DECLINED, PlacementStatus.EXPIRED)
    told = session.execute(
        sa.select(Event.subject_id, Event.to_status).where(
            Event.subject == "placement", Event.to_status.in_(ends)
        )
    )
    rows = session.execute(
        sa.select(Placement.id, Placement.status).where(Placement.status.in_(ends))
    )
    assert sorted(tuple(line) for line in told) == sorted(
        (number, str(status)) for number, status in rows
    )
