"""How strong an adult's password has to be.

The data protection authority (CNIL, délibération 2022-100) asks for 50 bits when sign-in is
throttled, as ours is, and for 80 when it is not. We ask for twelve characters of three kinds, or
seven words, and forbid what everybody tries first. There is no forced renewal, as it advises.
"""

import functools
import re
import unicodedata
from importlib import resources
from typing import Literal

PasswordProblem = Literal[
    "password_too_short",
    "password_too_long",
    "password_too_simple",
    "password_common",
    "password_has_email",
]

MIN_LENGTH = 12
MAX_LENGTH = 256  # hashing is slow on purpose: a novel would tie up the server
MIN_KINDS = 3
PASSPHRASE_WORDS = 7
MIN_DIFFERENT_CHARACTERS = 6
SHORTEST_NAME_TO_FORBID = 4

_LETTER_LOOKALIKES = str.maketrans("0134578@$!€", "oieastbasie")


def password_problem(password: str, email: str = "") -> PasswordProblem | None:
    """The first reason to refuse this password for the owner of this e-mail address, or None."""
    text = unicodedata.normalize("NFKC", password)
    if len(text) < MIN_LENGTH:
        return "password_too_short"
    if len(text) > MAX_LENGTH:
        return "password_too_long"
    if _names_owner(text, email):
        return "password_has_email"
    if _is_common(text):
        return "password_common"
    if len(set(text.casefold())) < MIN_DIFFERENT_CHARACTERS:
        return "password_too_simple"
    if _kinds(text) < MIN_KINDS and len(set(text.split())) < PASSPHRASE_WORDS:
        return "password_too_simple"
    return None


def _kinds(text: str) -> int:
    return sum(
        (
            any(character.islower() for character in text),
            any(character.isupper() for character in text),
            any(character.isdecimal() for character in text),
            any(not character.isalnum() for character in text),
        )
    )


def _names_owner(text: str, email: str) -> bool:
    local = _letters_and_figures(email.partition("@")[0])
    return len(local) >= SHORTEST_NAME_TO_FORBID and local in _letters_and_figures(text)


def _letters_and_figures(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", _without_accents(text))


def _without_accents(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def _is_common(text: str) -> bool:
    """Whether only well-known words are left once figures, signs and disguises are undone."""
    plain = _without_accents(text)
    disguised = re.sub(r"^[^a-z]+|[^a-z]+$", "", plain).translate(_LETTER_LOOKALIKES)
    return any(_only_common_words(re.sub(r"[^a-z]", "", tried)) for tried in (plain, disguised))


def _only_common_words(letters: str) -> bool:
    if not letters:
        return False
    common = _common_words()
    reachable = [True] + [False] * len(letters)
    for end in range(1, len(letters) + 1):
        reachable[end] = any(
            reachable[start] and letters[start:end] in common for start in range(end)
        )
    return reachable[-1]


@functools.cache
def _common_words() -> frozenset[str]:
    listed = resources.files("matching") / "data" / "common_passwords.txt"
    return frozenset(listed.read_text(encoding="utf-8").split())
