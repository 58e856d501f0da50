"""A coordinator opens a campaign, ends the time for wishes, closes the campaign."""

import secrets
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from matching import clock
from matching.database import db, transactional
from matching.errors import RuleBroken, Stale
from matching.models import events
from matching.models.campaigns import Campaign, CampaignTerritory, Policy
from matching.models.match_runs import MatchRun
from matching.models.territories import Territory
from matching.models.users import User
from matching.queries import campaigns

LONGEST_NAME = 120


@transactional
def open_campaign(
    coordinator: User,
    *,
    name: str,
    school_year: int,
    territory_ids: Sequence[int],
    policy: Policy,
    wishes_open_at: datetime,
    wishes_close_at: datetime,
    answer_days: int,
) -> Campaign:
    """Open a campaign; its lottery seed is drawn here, once, and shown from now on."""
    allowed = set(
        db.session.scalars(
            campaigns.territories_of(coordinator).with_only_columns(Territory.id).order_by(None)
        )
    )
    chosen = set(territory_ids)
    if not chosen:
        raise RuleBroken("campaign_without_territory", field="territories")
    if not chosen <= allowed:
        raise RuleBroken("campaign_territory_not_yours", field="territories")
    if wishes_close_at <= wishes_open_at:
        raise RuleBroken("campaign_dates", field="wishes_close_on")
    campaign = Campaign(
        name=name[:LONGEST_NAME],
        school_year=school_year,
        policy=policy,
        seed=secrets.randbits(48),
        wishes_open_at=wishes_open_at,
        wishes_close_at=wishes_close_at,
        answer_days=answer_days,
        opened_by_id=coordinator.id,
    )
    campaign.territories = [
        CampaignTerritory(territory_id=number, school_year=school_year) for number in sorted(chosen)
    ]
    db.session.add(campaign)
    try:
        db.session.flush()
    except IntegrityError as error:
        db.session.rollback()
        raise RuleBroken("campaign_territory_taken", field="territories") from error
    return campaign


@transactional
def end_wishes(coordinator: User, campaign: Campaign) -> None:
    """End the time for wishes now, instead of at the date that was set."""
    require_all_territories(coordinator, campaign)
    now = clock.now()
    if campaign.wishes_close_at <= now:
        raise Stale("wishes_closed_already")
    campaign.wishes_open_at = min(campaign.wishes_open_at, now)
    if campaign.wishes_open_at == now:
        raise RuleBroken("wishes_not_open_yet")
    campaign.wishes_close_at = now


@transactional
def choose_policy(coordinator: User, campaign: Campaign, policy: Policy) -> None:
    """Change the policy before the first round, as a comparison advises.

    Pupils who were promised that the order of wishes cannot be gamed have ranked them accordingly:
    that promise is not taken back once the wishes are open.
    """
    require_all_territories(coordinator, campaign)
    db.session.refresh(campaign, with_for_update=True)
    if campaign.closed_at is not None:
        raise Stale("campaign_closed_already")
    if policy is campaign.policy:
        return
    published = sa.select(MatchRun.id).where(
        MatchRun.campaign_id == campaign.id, MatchRun.published_at.is_not(None)
    )
    if db.session.scalar(published.limit(1)) is not None:
        raise RuleBroken("policy_after_a_round")
    promised = campaign.policy is Policy.CANNOT_BE_GAMED
    if promised and campaign.wishes_open_at <= clock.now():
        raise RuleBroken("policy_promised")
    before, campaign.policy = campaign.policy, policy
    events.note(
        campaign, before=before, after=policy, actor_id=coordinator.id, why="policies compared"
    )


@transactional
def close_campaign(coordinator: User, campaign: Campaign) -> None:
    """Close it for good: its territories may join another campaign."""
    require_all_territories(coordinator, campaign)
    if campaign.closed_at is not None:
        raise Stale("campaign_closed_already")
    campaign.closed_at = clock.now()
    for row in campaign.territories:
        row.closed_at = campaign.closed_at


def require_all_territories(coordinator: User, campaign: Campaign) -> None:
    """Raise RuleBroken unless ``coordinator`` has the role in each territory of the campaign."""
    mine = set(
        db.session.scalars(
            campaigns.territories_of(coordinator).with_only_columns(Territory.id).order_by(None)
        )
    )
    theirs = set(
        db.session.scalars(
            sa.select(CampaignTerritory.territory_id).where(
                CampaignTerritory.campaign_id == campaign.id
            )
        )
    )
    if not theirs <= mine:
        raise RuleBroken("campaign_of_other_territories")
