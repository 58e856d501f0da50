"""From a typed postcode and commune to a point and its territories, offline."""

from dataclasses import dataclass, replace

import sqlalchemy as sa

from matching.database import db
from matching.errors import RuleBroken
from matching.geography.communes import GAZETTEER_YEAR, Commune, gazetteer
from matching.geography.geocoder import AmbiguousPlace, geocoder
from matching.geography.territories import Territory as ShippedTerritory
from matching.geography.territories import nearest_territory, territory_of
from matching.models.territories import Territory

VINTAGE = 2023


@dataclass(frozen=True, slots=True)
class Place:
    """The columns that a school and a site share."""

    postcode: str
    commune_code: str
    lat: float
    lon: float
    gazetteer_year: int
    territory_id: int | None
    attached_territory_id: int | None


_geocoder = "gazetteer"


def use_geocoder(name: str) -> None:
    """Choose where companies' addresses are looked up: "gazetteer", or "ban" online.

    Schools and pupils stay at their commune's point, whatever is chosen.
    """
    global _geocoder
    _geocoder = name


def locate(*, postcode: str, commune: str, commune_code: str = "", address: str = "") -> Place:
    """Find the commune that a person typed; ``commune_code`` is what they picked from a list.

    With ``address`` the point is the street's when an online service is configured and answers.
    Raises RuleBroken with code ``commune_unknown``, or ``commune_ambiguous`` whose value
    ``candidates`` lists (code, "Name (department)") to choose from. A homonym is never accepted
    silently.
    """
    if commune_code:
        picked = gazetteer().by_code(commune_code)
        if picked is None:
            raise RuleBroken("commune_unknown", field="commune", commune=commune, postcode=postcode)
        return at_commune(picked, postcode=postcode)
    service = geocoder(_geocoder if address else "gazetteer")
    typed = (
        f"{address}, {postcode} {commune}"
        if _geocoder != "gazetteer" and address
        else (f"{postcode} {commune}".strip())
    )
    try:
        found = service.geocode(typed)
    except AmbiguousPlace as several:
        choices = [(one.code, f"{one.name} ({one.departement})") for one in several.candidates]
        raise RuleBroken(
            "commune_ambiguous", field="commune", commune=commune, candidates=choices
        ) from None
    known = found and gazetteer().by_code(found.raw["commune"])
    if not known:
        raise RuleBroken("commune_unknown", field="commune", commune=commune, postcode=postcode)
    return replace(at_commune(known, postcode=postcode), lat=found.latitude, lon=found.longitude)


def at_commune(commune: Commune, *, postcode: str = "") -> Place:
    """The place of a commune: its point, its territory, the territory whose campaigns it joins."""
    return Place(
        postcode=postcode or commune.postcodes[0],
        commune_code=commune.code,
        lat=commune.lat,
        lon=commune.lon,
        gazetteer_year=GAZETTEER_YEAR,
        territory_id=_row_id(territory_of(commune.code, VINTAGE)),
        attached_territory_id=_row_id(nearest_territory(commune.code, VINTAGE)),
    )


def _row_id(territory: ShippedTerritory | None) -> int | None:
    if territory is None:
        return None
    return db.session.scalar(
        sa.select(Territory.id).where(
            Territory.vintage == VINTAGE,
            Territory.code == territory.code,
        )
    )
