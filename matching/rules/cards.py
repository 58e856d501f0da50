"""Login names and codes printed on a pupil's card, and what a pupil types back.

The 25 symbols have no look-alikes (no O or 0, no I, L or 1, and of 2/Z, 5/S, 8/B, U/V only one
each) and no vowels, so that chance writes no word on a child's card. A code of 16 symbols holds
74 bits: twelve would miss the 60 that we promise, and cards are read in groups of four.
"""

import math
import unicodedata
from collections.abc import Sequence
from typing import Literal, Protocol

CardCodeProblem = Literal["card_code_length", "card_code_symbol"]

ALPHABET = "BCDFGHJKMNPQRSTVWXYZ34679"
CODE_LENGTH = 16
LOGIN_LENGTH = 8
CODE_BITS = CODE_LENGTH * math.log2(len(ALPHABET))
_GROUP = 4

# Misread symbols that can only mean one of ours.
_MISREAD = str.maketrans({"2": "Z", "5": "S", "8": "B", "U": "V"})


class RandomSource(Protocol):
    """What the `secrets` module and `random.Random` both offer."""

    def choice(self, seq: Sequence[str], /) -> str: ...


def new_card_code(source: RandomSource) -> str:
    """A fresh code without its dashes. The caller gives `secrets`, or a seeded source in a demo."""
    return "".join(source.choice(ALPHABET) for _ in range(CODE_LENGTH))


def new_login_name(source: RandomSource) -> str:
    """A fresh login name without its dash, telling nothing of the pupil; it may be taken."""
    return "".join(source.choice(ALPHABET) for _ in range(LOGIN_LENGTH))


def display_code(code: str) -> str:
    """Groups of four, as printed: KTRM-4W7P."""
    return "-".join(code[at : at + _GROUP] for at in range(0, len(code), _GROUP))


def clean_code(typed: str) -> str:
    """What the pupil means: upper case, no spaces or dashes, misread symbols put right."""
    folded = unicodedata.normalize("NFKC", typed).upper()
    return "".join(filter(str.isalnum, folded)).translate(_MISREAD)


def card_code_problem(typed: str, length: int = CODE_LENGTH) -> CardCodeProblem | None:
    """A code when this cannot be on any card, so that a slip of the finger costs no attempt."""
    code = clean_code(typed)
    if any(symbol not in ALPHABET for symbol in code):
        return "card_code_symbol"
    return None if len(code) == length else "card_code_length"
