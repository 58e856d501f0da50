"""Who accepted which edition of which text, for whom, and when."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matching import clock
from matching.database import Base, UtcDateTime, enum_column
from matching.models.companies import Company
from matching.models.schools import School
from matching.models.users import User
from matching.rules.legal_texts import LegalText


class LegalAcceptance(Base):
    """One edition accepted by a person in the name of a school or of a company."""

    __tablename__ = "legal_acceptance"
    __table_args__ = (
        sa.CheckConstraint("(school_id IS NULL) <> (company_id IS NULL)", name="one_party"),
        # A null equals no other: each constraint holds for its own kind of party.
        sa.UniqueConstraint("text", "version", "school_id"),
        sa.UniqueConstraint("text", "version", "company_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[LegalText] = mapped_column(enum_column(LegalText))
    version: Mapped[int]
    school_id: Mapped[int | None] = mapped_column(sa.ForeignKey("school.id"), index=True)
    company_id: Mapped[int | None] = mapped_column(sa.ForeignKey("company.id"), index=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
    accepted_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    school: Mapped[School | None] = relationship()
    company: Mapped[Company | None] = relationship()
    user: Mapped[User] = relationship()
