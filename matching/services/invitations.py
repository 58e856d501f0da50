"""A person invites a colleague to the school, company or territory where he works."""

from datetime import timedelta

import sqlalchemy as sa

from matching import clock
from matching.database import db, transactional
from matching.errors import RuleBroken
from matching.models.companies import Company
from matching.models.invitations import Invitation
from matching.models.schools import School
from matching.models.territories import Territory
from matching.models.users import SCHOOL_ROLES, Membership, Role, User
from matching.queries import invitations as queries
from matching.services import account_links, accounts, mail, throttle

LASTS = timedelta(days=7)

Place = School | Company | Territory


def roles_to_offer(actor: User, place: Place) -> tuple[Role, ...]:
    """The roles that this person may offer there; none where he does not work.

    Only a head invites another head, or anybody in a school that has none yet: a teacher of one
    class must not give himself the sight of all.
    """
    if isinstance(place, School):
        mine = {one.role for one in actor.in_force if one.school_id == place.id}
        if not mine & set(SCHOOL_ROLES):
            return ()
        if Role.PRINCIPAL in mine or not _has_head(place):
            return SCHOOL_ROLES
        return tuple(role for role in SCHOOL_ROLES if role != Role.PRINCIPAL)
    if isinstance(place, Company):
        here = any(one.company_id == place.id for one in actor.in_force)
        return (Role.COMPANY_MEMBER,) if here else ()
    there = any(
        one.territory_id == place.id or one.role == Role.FOUNDATION_ADMIN for one in actor.in_force
    )
    return (Role.TERRITORY_COORDINATOR,) if there else ()


@transactional
def invite(actor: User, place: Place, *, email: str, role: Role) -> Invitation:
    """Write to a colleague; an earlier invitation of the same address to the place dies.

    Raises RuleBroken ``role_not_yours`` (field ``role``), ``already_colleague`` (field ``email``),
    or TooManyAttempts after fifty in a day.
    """
    if role not in roles_to_offer(actor, place):
        raise RuleBroken("role_not_yours", field="role")
    throttle.refuse(throttle.INVITATIONS, actor.ref)
    throttle.count(throttle.INVITATIONS, actor.ref)
    email = accounts.clean_email(email)
    if _works_there(email, place):
        raise RuleBroken("already_colleague", field="email")
    now = clock.now()
    column = _column_of(place)
    db.session.execute(
        sa.update(Invitation)
        .where(
            Invitation.email == email,
            getattr(Invitation, column) == place.id,
            queries.waiting(now),
        )
        .values(revoked_at=now)
    )
    token = account_links.new_token()
    row = Invitation(
        token_hash=account_links.token_hash(token),
        email=email,
        role=role,
        invited_by_id=actor.id,
        expires_at=now + LASTS,
        **{column: place.id},
    )
    db.session.add(row)
    db.session.flush()
    mail.write_to_address(
        "invitation",
        email,
        actor.locale,
        inviter=actor.name,
        place=place.name,
        role=role.value,
        token=token,
        until=row.expires_at,
    )
    return row


@transactional
def invite_to_foundation(email: str) -> str:
    """Invite somebody to run the foundation; the path of the link.

    For the command line of the machine alone: whoever may type there may do anything.
    """
    token = account_links.new_token()
    db.session.add(
        Invitation(
            token_hash=account_links.token_hash(token),
            email=accounts.clean_email(email),
            role=Role.FOUNDATION_ADMIN,
            expires_at=clock.now() + LASTS,
        )
    )
    return f"/invitation/{token}"


@transactional
def revoke(actor: User, invitation: Invitation) -> None:
    """Take an invitation back. Raises RuleBroken ``invitation_accepted`` when it has served."""
    db.session.execute(
        sa.select(Invitation.id).where(Invitation.id == invitation.id).with_for_update()
    )
    db.session.refresh(invitation)
    if invitation.accepted_at is not None:
        raise RuleBroken("invitation_accepted")
    if invitation.revoked_at is None:
        invitation.revoked_at = clock.now()


def find(token: str) -> Invitation | None:
    """The invitation of this link, while it may be accepted."""
    return db.session.scalar(
        sa.select(Invitation)
        .where(
            Invitation.token_hash == account_links.token_hash(token), queries.waiting(clock.now())
        )
        .with_for_update()
    )


@transactional
def accept(token: str, user: User) -> Membership:
    """Take the role with an account that one has, whatever its address: the link proves enough.

    Raises RuleBroken ``link_dead``, or ``adults_only`` for a pupil.
    """
    invitation = find(token)
    if invitation is None:
        raise RuleBroken("link_dead")
    if user.email is None:
        raise RuleBroken("adults_only")
    held = db.session.scalar(
        sa.select(Membership).where(
            Membership.user_id == user.id,
            Membership.role == invitation.role,
            Membership.school_id == invitation.school_id,
            Membership.company_id == invitation.company_id,
            Membership.territory_id == invitation.territory_id,
            Membership.ended_at.is_(None),
        )
    )
    if held is None:
        held = Membership(
            user=user,
            role=invitation.role,
            school_id=invitation.school_id,
            company_id=invitation.company_id,
            territory_id=invitation.territory_id,
        )
        db.session.add(held)
    invitation.accepted_at, invitation.accepted_by_id = clock.now(), user.id
    db.session.flush()
    return held


@transactional
def accept_with_new_account(token: str, *, first_name: str, last_name: str, password: str) -> User:
    """Open an account with the invited address, which the link proves, and take the role.

    Raises RuleBroken ``link_dead``, or as ``accounts.create_adult``: only the reader of the
    address can learn that it has an account.
    """
    invitation = find(token)
    if invitation is None:
        raise RuleBroken("link_dead")
    user = accounts.create_adult(invitation.email, password, first_name, last_name)
    user.email_verified_at = clock.now()
    accept(token, user)
    return user


def has_account(invitation: Invitation) -> bool:
    """Does the invited address have an account already?"""
    return db.session.scalar(sa.select(User.id).where(User.email == invitation.email)) is not None


def _has_head(school: School) -> bool:
    return bool(
        db.session.scalar(
            sa.select(Membership.id)
            .where(
                Membership.school_id == school.id,
                Membership.role == Role.PRINCIPAL,
                Membership.ended_at.is_(None),
            )
            .limit(1)
        )
    )


def _works_there(email: str, place: Place) -> bool:
    return bool(
        db.session.scalar(
            sa.select(Membership.id)
            .join(User, User.id == Membership.user_id)
            .where(
                User.email == email,
                getattr(Membership, _column_of(place)) == place.id,
                Membership.ended_at.is_(None),
            )
            .limit(1)
        )
    )


def _column_of(place: Place) -> str:
    return f"{place.__tablename__}_id"
