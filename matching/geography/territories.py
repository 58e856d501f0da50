"""The territoires d'industrie, and the one to which a commune belongs.

A commune belongs through its intercommunality, else its établissement public territorial (Greater
Paris), else by name in a partial perimeter. The lists of 2018 and 2023 use the same ids for other
places: the key is (vintage, code).
"""

import csv
from collections import defaultdict
from dataclasses import dataclass
from functools import cache

import numpy as np

from matching.engine.distance import distances
from matching.geography.communes import Commune, gazetteer
from matching.paths import DATA


@dataclass(frozen=True, slots=True)
class Territory:
    """A territory of one list; its départements are those of its members."""

    vintage: int
    code: str
    name: str
    region: str
    departements: tuple[str, ...]


def territories(vintage: int = 2023) -> list[Territory]:
    """The list of a vintage: 2023 (183, by default) or 2018 (149, the last of the first phase)."""
    return list(_lists().get(vintage, {}))


def territory_of(commune_code: str, vintage: int = 2023) -> Territory | None:
    """The territory of a commune, None for the 40 % of people who live outside all of them.

    Arrondissements count as their city; former codes as today's commune.
    """
    return _by_commune(vintage).get(_today(commune_code))


def nearest_territory(commune_code: str, vintage: int = 2023) -> Territory | None:
    """The territory of a commune, or the one of its département whose communes are nearest.

    None when the département has no territory, or the code is unknown.
    """
    own = territory_of(commune_code, vintage)
    commune = gazetteer().by_code(_today(commune_code))
    if own or not commune:
        return own
    members = _members(vintage)
    return min(
        (one for one in members if commune.departement in one.departements),
        key=lambda one: (_metres_to(commune, members[one]), one.code),
        default=None,
    )


def communes_of(territory: Territory) -> list[Commune]:
    """The communes of a territory, by code."""
    return list(_members(territory.vintage).get(territory, ()))


def _metres_to(commune: Commune, members: list[Commune]) -> int:
    lats = np.array([member.lat for member in members])
    lons = np.array([member.lon for member in members])
    return int(distances(np.array(commune.lat), np.array(commune.lon), lats, lons).min())


def _today(commune_code: str) -> str:
    known = gazetteer()
    return known.fold_arrondissement(known.current_code(commune_code) or commune_code)


@cache
def _lists() -> dict[int, dict[Territory, list[str]]]:
    """Vintage → territory → what it is made of: EPCI, EPT and communes."""
    found: dict[int, dict[Territory, list[str]]] = defaultdict(dict)
    with (DATA / "territories.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            territory = Territory(
                vintage=int(row["vintage"]),
                code=row["id"],
                name=row["name"],
                region=row["region"],
                departements=tuple(row["departements"].split()),
            )
            parts = " ".join([row["epci_sirens"], row["ept_sirens"], row["communes_insee"]])
            found[territory.vintage][territory] = parts.split()
    return dict(found)


@cache
def _by_commune(vintage: int) -> dict[str, Territory]:
    by_part = {
        part: territory for territory, parts in _lists().get(vintage, {}).items() for part in parts
    }
    found = {}
    for commune in gazetteer():
        for part in (commune.epci, commune.ept, commune.code):
            if part in by_part:
                found[commune.code] = by_part[part]
                break
    return found


@cache
def _members(vintage: int) -> dict[Territory, list[Commune]]:
    members = defaultdict(list)
    known = gazetteer()
    for code, territory in _by_commune(vintage).items():
        commune = known.by_code(code)
        if commune and known.fold_arrondissement(code) == code:
            members[territory].append(commune)
    return dict(members)
