"""Numbers that people copy from official papers: SIRET, SIREN, UAI, postcode, commune code.

Each `clean_…` mends what a person types or pastes (spaces of any kind, dots, dashes, lower case)
and never raises; each `…_problem` takes typed text and returns a code, or None when it is right.
A right key does not prove that the number is in use: only the register knows.
"""

import re
import unicodedata
from typing import Literal

from stdnum.fr import siren as stdnum_siren
from stdnum.fr import siret as stdnum_siret

SiretProblem = Literal["siret_format", "siret_key"]
SirenProblem = Literal["siren_format", "siren_key"]
UaiProblem = Literal["uai_format", "uai_departement", "uai_key"]
PostcodeProblem = Literal["postcode_format"]
CommuneCodeProblem = Literal["commune_code_format"]

# 23 letters: I, O and Q are left out because they look like figures.
UAI_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"

# The national register numbers some territories its own way.
_UAI_PREFIXES = {
    **{f"{number:03}": f"{number:02}" for number in range(1, 96) if number != 20},
    "620": "2A",
    "720": "2B",
    **{str(number): str(number) for number in (971, 972, 973, 974, 975, 976, 977, 978)},
    "983": "988",
    "984": "987",
    "986": "986",
}

_POSTCODE = re.compile(r"(?:0[1-9]|[1-8][0-9]|9[0-5]|9[78])[0-9]{3}")
_COMMUNE_CODE = re.compile(
    r"(?:0[1-9]|1[0-9]|2[1-9AB]|[3-8][0-9]|9[0-5])[0-9]{3}|97[1-8][0-9]{2}|98[4-9][0-9]{2}"
)
_SEPARATORS = re.compile(r"[\s.\-_/\u2010-\u2015\u200b\ufeff]+")


def clean(text: str) -> str:
    """Typed text in upper case, full-width forms folded, without spaces, dots and dashes."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()


def siret_problem(text: str) -> SiretProblem | None:
    """Fourteen digits and a Luhn key, with La Poste's own rule for its offices."""
    number = clean(text)
    if not re.fullmatch(r"[0-9]{14}", number):
        return "siret_format"
    return None if stdnum_siret.is_valid(number) else "siret_key"


def siren_problem(text: str) -> SirenProblem | None:
    """Nine digits and a Luhn key."""
    number = clean(text)
    if not re.fullmatch(r"[0-9]{9}", number):
        return "siren_format"
    return None if stdnum_siren.is_valid(number) else "siren_key"


def siren_of(siret: str) -> str:
    """The company's number inside the number of one of its sites."""
    return clean(siret)[:9]


def display_siret(siret: str) -> str:
    """The way a SIRET is printed: 732 829 320 00074, with no-break spaces."""
    number = clean(siret)
    return "\u00a0".join((number[:3], number[3:6], number[6:9], number[9:]))


def uai_problem(text: str) -> UaiProblem | None:
    """Seven digits that start with a département, and the key: the number modulo 23 as a letter."""
    code = clean(text)
    if not re.fullmatch(r"[0-9]{7}[A-Z]", code):
        return "uai_format"
    if code[:3] not in _UAI_PREFIXES:
        return "uai_departement"
    return None if code[7] == uai_key(code[:7]) else "uai_key"


def uai_key(number: str) -> str:
    """The letter that closes a UAI, from its seven digits."""
    return UAI_LETTERS[int(number) % len(UAI_LETTERS)]


def departement_of_uai(uai: str) -> str | None:
    """The département that a school's code names ("13", "2A", "974"), None when there is none."""
    return _UAI_PREFIXES.get(clean(uai)[:3])


def postcode_problem(text: str) -> PostcodeProblem | None:
    """Five digits in a range that exists. Which commune it serves is the gazetteer's affair."""
    return None if _POSTCODE.fullmatch(clean(text)) else "postcode_format"


def commune_code_problem(text: str) -> CommuneCodeProblem | None:
    """Five characters of the commune file: 01283, 2A004, 97411. Never a number: zeros count."""
    return None if _COMMUNE_CODE.fullmatch(clean(text)) else "commune_code_format"
