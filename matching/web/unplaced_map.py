"""A small map of the communes whose pupils have no place, drawn as SVG: no script, no tile.

A bubble stands at the middle of a commune of schools, never at a home; a small count is drawn
without its number.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import sqrt

import numpy as np
import numpy.typing as npt

from matching.geography.clusters import pixels
from matching.geography.communes import Commune
from matching.paths import STATIC

WIDTH, HEIGHT = 360, 270
MARGIN = 40  # between the outermost bubbles and the edge
CLOSEST = 2**11  # the scale of zoom 11: the map is never narrower than about 20 km
BEYOND = 20  # what lies farther outside is drawn at this distance
LEAST_RADIUS, MORE_RADIUS, MASKED_RADIUS = 10, 14, 7
LETTER, LINE = 6, 14  # width and height that a name takes, at the most


Box = tuple[float, float, float, float]  # middle, half width, half height


@dataclass(frozen=True, slots=True)
class Bubble:
    """A commune; ``count`` is none where it is masked. ``name_y``: where there is room for its
    name, none where there is not.
    """

    x: int
    y: int
    radius: int
    name: str
    count: int | None
    name_y: int | None = None


@dataclass(frozen=True, slots=True)
class UnplacedMap:
    """SVG paths and bubbles, the largest first, in a box of ``WIDTH`` by ``HEIGHT``."""

    view_box: str
    departements: str
    territory: str
    bubbles: list[Bubble]


def unplaced_map(
    counts: Sequence[tuple[Commune, int | None]], territory: str, most: int
) -> UnplacedMap:
    """The map around these communes, at least one; ``most`` is the count of the largest bubble.

    ``territory`` is the code of the territory to colour; an unknown one colours nothing.
    """
    x, y = pixels(
        np.array([home.lat for home, _count in counts]),
        np.array([home.lon for home, _count in counts]),
        0,
    )
    middle = np.array([(x.min() + x.max()) / 2, (y.min() + y.max()) / 2])
    wide, tall = max(np.ptp(x), 1e-9), max(np.ptp(y), 1e-9)
    scale = min((WIDTH - 2 * MARGIN) / wide, (HEIGHT - 2 * MARGIN) / tall, CLOSEST)

    def placed(points: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
        there = (points - middle) * scale + (WIDTH / 2, HEIGHT / 2)
        kept = np.clip(there, -BEYOND, (WIDTH + BEYOND, HEIGHT + BEYOND))
        return np.asarray(kept.round(), dtype=np.int64)

    at = placed(np.stack([x, y], axis=1)).tolist()
    bubbles = [
        Bubble(left, down, _radius(count, most), home.name, count)
        for (left, down), (home, count) in zip(at, counts, strict=True)
    ]
    shapes = outlines()
    return UnplacedMap(
        view_box=f"0 0 {WIDTH} {HEIGHT}",
        departements="".join(
            _path(placed(ring)) for rings in shapes["departements"].values() for ring in rings
        ),
        territory="".join(_path(placed(ring)) for ring in shapes["territories"].get(territory, [])),
        bubbles=_with_names(sorted(bubbles, key=lambda one: (-one.radius, one.name))),
    )


def _with_names(bubbles: list[Bubble]) -> list[Bubble]:
    """A name under or above each bubble, the first ones first, where it covers nothing."""
    taken: list[Box] = [(one.x, one.y, one.radius, one.radius) for one in bubbles]
    found = []
    for one in bubbles:
        wide, away = LETTER * len(one.name) / 2, one.radius + LINE // 2
        for y in (one.y + away, one.y - away):
            name = (one.x, y, wide, LINE / 2)
            inside = wide <= one.x <= WIDTH - wide and away - one.radius <= y <= HEIGHT - LINE / 2
            if inside and not any(_overlap(name, other) for other in taken):
                taken.append(name)
                one = replace(one, name_y=y)
                break
        found.append(one)
    return found


def _overlap(one: Box, other: Box) -> bool:
    return abs(one[0] - other[0]) < one[2] + other[2] and abs(one[1] - other[1]) < one[3] + other[3]


def _radius(count: int | None, most: int) -> int:
    if count is None:
        return MASKED_RADIUS
    return LEAST_RADIUS + round(MORE_RADIUS * sqrt(count / most))


def _path(ring: npt.NDArray[np.int64]) -> str:
    """A closed SVG path; nothing for a ring that lies outside, or is smaller than a pixel."""
    if not np.ptp(ring, axis=0).all():
        return ""
    moved = np.ones(len(ring), dtype=bool)
    moved[1:] = (np.diff(ring, axis=0) != 0).any(axis=1)
    return "M" + "L".join(f"{x} {y}" for x, y in ring[moved].tolist()) + "Z"


@cache
def outlines() -> dict[str, dict[str, list[npt.NDArray[np.float64]]]]:
    """The rings of the shipped outlines by layer and code, in pixels of zoom 0; read once."""
    read = json.loads((STATIC / "map" / "outlines.json").read_text())

    def ring(flat: list[int]) -> npt.NDArray[np.float64]:
        places = np.array(flat).reshape(-1, 2).cumsum(axis=0) / read["steps"]
        return np.stack(pixels(places[:, 0], places[:, 1], 0), axis=1)

    return {
        layer: {code: [ring(flat) for flat in shape] for code, shape in read[layer].items()}
        for layer in ("departements", "territories")
    }
