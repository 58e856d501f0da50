"""A coordinator starts a trial, the worker executes it, a sweep takes up what was lost."""

import gc
from datetime import timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa

from matching import clock, memory, solving
from matching.database import db, on_commit, reading, transactional
from matching.engine.problem import TooLarge
from matching.errors import RuleBroken, Stale
from matching.jobs import queue
from matching.models import events
from matching.models.campaigns import Campaign, Policy
from matching.models.match_runs import MatchRun
from matching.models.statuses import RunStatus
from matching.models.users import User
from matching.queries.matching_input import MatchingInput, matching_input
from matching.services import run_results
from matching.services.campaigns import require_all_territories

MOST_ATTEMPTS = 3
TOO_LARGE = "memory"  # then what would be needed, and what there is, in GB
SILENT_AFTER = timedelta(seconds=60)
UNDER_WAY = (RunStatus.QUEUED, RunStatus.RUNNING)


@transactional
def start(coordinator: User, campaign: Campaign) -> MatchRun:
    """Queue a trial of the campaign's next round; a double click finds the one under way."""
    return _start(coordinator, campaign, campaign.policy)


@transactional
def compare(coordinator: User, campaign: Campaign) -> list[MatchRun]:
    """Queue a trial of each policy on the same data, to compare them before a round."""
    return [_start(coordinator, campaign, policy) for policy in Policy]


def _start(coordinator: User, campaign: Campaign, policy: Policy) -> MatchRun:
    require_all_territories(coordinator, campaign)
    if campaign.closed_at is not None:
        raise Stale("campaign_closed_already")
    db.session.execute(sa.select(Campaign.id).where(Campaign.id == campaign.id).with_for_update())
    under_way = db.session.scalar(
        sa.select(MatchRun)
        .where(
            MatchRun.campaign_id == campaign.id,
            MatchRun.policy == policy,
            MatchRun.status.in_(UNDER_WAY),
        )
        .order_by(MatchRun.id)
    )
    if under_way is not None:
        return under_way
    run = MatchRun(
        campaign_id=campaign.id,
        round=next_round(campaign),
        policy=policy,
        seed=campaign.seed,
        status=RunStatus.QUEUED,
        started_by_id=coordinator.id,
    )
    db.session.add(run)
    events.record(run, RunStatus.QUEUED, actor_id=coordinator.id)
    on_commit(partial(queue.enqueue, "execute_run", run.id))
    return run


@transactional
def discard(coordinator: User, run: MatchRun) -> None:
    """Set a trial aside; one that is running stops within a second or two."""
    require_all_territories(coordinator, run.campaign)
    if run.published_at is not None:
        raise RuleBroken("run_published_already")
    events.move(run, RunStatus.DISCARDED, actor_id=coordinator.id)
    run.finished_at = run.finished_at or clock.now()


def next_round(campaign: Campaign) -> int:
    """One more than the number of published rounds."""
    published = db.session.scalar(
        sa.select(sa.func.count()).where(
            MatchRun.campaign_id == campaign.id, MatchRun.published_at.is_not(None)
        )
    )
    return (published or 0) + 1


def execute(run_id: int) -> None:
    """Do the run, unless somebody else has: a job repeated does nothing.

    Three short transactions around a long computation: take the run, read the input, write the
    answer. Nothing is stored when one property of the answer fails.
    """
    if not _take(run_id):
        return
    try:
        _execute(run_id)
    finally:
        gc.unfreeze()


def _execute(run_id: int) -> None:
    try:
        with reading(), memory.no_search_for_garbage():
            given = _read(run_id)
            db.session.rollback()
        checked = solving.solve_and_verify(
            given.problem,
            progress=lambda phase, share: _tell(run_id, phase, share),
            cancelled=lambda: not _still_running(run_id),
        )
    except TooLarge as error:
        db.session.rollback()
        _fail(run_id, f"{TOO_LARGE} {error.needed / 1e9:.1f} {error.most / 1e9:.1f}")
        return
    except Exception as error:
        db.session.rollback()
        _fail(run_id, f"{type(error).__name__}: {error}"[:500])
        raise
    if checked is None:
        return
    if checked.failures:
        broken, detail = checked.failures[0]
        _fail(run_id, f"{broken}: {detail}"[:500])
        return
    _store(run_id, given, checked)


@transactional
def _take(run_id: int) -> bool:
    run = db.session.get(MatchRun, run_id, with_for_update=True)
    if run is None or run.status is not RunStatus.QUEUED:
        return False
    events.move(run, RunStatus.RUNNING, actor_id=None)
    run.started_at = run.heartbeat_at = clock.now()
    run.attempts += 1
    run.phase, run.progress = "reading", 0.0
    return True


def _read(run_id: int) -> MatchingInput:
    run = db.session.get_one(MatchRun, run_id)
    return matching_input(db.session(), run.campaign, run.policy)


@transactional
def _tell(run_id: int, phase: str, share: float) -> None:
    """Write the progress, never backwards, and show that the worker is alive."""
    db.session.execute(
        sa.update(MatchRun)
        .where(MatchRun.id == run_id, MatchRun.status == RunStatus.RUNNING)
        .where(MatchRun.progress <= share)
        .values(phase=phase, progress=min(share, 1.0), heartbeat_at=clock.now())
    )


@transactional
def _still_running(run_id: int) -> bool:
    """Beat the heart of a run; False once somebody has discarded it."""
    beaten: Any = db.session.execute(
        sa.update(MatchRun)
        .where(MatchRun.id == run_id, MatchRun.status == RunStatus.RUNNING)
        .values(heartbeat_at=clock.now())
    )
    return bool(beaten.rowcount)


@transactional
def _fail(run_id: int, why: str) -> None:
    run = db.session.get(MatchRun, run_id, with_for_update=True)
    if run is None or run.status is not RunStatus.RUNNING:
        return
    events.move(run, RunStatus.FAILED, actor_id=None, why=why)
    run.failure, run.finished_at = why, clock.now()


@transactional
def _store(run_id: int, given: MatchingInput, checked: solving.Checked) -> None:
    run = db.session.get(MatchRun, run_id, with_for_update=True)
    if run is None or run.status is not RunStatus.RUNNING:
        return
    run_results.write(run, given, checked)
    run.input_digest, run.fingerprints = given.digest, given.fingerprints
    run.phase, run.progress, run.finished_at = "done", 1.0, clock.now()
    events.move(run, RunStatus.DONE, actor_id=None)


@transactional
def take_up_lost_runs(*, silent_for: timedelta = SILENT_AFTER) -> list[int]:
    """Queue again the runs whose worker fell silent, and those whose job was lost.

    A run tried three times is marked failed. Returns the ids of the runs queued again.
    """
    silent = clock.now() - silent_for
    lost = db.session.scalars(
        sa.select(MatchRun)
        .where(
            sa.or_(
                sa.and_(MatchRun.status == RunStatus.RUNNING, MatchRun.heartbeat_at < silent),
                sa.and_(MatchRun.status == RunStatus.QUEUED, MatchRun.created_at < silent),
            )
        )
        .order_by(MatchRun.id)
        .with_for_update()
    ).all()
    again = []
    for run in lost:
        if run.attempts >= MOST_ATTEMPTS:
            if run.status is RunStatus.QUEUED:
                events.move(run, RunStatus.RUNNING, actor_id=None)
            events.move(run, RunStatus.FAILED, actor_id=None, why="worker_lost")
            run.failure, run.finished_at = "worker_lost", clock.now()
            continue
        if run.status is RunStatus.RUNNING:
            events.move(run, RunStatus.QUEUED, actor_id=None, why="worker_lost")
            run.phase, run.progress = "queued", 0.0
        again.append(run.id)
        on_commit(partial(queue.enqueue, "execute_run", run.id))
    return again
