import numpy as np
import pytest
from pyproj import Geod

from matching.engine.compiled import kernel
from matching.engine.distance import (
    ARC_RADIUS,
    distance,
    distances,
    geocentric,
    sine_and_cosine,
    tens_of_metres,
)

WGS84 = Geod(ellps="WGS84")


def pairs(
    within: float, lat: tuple[float, float], lon: tuple[float, float]
) -> tuple[np.ndarray, ...]:
    """200,000 pairs of points up to `within` metres apart, and how far they are."""
    random = np.random.default_rng(20270105)
    size = 200_000
    lat1, lon1 = random.uniform(*lat, size), random.uniform(*lon, size)
    metres = random.uniform(0, within, size)
    lon2, lat2, _ = WGS84.fwd(lon1, lat1, random.uniform(0, 360, size), metres)
    return lat1, lon1, np.asarray(lat2), np.asarray(lon2), metres


@pytest.mark.parametrize(("within", "error"), [(30_000, 0.001), (60_000, 0.002), (100_000, 0.02)])
def test_the_arc_is_the_geodesic_to_the_millimetre_in_france(within: float, error: float) -> None:
    lat1, lon1, lat2, lon2, metres = pairs(within, (41, 51.2), (-5, 9.6))
    ends = zip(geocentric(lat1, lon1), geocentric(lat2, lon2), strict=True)
    squared = sum((a - b) ** 2 for a, b in ends)
    arc = 2 * ARC_RADIUS * np.arcsin(np.sqrt(squared) / (2 * ARC_RADIUS))
    assert np.abs(arc - metres).max() < error
    assert np.abs(tens_of_metres(squared) - arc / 10).max() <= 0.5 + 1e-7


@pytest.mark.parametrize(
    ("lat", "lon"), [((41, 51.2), (-5, 9.6)), ((14, 17), (-62, -60)), ((-22, -12), (44, 56))]
)
def test_tens_of_metres_are_those_of_the_geodesic(
    lat: tuple[float, float], lon: tuple[float, float]
) -> None:
    lat1, lon1, lat2, lon2, metres = pairs(100_000, lat, lon)
    assert np.abs(distances(lat1, lon1, lat2, lon2) * 10 - metres).max() < 5.02


def test_one_pair_arrays_and_compiled_code_agree() -> None:
    lat1, lon1, lat2, lon2, _ = pairs(60_000, (41, 51.2), (-5, 9.6))
    many = distances(lat1, lon1, lat2, lon2)
    compiled = kernel(tens_of_metres)
    for k in range(500):
        point = lat1[k], lon1[k], lat2[k], lon2[k]
        assert distance(*point) == many[k]
        x, y = geocentric(*point[:2]), geocentric(*point[2:])
        dx, dy, dz = x[0] - y[0], x[1] - y[1], x[2] - y[2]
        assert int(compiled(dx * dx + dy * dy + dz * dz)) == many[k]


def test_distance_is_the_same_both_ways_and_nought_at_home() -> None:
    assert distance(48.85, 2.35, 48.85, 2.35) == 0
    assert distance(48.85, 2.35, 45.76, 4.84) == distance(45.76, 4.84, 48.85, 2.35)


def test_our_sine_and_cosine_are_those_of_the_library() -> None:
    degrees = np.linspace(-180, 180, 100_001)
    sine, cosine = sine_and_cosine(degrees)
    assert np.abs(sine - np.sin(np.radians(degrees))).max() < 5e-15
    assert np.abs(cosine - np.cos(np.radians(degrees))).max() < 5e-15
