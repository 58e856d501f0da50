"""Where things stand: real communes, close together in the heart of a territory."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import sqlalchemy as sa

from matching.database import db
from matching.engine.distance import distances
from matching.geography import territories as shipped
from matching.geography.communes import GAZETTEER_YEAR, Commune
from matching.models.territories import Territory
from matching.rules.school_calendar import zone_of

VINTAGE = 2023
HEART = 900  # tens of metres: any two points of a heart are within a reach of 20 km
REMOTE = 3200  # beyond it, nothing of the heart is within reach
TOWN = 2500  # inhabitants


@dataclass(frozen=True, slots=True)
class Ground:
    """A territory: its row, its communes around the main town or far away, its holiday zone."""

    row_id: int
    code: str
    name: str
    towns: tuple[Commune, ...]
    villages: tuple[Commune, ...]
    remote: tuple[Commune, ...]
    zone: str

    def columns(self, commune: Commune) -> dict[str, object]:
        """The columns of a place that a school and a site share."""
        return {
            "postcode": commune.postcodes[0],
            "commune_code": commune.code,
            "lat": commune.lat,
            "lon": commune.lon,
            "gazetteer_year": GAZETTEER_YEAR,
            "territory_id": self.row_id,
            "attached_territory_id": self.row_id,
        }

    def town(self, source: random.Random) -> Commune:
        """A town; the larger, the more often."""
        return source.choices(self.towns, [one.population**0.6 for one in self.towns])[0]


def grounds() -> dict[str, Ground]:
    """Every territory of 2023 that has communes, by code."""
    ids = {
        row.code: row.id
        for row in db.session.execute(
            sa.select(Territory.id, Territory.code).where(Territory.vintage == VINTAGE)
        )
    }
    found = {}
    for territory in shipped.territories(VINTAGE):
        communes = shipped.communes_of(territory)
        if not communes:
            continue
        towns, villages, remote = _around_the_centre(communes)
        found[territory.code] = Ground(
            row_id=ids[territory.code],
            code=territory.code,
            name=territory.name,
            towns=towns,
            villages=villages,
            remote=remote,
            zone=zone_of(towns[0].departement) or "A",
        )
    return found


Communes = tuple[Commune, ...]


def _around_the_centre(communes: Sequence[Commune]) -> tuple[Communes, Communes, Communes]:
    """Towns and villages around the commune that gathers most inhabitants, and those far away.

    The most inhabitants come first.
    """
    lats = np.array([one.lat for one in communes])
    lons = np.array([one.lon for one in communes])
    people = np.array([one.population for one in communes])
    largest = sorted(range(len(communes)), key=lambda at: (-people[at], communes[at].code))[:5]
    away = distances(lats[largest, None], lons[largest, None], lats, lons)  # (5, communes)
    centre = int(np.argmax((people * (away <= HEART)).sum(axis=1)))
    ordered = sorted(
        zip(communes, away[centre].tolist(), strict=True),
        key=lambda pair: (-pair[0].population, pair[0].code),
    )
    heart = [one for one, metres in ordered if metres <= HEART]
    towns = tuple(one for one in heart if one.population >= TOWN) or (heart[0],)
    return (
        towns,
        tuple(one for one in heart if one not in towns),
        tuple(one for one, metres in ordered if metres > REMOTE),
    )
