"""Numbers, distances, dates and weeks as a reader of French or of English expects.

French wants U+202F in thousands and before ; ! ?, U+00A0 before : and inside « », and ’ for '
(Imprimerie nationale). Each function says the language, "fr" or "en".
"""

import re
from collections.abc import Sequence
from datetime import date, datetime, time

from babel.dates import format_date
from markupsafe import Markup

from matching.clock import PARIS

THIN = "\u202f"
HARD = "\u00a0"
WORKING_WEEK = (1, 2, 3, 4, 5)

TAG_OR_ENTITY = re.compile(r"(<[^>]*>|&[#\w]+;)")
TYPOGRAPHY = (
    (re.compile(r"\.\.\."), "…"),
    (re.compile(r"(?<=\w)'(?=[\w«])"), "’"),
    (re.compile(r"«\s*"), "«" + HARD),
    (re.compile(r"\s*»"), HARD + "»"),
    (re.compile(r"(?:[ \u00a0\u202f]+|(?<=\w))([;!?])(?=[\s!?»)]|$)"), THIN + r"\1"),
    (re.compile(r"[ \u00a0]+:(?=\s|$)"), HARD + ":"),
    (re.compile(r"(?<=\d) (?=(?:%|€|km\b|h\b|min\b|Go\b))"), HARD),
)


def typo(text: str, language: str = "fr") -> str:
    """Set the spaces and apostrophes of French; tags of markup and other languages are left."""
    if language != "fr":
        return text
    if isinstance(text, Markup):
        pieces = TAG_OR_ENTITY.split(text)
        pieces[::2] = [_typeset(str(piece)) for piece in pieces[::2]]
        return Markup("").join(Markup(piece) for piece in pieces)  # noqa: S704 - it was markup
    return _typeset(text)


def _typeset(text: str) -> str:
    for pattern, replacement in TYPOGRAPHY:
        text = pattern.sub(replacement, text)
    return text


def number(value: float, digits: int = 0, language: str = "fr") -> str:
    """5450 → « 5 450 » with a thin space, "5,450" in English; ``digits`` after the point."""
    text = f"{value:,.{digits}f}"
    return text if language == "en" else text.translate({ord(","): THIN, ord("."): ","})


def km(value: float, language: str = "fr") -> str:
    """Kilometres: one decimal under ten, none from there."""
    digits = 1 if round(value, 1) < 10 else 0
    return number(value, digits, language) + HARD + "km"


def percent(share: float, language: str = "fr") -> str:
    """A share of one: 0.61 → « 61 % ». Only a whole is 100 %, only nothing is 0 %."""
    hundredths = round(share * 100)
    if 0 < share < 1:
        hundredths = min(max(hundredths, 1), 99)
    return f"{hundredths}%" if language == "en" else f"{hundredths}{HARD}%"


def plural(count: int, one: str, many: str, language: str = "fr") -> str:
    """« 1 place », « 4 places »; zero is singular in French, plural in English."""
    single = abs(count) < 2 if language == "fr" else count == 1
    return number(count, 0, language) + HARD + (one if single else many)


def day(value: date, language: str = "fr", *, weekday: bool = True, year: bool = True) -> str:
    """« lundi 1er février 2027 »; a moment is read in Paris."""
    pattern = f"{'EEEE ' if weekday else ''}d MMMM{' y' if year else ''}"
    text = format_date(_in_paris(value), pattern, locale="en_GB" if language == "en" else "fr")
    return text if language == "en" else re.sub(r"\b1 (?=\D)", f"1er{HARD}", text)


def short_day(value: date, language: str = "fr") -> str:
    """« 01/02/2027 », in both languages (British order)."""
    return _in_paris(value).strftime("%d/%m/%Y")


def moment(value: datetime, language: str = "fr") -> str:
    """« 1er février 2027 à 17 h 40 », in Paris."""
    local = value.astimezone(PARIS)
    if language == "en":
        return f"{day(local, language, weekday=False)} at {local:%H:%M}"
    return f"{day(local, weekday=False)} à {local.hour}{HARD}h{HARD}{local:%M}"


def week(iso_week: str, weekdays: Sequence[int] = WORKING_WEEK, language: str = "fr") -> str:
    """``2027-W05`` → « semaine du 1er au 5 février 2027 », from the first weekday to the last.

    Weekdays count from 1, Monday. Raises ValueError for something that is no ISO week.
    """
    first = date.fromisoformat(f"{iso_week}-{min(weekdays)}")
    last = date.fromisoformat(f"{iso_week}-{max(weekdays)}")
    if first == last:
        only = day(first, language)
        return f"week of {only}" if language == "en" else f"semaine du {only}"
    end = day(last, language, weekday=False)
    if first.year != last.year:
        start = day(first, language, weekday=False)
    elif first.month != last.month:
        start = day(first, language, weekday=False, year=False)
    else:
        start = f"{first.day}" if language == "en" or first.day > 1 else "1er"
    return f"week of {start} to {end}" if language == "en" else f"semaine du {start} au {end}"


def hour(value: time, language: str = "fr") -> str:
    """« 9 h », « 16 h 30 »; "16:30" in English."""
    if language == "en":
        return f"{value:%H:%M}"
    return f"{value.hour}{HARD}h" + (f"{HARD}{value:%M}" if value.minute else "")


def _in_paris(value: date) -> date:
    return value.astimezone(PARIS) if isinstance(value, datetime) else value
