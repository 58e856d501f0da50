"""What the foundation sees of people, schools, companies, sites, territories and changes.

Never a pupil: the accounts of pupils are left out of every list (reference: domain, §5.2). Nothing
is loaded by an outer join: these rows are locked before they change.
"""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import InstrumentedAttribute, selectinload

from matching.folding import Folded, words_of
from matching.models.campaigns import Campaign, CampaignTerritory
from matching.models.companies import Company, Site
from matching.models.events import Event
from matching.models.schools import School
from matching.models.statuses import ApprovalStatus
from matching.models.territories import Territory
from matching.models.users import Membership, Role, User

VINTAGE = 2023


def adults(words: str = "", role: Role | None = None, *, blocked: bool = False) -> Select[User]:
    """Adults by name, with their roles; those who match the words, hold the role, are blocked."""
    found = (
        sa.select(User)
        .where(User.email.is_not(None), User.erased_at.is_(None))
        .options(selectinload(User.memberships))
        .order_by(User.last_name, User.first_name, User.id)
    )
    for word in words_of(words):
        found = found.where(_holds(word, User.first_name, User.last_name, User.email))
    if role is not None:
        held = sa.select(Membership.user_id).where(
            Membership.role == role, Membership.ended_at.is_(None)
        )
        found = found.where(User.id.in_(held))
    return found.where(User.blocked_at.is_not(None)) if blocked else found


def schools(words: str = "", status: ApprovalStatus | None = None) -> Select[School]:
    """Schools by name."""
    found = (
        sa.select(School)
        .options(selectinload(School.attached_territory))
        .order_by(School.name, School.id)
    )
    for word in words_of(words):
        found = found.where(_holds(word, School.name, School.uai, School.postcode))
    return found if status is None else found.where(School.status == status)


def companies(words: str = "", status: ApprovalStatus | None = None) -> Select[Company]:
    """Companies by name."""
    found = (
        sa.select(Company).options(selectinload(Company.sites)).order_by(Company.name, Company.id)
    )
    for word in words_of(words):
        found = found.where(_holds(word, Company.name, Company.siren))
    return found if status is None else found.where(Company.status == status)


def sites(words: str = "", *, flagged: bool = False) -> Select[Site]:
    """Sites by company, then in the order in which they were declared."""
    found = (
        sa.select(Site)
        .join(Site.company)
        .options(selectinload(Site.company))
        .order_by(Company.name, Site.company_id, Site.id)
    )
    for word in words_of(words):
        found = found.where(_holds(word, Company.name, Site.name, Site.siret, Site.postcode))
    return found.where(Site.blocked_by_inspection) if flagged else found


def territories(words: str = "") -> Select[Territory, int, int, int]:
    """(territory, schools that join it, sites, live coordinators), by name."""
    found = (
        sa.select(
            Territory,
            _count(School.id, School.attached_territory_id == Territory.id),
            _count(Site.id, Site.attached_territory_id == Territory.id),
            _count(
                Membership.id,
                sa.and_(Membership.territory_id == Territory.id, Membership.ended_at.is_(None)),
            ),
        )
        .where(Territory.vintage == VINTAGE)
        .order_by(Territory.name, Territory.id)
    )
    for word in words_of(words):
        found = found.where(_holds(word, Territory.name, Territory.region, Territory.code))
    return found


def members(where: ColumnElement[bool]) -> Select[Membership]:
    """The roles held somewhere, today's first, then those that have ended, the last one first."""
    return (
        sa.select(Membership)
        .where(where)
        .options(selectinload(Membership.user))
        .order_by(Membership.ended_at.is_not(None), Membership.ended_at.desc(), Membership.id)
    )


def campaigns(words: str = "", *, still_open: bool = False) -> Select[Campaign]:
    """Campaigns, the newest first."""
    found = (
        sa.select(Campaign)
        .options(selectinload(Campaign.territories).selectinload(CampaignTerritory.territory))
        .order_by(Campaign.created_at.desc(), Campaign.id.desc())
    )
    for word in words_of(words):
        found = found.where(_holds(word, Campaign.name))
    return found.where(Campaign.closed_at.is_(None)) if still_open else found


def changes(
    *,
    kind: str = "",
    by: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    of: Sequence[tuple[str, int]] | None = None,
) -> Select[Event, User | None]:
    """(event, who or None), the last one first; ``of`` are table names and row numbers."""
    found = (
        sa.select(Event, User)
        .outerjoin(User, User.id == Event.actor_id)
        .order_by(Event.at.desc(), Event.id.desc())
    )
    if kind:
        found = found.where(Event.subject == kind)
    for word in words_of(by):
        # What a pupil did is told as a pupil's doing: nobody is found by a login name.
        found = found.where(_holds(word, User.first_name, User.last_name, User.email))
    if since is not None:
        found = found.where(Event.at >= since)
    if until is not None:
        found = found.where(Event.at < until)
    if of is not None:
        rows = [sa.and_(Event.subject == name, Event.subject_id == number) for name, number in of]
        found = found.where(sa.or_(sa.false(), *rows))
    return found


def _holds(
    word: str, *columns: InstrumentedAttribute[str] | InstrumentedAttribute[str | None]
) -> ColumnElement[bool]:
    """Is the folded word somewhere in these columns, whatever their accents and capitals?"""
    return sa.or_(*(Folded(column).contains(word, autoescape=True) for column in columns))


def _count(column: InstrumentedAttribute[int], where: ColumnElement[bool]) -> ColumnElement[int]:
    return sa.select(sa.func.count(column)).where(where).correlate(Territory).scalar_subquery()
