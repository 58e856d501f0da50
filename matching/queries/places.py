"""The commune that a visitor types to search around it."""

from functools import cache

from matching.geography.addresses import read_address
from matching.geography.communes import Commune, gazetteer
from matching.geography.towns import AmbiguousPlace, Towns


def communes_typed(text: str) -> list[Commune]:
    """The communes that the words may mean: one, several to choose among, or none."""
    address = read_address(text)
    if address is None:
        return []
    try:
        found = _towns().commune(address)
    except AmbiguousPlace as several:
        return several.candidates
    return [found] if found else []


@cache
def _towns() -> Towns:
    return Towns(gazetteer())
