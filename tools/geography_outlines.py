"""Draw the départements: one small file of SVG paths, projected, overseas in insets."""

import json
import math
import subprocess
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any

from geography_packages import mapshaper
from geography_shapes import Polygon

WIDTH = 1000
INSET_TOP, INSET_SIDE, INSET_GAP = 985, 184, 20
VIEW_BOX = (0, 0, WIDTH, INSET_TOP + INSET_SIDE)
OVERSEAS = ("971", "972", "973", "974", "976")
KEPT_VERTICES = "percentage=/^97[1246]/.test(dep) ? 0.4 : 0.09"
"""Islands overseas are drawn larger, so more of their shore is kept."""
SMALLEST_RING = 6.0
"""Square units of the drawing below which an islet is left out, unless it is all there is."""

Point = tuple[float, float]


def draw(communes: Iterable[tuple[str, list[Polygon]]], packages: Path) -> dict[str, Any]:
    """Dissolve outlines (département, polygons of a commune) and return the drawing.

    ``departements``: code → path in the units of ``view_box``; ``frames``: the inset of each
    overseas département, drawn at its own scale. The mainland and Corsica share one conic
    projection (parallels 44 and 49 degrees, as on French maps).
    """
    dissolved = _dissolve(communes, packages)
    mainland = {code: shape for code, shape in dissolved.items() if code not in OVERSEAS}
    paths = _fit(mainland, _conic, (0, 0, WIDTH, INSET_TOP - INSET_GAP))
    frames = {}
    for number, code in enumerate(OVERSEAS):
        left = number * (INSET_SIDE + INSET_GAP)
        frames[code] = {"x": left, "y": INSET_TOP, "width": INSET_SIDE, "height": INSET_SIDE}
        box = (left + 10, INSET_TOP + 10, INSET_SIDE - 20, INSET_SIDE - 20)
        paths |= _fit({code: dissolved[code]}, _local(dissolved[code]), box)
    return {
        "view_box": " ".join(map(str, VIEW_BOX)),
        "frames": frames,
        "departements": dict(sorted(paths.items())),
    }


def _dissolve(
    communes: Iterable[tuple[str, list[Polygon]]], packages: Path
) -> dict[str, list[list[Point]]]:
    """The rings of each département, borders simplified once for both neighbours."""
    source, result = packages / "communes.geojson", packages / "departements.geojson"
    with source.open("w", encoding="utf-8") as out:
        out.write('{"type":"FeatureCollection","features":[')
        for number, (code, outline) in enumerate(communes):
            rings = [[ring.round(6).tolist() for ring in polygon] for polygon in outline]
            geometry = {"type": "MultiPolygon", "coordinates": rings}
            feature = {"type": "Feature", "properties": {"dep": code}, "geometry": geometry}
            out.write("," * (number > 0) + json.dumps(feature, separators=(",", ":")))
        out.write("]}")
    steps = [
        *("-i", str(source), "-dissolve", "dep", "-clean", "gap-fill-area=400km2"),
        *("-simplify", "variable", "weighted", "keep-shapes", KEPT_VERTICES, "-clean"),
        *("-o", "format=geojson", "precision=0.00001", str(result)),
    ]
    subprocess.run([str(mapshaper(packages)), *steps], check=True, capture_output=True)
    dissolved = {}
    for feature in json.loads(result.read_text("utf-8"))["features"]:
        shape = feature["geometry"]
        polygons = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
        dissolved[feature["properties"]["dep"]] = [
            [(lon, lat) for lon, lat in ring] for polygon in polygons for ring in polygon
        ]
    return dissolved


def _conic(lon: float, lat: float) -> Point:
    """Lambert's conic on a sphere of radius 1; y grows towards the south."""
    south, north = math.radians(44), math.radians(49)
    share = math.log(math.cos(south) / math.cos(north)) / math.log(
        math.tan(math.pi / 4 + north / 2) / math.tan(math.pi / 4 + south / 2)
    )
    scale = math.cos(south) * math.tan(math.pi / 4 + south / 2) ** share / share
    radius = scale / math.tan(math.pi / 4 + math.radians(lat) / 2) ** share
    turn = share * math.radians(lon - 3)
    return radius * math.sin(turn), radius * math.cos(turn)


def _local(rings: list[list[Point]]) -> Any:
    """A plane right at the mean latitude: enough for one island."""
    lats = [lat for ring in rings for _, lat in ring]
    squeeze = math.cos(math.radians((min(lats) + max(lats)) / 2))
    return lambda lon, lat: (lon * squeeze, -lat)


def _fit(
    shapes: dict[str, list[list[Point]]], project: Any, box: tuple[int, int, int, int]
) -> dict[str, str]:
    """Paths of the shapes, scaled together to fill a box (x, y, width, height), centred."""
    plane = {
        code: [[project(lon, lat) for lon, lat in ring] for ring in rings]
        for code, rings in shapes.items()
    }
    points = [point for rings in plane.values() for ring in rings for point in ring]
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    north, south = min(y for _, y in points), max(y for _, y in points)
    scale = min(box[2] / (east - west), box[3] / (south - north))
    left = box[0] + (box[2] - (east - west) * scale) / 2
    top = box[1] + (box[3] - (south - north) * scale) / 2
    return {
        code: _path(
            [[((x - west) * scale + left, (y - north) * scale + top) for x, y in r] for r in rings]
        )
        for code, rings in plane.items()
    }


def _path(rings: list[list[Point]]) -> str:
    """An SVG path of relative steps in whole units: short, and borders stay shared."""
    largest = max(rings, key=_area)
    path = []
    for ring in rings:
        if ring is not largest and _area(ring) < SMALLEST_RING:
            continue
        whole = [(round(x), round(y)) for x, y in ring[:-1]]
        kept = [
            point for before, point in zip([whole[-1], *whole], whole, strict=False)
            if point != before
        ]  # fmt: skip
        steps = [
            f"{x - x0} {y - y0}" for (x0, y0), (x, y) in pairwise(kept)
        ]  # fmt: skip
        if len(steps) > 1:
            path.append(f"M{kept[0][0]} {kept[0][1]}l{' '.join(steps)}z".replace(" -", "-"))
    return "".join(path)


def _area(ring: list[Point]) -> float:
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring)) / 2)
