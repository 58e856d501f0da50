"""Which line holds the headings and which column is which: guessed, for a person to correct.

A heading that we know decides. For a column that we need and that no heading names, what stands in
the cells decides; a column of which neither tells anything is not kept.
"""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from matching.rules.file_reading import Row, fold
from matching.rules.hours import age_on
from matching.rules.pupils_cells import AGES, parse_date
from matching.rules.pupils_columns import FULL_NAME, REQUIRED, column_of, known_columns

HEAD = 10  # lines above the headings: title of the list, name of the school, day of the export
MOSTLY = 0.8

Looks = Literal["empty", "dates", "emails", "numbers", "classes", "full_names", "words", "other"]

_CLASS = re.compile(r"[1-6]\s*(?:[eè]|eme|ème|ÈME|EME|E|È)?\s*[-_.]?\s*[A-Za-z0-9]{0,2}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_NUMBER = re.compile(r"[+0-9][0-9 ./-]*")
_WORDS = re.compile(r"[^\W\d_]+(?:[ '’.\-][^\W\d_]*)*")
_CAPITALS_THEN_NAME = re.compile(r"[^a-zà-ÿ\d]{2,} [^\W\d_][a-zà-ÿ].*")
_SEXES = {"", "masculin", "feminin", "garcon", "fille", "homme", "femme"}
# National number of a pupil: eleven signs, of which most are figures and one at least a letter.
_NATIONAL_NUMBER = re.compile(r"(?=(?:[A-Z]*[0-9]){6})(?=[0-9]*[A-Z])[0-9A-Z]{11}", re.IGNORECASE)
# The same within a longer text, where only its usual forms are sure: never a part of an address.
_NUMBER_WITHIN = re.compile(r"(?<![0-9A-Z])[0-9]{9}[0-9A-Z][A-Z](?![0-9A-Z@])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file: its heading, "" when it has none, and our key, None when not kept.

    `looks` says what its cells are, without any of them: it helps a person to know it again.
    """

    heading: str
    key: str | None
    looks: Looks


def header_place(rows: Sequence[Row], today: date) -> int | None:
    """The place of the line of headings among the first ones, None when there is none."""
    scores = [known_columns(row.cells) for row in rows[:HEAD]]
    best = max(scores, default=0)
    if best:
        return scores.index(best)
    width = max((len(row.cells) for row in rows), default=0)
    needed = {key for key in _by_contents(rows, [""] * width, today) if key}
    named = FULL_NAME in needed or {"last_name", "first_name"} <= needed
    return None if named and "birth_date" in needed else 0


def columns_of(header: Row | None, rows: Sequence[Row], today: date) -> tuple[Column, ...]:
    """The columns of the table, with the key that we guess for each."""
    width = len(header.cells) if header else max((len(row.cells) for row in rows), default=0)
    headings = [without_national_number(cell) for cell in header.cells] if header else [""] * width
    keys = [column_of(heading) for heading in headings]
    guessed = _by_contents(rows, headings, today)
    if header is None:
        keys = guessed
    for place, key in enumerate(guessed):
        # Names are guessed only in a table without headings: a place of birth is also a word.
        if keys[place] is None and key in ("birth_date", "class_name") and key not in keys:
            keys[place] = key
    return tuple(
        Column(heading, key, _looks([_cell(row, place) for row in rows]))
        for place, (heading, key) in enumerate(zip(headings, keys, strict=True))
    )


def missing(keys: Collection[str | None], *, class_needed: bool = True) -> list[str]:
    """The columns that a list needs and that are not among these."""
    needed = [key for key in REQUIRED if key != "class_name" or class_needed]
    if FULL_NAME in keys:
        needed = [key for key in needed if key not in {"last_name", "first_name"}]
    return [key for key in needed if key not in keys]


def without_national_number(text: str) -> str:
    """The text without the national number of a pupil, which is never kept."""
    if _NATIONAL_NUMBER.fullmatch(text.replace(" ", "")):
        return ""
    return _NUMBER_WITHIN.sub("", text)


def _by_contents(rows: Sequence[Row], headings: Sequence[str], today: date) -> list[str | None]:
    """For each column that no heading names, the key that its cells suggest; each key once."""
    keys: list[str | None] = [None] * len(headings)
    words: list[int] = []
    for place, heading in enumerate(headings):
        if column_of(heading):
            continue
        cells = [_cell(row, place) for row in rows]
        looks = _looks(cells)
        if looks == "dates" and "birth_date" not in keys and _born_in_time(cells, today):
            keys[place] = "birth_date"
        elif looks == "classes" and "class_name" not in keys and len(set(cells)) <= 30:
            keys[place] = "class_name"
        elif looks == "full_names" and FULL_NAME not in keys:
            keys[place] = FULL_NAME
        elif looks == "words" and _may_be_names(cells):
            words.append(place)
    if FULL_NAME not in keys and len(words) >= 2:
        first, second = words[:2]
        if _capitals(rows, second) and not _capitals(rows, first):
            first, second = second, first
        keys[first], keys[second] = "last_name", "first_name"
    return keys


def _born_in_time(cells: Sequence[str], today: date) -> bool:
    """Whether most of these dates are those of pupils of our ages."""
    dates = [found for cell in cells if (found := parse_date(cell))]
    return _most(dates, lambda one: age_on(today, one) in AGES)


def _may_be_names(cells: Sequence[str]) -> bool:
    """Words that are neither « F » and « M » nor « Féminin » and « Masculin »."""
    different = {fold(cell) for cell in cells}
    return (
        _most(cells, lambda cell: len(cell) > 1)
        and len(different) > len(cells) // 4
        and not different <= _SEXES
    )


def _looks(cells: Sequence[str]) -> Looks:
    filled = [cell for cell in cells if cell]
    if not filled:
        return "empty"
    kinds: dict[Looks, Callable[[str], object]] = {
        "dates": parse_date,
        "emails": _EMAIL.fullmatch,
        "classes": _CLASS.fullmatch,
        "numbers": _NUMBER.fullmatch,
        "full_names": _CAPITALS_THEN_NAME.fullmatch,
        "words": _WORDS.fullmatch,
    }
    return next((name for name, test in kinds.items() if _most(filled, test)), "other")


def _most(values: Sequence[Any], test: Callable[[Any], object]) -> bool:
    return sum(1 for value in values if test(value)) >= MOSTLY * len(values)


def _capitals(rows: Sequence[Row], place: int) -> bool:
    cells = [cell for row in rows if (cell := _cell(row, place))]
    return bool(cells) and _most(cells, str.isupper)


def _cell(row: Row, place: int) -> str:
    return row.cells[place] if place < len(row.cells) else ""
