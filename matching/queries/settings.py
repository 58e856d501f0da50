"""The settings as they stand."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matching.models.settings import Setting
from matching.rules.hours import HoursPolicy
from matching.rules.settings import SETTINGS, SettingKey, hours_policy


def every(session: Session) -> dict[SettingKey, int]:
    """The value of each setting: the one chosen, else its default."""
    chosen = session.execute(sa.select(Setting.key, Setting.value).order_by(Setting.id))
    known = {key: limits.default for key, limits in SETTINGS.items()}
    known.update((key, value) for key, value in chosen)
    return known


def value(session: Session, key: SettingKey) -> int:
    """The value of one setting."""
    chosen = session.scalar(sa.select(Setting.value).where(Setting.key == key))
    return SETTINGS[key].default if chosen is None else chosen


def hours(session: Session) -> HoursPolicy:
    """The limits of the hours in force."""
    return hours_policy(every(session))
