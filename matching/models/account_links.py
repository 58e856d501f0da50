"""Links sent by e-mail that heal an account: each serves once and not for long."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matching import clock
from matching.database import Base, UtcDateTime, enum_column
from matching.models.users import User


class LinkPurpose(StrEnum):
    """What the link is for."""

    NEW_PASSWORD = "new_password"  # noqa: S105 - the name of a purpose
    VERIFY_EMAIL = "verify_email"
    CHANGE_EMAIL = "change_email"


class AccountLink(Base):
    """A link, of which only a keyed hash of the secret part is kept.

    A forgotten password begins as a row without user or secret, whether the address is known or
    not: a job looks it up, so that neither the answer nor its time can tell.
    """

    __tablename__ = "account_link"
    __table_args__ = (
        sa.CheckConstraint("(user_id IS NULL) = (token_hash IS NULL)", name="user_with_token"),
        sa.CheckConstraint(
            "user_id IS NOT NULL OR purpose = 'new_password'", name="asked_by_address"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[LinkPurpose] = mapped_column(enum_column(LinkPurpose))
    user_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("user.id", ondelete="CASCADE"), index=True
    )
    token_hash: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    # The address that the link was sent to, and which it proves.
    address: Mapped[str] = mapped_column(sa.String(254))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    user: Mapped[User | None] = relationship()
