"""Puts the three result files in their place, all or nothing."""

import errno
import json
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from matching.rules.safe_csv import csv_bytes
from matching.spreadsheet.columns import PLACEMENTS, REPORT, RESULTS, UNPLACED
from matching.spreadsheet.results import Placement, Unplaced


def placements_csv(rows: Iterable[Placement]) -> bytes:
    headings = [column.name for column in PLACEMENTS.columns]
    return csv_bytes(
        headings,
        (
            (
                row.pupil,
                row.offer,
                row.week,
                km(row.distance),
                row.rank or None,
                int(row.same_territory),
                int(row.reserved_seat),
            )
            for row in rows
        ),
    )


def unplaced_csv(rows: Iterable[Unplaced]) -> bytes:
    headings = [column.name for column in UNPLACED.columns]
    return csv_bytes(headings, ((row.pupil, row.reason, row.detail) for row in rows))


def report_json(report: dict[str, Any]) -> bytes:
    return (json.dumps(report, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def km(tens_of_metres: int) -> str:
    return f"{tens_of_metres // 100}.{tens_of_metres % 100:02d}"


def write_results(
    out: Path, placed: Iterable[Placement], unplaced: Iterable[Unplaced], report: dict[str, Any]
) -> None:
    """Writes the files of RESULTS into `out`; report.json comes last.

    Raises:
        OSError: when the folder cannot be written.
    """
    contents = {
        PLACEMENTS.name: placements_csv(placed),
        UNPLACED.name: unplaced_csv(unplaced),
        REPORT: report_json(report),
    }
    put_in_place(out, {name: contents[name] for name in RESULTS})


def put_in_place(out: Path, contents: dict[str, bytes]) -> None:
    """Writes these files into `out`, which is made if needed and keeps its other files.

    All are complete on the disk before the first one takes its name.

    Raises:
        OSError: when the folder cannot be written.
    """
    for name in contents:
        if (out / name).is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(out / name))
    out.parent.mkdir(parents=True, exist_ok=True)
    # Near the target, for a rename is atomic only inside one file system.
    near = out if out.exists() else out.parent
    with tempfile.TemporaryDirectory(dir=near, prefix=".letabli-") as made:
        fresh = Path(made) / "results"
        fresh.mkdir(mode=0o755)
        for name, content in contents.items():
            (fresh / name).write_bytes(content)
        if not out.exists():
            fresh.rename(out)
            return
        for name in contents:
            (fresh / name).replace(out / name)
