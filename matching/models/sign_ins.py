"""Open sessions, and attempts counted so that nobody can guess at leisure."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from matching import clock
from matching.database import Base, UtcDateTime, new_reference


class SignIn(Base):
    """One session of one person in one browser, which carries ``ref`` in its signed cookie.

    A session whose row has ended, or is gone, opens nothing any more.
    """

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_reference)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"), index=True)
    # "Firefox, Windows": enough to tell one's phone from a stranger's computer.
    device: Mapped[str] = mapped_column(sa.String(60))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now, index=True)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Attempt(Base):
    """One attempt that counts: a wrong password, a wrong code, a link asked for.

    ``key`` is a keyed hash of the limit and of whom or what it is about: an account as typed, an
    address of the network. What belongs to nobody is counted alike, and the table names nothing.
    """

    __tablename__ = "attempt"
    __table_args__ = (sa.Index("ix_attempt_key_at", "key", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now, index=True)
