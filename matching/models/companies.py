"""Companies, their sites, and the places that they promised."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matching import clock
from matching.database import Base, UtcDateTime, enum_column, new_reference
from matching.models.statuses import ApprovalStatus
from matching.models.territories import Territory


class Company(Base):
    """A legal unit, known by its SIREN."""

    __tablename__ = "company"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_reference)
    siren: Mapped[str] = mapped_column(sa.String(9), unique=True)
    name: Mapped[str] = mapped_column(sa.String(160))
    status: Mapped[ApprovalStatus] = mapped_column(
        enum_column(ApprovalStatus), default=ApprovalStatus.REGISTERED
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    sites: Mapped[list["Site"]] = relationship(back_populates="company", order_by="Site.id")
    pledges: Mapped[list["Pledge"]] = relationship(
        back_populates="company", order_by="Pledge.school_year"
    )


class Site(Base):
    """A place with a SIRET, where pupils come."""

    __tablename__ = "site"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_reference)
    company_id: Mapped[int] = mapped_column(sa.ForeignKey("company.id"), index=True)
    siret: Mapped[str] = mapped_column(sa.String(14), unique=True)
    name: Mapped[str] = mapped_column(sa.String(160))
    address: Mapped[str] = mapped_column(sa.String(200))
    postcode: Mapped[str] = mapped_column(sa.String(5))
    commune_code: Mapped[str] = mapped_column(sa.String(5), index=True)
    lat: Mapped[float]
    lon: Mapped[float]
    gazetteer_year: Mapped[int]
    territory_id: Mapped[int | None] = mapped_column(sa.ForeignKey("territory.id"), index=True)
    attached_territory_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("territory.id"), index=True
    )
    # Code du travail L4153-2: no agreement with a site that inspectors found unsafe.
    blocked_by_inspection: Mapped[bool] = mapped_column(default=False)

    company: Mapped[Company] = relationship(back_populates="sites")
    territory: Mapped[Territory | None] = relationship(foreign_keys=[territory_id])
    attached_territory: Mapped[Territory | None] = relationship(
        foreign_keys=[attached_territory_id]
    )


class Pledge(Base):
    """How many pupils a company promised to host in a school year."""

    __tablename__ = "pledge"
    __table_args__ = (
        sa.UniqueConstraint("company_id", "school_year"),
        sa.CheckConstraint("pupils > 0", name="pupils"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(sa.ForeignKey("company.id"))
    school_year: Mapped[int]
    pupils: Mapped[int]

    company: Mapped[Company] = relationship(back_populates="pledges")
