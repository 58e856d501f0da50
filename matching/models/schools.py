"""Schools, their classes, and the weeks in which their pupils may leave."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matching import clock
from matching.database import Base, UtcDateTime, enum_column, new_reference
from matching.models.statuses import ApprovalStatus
from matching.models.territories import Territory


class PriorityEducation(StrEnum):
    """Priority education networks; a REP+ school is entitled to what a REP school is."""

    NONE = "none"
    REP = "rep"
    REP_PLUS = "rep_plus"


class School(Base):
    """A collège, known by its UAI. Its point is its commune's."""

    __tablename__ = "school"
    __table_args__ = (sa.CheckConstraint("reach_km BETWEEN 1 AND 100", name="reach"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_reference)
    uai: Mapped[str] = mapped_column(sa.String(8), unique=True)
    name: Mapped[str] = mapped_column(sa.String(160))
    address: Mapped[str] = mapped_column(sa.String(200), default="")
    postcode: Mapped[str] = mapped_column(sa.String(5))
    commune_code: Mapped[str] = mapped_column(sa.String(5), index=True)
    lat: Mapped[float]
    lon: Mapped[float]
    gazetteer_year: Mapped[int]
    territory_id: Mapped[int | None] = mapped_column(sa.ForeignKey("territory.id"), index=True)
    # The territory whose campaigns it joins: its own, or the nearest of its département.
    attached_territory_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("territory.id"), index=True
    )
    public: Mapped[bool] = mapped_column(default=True)
    priority_education: Mapped[PriorityEducation] = mapped_column(
        enum_column(PriorityEducation), default=PriorityEducation.NONE
    )
    holiday_zone: Mapped[str] = mapped_column(sa.String(16))
    reach_km: Mapped[int] = mapped_column(default=20)
    status: Mapped[ApprovalStatus] = mapped_column(
        enum_column(ApprovalStatus), default=ApprovalStatus.REGISTERED
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    territory: Mapped[Territory | None] = relationship(foreign_keys=[territory_id])
    attached_territory: Mapped[Territory | None] = relationship(
        foreign_keys=[attached_territory_id]
    )
    class_groups: Mapped[list["ClassGroup"]] = relationship(
        back_populates="school", order_by="ClassGroup.name"
    )
    windows: Mapped[list["PlacementWindow"]] = relationship(
        back_populates="school", order_by="PlacementWindow.week"
    )


class ClassGroup(Base):
    """A class of one school year."""

    __tablename__ = "class_group"
    __table_args__ = (sa.UniqueConstraint("school_id", "school_year", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_reference)
    school_id: Mapped[int] = mapped_column(sa.ForeignKey("school.id"))
    school_year: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(40))
    class_teacher_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    # The file that opened it, while it can be undone.
    import_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("pupil_import.id", ondelete="SET NULL"), index=True
    )

    school: Mapped[School] = relationship(back_populates="class_groups")
    windows: Mapped[list["PlacementWindow"]] = relationship(
        back_populates="class_group", order_by="PlacementWindow.week"
    )


class PlacementWindow(Base):
    """One ISO week in which pupils may leave, with its weekdays (3 to 5 of Monday to Friday).

    A window of a class replaces those of the school; several windows mean any one of them.
    ``weekdays`` is written "12345", Monday first.
    """

    __tablename__ = "placement_window"
    __table_args__ = (
        sa.CheckConstraint("length(weekdays) BETWEEN 3 AND 5", name="weekdays"),
        sa.Index(
            "uq_placement_window",
            "school_id",
            sa.text("coalesce(class_group_id, 0)"),
            "week",
            unique=True,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int] = mapped_column(sa.ForeignKey("school.id"))
    class_group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("class_group.id"), index=True)
    school_year: Mapped[int]
    week: Mapped[str] = mapped_column(sa.String(8))
    weekdays: Mapped[str] = mapped_column(sa.String(5), default="12345")

    school: Mapped[School] = relationship(back_populates="windows")
    class_group: Mapped[ClassGroup | None] = relationship(back_populates="windows")
