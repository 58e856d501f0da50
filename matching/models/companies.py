"""Companies, their sites, and the places that they promised."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matching import clock
from matching.database import Base, UtcDateTime, enum_column, new_reference
from matching.models.statuses import ApprovalStatus
from matching.models.territories import Territory


class VettedHow(StrEnum):
    """How a coordinator made sure of the person who will host minors."""

    EMAIL_DOMAIN = "email_domain"
    CALL_BACK = "call_back"
    DOCUMENT = "document"


class DocumentKind(StrEnum):
    """An official document that was shown. Its kind and reference are kept, never the document."""

    COMPANY_REGISTER = "company_register"
    SIRENE = "sirene"
    STATUTES = "statutes"
    OTHER = "other"


class Company(Base):
    """A legal unit, known by its SIREN.

    It is approved only once one of its people was vetted: the database refuses the rest.
    """

    __tablename__ = "company"
    __table_args__ = (
        sa.CheckConstraint(
            "status <> 'approved' OR (vetted_how IS NOT NULL AND vetted_words IS NOT NULL "
            "AND vetted_user_id IS NOT NULL AND vetted_by_id IS NOT NULL "
            "AND vetted_at IS NOT NULL)",
            name="approved_once_vetted",
        ),
        sa.CheckConstraint(
            "(coalesce(vetted_how, '') = 'document') = (vetted_document IS NOT NULL)",
            name="document_named",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_reference)
    siren: Mapped[str] = mapped_column(sa.String(9), unique=True)
    name: Mapped[str] = mapped_column(sa.String(160))
    status: Mapped[ApprovalStatus] = mapped_column(
        enum_column(ApprovalStatus), default=ApprovalStatus.REGISTERED
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    vetted_how: Mapped[VettedHow | None] = mapped_column(enum_column(VettedHow))
    # The domain, the note of the call, or the reference of the document.
    vetted_words: Mapped[str | None] = mapped_column(sa.String(300))
    vetted_document: Mapped[DocumentKind | None] = mapped_column(enum_column(DocumentKind))
    vetted_user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"), index=True)
    vetted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"), index=True)
    vetted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    sites: Mapped[list["Site"]] = relationship(back_populates="company", order_by="Site.id")
    pledges: Mapped[list["Pledge"]] = relationship(
        back_populates="company", order_by="Pledge.school_year"
    )


class Site(Base):
    """A place with a SIRET, where pupils come."""

    __tablename__ = "site"
    __table_args__ = (sa.CheckConstraint("most_pupils BETWEEN 1 AND 1000", name="most_pupils"),)

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
    # In a school year, over all the offers of the site; without a number, their seats alone.
    most_pupils: Mapped[int | None]

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
