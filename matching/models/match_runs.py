"""Executions of the matcher, and what each found. Any number of trials live side by side."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matching import clock
from matching.database import Base, UtcDateTime, enum_column, new_reference
from matching.models.campaigns import Campaign, Policy
from matching.models.offers import Offer, Seat
from matching.models.pupils import Pupil
from matching.models.statuses import RunStatus
from matching.models.users import User


class MatchRun(Base):
    """One execution. A round of a campaign is the run that was published; one at most.

    ``input_digest`` is the fingerprint of all that the run used: publication is refused when it
    has changed since. ``report`` keeps the levels, the figures and the certificate's summary;
    ``failure`` the property that broke, or the memory that would be needed.
    """

    __tablename__ = "match_run"
    __table_args__ = (
        sa.CheckConstraint("progress BETWEEN 0 AND 1", name="progress"),
        sa.Index(
            "uq_match_run_published",
            "campaign_id",
            "round",
            unique=True,
            sqlite_where=sa.text("published_at IS NOT NULL"),
            postgresql_where=sa.text("published_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_reference)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"), index=True)
    round: Mapped[int]
    policy: Mapped[Policy] = mapped_column(enum_column(Policy))
    seed: Mapped[int] = mapped_column(sa.BigInteger)
    status: Mapped[RunStatus] = mapped_column(enum_column(RunStatus), default=RunStatus.QUEUED)
    phase: Mapped[str] = mapped_column(sa.String(32), default="queued")
    progress: Mapped[float] = mapped_column(default=0.0)
    started_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # A worker says that it is alive by raising this; the sweep takes up runs that fell silent.
    heartbeat_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    input_digest: Mapped[str | None] = mapped_column(sa.String(64))
    # Fingerprint of each row that the run used, to say what has changed (queries.fingerprints).
    fingerprints: Mapped[dict[str, str] | None] = mapped_column(sa.JSON, deferred=True)
    report: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON)
    failure: Mapped[str | None] = mapped_column(sa.String(500))

    campaign: Mapped[Campaign] = relationship()
    started_by: Mapped[User | None] = relationship()


class RunResult(Base):
    """What one run found for one pupil: a seat, or none, with the reason."""

    __tablename__ = "run_result"
    __table_args__ = (
        sa.UniqueConstraint("run_id", "pupil_id"),
        sa.Index(
            "uq_run_result_seat",
            "run_id",
            "seat_id",
            unique=True,
            sqlite_where=sa.text("seat_id IS NOT NULL"),
            postgresql_where=sa.text("seat_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(sa.ForeignKey("match_run.id"), index=True)
    pupil_id: Mapped[int | None] = mapped_column(sa.ForeignKey("pupil.id", ondelete="SET NULL"))
    seat_id: Mapped[int | None] = mapped_column(sa.ForeignKey("seat.id"))
    offer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("offer.id"))
    week: Mapped[str | None] = mapped_column(sa.String(8))
    rank: Mapped[int | None]
    distance_m: Mapped[int | None]
    same_territory: Mapped[bool] = mapped_column(default=False)
    reserved_seat: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(sa.String(32))
    detail: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)

    run: Mapped[MatchRun] = relationship()
    pupil: Mapped[Pupil | None] = relationship()
    seat: Mapped[Seat | None] = relationship()
    offer: Mapped[Offer | None] = relationship()
