"""Pupils whom a published round left without a place, and who still have none."""

import sqlalchemy as sa
from sqlalchemy import Select

from matching.models.companies import Site
from matching.models.match_runs import MatchRun, RunResult
from matching.models.placements import Placement
from matching.models.pupils import Pupil
from matching.models.schools import School
from matching.models.statuses import HOLDING, ApprovalStatus


def left_without(school_year: int) -> Select[Pupil]:
    """They were in a published run, their school is approved, and nothing holds for them."""
    return (
        sa.select(Pupil)
        .join(School, School.id == Pupil.school_id)
        .where(
            Pupil.school_year == school_year,
            School.status == ApprovalStatus.APPROVED,
            sa.exists(
                sa.select(RunResult.id)
                .join(MatchRun, MatchRun.id == RunResult.run_id)
                .where(RunResult.pupil_id == Pupil.id, MatchRun.published_at.is_not(None))
            ),
            ~sa.exists(
                sa.select(Placement.id).where(
                    Placement.pupil_id == Pupil.id, Placement.status.in_(HOLDING)
                )
            ),
        )
        .order_by(Pupil.ref)
    )


def around(site: Site, school_year: int) -> Select[Pupil]:
    """Those whose school is within one degree of the site: a first sieve, the rules come after."""
    return left_without(school_year).where(
        School.lat.between(site.lat - 1, site.lat + 1),
        School.lon.between(site.lon - 1.5, site.lon + 1.5),
    )
