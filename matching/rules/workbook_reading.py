"""A workbook (.xlsx) → the same rows of text as a CSV file. Never an exception.

Nothing is computed: a formula counts for the value that the spreadsheet saved beside it. The file
is unpacked once into nothing, so that one that would fill the memory is refused before it is read.
"""

import io
import warnings
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import date, datetime
from itertools import islice
from typing import Any

from matching.rules.file_reading import (
    MAX_BYTES,
    MAX_COLUMNS,
    MAX_ROWS,
    Row,
    Rows,
    Unreadable,
    clean_cell,
)

MARK = b"PK\x03\x04"
MOST_UNPACKED = 40 * 1024 * 1024
MOST_ENTRIES = 500
MOST_SHEETS = 30
LAST_LINE = 1_048_576  # of Excel
PIECE = 256 * 1024
_DECLARATION = b"<!DOCTYPE"  # no spreadsheet writes one; entities that grow begin there


def read_workbook(
    data: bytes,
    *,
    sheet: str = "",
    known_columns: Callable[[Sequence[str]], int] = len,
    head: int = 1,
) -> Rows | Unreadable:
    """The lines of one sheet: `sheet`, or the one with the line that the caller knows best.

    Hidden sheets are left out. `known_columns` and `head` are those of `read_rows`.
    """
    if len(data) > MAX_BYTES:
        return Unreadable("file_too_big")
    if problem := _danger(data):
        return problem
    try:
        with warnings.catch_warnings(), closing(_open(data)) as book:
            warnings.simplefilter("ignore")  # openpyxl names what it will not keep: styles, rules
            return _read(book, sheet, known_columns, head)
    except Exception:  # openpyxl lets out whatever a damaged file leads it to
        return Unreadable("file_workbook_damaged")


def _open(data: bytes) -> Any:
    import openpyxl  # here, because few requests need it and every start would wait for it

    return openpyxl.load_workbook(
        io.BytesIO(data), read_only=True, data_only=True, keep_links=False
    )


def _danger(data: bytes) -> Unreadable | None:
    """What forbids to open these bytes: no workbook, too much inside, a document declaration."""
    left = MOST_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as box:
            names = box.namelist()
            if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
                return Unreadable("file_spreadsheet")
            if len(names) > MOST_ENTRIES:
                return Unreadable("file_workbook_heavy")
            for entry in box.infolist():
                with box.open(entry) as unpacked:
                    end = b""
                    while piece := unpacked.read(PIECE):
                        left -= len(piece)
                        if left < 0:
                            return Unreadable("file_workbook_heavy")
                        if _DECLARATION in end + piece:
                            return Unreadable("file_workbook_damaged")
                        end = piece[-len(_DECLARATION) :]
    except Exception:  # zipfile too: bad sums, unknown methods, passwords, ends that are missing
        return Unreadable("file_workbook_damaged")
    return None


def _read(
    book: Any, wanted: str, known_columns: Callable[[Sequence[str]], int], head: int
) -> Rows | Unreadable:
    shown = [one for one in book.worksheets if one.sheet_state == "visible"][:MOST_SHEETS]
    sheets = {one.title: one for one in shown}
    if not sheets:
        return Unreadable("file_empty")

    def score(title: str) -> tuple[int, int]:
        lines = [row.cells for row in islice(_rows(sheets[title]), head)]
        return max(((known_columns(cells), len(cells)) for cells in lines), default=(0, 0))

    title = wanted if wanted in sheets else max(sheets, key=score)
    rows: list[Row] = []
    for row in _rows(sheets[title]):
        if len(row.cells) > MAX_COLUMNS:
            return Unreadable("file_not_table")
        rows.append(row)
        if len(rows) > MAX_ROWS + head:
            return Unreadable("file_too_many_rows")
    if not rows:
        return Unreadable("file_empty")
    return Rows(tuple(rows), sheet=title, sheets=tuple(sheets))


def _rows(sheet: Any) -> Iterator[Row]:
    sheet.reset_dimensions()  # what a file says of its own size may be wrong
    found = sheet.iter_rows(max_row=LAST_LINE, max_col=MAX_COLUMNS + 1, values_only=True)
    for line, values in enumerate(found, start=1):
        if values.count(None) == len(values):  # a million empty lines may lie between two
            continue
        cells = [_text(value) for value in values]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            yield Row(line, tuple(cells))


def _text(value: object) -> str:
    """A value as a person reads it in the cell: 15/03/2012, 3 rather than 3.0."""
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, datetime | date):
        return f"{value.day:02}/{value.month:02}/{value.year:04}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return clean_cell(str(value))
