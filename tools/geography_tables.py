"""Merge the packages into our tables of communes and aliases."""

import csv
import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from geography_packages import division, outlined_units, postal_labels
from geography_shapes import Polygon, holds_town_hall, middle, read_outline, read_point

from matching.geography.names import fold

TOOLS = Path(__file__).parent
DATA = TOOLS.parent / "matching" / "data"

Row = dict[str, Any]

OUT_OF_SCOPE = ("984", "986", "987", "988", "989")
"""Southern lands, Wallis and Futuna, Polynesia, New Caledonia, Clipperton: their own school
systems, and no coordinates in the sources."""
_ARTICLE_LAST = re.compile(r"^(.+) \((L|LE|LA|LES) ?'?\)$")
"""Postal labels like "ABERGEMENT-DE-VAREY (L )"."""


class Sources:
    """What the packages say, read once."""

    def __init__(self, packages: Path) -> None:
        units = division(packages, "communes")
        self.communes = [
            row
            for row in units
            if row["type"] == "commune-actuelle" and row["departement"] not in OUT_OF_SCOPE
        ]
        self.out_of_scope = sum(row["departement"] in OUT_OF_SCOPE for row in units)
        self.arrondissements = [row for row in units if row["type"] == "arrondissement-municipal"]
        self.parts = [
            row for row in units if row["type"].startswith("commune-") and "chefLieu" in row
        ]
        self.regions = {row["code"]: row["nom"] for row in division(packages, "regions")}
        self.departements = [
            row for row in division(packages, "departements") if row["code"] not in OUT_OF_SCOPE
        ]
        self.epts = {
            member["code"]: ept["code"]
            for ept in division(packages, "ept")
            for member in ept["membres"]
        }
        self.outlines: dict[str, list[Polygon]] = {}
        self.town_halls: dict[str, tuple[float, float]] = {}
        self.part_points: dict[str, tuple[float, float]] = {}
        self.epcis: dict[str, str] = {}
        for unit in outlined_units(packages):
            self._keep(unit)
        self.current = {row["code"] for row in self.communes}
        self.former = {
            code: row["code"]
            for row in self.communes
            for code in row.get("anciensCodes", [])
            if code != row["code"]
        }
        self.former |= {
            row["code"]: row["chefLieu"] for row in self.parts if row["code"] not in self.current
        }

        self.labels = [
            {
                "code": self.former.get(row["codeCommune"], row["codeCommune"]),
                "label": _ARTICLE_LAST.sub(r"\2 \1", row["libelleAcheminement"]),
                **row,
            }
            for row in postal_labels(packages)
        ]
        postcodes = {row["code"]: row.get("codesPostaux", []) for row in self.communes}
        self._bearers = {
            (postcode, fold(row["nom"])): code
            for rows in (self.parts, self.communes)  # a name of today wins over a former one
            for row in rows
            for code in [row.get("chefLieu", row["code"])]
            for postcode in postcodes.get(code, [])
        }

    def belongs_to_a_neighbour(self, label: Row) -> bool:
        """Whether another commune with this postcode bears, or bore, the label as its name.

        The postal file ties "PARIS" to Boulogne-Billancourt and "LE TAMPON" to Saint-Pierre, for
        a few streets.
        """
        owner = self._bearers.get((label["codePostal"], fold(label["label"])))
        return owner is not None and owner != label["code"]

    def _keep(self, unit: dict[str, str]) -> None:
        code, kind = unit["code"], unit["type"]
        outline = read_outline(unit["outline"]) if unit["outline"] else None
        town_hall = read_point(unit["town_hall"]) if unit["town_hall"] else None
        if kind in ("COM", "ARM"):
            self.epcis[code] = unit["epci"]
            if outline:
                self.outlines[code] = outline
            if town_hall:
                self.town_halls[code] = town_hall
        elif kind in ("COMD", "COMA") and (town_hall or outline):
            self.part_points[code] = town_hall or middle(outline or [])


def commune_rows(sources: Sources) -> tuple[list[Row], Counter[str]]:
    """Every commune and arrondissement with its point, and how many points came from where."""
    by_hand = {
        row["code"]: (float(row["lat"]), float(row["lon"]))
        for row in _csv(TOOLS / "hand_points.csv")
    }
    groups = {
        code: min(row["codes"].split())
        for row in _csv(DATA / "links.csv")
        for code in row["codes"].split()
    }
    postcodes = _postcodes(sources)
    parts = defaultdict(list)
    for part in sources.parts:
        if part["code"] in sources.part_points:
            parts[part["chefLieu"]].append(sources.part_points[part["code"]])
    rows, origins = [], Counter[str]()
    for unit in sources.communes + sources.arrondissements:
        code = unit["code"]
        city = unit.get("commune", code)
        (lat, lon), origin = _point(code, sources, by_hand, parts[code])
        origins[origin] += city == code
        rows.append(
            {
                "code": code,
                "name": unit["nom"],
                "departement": unit["departement"],
                "region": sources.regions[unit["region"]],
                "postcodes": " ".join(sorted(postcodes[code])),
                "population": unit.get("population", 0),
                "epci": sources.epcis.get(city, ""),
                "ept": sources.epts.get(city, ""),
                "lat": f"{lat:.5f}",
                "lon": f"{lon:.5f}",
                "link_group": groups.get(code) or _mainland(unit["departement"]),
            }
        )
    return sorted(rows, key=lambda row: str(row["code"])), origins


def _point(
    code: str,
    sources: Sources,
    by_hand: dict[str, tuple[float, float]],
    parts: list[tuple[float, float]],
) -> tuple[tuple[float, float], str]:
    outline, town_hall = sources.outlines.get(code), sources.town_halls.get(code)
    if town_hall and outline and holds_town_hall(outline, *town_hall):
        return town_hall, "town hall"
    if outline:
        return middle(outline), "middle of the outline"
    if code in by_hand:
        return by_hand[code], "by hand"
    if town_hall:
        return town_hall, "town hall, no outline to check it"
    if parts:
        lats, lons = zip(*parts, strict=True)
        return (sum(lats) / len(lats), sum(lons) / len(lons)), "middle of its former communes"
    raise SystemExit(f"{code} has no point: add it to tools/hand_points.csv")


def _mainland(departement: str) -> str:
    """Road network of a département: Corsica and each overseas one stand apart."""
    if departement in ("2A", "2B"):
        return "2A2B"
    return departement if departement.startswith("97") else "FR"


def _postcodes(sources: Sources) -> dict[str, set[str]]:
    postcodes = defaultdict(set)
    for unit in sources.communes + sources.arrondissements:
        postcodes[unit["code"]].update(unit.get("codesPostaux", []))
    for label in sources.labels:
        # arrondissements are not current communes: they would get their neighbours' postcodes
        if label["code"] in sources.current and not sources.belongs_to_a_neighbour(label):
            postcodes[label["code"]].add(label["codePostal"])
    return postcodes


def alias_rows(sources: Sources) -> list[Row]:
    """Names and codes that are not today's: former communes, postal labels, spoken places."""
    own = {row["code"]: fold(row["nom"]) for row in sources.communes}
    in_departement = {(row["departement"], fold(row["nom"])) for row in sources.communes}
    departement = {row["code"]: row["departement"] for row in sources.communes}
    named: dict[tuple[str, str, str], Row] = {}

    def add(name: str, code: str, *, former_code: str = "", postcode: str = "") -> None:
        key = fold(name)
        if former_code == code:
            former_code = ""
        # A name that a commune of the département bears today is that commune's.
        if key == own[code] or (departement[code], key) in in_departement:
            name = key = ""
        if name or former_code:
            row = {"name": name, "code": code, "former_code": former_code, "postcode": postcode}
            named.setdefault((key, code, former_code), row)

    for part in sources.parts:
        add(part["nom"], part["chefLieu"], former_code=part["code"])
    known = {row["former_code"] for row in named.values()}
    for former_code in sources.former.keys() - known:
        add("", sources.former[former_code], former_code=former_code)
    for label in sources.labels:
        if label["code"] in own:
            add(label["nomCommune"], label["code"], postcode=label["codePostal"])
            if not sources.belongs_to_a_neighbour(label):
                add(label["label"], label["code"], postcode=label["codePostal"])
    for place in _csv(DATA / "places.csv"):
        for code in place["codes"].split():
            add(place["name"], code)
    return sorted(named.values(), key=lambda row: (row["code"], row["name"], row["former_code"]))


def _csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
