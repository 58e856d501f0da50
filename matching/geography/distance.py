"""Distances as the crow flies, with the formula of the matcher: the same number everywhere."""

from matching.engine.distance import distance


def distance_m10(lat1: float, lon1: float, lat2: float, lon2: float) -> int:
    """Whole tens of metres between two points in degrees, as every comparison uses it."""
    return distance(lat1, lon1, lat2, lon2)


def km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """The same in kilometres, to two decimals, to be shown."""
    return distance_m10(lat1, lon1, lat2, lon2) / 100
