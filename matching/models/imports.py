"""Files of pupils between their preview and the teacher's word."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matching import clock
from matching.database import Base, UtcDateTime, new_reference
from matching.models.schools import School

KEPT_FOR = timedelta(hours=1)


class ImportPreview(Base):
    """The lines of one file, read and cleaned: the columns that we do not ask for are not here.

    One a person. Erased when the person confirms, cancels or sends another file, and after an hour.
    """

    __tablename__ = "import_preview"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_reference)
    owner_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"), unique=True)
    school_id: Mapped[int] = mapped_column(sa.ForeignKey("school.id", ondelete="CASCADE"))
    school_year: Mapped[int]
    # What matching.rules.pupils_file read, one object a line.
    lines: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON)
    # Headers of the file that were left out, to be named on the preview.
    ignored_columns: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now, index=True)

    school: Mapped[School] = relationship()
