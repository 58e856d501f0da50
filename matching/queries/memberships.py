"""The roles that a person holds, where the person works now."""

import sqlalchemy as sa
from sqlalchemy import ColumnElement

from matching.models.users import Membership, User


def held(user: User) -> ColumnElement[bool]:
    """Is the membership one of this user's, in the place chosen in the header if there is one?"""
    if user.acting_in is None:
        return Membership.user_id == user.id
    return sa.and_(
        Membership.user_id == user.id, Membership.id.in_([one.id for one in user.in_force])
    )
