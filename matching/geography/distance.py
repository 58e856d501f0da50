"""Distances as the crow flies, by the formula of the matcher: the same number everywhere."""

from matching.engine.distance import distance as distance_m10

__all__ = ["distance_m10", "km"]


def km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Kilometres between two points in degrees, to two decimals, to be shown."""
    return distance_m10(lat1, lon1, lat2, lon2) / 100
