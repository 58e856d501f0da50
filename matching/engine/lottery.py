"""The lottery and the tie bits: published, seeded, the same on every machine.

Both are rules, not methods: the solver and the checker read them here.
"""

from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.engine.problem import MOST_SECTORS

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

    The last level of a pair is: for a wish, the bits of the pupil's group and the slot; for a
    sector that he named, those of his group and the sector, plus half (rounded down) of those of
    his site and the slot; otherwise those of his group and the number 7, plus all of those of his
    site and the slot. Half and all: of two pupils of a site, one of whom named the sector of both
    their seats, it matters who has which. (Sites and groups: groups.py.)
    """
    bits: NDArray[np.uint64] = mixed(one ^ mixed(other)) >> np.uint64(64 - TIE_BITS)
    return bits


def draws_of_sectors(
    sector: NDArray[np.int16], slot_draws: NDArray[np.uint64]
) -> NDArray[np.uint64]:
    """What each sector brings to the tie bits, by its number; after them, 7 for any other seat.

    It is the smallest draw of the sector's slots: its number is internal and must decide nothing.
    """
    found = np.full(MOST_SECTORS + 1, np.iinfo(np.uint64).max, dtype=np.uint64)
    within = sector >= 0
    np.minimum.at(found, sector[within], slot_draws[within])
    found[-1] = 7
    return found
