"""The map of the home page: each département shaded by its open places.

The drawing is ``matching/data/departements.json``: ``view_box``, ``shapes`` (code, name, SVG
path) and ``frames``, the box in which each overseas département is drawn.
"""

import json
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

from matching.paths import DATA

SHADES = 5


@dataclass(frozen=True, slots=True)
class Shape:
    """A département as the map draws it; ``shade`` goes from 0 (no place) to 5 (most)."""

    code: str
    name: str
    path: str
    value: int
    shade: int


@dataclass(frozen=True, slots=True)
class Step:
    """A line of the key: a shade and the least and most places that it stands for."""

    shade: int
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class HomeMap:
    """All that the template draws; ``overseas`` is the part of ``shapes`` that has a frame."""

    view_box: str
    frames: list[dict[str, int]]
    shapes: list[Shape]
    overseas: list[Shape]
    legend: list[Step]


def home_map(values: Mapping[str, int]) -> HomeMap:
    """Shade the départements by their open places, ``values`` by code; a missing one has none."""
    drawn = outlines()
    tops = ceilings([value for value in values.values() if value > 0])
    shapes = [
        Shape(
            code=each["code"],
            name=each["name"],
            path=each["path"],
            value=values.get(each["code"], 0),
            shade=shade(values.get(each["code"], 0), tops),
        )
        for each in drawn["shapes"]
    ]
    return HomeMap(
        view_box=drawn["view_box"],
        frames=list(drawn["frames"].values()),
        shapes=shapes,
        overseas=[shape for shape in shapes if shape.code in drawn["frames"]],
        legend=[
            Step(0, 0, 0),
            *(Step(shade(top, tops), floor + 1, top) for floor, top in pairwise([0, *tops])),
        ],
    )


def ceilings(values: list[int]) -> list[int]:
    """The most places of each shade: fifths of the départements, so that no giant hides the rest.

    Strictly increasing, at most five, the last being the largest value; empty without values.
    """
    ranked = sorted(values)
    fifths = (ranked[(len(ranked) * part - 1) // SHADES] for part in range(1, SHADES + 1))
    return sorted(set(fifths)) if ranked else []


def shade(value: int, tops: list[int]) -> int:
    """0 without places; otherwise 1 to 5, the last ceiling always being 5."""
    if value <= 0:
        return 0
    return SHADES - (len(tops) - 1 - bisect_left(tops, value))


@cache
def outlines() -> dict[str, Any]:
    """The shipped drawing, read once."""
    read: dict[str, Any] = json.loads((DATA / "departements.json").read_text())
    return read
