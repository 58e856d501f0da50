"""Campaigns, wishes and rounds."""

from datetime import timedelta

from matching import clock
from matching.database import db
from matching.models.applications import Application
from matching.models.campaigns import Campaign, CampaignTerritory, Policy
from matching.models.match_runs import MatchRun, RunResult
from matching.models.statuses import ApplicationStatus, RunStatus
from tests.factories import places


def campaign(*territories, wishes_open: bool = True, **values) -> Campaign:
    """An open campaign; its wishes may still be sent unless told otherwise."""
    now = clock.now()
    close = now + timedelta(days=7) if wishes_open else now - timedelta(days=1)
    year = values.pop("school_year", places.YEAR)
    row = Campaign(
        name=values.pop("name", "Campagne d’essai"),
        school_year=year,
        policy=values.pop("policy", Policy.FAIR),
        seed=values.pop("seed", 20270201),
        wishes_open_at=now - timedelta(days=14),
        wishes_close_at=close,
        **values,
    )
    for territory in territories or (places.territory_of(),):
        row.territories.append(CampaignTerritory(territory=territory, school_year=year))
    db.session.add(row)
    db.session.commit()
    return row


def wish(pupil, offer, rank: int = 1, **values) -> Application:
    """A wish that was sent."""
    row = Application(
        pupil=pupil,
        offer=offer,
        rank=rank,
        status=values.pop("status", ApplicationStatus.SUBMITTED),
        submitted_at=values.pop("submitted_at", clock.now()),
        **values,
    )
    db.session.add(row)
    db.session.commit()
    return row


def published_round(*left_without, reason: str = "lottery") -> MatchRun:
    """The first round of a new campaign, published, which left these pupils without a place."""
    of = campaign(wishes_open=False)
    row = MatchRun(
        campaign=of,
        round=1,
        policy=of.policy,
        seed=of.seed,
        status=RunStatus.DONE,
        published_at=clock.now(),
    )
    db.session.add(row)
    db.session.add_all(RunResult(run=row, pupil=pupil, reason=reason) for pupil in left_without)
    db.session.commit()
    return row
