"""Bytes of a file that somebody exported from a spreadsheet → a table of text. Never an exception.

Encodings: UTF-8 with or without its mark, UTF-16 with its mark, else cp1252. Separators: `;`,
comma or tab, whichever makes the first line best known to the caller.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

UnreadableCode = Literal[
    "file_empty", "file_too_big", "file_not_table", "file_spreadsheet", "file_too_many_rows"
]

MAX_BYTES = 2 * 1024 * 1024
MAX_ROWS = 5_000
MAX_COLUMNS = 200
DELIMITERS = (";", ",", "\t")

_SPREADSHEET_MARKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # xlsx or ods, xls
_CONTROL_CHARACTER = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x81\x8d\x8f\x90\x9d]")
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
class Unreadable:
    """The one reason why these bytes are not a table that we take."""

    code: UnreadableCode


def read_table(
    data: bytes,
    *,
    known_columns: Callable[[Sequence[str]], int] = len,
    max_bytes: int = MAX_BYTES,
    max_rows: int = MAX_ROWS,
) -> Table | Unreadable:
    """The table in these bytes.

    `known_columns` counts the cells of a first line that the caller knows how to name; it decides
    between separators, and the one that cuts the line in most cells wins a tie.
    """
    if len(data) > max_bytes:
        return Unreadable("file_too_big")
    if data.startswith(_SPREADSHEET_MARKS):
        return Unreadable("file_spreadsheet")
    decoded = _decode(data)
    if decoded is None:
        return Unreadable("file_not_table")
    text, encoding = decoded
    skipped = _SEPARATOR_LINE.match(text)
    if skipped:
        text = text[skipped.end() :]
    if not text.strip(_BLANK):
        return Unreadable("file_empty")
    delimiter = _delimiter(text, known_columns)
    rows: list[Row] = []
    try:
        for row in _rows(text, delimiter, first_line=2 if skipped else 1):
            if len(row.cells) > MAX_COLUMNS:
                return Unreadable("file_not_table")
            rows.append(row)
            if len(rows) > max_rows + 1:
                return Unreadable("file_too_many_rows")
    except csv.Error:
        return Unreadable("file_not_table")
    if not rows:
        return Unreadable("file_empty")
    return Table(rows[0], tuple(rows[1:]), delimiter, encoding)


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


def _delimiter(text: str, known_columns: Callable[[Sequence[str]], int]) -> str:
    def score(delimiter: str) -> tuple[int, int]:
        try:
            header = next(_rows(text, delimiter), Row(1, ()))
        except csv.Error:
            return (-1, 0)
        return (known_columns(header.cells), len(header.cells))

    return max(DELIMITERS, key=score)


def _rows(text: str, delimiter: str, first_line: int = 1) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    for line, cells in enumerate(reader, start=first_line):
        cleaned = tuple(_clean(cell) for cell in cells)
        if any(cleaned):
            yield Row(line, cleaned)


def _clean(cell: str) -> str:
    """One cell as text: Excel's ="3A" unwrapped, each run of spaces made one, nothing computed."""
    wrapped = _EXCEL_TEXT.fullmatch(cell.strip())
    return " ".join((wrapped[1] if wrapped else cell).replace("\u200b", "").split())
