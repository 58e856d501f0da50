"""Geocode addresses to their commune, offline, behind geopy's interface.

A homonym is never accepted silently: `AmbiguousPlace` carries the candidates to choose from.
"""

from functools import cache
from typing import Any

from geopy.adapters import URLLibAdapter
from geopy.geocoders.base import DEFAULT_SENTINEL, Geocoder
from geopy.location import Location

from matching.geography.addresses import read_address
from matching.geography.communes import Commune, Gazetteer, gazetteer
from matching.geography.online import OnlineGeocoder
from matching.geography.towns import AmbiguousPlace, Towns

__all__ = ["AmbiguousPlace", "GazetteerGeocoder", "geocoder"]


class GazetteerGeocoder(Geocoder):  # type: ignore[misc]  # geopy has no types
    """geopy's interface over the shipped communes. Needs no network."""

    def __init__(self, known: Gazetteer | None = None) -> None:
        super().__init__(adapter_factory=URLLibAdapter)
        self._towns = Towns(known or gazetteer())

    def geocode(
        self, query: str, *, exactly_one: bool = True, timeout: Any = DEFAULT_SENTINEL
    ) -> Location | list[Location] | None:
        """The commune of an address, as a Location.

        ``raw`` holds ``commune`` (INSEE code), ``postcode`` and ``precision`` ("commune").
        None when nothing resembles the query. Raises AmbiguousPlace when somebody must choose;
        with ``exactly_one=False`` the candidates are returned instead, as geopy does.
        ``timeout`` is there for geopy: nothing is waited for.
        """
        address = read_address(query)
        if address is None:
            return None
        try:
            found = self._towns.commune(address)
        except AmbiguousPlace as several:
            if exactly_one:
                raise AmbiguousPlace(query, several.candidates) from None
            return [_location(each, address.postcode) for each in several.candidates]
        if found is None:
            return None
        place = _location(found, address.postcode)
        return place if exactly_one else [place]


def _location(commune: Commune, written: str) -> Location:
    postcode = written or (commune.postcodes[0] if len(commune.postcodes) == 1 else "")
    return Location(
        f"{postcode} {commune.name}".strip(),
        (commune.lat, commune.lon, 0.0),
        {"commune": commune.code, "postcode": postcode, "precision": "commune"},
    )


@cache
def geocoder(settings_name: str = "gazetteer") -> Geocoder:
    """The geocoder of the settings (``LETABLI_GEOCODER``): ``gazetteer``, or ``ban`` online.

    Raises ValueError for another name.
    """
    if settings_name == "gazetteer":
        return GazetteerGeocoder()
    if settings_name == "ban":
        return OnlineGeocoder(GazetteerGeocoder())
    raise ValueError(f"no geocoder is called {settings_name!r}: gazetteer or ban")
