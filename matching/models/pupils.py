"""Pupils and their guardians: the least data that the placement needs."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matching import clock
from matching.database import Base, UtcDateTime, new_reference
from matching.models.schools import ClassGroup, School
from matching.models.users import User


class Pupil(Base):
    """A pupil of one school year. Never a street address: the commune at most.

    ``identity`` is the normalised surname, first name and birth date: the same file imported twice
    changes nothing. ``lottery_reference`` is random and public to the pupil: with the campaign's
    seed it gives the lottery number, so no trial can change it.
    """

    __tablename__ = "pupil"
    __table_args__ = (sa.UniqueConstraint("school_id", "school_year", "identity"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_reference)
    lottery_reference: Mapped[str] = mapped_column(
        sa.String(16), unique=True, default=new_reference
    )
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"), unique=True)
    school_id: Mapped[int] = mapped_column(sa.ForeignKey("school.id"), index=True)
    class_group_id: Mapped[int] = mapped_column(sa.ForeignKey("class_group.id"), index=True)
    school_year: Mapped[int]
    first_name: Mapped[str] = mapped_column(sa.String(80))
    last_name: Mapped[str] = mapped_column(sa.String(80))
    birth_date: Mapped[date]
    identity: Mapped[str] = mapped_column(sa.String(200))
    # The commune of residence, when the school enters it; else the school's commune counts.
    commune_code: Mapped[str | None] = mapped_column(sa.String(5))
    needs_access: Mapped[bool] = mapped_column(default=False)
    # Pupils of the school who share this mark are not sent to one offer in the same week. Why is
    # written nowhere.
    kept_apart: Mapped[str | None] = mapped_column(sa.String(16), index=True)
    # When a card was last made; codes are kept as a keyed hash, so a new card is a new code.
    card_issued_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Keys of matching.rules.sectors, in the order in which the pupil ticked them.
    interests: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    # The file that enrolled him, while it can be undone.
    import_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("pupil_import.id", ondelete="SET NULL"), index=True
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    user: Mapped[User] = relationship()
    school: Mapped[School] = relationship()
    class_group: Mapped[ClassGroup] = relationship()
    guardians: Mapped[list["Guardian"]] = relationship(
        back_populates="pupil", order_by="Guardian.position", cascade="all, delete-orphan"
    )

    @property
    def short_name(self) -> str:
        """First name and initial: all that a host sees once the school has said yes."""
        return f"{self.first_name} {self.last_name[:1]}."


class Guardian(Base):
    """One or two per pupil; no account needed."""

    __tablename__ = "guardian"
    __table_args__ = (
        sa.UniqueConstraint("pupil_id", "position"),
        sa.CheckConstraint("position IN (1, 2)", name="position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pupil_id: Mapped[int] = mapped_column(sa.ForeignKey("pupil.id", ondelete="CASCADE"))
    position: Mapped[int]
    first_name: Mapped[str] = mapped_column(sa.String(80), default="")
    last_name: Mapped[str] = mapped_column(sa.String(80), default="")
    email: Mapped[str | None] = mapped_column(sa.String(254))
    phone: Mapped[str | None] = mapped_column(sa.String(20))

    pupil: Mapped[Pupil] = relationship(back_populates="guardians")
