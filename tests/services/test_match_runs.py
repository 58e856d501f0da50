"""Trials, publication, and what a dead worker leaves."""

import gc
from datetime import timedelta

import pytest
import sqlalchemy as sa

from matching import clock, solving
from matching.database import db
from matching.errors import RuleBroken, Stale
from matching.jobs import queue
from matching.models.applications import RefusedPair
from matching.models.match_runs import MatchRun, RunResult
from matching.models.placements import Placement
from matching.models.statuses import PlacementStatus, RunStatus
from matching.models.users import Role
from matching.queries.matching_input import matching_input
from matching.services import match_runs, publication
from tests.factories import campaigns, people, places


@pytest.fixture(autouse=True)
def queued(monkeypatch):
    """The jobs that would have been given to the worker."""
    jobs = []
    monkeypatch.setattr(queue, "enqueue", lambda name, row_id: jobs.append((name, row_id)))
    return jobs


@pytest.fixture
def world(session, solved_here):
    """Three pupils, one offer of two seats, a campaign whose wishes are closed."""
    group = places.class_group()
    pupils = [people.pupil(group) for _ in range(3)]
    offer = places.offer(seats=2)
    campaign = campaigns.campaign(wishes_open=False)
    campaigns.wish(pupils[0], offer, rank=1)
    coordinator = people.adult(Role.TERRITORY_COORDINATOR, territory=places.territory_of())
    return coordinator, campaign, pupils, offer


def done_run(coordinator, campaign) -> MatchRun:
    run = match_runs.start(coordinator, campaign)
    match_runs.execute(run.id)
    return run


def test_a_trial_stores_a_result_for_every_pupil_and_places_as_many_as_there_are_seats(
    world, session, queued
):
    coordinator, campaign, pupils, offer = world
    run = done_run(coordinator, campaign)
    assert queued == [("execute_run", run.id)]
    assert (run.status, run.progress, run.phase) == (RunStatus.DONE, 1.0, "done")
    results = session.scalars(sa.select(RunResult).where(RunResult.run_id == run.id)).all()
    assert {found.pupil_id for found in results} == {pupil.id for pupil in pupils}
    seats = [found.seat_id for found in results if found.seat_id]
    assert sorted(seats) == sorted(seat.id for seat in offer.seats)
    assert run.report["placed"] == 2
    assert run.report["unplaced"] == 1
    assert session.scalar(sa.select(sa.func.count()).select_from(Placement)) == 0


def test_the_engine_runs_in_a_process_of_its_own_and_tells_how_far_it_is(own_app):
    with own_app.app_context():
        group = places.class_group()
        people.pupil(group)
        places.offer(seats=1)
        campaign = campaigns.campaign()
        given = matching_input(db.session(), campaign)
        told = []
        checked = solving.solve_and_verify(
            given.problem,
            progress=lambda phase, share: told.append((phase, share)),
            cancelled=lambda: False,
        )
    assert checked.failures == ()
    assert checked.solution.slot.tolist() == [0]
    assert [phase for phase, _share in told][-2:] == ["verifying", "explaining"]
    assert [share for _phase, share in told] == sorted(share for _phase, share in told)


def test_the_same_campaign_gives_the_same_result_again(world, session):
    coordinator, campaign, *_ = world

    def found():
        run = done_run(coordinator, campaign)
        rows = session.execute(
            sa.select(RunResult.pupil_id, RunResult.seat_id, RunResult.reason)
            .where(RunResult.run_id == run.id)
            .order_by(RunResult.pupil_id)
        ).all()
        return rows, run.input_digest

    assert found() == found()


def test_a_double_click_finds_the_trial_under_way(world):
    coordinator, campaign, *_ = world
    assert match_runs.start(coordinator, campaign) is match_runs.start(coordinator, campaign)


def test_a_job_given_twice_does_nothing_the_second_time(world, session):
    coordinator, campaign, *_ = world
    run = done_run(coordinator, campaign)
    before = run.finished_at
    match_runs.execute(run.id)
    assert run.finished_at == before


def test_a_coordinator_of_another_territory_cannot_start_a_trial(world):
    _coordinator, campaign, *_ = world
    stranger = people.adult(
        Role.TERRITORY_COORDINATOR,
        territory=next(t for t in places.all_territories() if t != places.territory_of()),
    )
    with pytest.raises(RuleBroken, match="campaign_of_other_territories"):
        match_runs.start(stranger, campaign)


def test_an_answer_that_fails_its_check_is_stored_as_failed_and_changes_nothing(
    world, session, monkeypatch
):
    coordinator, campaign, *_ = world
    run = match_runs.start(coordinator, campaign)
    true_answer = solving.solve_and_verify

    def broken(problem, **options):
        checked = true_answer(problem, **options)
        return solving.Checked(checked.solution, checked.properties, (("capacity", "slot x"),))

    monkeypatch.setattr(solving, "solve_and_verify", broken)
    match_runs.execute(run.id)
    assert run.status is RunStatus.FAILED
    assert run.failure == "capacity: slot x"
    assert session.scalar(sa.select(sa.func.count()).select_from(RunResult)) == 0


def test_a_solver_killed_in_a_run_marks_it_failed(world, monkeypatch):
    coordinator, campaign, *_ = world
    run = match_runs.start(coordinator, campaign)

    def killed(problem, **options):
        raise solving.SolverDied("ended without an answer")

    monkeypatch.setattr(solving, "solve_and_verify", killed)
    with pytest.raises(solving.SolverDied):
        match_runs.execute(run.id)
    assert run.status is RunStatus.FAILED


def test_the_input_is_read_without_a_search_for_garbage(world, monkeypatch):
    """Each would stop every request of the server while it looks through what was read."""
    seen = []
    read, solved = match_runs._read, solving.solve_and_verify

    def observed(work):
        return lambda *given, **told: (
            seen.append((gc.isenabled(), gc.get_freeze_count() > 0)),
            work(*given, **told),
        )[1]

    monkeypatch.setattr(match_runs, "_read", observed(read))
    monkeypatch.setattr(solving, "solve_and_verify", observed(solved))
    done_run(*world[:2])
    assert seen == [(False, False), (True, True)]
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0


def test_a_run_whose_worker_fell_silent_is_queued_again_then_given_up(world, queued, session):
    coordinator, campaign, *_ = world
    run = match_runs.start(coordinator, campaign)
    for attempt in range(1, match_runs.MOST_ATTEMPTS + 1):
        run.status, run.attempts = RunStatus.RUNNING, attempt
        run.heartbeat_at = clock.now() - timedelta(minutes=5)
        session.commit()
        queued.clear()
        match_runs.take_up_lost_runs()
        if attempt < match_runs.MOST_ATTEMPTS:
            assert run.status is RunStatus.QUEUED
            assert queued == [("execute_run", run.id)]
    assert run.status is RunStatus.FAILED
    assert queued == []


def test_a_run_that_still_beats_is_left_alone(world, queued, session):
    coordinator, campaign, *_ = world
    run = match_runs.start(coordinator, campaign)
    run.status, run.heartbeat_at = RunStatus.RUNNING, clock.now()
    session.commit()
    queued.clear()
    assert match_runs.take_up_lost_runs() == []
    assert run.status is RunStatus.RUNNING


def test_publication_proposes_each_place_once_and_shows_the_school_first(world, session):
    coordinator, campaign, *_ = world
    run = done_run(coordinator, campaign)
    assert publication.publish(coordinator, run) == 2
    proposals = session.scalars(sa.select(Placement)).all()
    assert {row.status for row in proposals} == {PlacementStatus.PROPOSED}
    assert {row.school_answer for row in proposals} == {None}
    with pytest.raises(Stale, match="run_published_already"):
        publication.publish(coordinator, run)


def test_nothing_is_published_while_wishes_are_open(session, solved_here):
    group = places.class_group()
    people.pupil(group)
    places.offer()
    campaign = campaigns.campaign(wishes_open=True)
    coordinator = people.adult(Role.FOUNDATION_ADMIN)
    run = done_run(coordinator, campaign)
    with pytest.raises(RuleBroken, match="wishes_still_open"):
        publication.publish(coordinator, run)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda w: people.pupil(w[2][0].class_group), ("pupil", "added")),
        (lambda w: setattr(w[2][1], "needs_access", True), ("pupil", "changed")),
        (lambda w: setattr(w[3].seats[0], "closed_at", clock.now()), ("offer", "changed")),
        (lambda w: setattr(w[3], "status", "paused"), ("offer", "removed")),
        (lambda w: places.offer(), ("offer", "added")),
        (lambda w: w[2][0].school.windows[0].__setattr__("week", "2027-W06"), ("pupil", "changed")),
    ],
    ids=["new pupil", "access need", "seat closed", "offer paused", "new offer", "week moved"],
)
def test_publication_is_refused_with_the_list_of_what_changed(world, session, change, told):
    coordinator, campaign, *_ = world
    run = done_run(coordinator, campaign)
    change(world)
    session.commit()
    with pytest.raises(RuleBroken, match="run_stale") as refused:
        publication.publish(coordinator, run)
    assert told in {(kind, what) for kind, what, _name in refused.value.values["changes"]}
    assert run.published_at is None
    assert session.scalar(sa.select(sa.func.count()).select_from(Placement)) == 0


def test_publication_is_refused_after_a_host_refused_a_pupil(world, session):
    coordinator, campaign, pupils, offer = world
    run = done_run(coordinator, campaign)
    session.add(RefusedPair(pupil_id=pupils[0].id, offer_id=offer.id, reason="other"))
    session.commit()
    with pytest.raises(RuleBroken, match="run_stale") as refused:
        publication.publish(coordinator, run)
    assert refused.value.values["changes"] == [("pupil", "changed", pupils[0].lottery_reference)]


def test_a_second_round_keeps_held_places_and_serves_first_whoever_had_nothing(world, session):
    coordinator, campaign, pupils, offer = world
    for pupil in pupils[1:]:
        campaigns.wish(pupil, offer, rank=1)
    run = done_run(coordinator, campaign)
    publication.publish(coordinator, run)
    held = {row.pupil_id: row.seat_id for row in session.scalars(sa.select(Placement))}
    without = next(pupil for pupil in pupils if pupil.id not in held)
    newcomer = people.pupil(without.class_group)
    places.offer(seats=1)
    second = done_run(coordinator, campaign)
    found = {
        row.pupil_id: row
        for row in session.scalars(sa.select(RunResult).where(RunResult.run_id == second.id))
    }
    assert second.round == 2
    for pupil_id, seat_id in held.items():
        assert (found[pupil_id].seat_id, found[pupil_id].reason) == (seat_id, "held")
    assert found[without.id].seat_id is not None
    assert found[newcomer.id].seat_id is None
    assert publication.publish(coordinator, second) == 1
