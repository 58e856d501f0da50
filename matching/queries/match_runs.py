"""Runs of the matcher and what they found."""

import sqlalchemy as sa
from sqlalchemy import Select

from matching.models.campaigns import Campaign
from matching.models.match_runs import MatchRun, RunResult
from matching.models.pupils import Pupil
from matching.models.users import User
from matching.queries import campaigns


def visible_to(user: User) -> Select[MatchRun]:
    """Runs of the campaigns that the user sees, the newest first."""
    mine = campaigns.visible_to(user).with_only_columns(Campaign.id).order_by(None)
    return (
        sa.select(MatchRun)
        .where(MatchRun.campaign_id.in_(mine))
        .order_by(MatchRun.created_at.desc(), MatchRun.id.desc())
    )


def of_round(campaign: Campaign, number: int) -> Select[MatchRun]:
    """The trials of this round of the campaign, the newest first."""
    return (
        sa.select(MatchRun)
        .where(MatchRun.campaign_id == campaign.id, MatchRun.round == number)
        .order_by(MatchRun.created_at.desc(), MatchRun.id.desc())
    )


def last_published(campaign: Campaign) -> Select[MatchRun]:
    """The run that made the newest round of this campaign, if any was published."""
    return (
        sa.select(MatchRun)
        .where(MatchRun.campaign_id == campaign.id, MatchRun.published_at.is_not(None))
        .order_by(MatchRun.round.desc())
        .limit(1)
    )


def published_result_of(pupil: Pupil) -> Select[RunResult]:
    """What the last published run found for this pupil, if there is one."""
    return (
        sa.select(RunResult)
        .join(MatchRun)
        .where(RunResult.pupil_id == pupil.id, MatchRun.published_at.is_not(None))
        .order_by(MatchRun.published_at.desc())
        .limit(1)
    )
