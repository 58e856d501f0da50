"""Bytes of a text file that somebody exported from a spreadsheet → rows. Never an exception.

Encodings: UTF-8 with or without its mark, UTF-16 with its mark, else cp1252, unless the caller
knows better. Separators: `;`, comma or tab, whichever makes a line best known to the caller.
"""

import csv
import io
import itertools
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

UnreadableCode = Literal[
    "file_empty",
    "file_too_big",
    "file_not_table",
    "file_spreadsheet",
    "file_too_many_rows",
    "file_workbook_damaged",
    "file_workbook_heavy",
]

MAX_BYTES = 2 * 1024 * 1024
MAX_ROWS = 5_000
MAX_COLUMNS = 200
DELIMITERS = (";", ",", "\t")
ENCODINGS = ("utf-8-sig", "cp1252", "utf-16", "mac_roman", "cp850")

SPREADSHEET_MARKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # xlsx or ods, xls
_CONTROL_CHARACTER = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x81\x8d\x8f\x90\x9d]")
_UNSEEN = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\u200b]")
_SEPARATOR_LINE = re.compile(r"\ufeff?sep=(.)\r?\n", re.IGNORECASE)
_BLANK = '\ufeff\u00a0 \t\r\n;,"'
_FOLDED = str.maketrans({"œ": "oe", "æ": "ae", "\u02bc": ""})
_EXCEL_TEXT = re.compile(r'="(.*)"', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one line; `line` is the number that a spreadsheet shows beside it."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The first line that is not empty, then the others; empty lines are left out."""

    header: Row
    rows: tuple[Row, ...]
    delimiter: str
    encoding: str


@dataclass(frozen=True, slots=True)
class Rows:
    """Every line that is not empty, and how the bytes were read.

    A text has an encoding and a delimiter; a workbook has sheets, one of which was read.
    """

    rows: tuple[Row, ...]
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The one reason why these bytes are not a table that we take; the line, when one is broken."""

    code: UnreadableCode
    line: int | None = None


def read_table(
    data: bytes,
    *,
    known_columns: Callable[[Sequence[str]], int] = len,
    max_bytes: int = MAX_BYTES,
    max_rows: int = MAX_ROWS,
) -> Table | Unreadable:
    """The table in these bytes: its first line, then the others; `known_columns` as `read_rows`."""
    found = read_rows(
        data, known_columns=known_columns, head=1, max_bytes=max_bytes, max_rows=max_rows
    )
    if isinstance(found, Unreadable):
        return found
    return Table(found.rows[0], found.rows[1:], found.delimiter, found.encoding)


def read_rows(
    data: bytes,
    *,
    encoding: str = "",
    delimiter: str = "",
    known_columns: Callable[[Sequence[str]], int] = len,
    head: int = 1,
    max_bytes: int = MAX_BYTES,
    max_rows: int = MAX_ROWS,
) -> Rows | Unreadable:
    """The lines in these bytes, at most `max_rows` below the `head` that may hold the headings.

    `known_columns` counts the cells of a line that the caller knows how to name; the best of the
    first `head` lines decides between separators, and the one that cuts in most cells wins a tie.
    A wrong `encoding` loses letters, which become U+FFFD; it never fails.
    """
    if len(data) > max_bytes:
        return Unreadable("file_too_big")
    if data.startswith(SPREADSHEET_MARKS):
        return Unreadable("file_spreadsheet")
    decoded = (data.decode(encoding, "replace"), encoding) if encoding else _decode(data)
    if decoded is None:
        return Unreadable("file_not_table")
    text, encoding = decoded
    skipped = _SEPARATOR_LINE.match(text)
    if skipped:
        text = text[skipped.end() :]
    if not text.strip(_BLANK):
        return Unreadable("file_empty")
    delimiter = delimiter or _delimiter(text, known_columns, head)
    rows: list[Row] = []
    try:
        for row in _rows(text, delimiter, first_line=2 if skipped else 1):
            if len(row.cells) > MAX_COLUMNS:
                return Unreadable("file_not_table")
            rows.append(row)
            if len(rows) > max_rows + head:
                return Unreadable("file_too_many_rows")
    except _BadQuotes as error:
        return Unreadable("file_not_table", error.line)
    if not rows:
        return Unreadable("file_empty")
    return Rows(tuple(rows), encoding, delimiter)


def fold(text: str) -> str:
    """A heading or a name reduced to what matters: no accents, case, spaces or punctuation."""
    decomposed = unicodedata.normalize("NFKD", text.casefold()).translate(_FOLDED)
    return "".join(filter(str.isalnum, decomposed))


def fold_losing_accents(text: str) -> str:
    """The same heading after a bad export ate its accented letters ("Pr?nom")."""
    composed = unicodedata.normalize("NFC", text)
    return fold("".join(filter(str.isascii, composed)))


def _decode(data: bytes) -> tuple[str, str] | None:
    """The text and its encoding, or None for what no spreadsheet writes."""
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ["utf-16"] if wide else ["utf-8-sig", "cp1252"]:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _CONTROL_CHARACTER.search(text):
            return None
        return _undo_double_encoding(text), encoding
    return None


def _undo_double_encoding(text: str) -> str:
    """UTF-8 that was once opened as cp1252 and saved ("PrÃ©nom") is put right; other text stays."""
    if "Ã" not in text:
        return text
    try:
        return text.encode("cp1252").decode("utf-8-sig")
    except UnicodeError:
        return text


def _delimiter(text: str, known_columns: Callable[[Sequence[str]], int], head: int) -> str:
    def score(delimiter: str) -> tuple[int, int]:
        found = (0, 0)
        try:
            for row in itertools.islice(_rows(text, delimiter), head):
                found = max(found, (known_columns(row.cells), len(row.cells)))
        except _BadQuotes:
            return found if found[0] else (-1, 0)
        return found

    return max(DELIMITERS, key=score)


class _BadQuotes(Exception):  # noqa: N818 - it describes the line
    """A quotation mark that nothing closes, or that does not end its cell."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def _rows(text: str, delimiter: str, first_line: int = 1) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = first_line - 1
    try:
        for line, cells in enumerate(reader, start=first_line):
            if not any(cells):
                continue  # quickly: a broken export may hold two million separators
            cleaned = tuple(clean_cell(cell) for cell in cells[: MAX_COLUMNS + 1])
            if any(cleaned) or any(map(str.strip, cells[MAX_COLUMNS + 1 :])):
                yield Row(line, cleaned)
    except csv.Error:
        raise _BadQuotes(line + 1) from None


def clean_cell(cell: str) -> str:
    """One cell as text: Excel's ="3A" unwrapped, each run of spaces made one, nothing computed."""
    wrapped = _EXCEL_TEXT.fullmatch(cell.strip())
    return " ".join(_UNSEEN.sub("", wrapped[1] if wrapped else cell).split())
