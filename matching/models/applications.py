"""Ranked wishes, and pairs that a host refused."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matching import clock
from matching.database import Base, UtcDateTime, enum_column, new_reference
from matching.models.offers import Offer
from matching.models.pupils import Pupil
from matching.models.statuses import ApplicationStatus

MAX_WISHES = 5
_LIVE = sa.text("status IN ('draft', 'submitted', 'read_by_school')")


class Application(Base):
    """A pupil's wish for an offer, ranked 1 to 5; two live wishes never share a rank.

    The rank is null for a moment while wishes change places.
    """

    __tablename__ = "application"
    __table_args__ = (
        sa.UniqueConstraint("pupil_id", "offer_id"),
        sa.CheckConstraint("rank BETWEEN 1 AND 5", name="rank"),
        sa.Index(
            "uq_application_live_rank",
            "pupil_id",
            "rank",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_reference)
    pupil_id: Mapped[int] = mapped_column(sa.ForeignKey("pupil.id", ondelete="CASCADE"))
    offer_id: Mapped[int] = mapped_column(sa.ForeignKey("offer.id"), index=True)
    rank: Mapped[int | None]
    week: Mapped[str | None] = mapped_column(sa.String(8))
    message: Mapped[str] = mapped_column(sa.String(500), default="")
    status: Mapped[ApplicationStatus] = mapped_column(
        enum_column(ApplicationStatus), default=ApplicationStatus.DRAFT
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    pupil: Mapped[Pupil] = relationship()
    offer: Mapped[Offer] = relationship()


class RefusedPair(Base):
    """Never together: a host declined this pupil, or a pupil this offer."""

    __tablename__ = "refused_pair"
    __table_args__ = (sa.UniqueConstraint("pupil_id", "offer_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    pupil_id: Mapped[int] = mapped_column(sa.ForeignKey("pupil.id", ondelete="CASCADE"))
    offer_id: Mapped[int] = mapped_column(sa.ForeignKey("offer.id"), index=True)
    reason: Mapped[str] = mapped_column(sa.String(32))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
