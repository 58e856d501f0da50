"""Invitations and colleagues, as the people of a place may see them."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import joinedload

from matching.models.invitations import Invitation
from matching.models.users import Membership, User

AnyPlace = type[Invitation] | type[Membership]


def visible_to(user: User) -> Select[Invitation]:
    """The invitations to the places where the user works now, the newest first."""
    return (
        sa.select(Invitation)
        .where(_in_places_of(user, Invitation))
        .options(joinedload(Invitation.invited_by))
        .order_by(Invitation.created_at.desc(), Invitation.id.desc())
    )


def waiting(now: datetime) -> ColumnElement[bool]:
    """May the invitation still be accepted?"""
    return sa.and_(
        Invitation.accepted_at.is_(None),
        Invitation.revoked_at.is_(None),
        Invitation.expires_at > now,
    )


def colleagues_of(user: User) -> Select[Membership]:
    """The live roles in the places where the user works now, the oldest first."""
    return (
        sa.select(Membership)
        .where(_in_places_of(user, Membership), Membership.ended_at.is_(None))
        .options(joinedload(Membership.user), joinedload(Membership.territory))
        .order_by(Membership.territory_id, Membership.id)
    )


def _in_places_of(user: User, table: AnyPlace) -> ColumnElement[bool]:
    held = user.in_force
    return sa.or_(
        table.school_id.in_([one.school_id for one in held if one.school_id]),
        table.company_id.in_([one.company_id for one in held if one.company_id]),
        table.territory_id.in_([one.territory_id for one in held if one.territory_id]),
    )
