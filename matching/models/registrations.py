"""Registrations of schools and companies, held until a link in a letter is opened."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from matching import clock
from matching.database import Base, UtcDateTime, enum_column


class Registered(StrEnum):
    """What asks to be let in."""

    COMPANY = "company"
    SCHOOL = "school"


class Registration(Base):
    """What was typed to register. No account, school or company is made of it yet.

    It begins without a secret, whether the address has an account or not: a job looks that up, so
    that neither the answer nor its time can tell.
    """

    __tablename__ = "registration"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Registered] = mapped_column(enum_column(Registered))
    email: Mapped[str] = mapped_column(sa.String(254), index=True)
    locale: Mapped[str] = mapped_column(sa.String(5))
    # What ``companies.register`` or ``schools.register`` takes, but for address and password.
    details: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    token_hash: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
