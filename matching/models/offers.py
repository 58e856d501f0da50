"""Offers and their seats. A seat is one pupil for one week."""

from datetime import datetime, time

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matching import clock
from matching.database import Base, UtcDateTime, enum_column, new_reference
from matching.models.companies import Site
from matching.models.statuses import OfferStatus
from matching.models.users import User


class Offer(Base):
    """A programme at a site: what the pupil sees and does, when, and what it takes to come."""

    __tablename__ = "offer"
    __table_args__ = (
        sa.CheckConstraint("length(weekdays) BETWEEN 3 AND 5", name="weekdays"),
        sa.CheckConstraint("starts_at < ends_at", name="timetable"),
        sa.CheckConstraint(
            "most_at_once BETWEEN 1 AND 1000 AND most_of_a_school BETWEEN 1 AND 1000 "
            "AND most_in_all BETWEEN 1 AND 1000",
            name="limits",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_reference)
    site_id: Mapped[int] = mapped_column(sa.ForeignKey("site.id"), index=True)
    school_year: Mapped[int]
    title: Mapped[str] = mapped_column(sa.String(120))
    sector: Mapped[str] = mapped_column(sa.String(32), index=True)  # matching.rules.sectors
    what_you_see: Mapped[str] = mapped_column(sa.Text, default="")
    what_you_do: Mapped[str] = mapped_column(sa.Text, default="")
    weekdays: Mapped[str] = mapped_column(sa.String(5), default="12345")
    starts_at: Mapped[time] = mapped_column(sa.Time, default=time(9, 0))
    ends_at: Mapped[time] = mapped_column(sa.Time, default=time(16, 0))
    break_minutes: Mapped[int] = mapped_column(default=60)
    accessible: Mapped[bool] = mapped_column(default=False)
    access: Mapped[str] = mapped_column(sa.Text, default="")  # how to come, bus stop, canteen
    gear: Mapped[str] = mapped_column(sa.Text, default="")  # dress and safety gear
    tutor_name: Mapped[str] = mapped_column(sa.String(120), default="")
    charter: Mapped[list[str]] = mapped_column(sa.JSON, default=list)  # matching.rules.charter
    # Below what the seats allow; without a number, the seats alone (matching.rules.limits).
    most_at_once: Mapped[int | None]
    most_of_a_school: Mapped[int | None]  # at once
    most_in_all: Mapped[int | None]
    status: Mapped[OfferStatus] = mapped_column(enum_column(OfferStatus), default=OfferStatus.DRAFT)
    returned_because: Mapped[str | None] = mapped_column(sa.String(500))
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    # Raised at each change of the form: a page opened before is stale.
    version: Mapped[int] = mapped_column(default=1)

    site: Mapped[Site] = relationship()
    created_by: Mapped[User | None] = relationship()
    weeks: Mapped[list["OfferWeek"]] = relationship(
        back_populates="offer", order_by="OfferWeek.week", cascade="all, delete-orphan"
    )
    seats: Mapped[list["Seat"]] = relationship(
        back_populates="offer", order_by="Seat.id", cascade="all, delete-orphan"
    )


class OfferWeek(Base):
    """One of the ISO weeks in which the offer takes pupils."""

    __tablename__ = "offer_week"
    __table_args__ = (sa.UniqueConstraint("offer_id", "week"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    offer_id: Mapped[int] = mapped_column(sa.ForeignKey("offer.id", ondelete="CASCADE"))
    week: Mapped[str] = mapped_column(sa.String(8))

    offer: Mapped[Offer] = relationship(back_populates="weeks")


class Seat(Base):
    """One pupil for one week; without a week, for any one of the offer's weeks.

    ``reserved_for`` is an entitlement ("rep", "rep_plus" or a UAI); without it, open to all. A seat
    is never deleted once published: ``closed_at`` takes it away.
    """

    __tablename__ = "seat"

    id: Mapped[int] = mapped_column(primary_key=True)
    offer_id: Mapped[int] = mapped_column(sa.ForeignKey("offer.id", ondelete="CASCADE"), index=True)
    week: Mapped[str | None] = mapped_column(sa.String(8))
    reserved_for: Mapped[str | None] = mapped_column(sa.String(16))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    offer: Mapped[Offer] = relationship(back_populates="seats")
