"""Read a French postal address as far as its town: postcode, name, arrondissement.

Streets are not looked at: a place is known to the commune, which is all that the matcher needs and
all that may be kept about a minor.
"""

import re
from dataclasses import dataclass

from matching.geography.names import fold


@dataclass(frozen=True, slots=True)
class Address:
    """What an address says of its town; ``town`` is folded, empty parts are empty or 0."""

    town: str
    postcode: str = ""
    departement: str = ""
    arrondissement: int = 0


_FOREIGN = re.compile(r"\b(?!(?:FR?|BP|CS|TSA)-)[A-Z]{1,3}-\d{4,5}\b")
_BOX = re.compile(r"\b(?:B\.?P\.?|C\.?S\.?|TSA)[ °nN-]*\d{1,6}\b")
_POSTCODE = re.compile(r"(?<!\d)\d{5}(?!\d)")
_SPACED_POSTCODE = re.compile(r"(?<![\d ])\s*(\d{2}) (\d{3})(?=\s+[^\W\d])")
_PARTS = re.compile(r"[,;\n()]|(?<!\b[sS])/| [-–—] ")  # not the stroke of "Vitry s/Seine"
_DEPARTEMENT = re.compile(r"[(,]\s*(\d{2,3}|2[ABab])\s*\)?\s*$")
_ARRONDISSEMENT = re.compile(
    r"(PARIS|LYON|MARSEILLE) (\d{1,2}|[IVX]+?)(?:ER|EME|E)?(?: ARR(?:ONDISSEMENT)?)?"
)
_CEDEX = re.compile(r"(.*?) ?\bCEDEX(?: (\d{1,2}))?\b.*")
_COUNTRY = re.compile(r"(?<! EN)(?<! DE) ?\bFRANCE$")
_ABROAD = re.compile(
    r"[,\n(]\s*(?:ALLEMAGNE|ANDORRE|BELGIQUE|ESPAGNE|ITALIE|LUXEMBOURG|MONACO|SUISSE)\W*$",
    re.IGNORECASE,
)
"""Suisse is also a commune of Moselle: only a country when something stands before it."""
_ROMAN = {"I": 1, "V": 5, "X": 10}


def read_address(text: str) -> Address | None:
    """The town of an address; None when nothing can be one, or it is abroad.

    >>> read_address("BP 40123, 69361 LYON CEDEX 07")
    Address(town='LYON', postcode='69361', departement='', arrondissement=7)
    """
    if _FOREIGN.search(text) or _ABROAD.search(text):
        return None
    text = _SPACED_POSTCODE.sub(r" \1\2", _BOX.sub(",", text))
    postcodes = list(_POSTCODE.finditer(text))
    postcode, departement = "", ""
    if postcodes:
        last = postcodes[-1]
        postcode = last.group()
        town = _first_words(text[last.end() :]) or _last_words(text[: last.start()])
    else:
        hint = _DEPARTEMENT.search(text)
        departement = hint.group(1).upper() if hint else ""
        town = _last_words(text[: hint.start()] if hint else text)
    town, arrondissement = _arrondissement(town)
    if not (town or postcode):
        return None
    return Address(town, postcode, departement, arrondissement)


def _first_words(text: str) -> str:
    return next((town for town in map(_town, _PARTS.split(text)) if town), "")


def _last_words(text: str) -> str:
    return next((town for town in map(_town, reversed(_PARTS.split(text))) if town), "")


def _town(part: str) -> str:
    """The part folded, without the country; empty when it holds no letter."""
    folded = _COUNTRY.sub("", fold(part)).strip()
    return folded if re.search("[A-Z]", folded) else ""


def _arrondissement(town: str) -> tuple[str, int]:
    """The town without CEDEX, and the number that stands after it or after the city's name."""
    cedex = _CEDEX.fullmatch(town)
    if cedex:
        return cedex[1], int(cedex[2] or 0)
    numbered = _ARRONDISSEMENT.fullmatch(town)
    if not numbered:
        return town, 0
    return numbered[1], _number(numbered[2])


def _number(text: str) -> int:
    if text.isdecimal():
        return int(text)
    values = [_ROMAN[letter] for letter in text]
    # a smaller letter before a larger one counts against: IX is 9
    return sum(
        -value if value < after else value
        for value, after in zip(values, [*values[1:], 0], strict=True)
    )
