"""What one cell says: numbers, weeks, codes, yes or no. Each reader refuses its line otherwise."""

import re
import unicodedata
from datetime import date
from decimal import Decimal

from matching.rules.file_reading import fold
from matching.spreadsheet.faults import LineRefused
from matching.spreadsheet.read import Row

LONGEST_KEY = 100
FURTHEST_KM = 1000  # farther than any two points of the mainland and Corsica

_YES = {"1", "oui", "o", "yes", "y", "vrai", "true", "x"}
_NO = {"", "0", "non", "n", "no", "faux", "false"}
_WEEK = re.compile(r"([0-9]{4})-?[WwSs]([0-9]{1,2})")
_INTEGER = re.compile(r"[+-]?[0-9]{1,9}")
_NUMBER = re.compile(r"[+-]?([0-9]{1,9}([.,][0-9]*)?|[.,][0-9]+)")
_BETWEEN_CODES = re.compile(r"[\s,|]+")


def key(row: Row, column: str) -> str:
    """The name of a pupil or an offer: kept letter for letter, and safe to open in a spreadsheet
    (a cell that begins with = + - @ would run as a formula)."""
    text = unicodedata.normalize("NFC", row[column])
    if not text:
        raise row.refuse(column, "un identifiant")
    if len(text) > LONGEST_KEY or not all(c.isprintable() for c in text):
        raise row.refuse(column, f"un identifiant sur une ligne, de {LONGEST_KEY} signes au plus")
    if text[0] in "=+-@＝＋－＠":
        raise row.refuse(column, "un identifiant qui ne commence pas par =, +, - ou @")
    return text


def integer(row: Row, column: str, low: int, high: int, default: int | None = None) -> int:
    """A whole number from `low` to `high`; `default` when the cell is empty."""
    text = row[column]
    if not text and default is not None:
        return default
    if not _INTEGER.fullmatch(text) or not low <= int(text) <= high:
        raise row.refuse(column, f"un nombre entier de {grouped(low)} à {grouped(high)}")
    return int(text)


def number(row: Row, column: str, low: int, high: int) -> Decimal:
    """A number from `low` to `high`, with a decimal point or comma."""
    text = row[column].replace("\u202f", "").replace("\u00a0", "")
    expected = f"un nombre de {low} à {high}"
    if not _NUMBER.fullmatch(text):
        raise row.refuse(column, expected)
    value = Decimal(text.replace(",", "."))
    if not low <= value <= high:
        raise row.refuse(column, expected)
    return value


def tens_of_metres(row: Row, column: str, *, zero: bool) -> int:
    """Kilometres as whole tens of metres, the unit in which distances are compared. `zero` says
    whether a distance of nothing makes sense."""
    from_zero = "de 0" if zero else "plus de 0"
    expected = f"une distance en km, {from_zero} à {grouped(FURTHEST_KM)}"
    try:
        value = round(number(row, column, 0, FURTHEST_KM) * 100)
    except LineRefused:
        raise row.refuse(column, expected) from None
    if not value and not zero:
        raise row.refuse(column, expected)
    return value


def grouped(whole: int) -> str:
    """A whole number with its thousands parted as in French."""
    return f"{whole:,}".replace(",", "\u202f")


def flag(row: Row, column: str) -> bool:
    """1 or 0, oui or non, x or nothing."""
    text = fold(row[column])
    if text in _YES:
        return True
    if text in _NO:
        return False
    raise row.refuse(column, "1 ou 0 (oui ou non)")


def weeks(row: Row, column: str) -> tuple[str, ...]:
    """ISO weeks in order, each once; empty when the cell is empty."""
    return tuple(sorted({_week(row, column, text) for text in codes_in(row[column])}))


def week(row: Row, column: str) -> str:
    """One ISO week, or `""` when the cell is empty."""
    return _week(row, column, row[column]) if row[column] else ""


def _week(row: Row, column: str, text: str) -> str:
    found = _WEEK.fullmatch(text)
    if not found:
        raise row.refuse(column, "une semaine comme 2027-W05")
    year, number_ = int(found[1]), int(found[2])
    if not 2000 <= year <= 2099:
        raise row.refuse(column, "une semaine des années 2000 à 2099", text)
    last = date(year, 12, 28).isocalendar().week  # 28 December is always in the last week
    if not 1 <= number_ <= last:
        raise row.refuse(column, f"une semaine de {year}, de W01 à W{last}", text)
    return f"{year}-W{number_:02d}"


def codes(row: Row, column: str) -> tuple[str, ...]:
    """Codes separated by spaces, commas or bars, in lower case and in order, each once."""
    return tuple(sorted({_code(text) for text in codes_in(row[column])}))


def code(row: Row, column: str) -> str:
    """One code in lower case, or `""`."""
    found = codes_in(row[column])
    if len(found) > 1:
        raise row.refuse(column, "un seul code, sans espace")
    return _code(found[0]) if found else ""


def codes_in(text: str) -> list[str]:
    return [part for part in _BETWEEN_CODES.split(text) if part]


def _code(text: str) -> str:
    """`REP+` and `rep_plus` are one code."""
    return text.casefold().replace("+", "_plus")
