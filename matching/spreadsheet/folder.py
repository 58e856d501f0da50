"""A whole input folder, read and checked: the only door from files to lines."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

from matching.spreadsheet import columns
from matching.spreadsheet.accepted import Held, read_accepted
from matching.spreadsheet.caps import Line, Numbered, disagreements
from matching.spreadsheet.faults import Fault, FolderRefused, shown, spaced
from matching.spreadsheet.offers import OfferRow, read_offers
from matching.spreadsheet.pairs import Names, WishRow, read_refused, read_travel, read_wishes
from matching.spreadsheet.places import known_territories
from matching.spreadsheet.pupils import PupilRow, read_pupils
from matching.spreadsheet.read import Table, read_table

MOST_WEEKS = 64  # the engine keeps a set of weeks in one 64-bit word
MOST_CODES = 64  # and so for entitlements and for sectors


@dataclass(frozen=True, slots=True)
class Folder:
    """Every list is sorted by key, so nothing after this point can depend on the order of the
    lines. `travel` is None when there is no such file. `remarks` are sentences for the reader."""

    offers: list[OfferRow]
    pupils: list[PupilRow]
    wishes: list[WishRow]
    held: list[Held]
    refused: list[tuple[str, str]]
    travel: dict[tuple[str, str], int] | None
    remarks: list[str]

    def weeks(self) -> list[str]:
        """Every week that a line names, in order."""
        named = {week for row in self.offers for week in row.weeks}
        named.update(week for row in self.pupils for week in row.weeks)
        named.update(held.week for held in self.held if held.week)
        return sorted(named)

    def schools(self) -> list[str]:
        return sorted({row.school for row in self.pupils} - {""})

    def capped_lines(self) -> list[Line | None]:
        """The lines of offers.csv that speak of caps, at the place of their slots."""
        return [
            None if row.limits is None else Line(row.key, row.offer, row.line, row.limits)
            for row in self.offers
        ]

    def caps(self) -> Numbered | None:
        """None when no line speaks of caps."""
        lines = self.capped_lines()
        if not any(lines) and not any(row.apart for row in self.pupils):
            return None
        return Numbered(lines, [(row.school, row.apart) for row in self.pupils])

    def entitlements(self) -> list[str]:
        return sorted({row.reserved_for for row in self.offers} - {""})

    def sectors(self) -> list[str]:
        """The sectors of the offers that a pupil named; the others decide nothing."""
        return sorted(
            {row.sector for row in self.offers} & {s for p in self.pupils for s in p.sectors}
        )


def read_folder(path: Path) -> Folder:
    """Reads the six files of `path`.

    Raises:
        FolderRefused: with one fault for each bad line, in the order of the files.
    """
    if not path.is_dir():
        raise FolderRefused([Fault(str(path), 0, "", "", "un dossier")])
    tables = {file.name: read_table(path, file) for file in columns.INPUTS}
    faults = {name: list(table.faults) for name, table in tables.items()}

    offers, offer_names, found = read_offers(tables["offers.csv"])
    faults["offers.csv"] += found
    pupils, pupil_names, found = read_pupils(tables["pupils.csv"])
    faults["pupils.csv"] += found

    lines: dict[str, list[OfferRow]] = {}
    for offer in offers:
        lines.setdefault(offer.offer, []).append(offer)
    names = Names(pupil_names, offer_names, lines)
    # Without its two main files, every other line would be wrong for the same reason.
    readable = bool(tables["offers.csv"].rows and tables["pupils.csv"].rows)
    rest = tables if readable else dict.fromkeys(tables, Table([], [], []))

    wishes, found = read_wishes(rest["wishes.csv"], names)
    faults["wishes.csv"] += found
    refused, found = read_refused(rest["refused.csv"], names)
    faults["refused.csv"] += found
    by_key = {pupil.pupil: pupil for pupil in pupils}
    held, found = read_accepted(rest["accepted.csv"], names, by_key, refused)
    faults["accepted.csv"] += found
    travel, found = read_travel(rest["travel.csv"], names)
    faults["travel.csv"] += found

    folder = Folder(
        offers=offers,
        pupils=pupils,
        wishes=wishes,
        held=held,
        refused=sorted(refused),
        travel=travel if (path / "travel.csv").exists() else None,
        remarks=[],
    )
    folder.remarks.extend([*_left_aside(path, tables), *_unheard_of(folder)])
    faults["offers.csv"] += _too_many(folder)
    faults["offers.csv"] += disagreements(line for line in folder.capped_lines() if line)
    wrong = [
        fault for of_file in faults.values() for fault in sorted(of_file, key=lambda f: f.line)
    ]
    if wrong:
        raise FolderRefused(wrong)
    return folder


def sha256(folder: Folder) -> str:
    """The fingerprint of what the files say, whatever their order, delimiter, encoding, headings
    or way to write a number: of the sorted lines as the matcher uses them."""
    digest = hashlib.sha256()

    def add(line: Any) -> None:
        digest.update(json.dumps(line, ensure_ascii=False).encode() + b"\n")

    for name, lines in (
        ("offers", folder.offers),
        ("pupils", folder.pupils),
        ("wishes", folder.wishes),
        ("accepted", folder.held),
    ):
        add(name)
        for line in lines:
            add(_said(line))
    add(["refused", folder.refused])
    add(["travel", None if folder.travel is None else sorted(folder.travel.items())])
    return digest.hexdigest()


def _said(line: OfferRow | PupilRow | WishRow | Held) -> tuple[Any, ...]:
    """What a line says, wherever it stands, without caps that it does not speak of."""
    if isinstance(line, OfferRow):
        *said, limits, _ = astuple(line)
        return (*said, *([] if limits is None else [limits]))
    if isinstance(line, PupilRow):
        *said, apart, _ = astuple(line)
        return (*said, *([apart] if apart else []))
    return astuple(line)


def _too_many(folder: Folder) -> list[Fault]:
    counts = (
        (len(folder.weeks()), MOST_WEEKS, "semaines différentes"),
        (len(folder.entitlements()), MOST_CODES, "droits différents"),
        (len(folder.sectors()), MOST_CODES, "secteurs différents"),
    )
    return [
        Fault("offers.csv", 0, "", f"{count} {what}", f"{most} au plus")
        for count, most, what in counts
        if count > most
    ]


def _left_aside(path: Path, tables: dict[str, Table]) -> Iterator[str]:
    """So that a heading or the name of a file typed wrong does not go unseen."""
    known = {*tables, *columns.RESULTS}
    for file in sorted(path.glob("*.csv")):
        if file.name not in known:
            yield spaced(f"{file.name} : fichier ignoré, ce nom n’est pas connu.")
    for name, table in tables.items():
        for heading in table.ignored:
            yield spaced(f"{name} : colonne « {shown(heading)} » ignorée.")


def _unheard_of(folder: Folder) -> Iterator[str]:
    """Codes that match nothing: right perhaps, but more often misspelt."""
    listed = set(known_territories().values()) | {""}
    lines: list[OfferRow | PupilRow] = [*folder.offers, *folder.pupils]
    for territory in sorted({line.place.territory for line in lines} - listed):
        yield spaced(
            f"Territoire « {shown(territory)} » : absent de la liste de 2023, comparé tel quel."
        )
    held = {code for pupil in folder.pupils for code in pupil.entitled}
    for code in sorted(set(folder.entitlements()) - held):
        yield spaced(
            f"Droit « {shown(code)} » : aucun élève ne l’a, ses places réservées resteront vides."
        )
