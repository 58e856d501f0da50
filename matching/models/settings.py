"""Settings of the whole installation; one without a row has its default."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from matching import clock
from matching.database import Base, UtcDateTime, enum_column
from matching.rules.settings import SettingKey


class Setting(Base):
    """A value that the foundation chose. Its events say who, when and why."""

    __tablename__ = "setting"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[SettingKey] = mapped_column(enum_column(SettingKey), unique=True)
    value: Mapped[int]
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now, onupdate=clock.now)
