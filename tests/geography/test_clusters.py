"""Points that would overlap on a screen are drawn as one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.geography.clusters import CELL, TILE, Tiles, clusters, pixels

WORLD = Tiles(3, 0, 0, 8, 8)


def places(points: list[tuple[float, float]]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([lat for lat, _ in points]), np.array([lon for _, lon in points])


FRANCE = st.lists(st.tuples(st.floats(41, 51), st.floats(-5, 9)), max_size=60)


@given(FRANCE)
@settings(max_examples=60, deadline=None)
def test_each_point_of_the_screen_is_in_exactly_one_bubble(points) -> None:
    lat, lon = places(points)
    drawn = clusters(lat, lon, WORLD)
    assert sorted(number for one in drawn for number in one.members) == list(range(len(points)))


@given(FRANCE)
@settings(max_examples=60, deadline=None)
def test_a_bubble_stands_among_its_points(points) -> None:
    lat, lon = places(points)
    for one in clusters(lat, lon, WORLD):
        there_lat, there_lon = lat[one.members], lon[one.members]
        assert there_lat.min() - 1e-9 <= one.lat <= there_lat.max() + 1e-9
        assert there_lon.min() - 1e-9 <= one.lon <= there_lon.max() + 1e-9


def test_what_is_near_on_the_screen_parts_when_one_comes_closer() -> None:
    lat, lon = places([(46.25, 5.65), (46.15, 5.60)])  # Oyonnax and Nantua
    assert len(clusters(lat, lon, Tiles(5, 16, 10, 18, 13))) == 1
    assert len(clusters(lat, lon, Tiles(11, 1050, 720, 1062, 732))) == 2


def test_what_is_outside_the_screen_is_not_drawn() -> None:
    lat, lon = places([(48.85, 2.35), (-21.1, 55.5)])  # Paris and La Réunion
    (one,) = clusters(lat, lon, Tiles(5, 15, 10, 18, 13))
    assert one.members == [0]


def test_pixels_agree_with_the_published_formula() -> None:
    x, y = pixels(np.array([0.0, 85.05112878]), np.array([0.0, -180.0]), 0)
    assert x == pytest.approx([TILE / 2, 0])
    assert y == pytest.approx([TILE / 2, 0], abs=1e-3)
    assert CELL < TILE


@pytest.mark.parametrize(
    ("tiles", "right"),
    [
        (Tiles(5, 15, 10, 18, 13), True),
        (Tiles(2, 0, 0, 1, 1), False),
        (Tiles(14, 0, 0, 1, 1), False),
        (Tiles(5, 18, 10, 15, 13), False),
        (Tiles(5, 0, 0, 31, 13), False),
        (Tiles(5, 15, -1, 18, 3), False),
        (Tiles(5, 15, 10, 18, 40), False),
    ],
)
def test_only_a_reasonable_part_of_the_world_is_drawn(tiles, right) -> None:
    assert tiles.valid() is right
