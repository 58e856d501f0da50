"""Bytes of a school's file of pupils → the cells that we keep, before anything else sees them.

What we do not keep (national number, sex, birthplace, address…) is dropped here: only the headings
of those columns come out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from matching.rules.file_reading import MAX_ROWS, Row, Rows, Unreadable, read_rows
from matching.rules.pupils_columns import known_columns
from matching.rules.pupils_layout import (
    HEAD,
    Column,
    columns_of,
    header_place,
    without_national_number,
)
from matching.rules.workbook_reading import MARK, read_workbook


@dataclass(frozen=True, slots=True)
class Choices:
    """How a person says that the file is to be read, where our guess was wrong.

    `header_line` is the line of the headings, 0 when there is none; `keys` has one for each column,
    and counts only when the table then has as many columns.
    """

    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    header_line: int | None = None
    keys: tuple[str | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """The kept cells of one line, by the place of their column; `extra` when it had too many."""

    line: int
    cells: dict[int, str]
    extra: bool = False


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file without what we do not keep. `header_line` is 0 when it has no headings."""

    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    header_line: int = 1
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()


def keep(data: bytes, *, today: date, choices: Choices | None = None) -> KeptFile | Unreadable:
    """The cells of the columns that we know, or that `choices` names; never raises.

    `today` serves to tell dates of birth from others.
    """
    choices = choices or Choices()
    if data.startswith(MARK):
        found = read_workbook(data, sheet=choices.sheet, known_columns=known_columns, head=HEAD)
    else:
        found = read_rows(
            data,
            encoding=choices.encoding,
            delimiter=choices.delimiter,
            known_columns=known_columns,
            head=HEAD,
        )
    if isinstance(found, Unreadable):
        return found
    header, below = _cut(found, choices.header_line, today)
    if len(below) > MAX_ROWS:
        return Unreadable("file_too_many_rows")
    columns = columns_of(header, below, today)
    if len(choices.keys) == len(columns):
        columns = tuple(
            Column(column.heading, key, column.looks)
            for column, key in zip(columns, choices.keys, strict=True)
        )
    places = [place for place, column in enumerate(columns) if column.key]
    lines = tuple(
        Line(
            row.line,
            {
                place: without_national_number(row.cells[place])
                for place in places
                if place < len(row.cells)
            },
            extra=any(row.cells[len(columns) :]),
        )
        for row in below
        if header is None or row.cells != header.cells  # printed again at the top of each page
    )
    return KeptFile(
        columns=columns,
        lines=lines,
        header_line=header.line if header else 0,
        encoding=found.encoding,
        delimiter=found.delimiter,
        sheet=found.sheet,
        sheets=found.sheets,
    )


def ignored_columns(columns: Sequence[Column]) -> tuple[str, ...]:
    """The headings of the columns that were left out."""
    return tuple(one.heading for one in columns if one.heading and one.key is None)


def _cut(found: Rows, header_line: int | None, today: date) -> tuple[Row | None, tuple[Row, ...]]:
    """The line of headings, if any, and the lines below it."""
    place = header_place(found.rows, today)
    if header_line is not None:
        lines = [row.line for row in found.rows[:HEAD]]
        place = lines.index(header_line) if header_line in lines else None
    if place is None:
        return None, found.rows
    return found.rows[place], found.rows[place + 1 :]
