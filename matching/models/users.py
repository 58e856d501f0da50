"""People who sign in, and the roles that they hold."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matching import clock
from matching.database import Base, UtcDateTime, enum_column, new_reference
from matching.models.companies import Company
from matching.models.schools import School
from matching.models.territories import Territory


class User(Base):
    """An adult (e-mail and password) or a pupil (login name and card code), never both.

    The names of a pupil are kept in ``Pupil`` alone. An adult who was erased leaves a row without
    a name, so that the journal and what was accepted still hold.
    """

    __tablename__ = "user"
    __allow_unmapped__ = True
    __table_args__ = (
        sa.CheckConstraint(
            "(email IS NOT NULL AND password_hash IS NOT NULL AND login_name IS NULL "
            "AND code_hash IS NULL) OR (email IS NULL AND password_hash IS NULL "
            "AND login_name IS NOT NULL AND code_hash IS NOT NULL)",
            name="adult_or_pupil",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_reference)
    email: Mapped[str | None] = mapped_column(sa.String(254), unique=True)
    password_hash: Mapped[str | None] = mapped_column(sa.String(200))
    login_name: Mapped[str | None] = mapped_column(sa.String(40), unique=True)
    code_hash: Mapped[str | None] = mapped_column(sa.String(200))
    first_name: Mapped[str] = mapped_column(sa.String(80), default="")
    last_name: Mapped[str] = mapped_column(sa.String(80), default="")
    phone: Mapped[str | None] = mapped_column(sa.String(20))
    locale: Mapped[str] = mapped_column(sa.String(5), default="fr")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    blocked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # When the person proved that the address is theirs.
    email_verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # An adult who does not sign in for two years is warned, then forgotten.
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now, index=True)
    end_told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Not stored: where a person with several places works now, chosen in the header.
    acting_in: str | None = None

    memberships: Mapped[list["Membership"]] = relationship(
        back_populates="user", order_by="Membership.id"
    )

    @property
    def name(self) -> str:
        """First name and surname of an adult; the login name of a pupil; a dash once erased."""
        return f"{self.first_name} {self.last_name}".strip() or (self.login_name or "–")

    @property
    def in_force(self) -> list["Membership"]:
        """The live memberships; those of the place where the person works now, if it is chosen."""
        live = [one for one in self.memberships if one.ended_at is None]
        if self.acting_in is None:
            return live
        return [one for one in live if one.place == self.acting_in]

    # What Flask-Login asks of a user.
    is_authenticated = True
    is_anonymous = False

    @property
    def is_active(self) -> bool:
        """Blocked people cannot sign in."""
        return self.blocked_at is None

    def get_id(self) -> str:
        """The public reference, kept in the session cookie."""
        return self.ref


class Role(StrEnum):
    """What a person is, somewhere."""

    PRINCIPAL = "principal"
    CLASS_TEACHER = "class_teacher"
    SCHOOL_CLERK = "school_clerk"
    COMPANY_MEMBER = "company_member"
    TERRITORY_COORDINATOR = "territory_coordinator"
    FOUNDATION_ADMIN = "foundation_admin"


SCHOOL_ROLES = (Role.PRINCIPAL, Role.CLASS_TEACHER, Role.SCHOOL_CLERK)

IN_SCHOOL = "role IN ('principal', 'class_teacher', 'school_clerk')"


class Membership(Base):
    """A role of a user in one school, one company, one territory, or the foundation."""

    __tablename__ = "membership"
    __table_args__ = (
        sa.CheckConstraint(
            f"(school_id IS NOT NULL) = ({IN_SCHOOL})",  # our own words
            name="school_role",
        ),
        sa.CheckConstraint(
            "(company_id IS NOT NULL) = (role = 'company_member')", name="company_role"
        ),
        sa.CheckConstraint(
            "(territory_id IS NOT NULL) = (role = 'territory_coordinator')", name="territory_role"
        ),
        sa.Index(
            "uq_membership_live",
            "user_id",
            "role",
            sa.text("coalesce(school_id, 0)"),
            sa.text("coalesce(company_id, 0)"),
            sa.text("coalesce(territory_id, 0)"),
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"), index=True)
    role: Mapped[Role] = mapped_column(enum_column(Role))
    school_id: Mapped[int | None] = mapped_column(sa.ForeignKey("school.id"), index=True)
    company_id: Mapped[int | None] = mapped_column(sa.ForeignKey("company.id"), index=True)
    territory_id: Mapped[int | None] = mapped_column(sa.ForeignKey("territory.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship(back_populates="memberships")
    school: Mapped[School | None] = relationship()
    company: Mapped[Company | None] = relationship()
    territory: Mapped[Territory | None] = relationship()

    @property
    def place(self) -> str:
        """Where the role is held: all the territories of a coordinator are one place."""
        if self.school is not None:
            return f"school-{self.school.ref}"
        if self.company is not None:
            return f"company-{self.company.ref}"
        return "territories" if self.territory_id is not None else "foundation"
