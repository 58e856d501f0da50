"""The foundation changes a setting, and says why."""

import sqlalchemy as sa

from matching.database import db, transactional
from matching.errors import RuleBroken, Stale
from matching.models import events
from matching.models.settings import Setting
from matching.models.users import User
from matching.queries import settings
from matching.rules.settings import SETTINGS, SettingKey, within
from matching.services.foundation import checked_reason


@transactional
def change(
    actor: User, values: dict[SettingKey, int], *, seen: dict[SettingKey, int], why: str
) -> list[SettingKey]:
    """Write the values that differ from those in force; return their keys.

    ``seen`` are the values that the page showed. Raises RuleBroken ``why_missing``, ``why_long`` or
    ``setting_range`` (field: the key), Stale ``setting_changed``.
    """
    reason = checked_reason(why)
    known = settings.every(db.session())
    changed = []
    for key, value in sorted(values.items()):
        if not within(key, value):
            limits = SETTINGS[key]
            raise RuleBroken("setting_range", field=key, least=limits.least, most=limits.most)
        if value == known[key]:
            continue
        if seen.get(key) != known[key]:
            raise Stale("setting_changed", field=key)
        row = db.session.scalar(sa.select(Setting).where(Setting.key == key).with_for_update())
        if row is None:
            row = Setting(key=key, value=value)
            db.session.add(row)
        row.value = value
        events.note(row, before=str(known[key]), after=str(value), actor_id=actor.id, why=reason)
        changed.append(key)
    return changed
