"""The second factor of an account: codes of a phone (RFC 6238), and codes on paper."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from matching import clock
from matching.database import Base, UtcDateTime


class TwoFactor(Base):
    """A phone that gives codes. Its secret is computed from ``salt`` and the installation's key.

    Whoever reads this table alone can compute no code.
    """

    __tablename__ = "two_factor"

    user_id: Mapped[int] = mapped_column(
        sa.ForeignKey("user.id", ondelete="CASCADE"), primary_key=True
    )
    salt: Mapped[str] = mapped_column(sa.String(32))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    # Set by the first right code: until then nothing is asked at sign-in.
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # The step of thirty seconds of the last code that served: a code seen over a shoulder is dead.
    last_step: Mapped[int] = mapped_column(sa.BigInteger, default=0)


class RecoveryCode(Base):
    """A code on paper, for the day when the phone is lost. It serves once."""

    __tablename__ = "recovery_code"
    __table_args__ = (sa.UniqueConstraint("user_id", "code_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str] = mapped_column(sa.String(64))
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
