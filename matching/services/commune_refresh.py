"""After the yearly file of communes: rows in a commune that has merged move to today's.

A school or a site stays at its point; a code, and the territory that follows from it, change. What
the file does not know is left as it is, and told.
"""

from dataclasses import dataclass

import sqlalchemy as sa

from matching.database import db, transactional
from matching.geography.communes import GAZETTEER_YEAR, gazetteer
from matching.models.companies import Site
from matching.models.pupils import Pupil
from matching.models.schools import School
from matching.services import locations


@dataclass(frozen=True, slots=True)
class Refreshed:
    """How many rows changed commune, as former code → today's, and the codes nobody knows.

    ``unknown`` is (table, code, how many rows), in this order.
    """

    rows: int
    merged: dict[str, str]
    unknown: tuple[tuple[str, str, int], ...]


@transactional
def refresh() -> Refreshed:
    """Map every commune code of schools, sites and pupils; twice changes nothing more."""
    merged: dict[str, str] = {}
    unknown: list[tuple[str, str, int]] = []
    changed = 0
    for table in (School, Site, Pupil):
        column = table.commune_code
        codes = db.session.execute(
            sa.select(column, sa.func.count()).where(column.is_not(None)).group_by(column)
        ).all()
        for found, rows in sorted(codes):
            code = str(found)
            today = gazetteer().current_code(code)
            if today is None:
                unknown.append((table.__tablename__, code, rows))
                continue
            if today != code:
                merged[code] = today
                changed += rows
            _move(table, code, today)
    return Refreshed(changed, dict(sorted(merged.items())), tuple(sorted(unknown)))


def _move(table: type[School | Site | Pupil], code: str, today: str) -> None:
    """Write today's code, and for a place its territory and the year of the file."""
    values: dict[str, object] = {"commune_code": today}
    commune = gazetteer().by_code(today)
    stale = table.commune_code == code
    if not issubclass(table, Pupil) and commune is not None:
        values["gazetteer_year"] = GAZETTEER_YEAR
        if code == today:
            stale &= table.gazetteer_year != GAZETTEER_YEAR
        else:
            place = locations.at_commune(commune)
            values["territory_id"] = place.territory_id
            values["attached_territory_id"] = place.attached_territory_id
    elif code == today:
        return
    db.session.execute(sa.update(table).where(stale).values(values))
