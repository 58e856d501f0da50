"""The lottery and the tie bits: published, seeded, the same on every machine.

Both are rules, not methods: the solver and the checker read them here.
"""

from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

TIE_BITS = 28


def draw(seed: int, reference: str) -> int:
    """The lottery number (64 bits) of a pupil: the smallest goes first.

    `seed` is drawn and shown when the campaign opens; `reference` is the pupil's random reference.
    The number is the first 64 bits of BLAKE2b over "seed NUL reference".
    """
    text = f"{seed}\0{reference}".encode()
    return int.from_bytes(blake2b(text, digest_size=8).digest(), "big")


def draws(seed: int, references: Sequence[str]) -> NDArray[np.uint64]:
    """`draw` for many references."""
    return np.array([draw(seed, reference) for reference in references], dtype=np.uint64)


def mixed(number: Any) -> Any:
    """Spread 64 bits (finaliser of SplitMix64; Steele, Lea and Flood, OOPSLA 2014).

    Works on arrays, and compiled on scalars.
    """
    number = (number ^ (number >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    number = (number ^ (number >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return number ^ (number >> np.uint64(31))


def tie_bits(one: NDArray[np.uint64], other: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """28 bits out of two draws, of draw(seed, key).

    The last level of a pair is: for a wish, the bits of the pupil's group and the slot; otherwise
    those of his site and the slot, plus those of his group and the number 6 when the slot is of a
    sector that he named, else 7. (Sites and groups: groups.py.)
    """
    bits: NDArray[np.uint64] = mixed(one ^ mixed(other)) >> np.uint64(64 - TIE_BITS)
    return bits
