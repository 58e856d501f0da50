"""Each change of status leaves a row: what, from, to, who, when, why."""

from datetime import datetime
from enum import StrEnum
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from matching import clock
from matching.database import Base, UtcDateTime, db
from matching.errors import Stale
from matching.models.statuses import TRANSITIONS


class Event(Base):
    """One change, most often of a status. ``subject`` is a table; no personal data is kept here."""

    __tablename__ = "event"
    __table_args__ = (
        sa.Index("ix_event_subject", "subject", "subject_id"),
        sa.Index("ix_event_actor_id", "actor_id"),
        sa.Index("ix_event_at", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    subject: Mapped[str] = mapped_column(sa.String(32))
    subject_id: Mapped[int]
    from_status: Mapped[str | None] = mapped_column(sa.String(32))
    to_status: Mapped[str] = mapped_column(sa.String(32))
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    why: Mapped[str | None] = mapped_column(sa.String(500))


class HasNumber(Protocol):
    """A row of ours."""

    __tablename__: str

    @property
    def id(self) -> int:
        """The number of the row."""


class HasStatus(HasNumber, Protocol):
    """A row whose status follows the table of transitions."""


def record(
    row: HasStatus,
    to: StrEnum,
    *,
    actor_id: int | None,
    from_status: StrEnum | None = None,
    why: str | None = None,
) -> None:
    """Write the event of a row that has just been born or changed."""
    note(row, before=from_status, after=to, actor_id=actor_id, why=why)


def note(
    row: HasNumber, *, before: str | None, after: str, actor_id: int | None, why: str | None
) -> None:
    """Write the event of any change: at most 32 letters for what was, and for what is now."""
    db.session.flush()
    db.session.add(
        Event(
            at=clock.now(),
            subject=row.__tablename__,
            subject_id=row.id,
            from_status=before,
            to_status=after,
            actor_id=actor_id,
            why=why,
        )
    )


def move(row: HasStatus, to: StrEnum, *, actor_id: int | None, why: str | None = None) -> None:
    """Change the status of ``row``, if the table of transitions allows it, and write the event.

    Raises Stale when the step is not in the table: somebody else was quicker.
    """
    current: StrEnum = row.status  # type: ignore[attr-defined] # each status has its own enum
    if to not in TRANSITIONS[type(current)][current]:
        raise Stale("status_changed", current=current.value, wanted=to.value)
    row.status = to  # type: ignore[attr-defined] # same
    record(row, to, actor_id=actor_id, from_status=current, why=why)
