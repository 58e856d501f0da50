"""What only the foundation may do: block and unblock, give and end roles, flag sites.

Each change asks why, and leaves an event with who, what and why.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from matching import clock
from matching.database import db, transactional
from matching.errors import RuleBroken, Stale
from matching.models import events
from matching.models.campaigns import Campaign
from matching.models.companies import Company, Site
from matching.models.schools import School
from matching.models.statuses import ApprovalStatus
from matching.models.territories import Territory
from matching.models.users import SCHOOL_ROLES, Membership, Role, User
from matching.services import campaigns, sign_ins, two_factor, withdrawal

MAX_WHY = 500


@transactional
def block(actor: User, party: School | Company, *, why: str) -> None:
    """Nobody of it meets a minor from now on; its offers leave the search.

    What waits for an answer is withdrawn, and its seats are free. Raises RuleBroken ``why_missing``
    or ``why_long``. Blocking twice does nothing.
    """
    reason = checked_reason(why)
    withdrawal.hold_proposals(party)
    db.session.refresh(party, with_for_update=True)
    if party.status is not ApprovalStatus.BLOCKED:
        events.move(party, ApprovalStatus.BLOCKED, actor_id=actor.id, why=reason)
        withdrawal.withdraw_proposals(actor, party)


@transactional
def unblock(actor: User, party: School | Company, *, why: str) -> None:
    """Let it in again; raises as ``block``. One that is not blocked stays as it is.

    A company whose people nobody has vetted waits for a coordinator instead.
    """
    reason = checked_reason(why)
    db.session.refresh(party, with_for_update=True)
    if party.status is ApprovalStatus.BLOCKED:
        vetted = isinstance(party, School) or party.vetted_at is not None
        to = ApprovalStatus.APPROVED if vetted else ApprovalStatus.REGISTERED
        events.move(party, to, actor_id=actor.id, why=reason)


@transactional
def flag_site(actor: User, site: Site, *, flagged: bool, why: str) -> None:
    """Say that labour inspectors found a site unsafe (Code du travail L4153-2), or no longer do.

    The offers of a flagged site leave the search and the next runs, and what waits for an answer
    there is withdrawn. Raises as ``block``.
    """
    reason = checked_reason(why)
    withdrawal.hold_proposals(site)
    db.session.refresh(site, with_for_update=True)
    if site.blocked_by_inspection is not flagged:
        site.blocked_by_inspection = flagged
        _note(actor, site, "flagged" if flagged else "cleared", reason)
        if flagged:
            withdrawal.withdraw_proposals(actor, site)


@transactional
def block_user(actor: User, user: User, *, why: str) -> None:
    """Sign this adult out and let nobody in with this account.

    Raises RuleBroken ``block_yourself``, or as ``block``.
    """
    reason = checked_reason(why)
    if user.id == actor.id:
        raise RuleBroken("block_yourself", field="why")
    db.session.refresh(user, with_for_update=True)
    if user.blocked_at is None:
        user.blocked_at = clock.now()
        _note(actor, user, "blocked", reason)


@transactional
def unblock_user(actor: User, user: User, *, why: str) -> None:
    """Let this adult sign in again; raises as ``block``."""
    reason = checked_reason(why)
    db.session.refresh(user, with_for_update=True)
    if user.blocked_at is not None:
        user.blocked_at = None
        _note(actor, user, "unblocked", reason)


@transactional
def drop_second_factor(actor: User, user: User, *, why: str) -> None:
    """Let in by the password alone somebody who lost both the phone and the codes on paper.

    Ask the person by another way first. Every session ends; where the role demands a second
    factor, it is set up anew at the next sign-in. Raises RuleBroken ``second_factor_own``, or as
    ``block``.
    """
    reason = checked_reason(why)
    if user.id == actor.id:
        raise RuleBroken("second_factor_own", field="why")
    if two_factor.is_on(user):
        two_factor.turn_off(user)
        sign_ins.end_all(user)
        _note(actor, user, "second_factor_off", reason)


@transactional
def give_role(
    actor: User,
    user: User,
    role: Role,
    *,
    where: School | Company | Territory | None,
    why: str,
) -> Membership:
    """Give an adult a role; the school, company or territory must suit it.

    Raises RuleBroken ``why_missing``, ``why_long``, ``role_for_adults`` for a pupil's account,
    ``role_where`` (field ``where``), ``role_held`` (field ``role``).
    """
    reason = checked_reason(why)
    if user.email is None:
        raise RuleBroken("role_for_adults")
    if type(where) is not place_of(role):
        raise RuleBroken("role_where", field="where")
    places: dict[str, Any] = {
        "school": where if isinstance(where, School) else None,
        "company": where if isinstance(where, Company) else None,
        "territory": where if isinstance(where, Territory) else None,
    }
    membership = Membership(user=user, role=role, **places)
    db.session.add(membership)
    try:
        db.session.flush()
    except IntegrityError:
        raise RuleBroken("role_held", field="role") from None
    _note(actor, membership, "given", reason)
    return membership


@transactional
def end_role(actor: User, membership: Membership, *, why: str) -> None:
    """End a role; the row stays, as history.

    Raises RuleBroken ``last_of_foundation`` when nobody could give roles any more, or as ``block``.
    """
    reason = checked_reason(why)
    db.session.refresh(membership, with_for_update=True)
    if membership.ended_at is not None:
        return
    if membership.role is Role.FOUNDATION_ADMIN and _members_of_foundation() < 2:
        raise RuleBroken("last_of_foundation", field="why")
    membership.ended_at = clock.now()
    _note(actor, membership, "ended", reason)


@transactional
def close_campaign(actor: User, campaign: Campaign, *, why: str) -> None:
    """Close a campaign for good; raises as ``block``. Closing it twice does nothing."""
    reason = checked_reason(why)
    try:
        campaigns.close_campaign(actor, campaign)
    except Stale:
        return
    _note(actor, campaign, "closed", reason)


def place_of(role: Role) -> type[School] | type[Company] | type[Territory] | type[None]:
    """Where somebody holds this role."""
    if role in SCHOOL_ROLES:
        return School
    return {Role.COMPANY_MEMBER: Company, Role.TERRITORY_COORDINATOR: Territory}.get(
        role,  # type: ignore[return-value] # the three kinds have no parent but object
        type(None),
    )


def checked_reason(why: str) -> str:
    """The reason without outer spaces; raises RuleBroken ``why_missing`` or ``why_long``."""
    why = why.strip()
    if not why:
        raise RuleBroken("why_missing", field="why")
    if len(why) > MAX_WHY:
        raise RuleBroken("why_long", field="why", most=MAX_WHY)
    return why


def _members_of_foundation() -> int:
    """Live and able to sign in; their rows are held until the end of the transaction."""
    rows = db.session.scalars(
        sa.select(Membership.id)
        .join(User, User.id == Membership.user_id)
        .where(
            Membership.role == Role.FOUNDATION_ADMIN,
            Membership.ended_at.is_(None),
            User.blocked_at.is_(None),
        )
        .with_for_update()
    )
    return len(rows.all())


def _note(actor: User, row: events.HasNumber, after: str, why: str) -> None:
    events.note(row, before=None, after=after, actor_id=actor.id, why=why)
