"""Territoires d'industrie, as rows that schools, sites, members and campaigns point to."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from matching.database import Base


class Territory(Base):
    """One territory of one vintage; ids of the list are reused between vintages."""

    __tablename__ = "territory"
    __table_args__ = (sa.UniqueConstraint("vintage", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    vintage: Mapped[int]
    code: Mapped[str] = mapped_column(sa.String(16))
    name: Mapped[str] = mapped_column(sa.String(160))
    region: Mapped[str] = mapped_column(sa.String(80))
