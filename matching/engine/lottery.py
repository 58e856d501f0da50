"""The lottery and the tie bits: published, seeded, the same on every machine.

Both are rules, not methods: the solver and the checker read them here.
"""

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

TIE_BITS = 20


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


def mixed(number: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Spread 64 bits (finaliser of SplitMix64; Steele, Lea and Flood, OOPSLA 2014).

    Works on arrays, and compiled on scalars.
    """
    number = (number ^ (number >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    number = (number ^ (number >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return number ^ (number >> np.uint64(31))


def tie_bits(group: NDArray[np.uint64], slot: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The last level of a pair: 20 bits out of draw(seed, group key) and draw(seed, slot key)."""
    return mixed(group ^ mixed(slot)) >> np.uint64(64 - TIE_BITS)
