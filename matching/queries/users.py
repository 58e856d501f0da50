"""People, by their public reference."""

import sqlalchemy as sa
from sqlalchemy import Select

from matching.models.users import User


def active(ref: str) -> Select[User]:
    """This person, unless blocked."""
    return sa.select(User).where(User.ref == ref, User.blocked_at.is_(None))
