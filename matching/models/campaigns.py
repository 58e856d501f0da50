"""Campaigns: the dates, the policy and the lottery seed of one or more territories."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matching import clock
from matching.database import Base, UtcDateTime, enum_column, new_reference
from matching.models.territories import Territory


class Policy(StrEnum):
    """How the matcher chooses among the ways to place as many pupils as possible (DESIGN §4)."""

    FAIR = "fair"
    BEST_TOTAL = "best_total"
    CANNOT_BE_GAMED = "cannot_be_gamed"


class Campaign(Base):
    """Spans several rounds. The seed is drawn when it opens, shown, and never changes.

    ``answer_days``: the clock that pupil and host share once the school has said yes.
    """

    __tablename__ = "campaign"
    __table_args__ = (
        sa.CheckConstraint("wishes_open_at < wishes_close_at", name="dates"),
        sa.CheckConstraint("answer_days BETWEEN 1 AND 15", name="answer_days"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_reference)
    name: Mapped[str] = mapped_column(sa.String(120))
    school_year: Mapped[int]
    policy: Mapped[Policy] = mapped_column(enum_column(Policy), default=Policy.FAIR)
    seed: Mapped[int] = mapped_column(sa.BigInteger)
    wishes_open_at: Mapped[datetime] = mapped_column(UtcDateTime)
    wishes_close_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer_days: Mapped[int] = mapped_column(default=7)
    opened_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    territories: Mapped[list["CampaignTerritory"]] = relationship(
        back_populates="campaign", order_by="CampaignTerritory.territory_id"
    )


class CampaignTerritory(Base):
    """A territory takes part in at most one open campaign of a school year."""

    __tablename__ = "campaign_territory"
    __table_args__ = (
        sa.UniqueConstraint("campaign_id", "territory_id"),
        sa.Index(
            "uq_campaign_territory_open",
            "territory_id",
            "school_year",
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"))
    territory_id: Mapped[int] = mapped_column(sa.ForeignKey("territory.id"))
    school_year: Mapped[int]
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    campaign: Mapped[Campaign] = relationship(back_populates="territories")
    territory: Mapped[Territory] = relationship()
