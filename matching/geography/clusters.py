"""Points on a screen: those that would overlap are drawn as one, with their number.

A cell of a grid in Web Mercator holds what is near; then the fullest cell takes in its neighbours,
so that bubbles do not stand on a lattice.
"""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

TILE = 256  # pixels
CELL = 56  # pixels: a finger
CLOSEST = 13
FARTHEST = 3
MOST_TILES = 12  # a side of what is asked: a screen of three thousand pixels


@dataclass(frozen=True, slots=True)
class Tiles:
    """What a screen shows: tiles of 256 pixels at a zoom, from west and north, ends left out."""

    zoom: int
    west: int
    north: int
    east: int
    south: int

    def valid(self) -> bool:
        """Is it a reasonable part of the world?"""
        if not FARTHEST <= self.zoom <= CLOSEST:
            return False
        world = 2**self.zoom
        wide, tall = self.east - self.west, self.south - self.north
        inside = -world <= self.west < self.east <= 2 * world and self.north < self.south <= world
        return inside and self.north >= 0 and wide <= MOST_TILES and tall <= MOST_TILES


@dataclass(frozen=True, slots=True)
class Cluster:
    """Points drawn as one; ``members`` are their numbers, in order."""

    lat: float
    lon: float
    members: list[int]


def pixels(
    lat: npt.NDArray[np.float64], lon: npt.NDArray[np.float64], zoom: int
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Pixels from the north-west corner of the world at this zoom, in Web Mercator."""
    side = TILE * 2.0**zoom
    x = (lon + 180) / 360 * side
    bend = np.log(np.tan(np.pi / 4 + np.radians(lat) / 2))
    return x, (1 - bend / np.pi) / 2 * side


def clusters(
    lat: npt.NDArray[np.float64], lon: npt.NDArray[np.float64], seen: Tiles
) -> list[Cluster]:
    """What to draw for these points on these tiles, the fullest first."""
    x, y = pixels(lat, lon, seen.zoom)
    inside = (
        (x >= seen.west * TILE)
        & (x < seen.east * TILE)
        & (y >= seen.north * TILE)
        & (y < seen.south * TILE)
    )
    cells: dict[tuple[int, int], list[int]] = defaultdict(list)
    for number in np.flatnonzero(inside).tolist():
        cells[int(x[number] // CELL), int(y[number] // CELL)].append(number)
    taken: set[tuple[int, int]] = set()
    found = []
    for cell in sorted(cells, key=lambda one: (-len(cells[one]), one)):
        if cell in taken:
            continue
        taken.add(cell)
        members = list(cells[cell])
        middle_x, middle_y = x[members].mean(), y[members].mean()
        for step_x in (-1, 0, 1):
            for step_y in (-1, 0, 1):
                other = (cell[0] + step_x, cell[1] + step_y)
                if other in taken or other not in cells:
                    continue
                theirs = cells[other]
                away = np.hypot(x[theirs].mean() - middle_x, y[theirs].mean() - middle_y)
                if away < CELL:
                    taken.add(other)
                    members += theirs
        members.sort()
        found.append(Cluster(float(lat[members].mean()), float(lon[members].mean()), members))
    return sorted(found, key=lambda one: (-len(one.members), one.members))
