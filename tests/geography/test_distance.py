"""Distances between places, against the geodesic on the ellipsoid."""

import random

import pytest
from geopy.distance import geodesic

from matching.geography.communes import gazetteer
from matching.geography.distance import distance_m10, km

DEPARTEMENTS = sorted({commune.departement for commune in gazetteer()})


@pytest.mark.parametrize("departement", DEPARTEMENTS)
def test_distances_agree_with_the_geodesic_within_10_metres(departement: str) -> None:
    draw = random.Random(f"pairs of {departement}")
    communes = [each for each in gazetteer() if each.departement == departement]
    checked = 0
    while checked < 25:
        one = draw.choice(communes)
        other = one.lat + draw.uniform(-0.9, 0.9), one.lon + draw.uniform(-0.9, 0.9)
        exact = geodesic((one.lat, one.lon), other).meters
        if exact > 100_000:
            continue
        assert abs(10 * distance_m10(one.lat, one.lon, *other) - exact) <= 10
        checked += 1


def test_distance_is_the_same_both_ways_and_nil_on_the_spot() -> None:
    draw = random.Random("both ways")
    communes = list(gazetteer())
    for _ in range(500):
        one, other = draw.sample(communes, 2)
        there = distance_m10(one.lat, one.lon, other.lat, other.lon)
        assert there == distance_m10(other.lat, other.lon, one.lat, one.lon) >= 0
        assert distance_m10(one.lat, one.lon, one.lat, one.lon) == 0


def test_kilometres_are_shown_to_ten_metres() -> None:
    oyonnax, cluses = gazetteer().by_code("01283"), gazetteer().by_code("74081")
    shown = km(oyonnax.lat, oyonnax.lon, cluses.lat, cluses.lon)
    exact = geodesic((oyonnax.lat, oyonnax.lon), (cluses.lat, cluses.lon)).km
    assert shown == round(shown, 2)
    assert shown == pytest.approx(exact, abs=0.01)
