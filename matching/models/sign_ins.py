"""Failed sign-ins, counted by account so that nobody can guess at leisure."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from matching import clock
from matching.database import Base, UtcDateTime


class FailedSignIn(Base):
    """One wrong password or code. ``account`` is a keyed hash of what was typed as a name.

    A name that belongs to nobody is counted like any other, and the table tells no name.
    """

    __tablename__ = "failed_sign_in"
    __table_args__ = (sa.Index("ix_failed_sign_in_account_at", "account", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(sa.String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now, index=True)
