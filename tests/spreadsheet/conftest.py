"""A small folder around Saint-Nazaire; each test changes what it is about."""

from collections.abc import Callable
from pathlib import Path

import pytest

OFFERS = """\
offer;postcode;commune;seats;week;reserved;reserved_for;sector;territory;accessible
atelier;44600;Saint-Nazaire;2;2027-W05;;;bois;;1
chantier;44550;Montoir-de-Bretagne;1;2027-W05;;;metal;;0
mairie;44570;Trignac;2;2027-W06;1;rep;;;oui
"""
PUPILS = """\
pupil;postcode;commune;weeks;max_km;class_of_service;entitled;school;territory;sectors;needs_access
anna;44600;Saint-Nazaire;2027-W05;20;;;C1;;bois;
bilal;44600;Saint-Nazaire;2027-W05 2027-W06;12,5;;rep;C1;;;
chloe;44380;Pornichet;2027-W05;20;1;;C2;;metal bois;
david;44380;Pornichet;;;;;C2;;;1
"""
WISHES = """\
pupil;offer;rank;week
anna;chantier;1;
anna;atelier;2;
bilal;mairie;1;2027-W06
chloe;chantier;1;
"""

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """`write(wishes=None, pupils="…")` makes the folder: None leaves a file out, bytes go as they
    are."""

    def write(name: str = "input", **files: str | bytes | None) -> Path:
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        contents = {"offers": OFFERS, "pupils": PUPILS, "wishes": WISHES} | files
        for file, content in contents.items():
            if content is not None:
                data = content.encode() if isinstance(content, str) else content
                (folder / f"{file}.csv").write_bytes(data)
        return folder

    return write
