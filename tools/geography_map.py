"""Outlines of the départements and of the territories of 2023, for the map of the offers.

``python tools/geography_map.py --packages FOLDER`` writes static/map/outlines.json alone;
``tools/refresh_geography.py`` fetches the packages first.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from geography_packages import mapshaper  # noqa: E402 - needs the checkout on the path
from geography_shapes import Polygon  # noqa: E402
from geography_tables import Sources  # noqa: E402

from matching.geography.territories import territory_of  # noqa: E402

TARGET = ROOT / "static" / "map" / "outlines.json"
STEPS = 1000
"""Steps of a degree: about a hundred metres, under two pixels at the closest zoom of an outline."""

FINEST_METRES = 1500


def main() -> None:
    """Read the packages, dissolve, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--packages", type=Path, required=True, help="folder of the packages")
    write(Sources(parser.parse_args().packages.resolve()), parser.parse_args().packages.resolve())


def write(sources: Sources, packages: Path) -> None:
    """Write the outlines of all départements, and those of the territories."""
    communes = (
        (row["departement"], row["code"], sources.outlines[row["code"]])
        for row in sources.communes
        if row["code"] in sources.outlines
    )
    layers = dissolve(communes, packages)
    lines = [
        f'"{layer}":{{\n'
        + ",\n".join(
            f'"{code}":{json.dumps(rings, separators=(",", ":"))}'
            for code, rings in sorted(shapes.items())
        )
        + "\n}"
        for layer, shapes in layers.items()
    ]
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text("{" + ",\n".join([f'"steps":{STEPS}', *lines]) + "}\n")
    print(f"{TARGET.stat().st_size:>9,}  {TARGET.relative_to(ROOT)}")


def dissolve(
    communes: Iterable[tuple[str, str, list[Polygon]]], packages: Path
) -> dict[str, dict[str, list[list[int]]]]:
    """Layer → code → rings, each a first point then steps: latitude, longitude, in 1/STEPS degree.

    Both layers are simplified at once, so that they share their borders.
    """
    source = packages / "map_communes.geojson"
    with source.open("w", encoding="utf-8") as out:
        out.write('{"type":"FeatureCollection","features":[')
        for number, (departement, code, outline) in enumerate(communes):
            rings = [[ring.round(6).tolist() for ring in polygon] for polygon in outline]
            territory = territory_of(code)
            feature = {
                "type": "Feature",
                "properties": {"dep": departement, "ti": territory.code if territory else ""},
                "geometry": {"type": "MultiPolygon", "coordinates": rings},
            }
            out.write("," * (number > 0) + json.dumps(feature, separators=(",", ":")))
        out.write("]}")
    joined = packages / "map_outlines.topojson"
    merge = [
        *("-i", str(source), "name=communes", "-clean", "gap-fill-area=400km2"),
        *("-dissolve", "dep", "+", "name=departements", "-target", "communes"),
        *("-filter", 'ti !== ""', "-dissolve", "ti", "name=territories"),
        *("-o", "format=topojson", "target=departements,territories", str(joined)),
    ]
    # Read again, so that the corners where only communes met may go.
    simplify = [
        *("-i", str(joined)),
        *("-simplify", "weighted", "keep-shapes", f"interval={FINEST_METRES}", "target=*"),
        *("-filter-islands", "min-area=3km2", "target=*"),
        *("-o", "format=geojson", "precision=0.001", "target=*", str(packages)),
    ]
    for steps in (merge, simplify):
        subprocess.run([str(mapshaper(packages)), *steps], check=True, capture_output=True)
    return {
        layer: {
            feature["properties"][key]: rings_of(feature["geometry"])
            for feature in json.loads((packages / f"{layer}.json").read_text("utf-8"))["features"]
        }
        for layer, key in (("departements", "dep"), ("territories", "ti"))
    }


def rings_of(shape: dict[str, Any]) -> list[list[int]]:
    """The rings of a polygon or of several, without those that the steps make a point or a line."""
    polygons = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
    rings = []
    for ring in (ring for polygon in polygons for ring in polygon):
        whole = [(round(lat * STEPS), round(lon * STEPS)) for lon, lat in ring[:-1]]
        kept = [whole[0], *(b for a, b in pairwise(whole) if a != b)]
        if len(kept) > 2:
            flat = [*kept[0]]
            for (lat0, lon0), (lat1, lon1) in pairwise(kept):
                flat += [lat1 - lat0, lon1 - lon0]
            rings.append(flat)
    return rings


if __name__ == "__main__":
    main()
