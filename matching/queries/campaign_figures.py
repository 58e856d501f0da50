"""Counts that a coordinator follows: references and totals, never a name."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Select

from matching.models.applications import Application
from matching.models.campaigns import Campaign
from matching.models.match_runs import MatchRun
from matching.models.offers import Offer, Seat
from matching.models.placements import Placement
from matching.models.pupils import Pupil
from matching.models.schools import School
from matching.models.statuses import PlacementStatus
from matching.queries import campaigns


def takes_part(campaign: Campaign) -> Select[int, int, int, int, int]:
    """One row: schools, pupils, pupils who sent wishes, offers, open seats."""
    pupils = campaigns.pupils_of(campaign).order_by(None)
    offers = campaigns.offers_of(campaign).order_by(None).with_only_columns(Offer.id)
    pupil_ids = pupils.with_only_columns(Pupil.id)
    return sa.select(
        pupils.with_only_columns(sa.func.count(Pupil.school_id.distinct()))
        .scalar_subquery()
        .label("schools"),
        pupils.with_only_columns(sa.func.count(Pupil.id)).scalar_subquery().label("pupils"),
        sa.select(sa.func.count(Application.pupil_id.distinct()))
        .where(Application.submitted_at.is_not(None), Application.pupil_id.in_(pupil_ids))
        .scalar_subquery()
        .label("with_wishes"),
        sa.select(sa.func.count()).select_from(offers.subquery()).scalar_subquery().label("offers"),
        sa.select(sa.func.count(Seat.id))
        .where(Seat.offer_id.in_(offers), Seat.closed_at.is_(None))
        .scalar_subquery()
        .label("seats"),
    )


def placements_by_status(campaign: Campaign) -> Select[PlacementStatus, int]:
    """(status, number) of the placements that the campaign's runs made."""
    return (
        sa.select(Placement.status, sa.func.count())
        .join(MatchRun, MatchRun.id == Placement.run_id)
        .where(MatchRun.campaign_id == campaign.id)
        .group_by(Placement.status)
        .order_by(Placement.status)
    )


def waiting_for(campaign: Campaign) -> Select[int, int, int]:
    """One row: proposals that wait for the school, for the pupil, for the host."""
    proposed = (
        sa.select(Placement)
        .join(MatchRun, MatchRun.id == Placement.run_id)
        .where(MatchRun.campaign_id == campaign.id, Placement.status == PlacementStatus.PROPOSED)
        .subquery()
    )
    agreed = proposed.c.school_answer.is_(True)
    return sa.select(
        sa.func.count().filter(proposed.c.school_answer.is_(None)).label("school"),
        sa.func.count().filter(agreed, proposed.c.pupil_answer.is_(None)).label("pupil"),
        sa.func.count().filter(agreed, proposed.c.host_answer.is_(None)).label("host"),
    ).select_from(proposed)


def silent_schools(campaign: Campaign, since: datetime) -> Select[str, str, int]:
    """(name, UAI, proposals) of schools that have not looked at proposals made before ``since``."""
    return (
        sa.select(School.name, School.uai, sa.func.count())
        .join(Pupil, Pupil.school_id == School.id)
        .join(Placement, Placement.pupil_id == Pupil.id)
        .join(MatchRun, MatchRun.id == Placement.run_id)
        .where(
            MatchRun.campaign_id == campaign.id,
            Placement.status == PlacementStatus.PROPOSED,
            Placement.school_answer.is_(None),
            Placement.created_at < since,
        )
        .group_by(School.id, School.name, School.uai)
        .order_by(sa.func.count().desc(), School.uai)
    )
