"""Where a line is: a point, a territory, and the places that the road reaches from there."""

import re
from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.spatial import cKDTree

from matching.engine.distance import distance, geocentric
from matching.geography.addresses import read_address
from matching.geography.communes import Commune, gazetteer
from matching.geography.geocoder import AmbiguousPlace, geocoder
from matching.geography.names import fold
from matching.geography.territories import territories, territory_of
from matching.spreadsheet import cells
from matching.spreadsheet.read import Row

FARTHEST_COMMUNE = 15_000  # tens of metres; the largest commune, in Guyane, is as wide as that
MOST_CANDIDATES = 12
NO_TERRITORY = "-"


@dataclass(frozen=True, slots=True)
class Place:
    """`commune` is an INSEE code, `territory` a code or `""`; degrees are WGS84."""

    lat: float
    lon: float
    commune: str
    territory: str
    link_group: str


def locate(row: Row) -> Place:
    """The place of a line, from `lat` and `lon`, or `postcode` and `commune`, or both.

    Raises:
        LineRefused: when they name no place, several, or two different ones.
    """
    if row["lat"] or row["lon"]:
        lat = float(cells.number(row, "lat", -90, 90))
        lon = float(cells.number(row, "lon", -180, 180))
        commune = _named(row) if row["commune"] else _nearest(lat, lon)
        if distance(lat, lon, commune.lat, commune.lon) > FARTHEST_COMMUNE:
            expected = (
                f"un point proche de {commune.name}" if row["commune"] else "un point en France"
            )
            raise row.refuse("lat", expected, f"{row['lat']} ; {row['lon']}")
    else:
        commune = _named(row)
        lat, lon = commune.lat, commune.lon
    return Place(lat, lon, commune.code, _territory(row, commune), commune.link_group)


def _named(row: Row) -> Commune:
    postcode = row["postcode"]
    if postcode and not re.fullmatch("[0-9]{4,5}", postcode):
        raise row.refuse("postcode", "un code postal de 5 chiffres")
    if not postcode and not row["commune"]:
        raise row.refuse("commune", "un code postal et une commune, ou lat et lon")
    # A spreadsheet takes 01000 for a number and drops its zero.
    found = _commune(postcode and postcode.zfill(5), row["commune"])
    if isinstance(found, str):
        raise row.refuse("commune", found)
    return found


@cache
def _commune(postcode: str, name: str) -> Commune | str:
    """The only commune that both words mean, or what was expected instead.

    The geocoder also guesses misspelt names and forgives a wrong postcode; here a guess is only
    proposed, because nobody looks at the lines one by one.
    """
    known = gazetteer()
    written = f"{postcode} {name}".strip()
    try:
        location = geocoder().geocode(written)
    except AmbiguousPlace as several:
        missing = "" if name and postcode else " aussi"
        wanted = "le nom de la commune" if postcode else "le code postal"
        return f"{wanted}{missing}, pour choisir entre {_listed(several.candidates)}"
    found = known.by_code(location.raw["commune"]) if location else None
    there = known.by_postcode(postcode) if postcode else []
    if not found:
        return f"une commune de {postcode} : {_listed(there)}" if there else "une commune de France"
    city = known.fold_arrondissement(found.code)
    address = read_address(written)
    if name and address and city not in {each.code for each in known.named(address.town)}:
        return f"une commune connue ; peut-être {_listed([found])}"
    if there and city not in {known.fold_arrondissement(each.code) for each in there}:
        return f"une commune de {postcode} : {_listed(there)}"
    return found


def _listed(communes: list[Commune]) -> str:
    shown = [f"{each.name} ({', '.join(each.postcodes[:1])})" for each in communes]
    more = ", …" if len(shown) > MOST_CANDIDATES else ""
    return ", ".join(shown[:MOST_CANDIDATES]) + more


@cache
def _tree() -> tuple[cKDTree, list[Commune]]:
    communes = list(gazetteer())
    points = np.array([(each.lat, each.lon) for each in communes])
    return cKDTree(np.column_stack(geocentric(points[:, 0], points[:, 1]))), communes


@cache
def _nearest(lat: float, lon: float) -> Commune:
    """The commune whose point is nearest."""
    tree, communes = _tree()
    _, at = tree.query(geocentric(lat, lon))
    return communes[int(at)]


def _territory(row: Row, commune: Commune) -> str:
    """The code of the territory that is given, by code or by name, else of the commune's."""
    given = row["territory"]
    if not given:
        found = territory_of(commune.code)
        return found.code if found else ""
    if given == NO_TERRITORY:
        return ""
    return known_territories().get(fold(given), given)


@cache
def known_territories() -> dict[str, str]:
    """Folded code or name → code, for the list of 2023; a name borne twice is left out."""
    by_name: dict[str, str] = {}
    for territory in territories():
        name = fold(territory.name)
        by_name[name] = "" if name in by_name else territory.code
    by_code = {fold(territory.code): territory.code for territory in territories()}
    return {name: code for name, code in by_name.items() if code} | by_code
