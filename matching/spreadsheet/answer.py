"""Reads the three result files back, as strictly as they were written."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matching.spreadsheet import cells
from matching.spreadsheet.columns import PLACEMENTS, REPORT, UNPLACED
from matching.spreadsheet.faults import Fault, FolderRefused, LineRefused
from matching.spreadsheet.pairs import LAST_RANK
from matching.spreadsheet.read import Row, read_table
from matching.spreadsheet.results import Placement, Unplaced


@dataclass(frozen=True, slots=True)
class Answer:
    placements: list[Placement]
    unplaced: list[Unplaced]
    report: dict[str, Any]


def read_answer(out: Path) -> Answer:
    """The answer in folder `out`, its lines in the order of the files.

    Raises:
        FolderRefused: when a file is missing, or a line is not of its kind.
    """
    faults: list[Fault] = []
    placed: list[Placement] = []
    unplaced: list[Unplaced] = []
    for file, kept, read in (
        (PLACEMENTS, placed, _placement),
        (UNPLACED, unplaced, _unplaced),
    ):
        table = read_table(out, file)
        faults += table.faults
        for row in table.rows:
            try:
                kept.append(read(row))  # type: ignore[arg-type]  # each list has its reader
            except LineRefused as refusal:
                faults.append(refusal.fault)
    report: Any = None
    try:
        report = json.loads((out / REPORT).read_bytes())
    except OSError:
        faults.append(Fault(REPORT, 0, "", "", f"ce fichier dans le dossier « {out} »"))
    except (ValueError, RecursionError):
        faults.append(Fault(REPORT, 0, "", "", "un texte JSON entier"))
    else:
        if not isinstance(report, dict):
            faults.append(Fault(REPORT, 0, "", type(report).__name__, "un objet JSON"))
    if faults:
        raise FolderRefused(faults)
    return Answer(placed, unplaced, report)


def _placement(row: Row) -> Placement:
    return Placement(
        pupil=cells.key(row, "pupil"),
        offer=cells.key(row, "offer"),
        week=cells.week(row, "week"),
        distance=cells.tens_of_metres(row, "km", zero=True),
        rank=cells.integer(row, "rank", 1, LAST_RANK, default=0),
        same_territory=cells.flag(row, "same_territory"),
        reserved_seat=cells.flag(row, "reserved_seat"),
    )


def _unplaced(row: Row) -> Unplaced:
    return Unplaced(cells.key(row, "pupil"), row["reason"], row["detail"])
