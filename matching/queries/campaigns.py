"""Campaigns, and the pupils and offers that take part in them."""

import sqlalchemy as sa
from sqlalchemy import Select

from matching.models.campaigns import Campaign, CampaignTerritory
from matching.models.companies import Company, Site
from matching.models.offers import Offer
from matching.models.pupils import Pupil
from matching.models.schools import School
from matching.models.statuses import ApprovalStatus, OfferStatus
from matching.models.territories import Territory
from matching.models.users import Membership, Role, User
from matching.queries.memberships import held


def territories_of(user: User) -> Select[Territory]:
    """The territories of 2023 that the user coordinates; the foundation coordinates them all."""
    every = sa.select(Territory).where(Territory.vintage == 2023).order_by(Territory.name)
    if any(one.role == Role.FOUNDATION_ADMIN for one in user.in_force):
        return every
    return every.join(Membership, Membership.territory_id == Territory.id).where(
        held(user),
        Membership.role == Role.TERRITORY_COORDINATOR,
        Membership.ended_at.is_(None),
    )


def visible_to(user: User) -> Select[Campaign]:
    """Campaigns with at least one territory of the user, the newest first."""
    mine = territories_of(user).with_only_columns(Territory.id).order_by(None)
    return (
        sa.select(Campaign)
        .where(
            Campaign.id.in_(
                sa.select(CampaignTerritory.campaign_id).where(
                    CampaignTerritory.territory_id.in_(mine)
                )
            )
        )
        .order_by(Campaign.created_at.desc(), Campaign.id.desc())
    )


def open_for_school(school: School, school_year: int) -> Select[Campaign]:
    """The one open campaign that this school takes part in, if any."""
    return (
        sa.select(Campaign)
        .join(CampaignTerritory)
        .where(
            CampaignTerritory.territory_id == school.attached_territory_id,
            CampaignTerritory.school_year == school_year,
            CampaignTerritory.closed_at.is_(None),
        )
    )


def open_for_site(site: Site, school_year: int) -> Select[Campaign]:
    """The one open campaign in which the offers of this site take part, if any."""
    return (
        sa.select(Campaign)
        .join(CampaignTerritory)
        .where(
            CampaignTerritory.territory_id == site.attached_territory_id,
            CampaignTerritory.school_year == school_year,
            CampaignTerritory.closed_at.is_(None),
        )
    )


def _territory_ids(campaign: Campaign) -> Select[int]:
    return sa.select(CampaignTerritory.territory_id).where(
        CampaignTerritory.campaign_id == campaign.id
    )


def pupils_of(campaign: Campaign) -> Select[Pupil]:
    """Pupils of the approved schools of the campaign's territories, in the order of their refs."""
    return (
        sa.select(Pupil)
        .join(School, School.id == Pupil.school_id)
        .where(
            School.attached_territory_id.in_(_territory_ids(campaign)),
            School.status == ApprovalStatus.APPROVED,
            Pupil.school_year == campaign.school_year,
        )
        .order_by(Pupil.ref)
    )


def offers_of(campaign: Campaign) -> Select[Offer]:
    """Published offers of approved companies in the campaign's territories, by their refs."""
    return (
        sa.select(Offer)
        .join(Site, Site.id == Offer.site_id)
        .join(Company, Company.id == Site.company_id)
        .where(
            Site.attached_territory_id.in_(_territory_ids(campaign)),
            Site.blocked_by_inspection.is_(False),
            Company.status == ApprovalStatus.APPROVED,
            Offer.status == OfferStatus.PUBLISHED,
            Offer.school_year == campaign.school_year,
        )
        .order_by(Offer.ref)
    )
