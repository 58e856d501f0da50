"""The school years that were opened: each once."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from matching import clock
from matching.database import Base, UtcDateTime


class OpenedYear(Base):
    """A school year that `letabli new-year` opened, named by its first calendar year."""

    __tablename__ = "opened_year"

    id: Mapped[int] = mapped_column(primary_key=True)
    school_year: Mapped[int] = mapped_column(unique=True)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    # Letters are written some at a time: to whom, by number, and when the last one was.
    asked_up_to: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
