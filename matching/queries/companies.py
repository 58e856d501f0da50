"""Companies and sites, as the people who work there see them."""

import sqlalchemy as sa
from sqlalchemy import Select

from matching.models.companies import Company, Pledge, Site
from matching.models.users import Membership, Role, User
from matching.queries.memberships import held


def member_company_ids(user: User) -> Select[int | None]:
    """The numbers of the companies where the user is a member today."""
    return sa.select(Membership.company_id).where(
        held(user),
        Membership.role == Role.COMPANY_MEMBER,
        Membership.ended_at.is_(None),
    )


def visible_to(user: User) -> Select[Company]:
    """The companies of this member, the oldest membership's first number first."""
    return sa.select(Company).where(Company.id.in_(member_company_ids(user))).order_by(Company.id)


def sites_visible_to(user: User) -> Select[Site]:
    """The sites of this member's companies, in the order in which they were declared."""
    return (
        sa.select(Site)
        .where(Site.company_id.in_(member_company_ids(user)))
        .order_by(Site.company_id, Site.id)
    )


def pledge_of(company: Company, school_year: int) -> Select[Pledge]:
    """What the company promised for this school year, if it did."""
    return sa.select(Pledge).where(
        Pledge.company_id == company.id, Pledge.school_year == school_year
    )
