"""The first round of a campaign, by the real matcher, its check and the real publication."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from matching import clock, solving
from matching.database import db
from matching.demo.plan import PUBLISHED_DAYS_AGO, chance, reference
from matching.models import events
from matching.models.campaigns import Campaign
from matching.models.events import Event
from matching.models.match_runs import MatchRun
from matching.models.placements import Placement
from matching.models.statuses import RunStatus
from matching.models.users import User
from matching.queries.matching_input import matching_input
from matching.services import publication, run_results


class RoundRefused(Exception):  # noqa: N818 - what is refused is the answer
    """The independent check said no to the matcher's answer."""


def publish(campaign_id: int, coordinator_id: int, now: datetime) -> int:
    """Run the campaign and publish what was found, some days ago; return the run's number."""
    source = chance("round")
    campaign = db.session.get_one(Campaign, campaign_id)
    coordinator = db.session.get_one(User, coordinator_id)
    run = MatchRun(
        ref=reference(source),
        campaign_id=campaign.id,
        round=1,
        policy=campaign.policy,
        seed=campaign.seed,
        status=RunStatus.QUEUED,
        started_by_id=coordinator.id,
    )
    db.session.add(run)
    events.record(run, RunStatus.QUEUED, actor_id=coordinator.id)
    events.move(run, RunStatus.RUNNING, actor_id=None)
    run.started_at, run.attempts = clock.now(), 1
    given = matching_input(db.session(), campaign)
    checked = solving.solve_and_verify(
        given.problem, progress=lambda _phase, _share: None, cancelled=lambda: False
    )
    if checked is None or checked.failures:
        raise RoundRefused(checked and checked.failures)
    run_results.write(run, given, checked)
    run.input_digest, run.fingerprints = given.digest, given.fingerprints
    run.phase, run.progress = "done", 1.0
    events.move(run, RunStatus.DONE, actor_id=None)
    publication.publish(coordinator, run)
    _date_back(run, now - timedelta(days=PUBLISHED_DAYS_AGO))
    return run.id


def _date_back(run: MatchRun, published_at: datetime) -> None:
    """Move the run and its proposals to the day of the story."""
    ran_at = published_at - timedelta(hours=3)
    run.created_at = run.started_at = run.heartbeat_at = run.finished_at = ran_at
    run.published_at = published_at
    db.session.flush()
    db.session.execute(
        sa.update(Placement).where(Placement.run_id == run.id).values(created_at=published_at)
    )
    for subject, at in (("match_run", ran_at), ("placement", published_at)):
        db.session.execute(sa.update(Event).where(Event.subject == subject).values(at=at))
