"""Geocode to the street with the State's address service; the gazetteer decides the commune.

For addresses of hosts only, never for a pupil's home. The service (IGN, Géoplateforme) answers as
the Base Adresse Nationale did; geopy still names its former host, closed in January 2026.
"""

from typing import Any

from geopy.extra.rate_limiter import RateLimiter
from geopy.geocoders import BANFrance
from geopy.geocoders.base import DEFAULT_SENTINEL, Geocoder
from geopy.location import Location

from matching.geography.communes import gazetteer

GEOPLATEFORME = "data.geopf.fr/geocodage"
CALLS_A_SECOND = 20
"""The service allows 50 from one address."""
LEAST_SCORE = 0.6
"""Below it, an answer about a place that the gazetteer does not know is not believed."""


class OnlineGeocoder(Geocoder):  # type: ignore[misc]  # geopy has no types
    """The gazetteer's commune, with the street's point when the service agrees on that commune.

    Silence, errors, limits and disagreement fall back on the commune's point. Homonyms raise
    AmbiguousPlace before anything is asked: the service would pick one.
    """

    def __init__(
        self,
        offline: Geocoder,
        *,
        domain: str = GEOPLATEFORME,
        scheme: str = "https",
        timeout: float = 3.0,
    ) -> None:
        super().__init__(scheme=scheme, timeout=timeout)
        self._offline = offline
        service = BANFrance(domain=domain, scheme=scheme, timeout=timeout, user_agent="letabli")
        self.asks: str = service.geocode_api
        self._ask = RateLimiter(
            service.geocode,
            min_delay_seconds=1 / CALLS_A_SECOND,
            max_retries=1,
            error_wait_seconds=0.5,
            swallow_exceptions=True,
        )

    def geocode(
        self, query: str, *, exactly_one: bool = True, timeout: Any = DEFAULT_SENTINEL
    ) -> Location | list[Location] | None:
        """A Location as `GazetteerGeocoder` gives it, perhaps to the street.

        ``precision`` is then "housenumber", "street" or "locality". Raises AmbiguousPlace when
        somebody must choose; with ``exactly_one=False`` the candidates are returned instead.
        """
        if not exactly_one:
            places = self._offline.geocode(query, exactly_one=False)
            if places and len(places) > 1:
                return list(places)
        known = self._offline.geocode(query)
        answer = self._ask(query, limit=1, timeout=timeout)
        place = (_agreeing(answer, known) if answer else None) or known
        if exactly_one or place is None:
            return place
        return [place]


def _agreeing(answer: Location, known: Location | None) -> Location | None:
    """The service's answer in our words, None when it is about another commune."""
    properties = answer.raw["properties"]
    communes = gazetteer()
    commune = communes.current_code(str(properties.get("citycode")))
    if commune is None:
        return None
    if known is None:
        agreed = float(properties.get("score", 0)) >= LEAST_SCORE
    else:
        agreed = communes.fold_arrondissement(commune) == communes.fold_arrondissement(
            known.raw["commune"]
        )
    if not agreed:
        return None
    raw = {
        "commune": commune,
        "postcode": properties.get("postcode", ""),
        "precision": properties.get("type", "street"),
    }
    return Location(answer.address, (answer.latitude, answer.longitude, 0.0), raw)
