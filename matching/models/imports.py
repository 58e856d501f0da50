"""Files of pupils: between their preview and the teacher's word, and what became of them."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matching import clock
from matching.database import Base, UtcDateTime, new_reference
from matching.models.pupils import Pupil
from matching.models.schools import School
from matching.models.users import User

KEPT_FOR = timedelta(hours=1)
RESTORED_FOR = timedelta(days=7)


class ImportPreview(Base):
    """The cells of one file that we keep: the columns that we do not ask for are not here.

    One a person. Erased when the person confirms, cancels or sends another file, and an hour after
    the last correction.
    """

    __tablename__ = "import_preview"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_reference)
    owner_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"), unique=True)
    school_id: Mapped[int] = mapped_column(sa.ForeignKey("school.id", ondelete="CASCADE"))
    school_year: Mapped[int]
    # matching.rules.pupils_kept.KeptFile: how the file was read, its columns, the kept cells.
    file: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    # The class of the pupils whose line names none.
    default_class: Mapped[str | None] = mapped_column(sa.String(40))
    # What the person decided of some lines: line → "skip", "keep", "new", or the pupil's reference.
    decisions: Mapped[dict[str, str]] = mapped_column(sa.JSON, default=dict)
    # When the file was sent or last corrected.
    touched_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now, index=True)

    school: Mapped[School] = relationship()


class PupilImport(Base):
    """A file that was confirmed: who, when, how much. What it made points here and can be undone.

    ``marks`` has the fingerprint of each pupil as the file made him, by reference: a pupil who was
    corrected since is not taken away.
    """

    __tablename__ = "pupil_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_reference)
    school_id: Mapped[int] = mapped_column(
        sa.ForeignKey("school.id", ondelete="CASCADE"), index=True
    )
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))
    school_year: Mapped[int]
    added: Mapped[int]
    updated: Mapped[int]
    marks: Mapped[dict[str, str]] = mapped_column(sa.JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    school: Mapped[School] = relationship()
    author: Mapped[User | None] = relationship()


class ImportChange(Base):
    """What a pupil was before a file changed him, for the week in which that can be taken back.

    ``before`` is what ``services.import_undo.before`` gives; ``mark`` the fingerprint of the pupil
    as the file left him. It goes with the pupil.
    """

    __tablename__ = "import_change"
    __table_args__ = (sa.UniqueConstraint("import_id", "pupil_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(sa.ForeignKey("pupil_import.id", ondelete="CASCADE"))
    pupil_id: Mapped[int] = mapped_column(sa.ForeignKey("pupil.id", ondelete="CASCADE"), index=True)
    before: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    mark: Mapped[str] = mapped_column(sa.String(64))
    expires_at: Mapped[datetime] = mapped_column(
        UtcDateTime, default=lambda: clock.now() + RESTORED_FOR, index=True
    )

    pupil: Mapped[Pupil] = relationship()
