"""Placements: the only object that holds a seat."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matching import clock
from matching.database import Base, UtcDateTime, enum_column, new_reference
from matching.models.match_runs import MatchRun
from matching.models.offers import Seat
from matching.models.pupils import Pupil
from matching.models.statuses import PlacementStatus

_HOLDING = sa.text("status IN ('proposed', 'confirmed', 'signed', 'done')")


class Origin(StrEnum):
    """Which of the doors made the placement."""

    RUN = "run"
    HOST = "host"
    OUTSIDE = "outside"


class Party(StrEnum):
    """Who answers, declines or cancels."""

    SCHOOL = "school"
    PUPIL = "pupil"
    HOST = "host"
    COORDINATOR = "coordinator"
    NOBODY = "nobody"  # the clock ran out


class Placement(Base):
    """A pupil and a seat, or a declaration from outside (no seat, a few words on the host).

    Three answers, unset, yes or no: school, then pupil and host on one clock. While it holds
    (proposed, confirmed, signed, done), no other placement has its seat or its pupil.
    """

    __tablename__ = "placement"
    __table_args__ = (
        sa.Index(
            "uq_placement_holding_seat",
            "seat_id",
            unique=True,
            sqlite_where=_HOLDING,
            postgresql_where=_HOLDING,
        ),
        sa.Index(
            "uq_placement_holding_pupil",
            "pupil_id",
            unique=True,
            sqlite_where=_HOLDING,
            postgresql_where=_HOLDING,
        ),
        sa.CheckConstraint("(seat_id IS NULL) = (origin = 'outside')", name="seat_or_outside"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_reference)
    pupil_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("pupil.id", ondelete="SET NULL"), index=True
    )
    seat_id: Mapped[int | None] = mapped_column(sa.ForeignKey("seat.id"), index=True)
    run_id: Mapped[int | None] = mapped_column(sa.ForeignKey("match_run.id"), index=True)
    origin: Mapped[Origin] = mapped_column(enum_column(Origin))
    status: Mapped[PlacementStatus] = mapped_column(enum_column(PlacementStatus))
    week: Mapped[str] = mapped_column(sa.String(8))
    rank: Mapped[int | None]
    distance_m: Mapped[int | None]
    same_territory: Mapped[bool] = mapped_column(default=False)
    reserved_seat: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(sa.String(32))
    detail: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)

    school_answer: Mapped[bool | None]
    school_answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    school_answered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    pupil_answer: Mapped[bool | None]
    pupil_answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    pupil_answered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    host_answer: Mapped[bool | None]
    host_answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    host_answered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    # Set when the school says yes: from then on pupil and host share one clock.
    answer_before: Mapped[datetime | None] = mapped_column(UtcDateTime)

    ended_by: Mapped[Party | None] = mapped_column(enum_column(Party))
    ended_reason: Mapped[str | None] = mapped_column(sa.String(32))
    ended_words: Mapped[str] = mapped_column(sa.String(500), default="")
    # Raised at each change: a page opened before is stale.
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    pupil: Mapped[Pupil | None] = relationship()
    seat: Mapped[Seat | None] = relationship()
    run: Mapped[MatchRun | None] = relationship()
