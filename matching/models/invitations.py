"""Invitations of colleagues to a school, a company or a territory."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matching import clock
from matching.database import Base, UtcDateTime, enum_column, new_reference
from matching.models.companies import Company
from matching.models.schools import School
from matching.models.territories import Territory
from matching.models.users import IN_SCHOOL, Role, User


class Invitation(Base):
    """A role offered to whoever reads this address; it serves once, expires, and can be taken back.

    Only a keyed hash of the secret part of its link is kept.
    """

    __tablename__ = "invitation"
    __table_args__ = (
        sa.CheckConstraint(f"(school_id IS NOT NULL) = ({IN_SCHOOL})", name="school_role"),
        sa.CheckConstraint(
            "(company_id IS NOT NULL) = (role = 'company_member')", name="company_role"
        ),
        sa.CheckConstraint(
            "(territory_id IS NOT NULL) = (role = 'territory_coordinator')", name="territory_role"
        ),
        sa.CheckConstraint("accepted_at IS NULL OR revoked_at IS NULL", name="one_end"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_reference)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    email: Mapped[str] = mapped_column(sa.String(254), index=True)
    role: Mapped[Role] = mapped_column(enum_column(Role))
    school_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("school.id", ondelete="CASCADE"), index=True
    )
    company_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("company.id", ondelete="CASCADE"), index=True
    )
    territory_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("territory.id", ondelete="CASCADE"), index=True
    )
    invited_by_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("user.id", ondelete="SET NULL"), index=True
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    accepted_by_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("user.id", ondelete="SET NULL")
    )
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    invited_by: Mapped[User | None] = relationship(foreign_keys=[invited_by_id])
    school: Mapped[School | None] = relationship()
    company: Mapped[Company | None] = relationship()
    territory: Mapped[Territory | None] = relationship()

    @property
    def place(self) -> School | Company | Territory | None:
        """Where the role is held."""
        return self.school or self.company or self.territory
