"""From a typed postcode and commune to a point and its territories, offline."""

from dataclasses import dataclass

import sqlalchemy as sa

from matching.database import db
from matching.errors import RuleBroken
from matching.geography.communes import GAZETTEER_YEAR, Commune, gazetteer
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


def locate(*, postcode: str, commune: str, commune_code: str = "") -> Place:
    """Find the commune that a person typed; ``commune_code`` is what they picked from a list.

    Raises RuleBroken with code ``commune_unknown``, or ``commune_ambiguous`` whose value
    ``candidates`` lists (code, "Name (department)") to choose from. A homonym is never accepted
    silently.
    """
    found = _candidates(postcode=postcode, commune=commune, commune_code=commune_code)
    if not found:
        raise RuleBroken("commune_unknown", field="commune", commune=commune, postcode=postcode)
    if len(found) > 1:
        choices = [(one.code, f"{one.name} ({one.departement})") for one in found]
        raise RuleBroken("commune_ambiguous", field="commune", commune=commune, candidates=choices)
    return at_commune(found[0], postcode=postcode)


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


def _candidates(*, postcode: str, commune: str, commune_code: str) -> list[Commune]:
    known = gazetteer()
    if commune_code:
        picked = known.by_code(commune_code)
        return [picked] if picked else []
    named = known.named(commune)
    if not postcode:
        return named
    there = {one.code for one in known.by_postcode(postcode)}
    both = [one for one in named if one.code in there]
    # A CEDEX or a mistyped postcode: the name within the département decides.
    return both or [one for one in named if one.departement in _departements(postcode)]


def _departements(postcode: str) -> set[str]:
    if postcode.startswith("20"):
        return {"2A", "2B"}
    return {postcode[:3] if postcode.startswith("97") else postcode[:2]}


def _row_id(territory: ShippedTerritory | None) -> int | None:
    if territory is None:
        return None
    return db.session.scalar(
        sa.select(Territory.id).where(
            Territory.vintage == VINTAGE,
            Territory.code == territory.code,
        )
    )
