"""The files that the refresh writes, and the geometry that it relies on."""

import csv
import json
import re

import numpy as np
import pytest

from matching.geography.communes import gazetteer
from matching.paths import DATA
from tools.geography_shapes import contains, holds_town_hall, metres_to_outline, middle


def test_the_drawing_shows_the_101_departements_inside_its_box() -> None:
    text = (DATA / "departements.json").read_text("utf-8")
    drawing = json.loads(text)
    left, top, width, height = map(int, drawing["view_box"].split())
    drawn = {shape["code"]: shape for shape in drawing["shapes"]}
    assert len(text.encode()) < 60_000
    assert len(drawing["shapes"]) == len(drawn) == 101
    assert set(drawn) == {
        row.departement for row in gazetteer() if row.departement not in ("975", "977", "978")
    }
    for shape in drawn.values():
        assert re.fullmatch(r"(M\d+ \d+l[-\d ]+z)+", shape["path"]), shape["code"]
        xs, ys = zip(*vertices(shape["path"]), strict=True)
        assert left <= min(xs) < max(xs) <= left + width
        assert top <= min(ys) < max(ys) <= top + height


def test_overseas_departements_are_drawn_in_their_frames() -> None:
    drawing = json.loads((DATA / "departements.json").read_text("utf-8"))
    assert set(drawing["frames"]) == {"971", "972", "973", "974", "976"}
    for shape in drawing["shapes"]:
        for code, frame in drawing["frames"].items():
            inside = [
                frame["x"] < x < frame["x"] + frame["width"]
                and frame["y"] < y < frame["y"] + frame["height"]
                for x, y in vertices(shape["path"])
            ]
            assert all(inside) if shape["code"] == code else not any(inside)


def vertices(path: str) -> list[tuple[int, int]]:
    """Absolute points of a path made of M x y l dx dy … z."""
    points = []
    for ring in re.findall(r"M(\d+) (\d+)l([-\d ]+)z", path):
        steps = [int(step) for step in re.findall(r"-?\d+", ring[2])]
        points.append((int(ring[0]), int(ring[1])))
        for dx, dy in zip(steps[::2], steps[1::2], strict=True):
            points.append((points[-1][0] + dx, points[-1][1] + dy))
    return points


def test_every_departement_has_a_name_and_the_region_of_its_communes() -> None:
    with (DATA / "departements.csv").open(encoding="utf-8", newline="") as lines:
        rows = {row["code"]: row for row in csv.DictReader(lines)}
    assert len(rows) == 104
    assert rows["01"] == {"code": "01", "name": "Ain", "region": "Auvergne-Rhône-Alpes"}
    assert {(row.departement, row.region) for row in gazetteer()} == {
        (code, row["region"]) for code, row in rows.items()
    }


@pytest.mark.parametrize("name", ["communes.csv.gz", "aliases.csv.gz"])
def test_packed_tables_carry_no_date(name: str) -> None:
    assert (DATA / name).read_bytes()[4:8] == b"\0\0\0\0"


def test_the_counts_of_the_sources_page_are_those_of_the_tables() -> None:
    page = (DATA / "SOURCES.md").read_text("utf-8")
    counts = {
        name: int(number.replace(",", ""))
        for name, number in re.findall(r"^\| ([^|]+) \| ([\d,]+) \|$", page, re.MULTILINE)
    }
    rows = list(gazetteer())
    assert counts["communes"] + counts["collectivités d’outre-mer"] + counts[
        "arrondissements"
    ] == len(rows)
    assert counts["postcode pairs"] == sum(len(row.postcodes) for row in rows)
    assert counts["EPCI"] == len({row.epci for row in rows} - {None})


SQUARE = np.array([[2.0, 48.0], [2.1, 48.0], [2.1, 48.1], [2.0, 48.1], [2.0, 48.0]])
HOLE = np.array([[2.04, 48.04], [2.06, 48.04], [2.06, 48.06], [2.04, 48.06], [2.04, 48.04]])


def test_a_point_in_a_hole_is_outside() -> None:
    assert contains([[SQUARE]], 48.05, 2.05)
    assert not contains([[SQUARE, HOLE]], 48.05, 2.05)
    assert contains([[SQUARE, HOLE]], 48.01, 2.01)


def test_a_town_hall_counts_up_to_a_kilometre_outside() -> None:
    outline = [[SQUARE]]
    assert metres_to_outline(outline, 48.11, 2.05) == pytest.approx(1_112, abs=2)
    assert holds_town_hall(outline, 48.108, 2.05)
    assert not holds_town_hall(outline, 48.11, 2.05)
    assert not holds_town_hall(outline, 2.05, 48.05)  # latitude and longitude swapped


def test_the_middle_of_a_hollow_commune_is_moved_inside() -> None:
    assert middle([[SQUARE]]) == pytest.approx((48.05, 2.05))
    lat, lon = middle([[SQUARE, HOLE]])
    assert contains([[SQUARE, HOLE]], lat, lon)
