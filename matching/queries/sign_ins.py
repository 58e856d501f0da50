"""Open sessions."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Select

from matching.models.sign_ins import SignIn
from matching.models.users import User


def open_of(user: User, since: datetime) -> Select[SignIn]:
    """The sessions of this person that still open something, the newest first."""
    return (
        sa.select(SignIn)
        .where(SignIn.user_id == user.id, SignIn.ended_at.is_(None), SignIn.created_at > since)
        .order_by(SignIn.created_at.desc(), SignIn.id.desc())
    )


def person_of(user_ref: str, sign_in_ref: str, since: datetime) -> Select[User]:
    """The person of this open session, unless blocked meanwhile."""
    return (
        sa.select(User)
        .join(SignIn, SignIn.user_id == User.id)
        .where(
            User.ref == user_ref,
            User.blocked_at.is_(None),
            SignIn.ref == sign_in_ref,
            SignIn.ended_at.is_(None),
            SignIn.created_at > since,
        )
    )
