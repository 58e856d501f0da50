"""The cells of one pupil: each reader returns a clean value and adds a problem when it is wrong."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from email_validator import EmailNotValidError, validate_email

from matching.rules.access import ACCESS_NEEDS
from matching.rules.file_reading import fold
from matching.rules.hours import age_on
from matching.rules.identifiers import clean, postcode_problem
from matching.rules.phones import phone_e164
from matching.rules.pupils_columns import FULL_NAME

CellCode = Literal[
    "cell_empty",
    "cell_too_long",
    "cell_broken_accent",
    "name_symbols",
    "name_split",
    "date_format",
    "date_impossible",
    "age_out_of_range",
    "guardian_name_missing",
    "email_format",
    "phone_format",
    "postcode_format",
    "access_unknown",
    "row_too_long",
    "row_example",
]

AGES = range(10, 19)
MAX_NAME = 80  # the width of the columns
MAX_CLASS = 40
MAX_COMMUNE = 100
MAX_SHOWN = 40

_DATE = re.compile(r"([0-9]{1,2})[/.\-]([0-9]{1,2})[/.\-]([0-9]{4})(?: 0?0:00(?::00)?)?")
_ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[ T]00:00(?::00)?)?")
_EATEN_ZERO = re.compile(r"[1-79][0-9]{8}")  # a spreadsheet took the number for a number
_APOSTROPHES = str.maketrans(dict.fromkeys("\u02bc\u2018\u00b4`", "’"))
_NO_NEED = {"", "non", "aucun", "aucune", "neant", "rien", "0"}
_NEEDS = {fold(text): need.key for need in ACCESS_NEEDS for text in (need.key, need.label)}


@dataclass(frozen=True, slots=True)
class CellProblem:
    """A wrong cell, by the key of its column; None when the whole row is wrong."""

    code: CellCode
    column: str | None
    found: str = ""
    expected: str = ""


@dataclass(frozen=True, slots=True)
class Guardian:
    """A parent or legal guardian. `phone` is E.164; first name, e-mail and phone may be empty."""

    last_name: str
    first_name: str
    email: str
    phone: str


def names(typed: Mapping[str, str], problems: list[CellProblem]) -> tuple[str, str]:
    """Last and first name, from two columns or from one with "MARTIN Léa"."""
    if FULL_NAME not in typed or typed.get("last_name"):
        return (
            _name(typed, "last_name", problems, required=True),
            _name(typed, "first_name", problems, required=True),
        )
    words = _name(typed, FULL_NAME, problems, required=True).split()
    capitals = next((at for at, word in enumerate(words) if word != word.upper()), len(words))
    if words and not 0 < capitals < len(words):
        problems.append(CellProblem("name_split", FULL_NAME, typed[FULL_NAME]))
    return " ".join(words[:capitals]), " ".join(words[capitals:])


def birth_date(typed: Mapping[str, str], today: date, problems: list[CellProblem]) -> date | None:
    """A date of day, month and year, or ISO, of somebody from 10 to 18 years old today."""
    text = typed.get("birth_date", "")
    if not text:
        problems.append(CellProblem("cell_empty", "birth_date"))
        return None
    if not (_DATE.fullmatch(text) or _ISO_DATE.fullmatch(text)):
        problems.append(CellProblem("date_format", "birth_date", text))
        return None
    found = parse_date(text)
    if found is None:
        problems.append(CellProblem("date_impossible", "birth_date", text))
        return None
    if age_on(today, found) not in AGES:
        problems.append(CellProblem("age_out_of_range", "birth_date", text))
        return None
    return found


def parse_date(text: str) -> date | None:
    """The date in 15/03/2012, 15-3-2012, 15.03.2012 or 2012-03-15, None when there is none."""
    french, iso = _DATE.fullmatch(text), _ISO_DATE.fullmatch(text)
    try:
        if french:
            return date(int(french[3]), int(french[2]), int(french[1]))
        if iso:
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
    except ValueError:
        return None
    return None


def class_name(typed: Mapping[str, str], problems: list[CellProblem]) -> str:
    return _text(typed, "class_name", MAX_CLASS, problems, required=True)


def commune(typed: Mapping[str, str], problems: list[CellProblem]) -> str:
    """The name of a commune as written; the gazetteer says whether it exists."""
    return _text(typed, "commune", MAX_COMMUNE, problems)


def postcode(typed: Mapping[str, str], problems: list[CellProblem]) -> str:
    """Five digits, the zero that spreadsheets eat put back; empty when there is none."""
    text = typed.get("postcode", "")
    found = clean(text)
    if re.fullmatch(r"[0-9]{4}", found):
        found = f"0{found}"
    if text and postcode_problem(found):
        problems.append(CellProblem("postcode_format", "postcode", text))
        return ""
    return found


def guardian(typed: Mapping[str, str], who: str, problems: list[CellProblem]) -> Guardian | None:
    """The guardian whose columns start with `who`, None when all of them are empty."""
    if not any(text for key, text in typed.items() if key.startswith(f"{who}_")):
        return None
    if not typed.get(f"{who}_last_name"):
        problems.append(CellProblem("guardian_name_missing", f"{who}_last_name"))
    return Guardian(
        last_name=_name(typed, f"{who}_last_name", problems),
        first_name=_name(typed, f"{who}_first_name", problems),
        email=_email(typed, f"{who}_email", problems),
        phone=_phone(typed, f"{who}_phone", problems),
    )


def access_needs(typed: Mapping[str, str], problems: list[CellProblem]) -> tuple[str, ...]:
    """Keys of the needs named in the cell, between commas, without doubles."""
    text = typed.get("access_needs", "")
    found: dict[str, None] = {}
    for part in re.split(r"[,;/|+]", text):
        if fold(part) in _NO_NEED:
            continue
        key = _NEEDS.get(fold(part))
        if key is None:
            labels = ", ".join(need.label for need in ACCESS_NEEDS)
            problems.append(CellProblem("access_unknown", "access_needs", part.strip(), labels))
            return ()
        found[key] = None
    return tuple(found)


def shorten(text: str) -> str:
    """The start of a cell, to show it again."""
    return text if len(text) <= MAX_SHOWN else f"{text[: MAX_SHOWN - 1]}…"


def _name(
    typed: Mapping[str, str], key: str, problems: list[CellProblem], *, required: bool = False
) -> str:
    """Letters of any alphabet, spaces, hyphens, apostrophes and dots."""
    text = _text(typed, key, MAX_NAME, problems, required=required).translate(_APOSTROPHES)
    letters = [character for character in text if character.isalpha()]
    allowed = all(
        character.isalpha() or unicodedata.combining(character) or character in " -'’.\u2010\u2011"
        for character in text
    )
    if text and not (letters and allowed):
        problems.append(CellProblem("name_symbols", key, text))
        return ""
    return text


def _text(
    typed: Mapping[str, str],
    key: str,
    longest: int,
    problems: list[CellProblem],
    *,
    required: bool = False,
) -> str:
    text = unicodedata.normalize("NFC", typed.get(key, ""))
    if not text and required:
        problems.append(CellProblem("cell_empty", key))
    elif len(text) > longest:
        problems.append(CellProblem("cell_too_long", key, text, str(longest)))
    elif "\ufffd" in text:
        problems.append(CellProblem("cell_broken_accent", key, text))
    else:
        return text
    return ""


def _email(typed: Mapping[str, str], key: str, problems: list[CellProblem]) -> str:
    text = typed.get(key, "")
    if not text:
        return ""
    try:
        return validate_email(text, check_deliverability=False).normalized
    except EmailNotValidError:
        problems.append(CellProblem("email_format", key, text))
        return ""


def _phone(typed: Mapping[str, str], key: str, problems: list[CellProblem]) -> str:
    text = typed.get(key, "")
    typed_whole = f"0{text}" if _EATEN_ZERO.fullmatch(text) else text
    found = phone_e164(typed_whole) if text else ""
    if found is None:
        problems.append(CellProblem("phone_format", key, text))
        return ""
    return found
