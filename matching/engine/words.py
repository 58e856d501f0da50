"""The levels, packed into as few 64-bit words as hold them exactly.

Costs are compared level after level. Several levels share a word when each has room for any value
that a path of exchanges can add up to, with its sign: a word is then a number in a mixed radix with
balanced digits, adding words adds digits without a carry, and comparing words compares levels. What
does not fit goes to the next word; words are compared from left to right. So nothing is weighed
against anything, and no size is too large.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.engine.cost import CODES, SECTOR
from matching.engine.lottery import TIE_BITS

WORD_LIMIT = 2**61  # room for one more addition and one comparison
PLACE_LEVELS = ("wishes", "ranks", "sectors", "territory", "distance", "ties")


class Words(NamedTuple):
    """How a pair's cost becomes K words: by_code[code, k] + distance * by_distance[k]
    + tie * by_tie[k].
    """

    by_code: NDArray[np.int64]  # (CODES, K)
    by_distance: NDArray[np.int64]  # (K,)
    by_tie: NDArray[np.int64]  # (K,)


@dataclass(frozen=True, slots=True)
class Packing:
    """Where each level lies: level l is digit `radix[l]` at `unit[l]` of word `word[l]`."""

    names: tuple[str, ...]
    word: tuple[int, ...]
    unit: tuple[int, ...]
    radix: tuple[int, ...]

    @property
    def words(self) -> int:
        return self.word[-1] + 1

    def pack(self, values: NDArray[np.int64]) -> NDArray[np.int64]:
        """(L, …) values of levels into (…, K) words."""
        words = np.zeros((*values.shape[1:], self.words), dtype=np.int64)
        for level, value in enumerate(values):
            words[..., self.word[level]] += value * self.unit[level]
        return words

    def unpack(self, words: NDArray[np.int64]) -> NDArray[np.int64]:
        """(…, K) words into (L, …) values of levels."""
        rest = words.copy()
        values = np.zeros((len(self.names), *words.shape[:-1]), dtype=np.int64)
        for level in range(len(self.names) - 1, -1, -1):
            word, radix = rest[..., self.word[level]], self.radix[level]
            values[level] = (word + radix // 2) % radix - radix // 2
            word -= values[level]
            word //= radix
        return values


def pack_levels(names: tuple[str, ...], largest: tuple[int, ...], units: int) -> Packing:
    """Fit levels, whose costs are at most `largest` in size, for problems of `units` pupils.

    A price is the difference of two paths of at most `units` + 1 exchanges each, so every digit
    stays within 2 (units + 1) largest on either side. Levels are packed from the last one up.
    """
    word, unit, radix = [], [], []
    number, size = 0, 1
    for most in reversed(largest):
        room = 4 * (units + 1) * max(most, 1) + 1
        if size * room >= WORD_LIMIT:
            if size == 1 or room >= WORD_LIMIT:
                raise OverflowError(f"a level of up to {most} over {units} pupils")
            number, size = number + 1, 1
        word.append(number)
        unit.append(size)
        radix.append(room)
        size *= room
    return Packing(
        names,
        tuple(number - place for place in reversed(word)),
        tuple(reversed(unit)),
        tuple(reversed(radix)),
    )


def place_words(furthest: int, units: int, classes: tuple[str, ...] = ()) -> tuple[Packing, Words]:
    """Words for the levels that decide where, after one level for each of `classes`.

    `furthest` is the largest distance of the pairs, in tens of metres.
    """
    names = classes + PLACE_LEVELS
    largest = (1,) * len(classes) + (1, SECTOR - 1, 1, 1, furthest, 2**TIE_BITS - 1)
    packing = pack_levels(names, largest, units)
    code = np.arange(CODES)
    preference, outside = code // 2, code % 2
    wished = (preference >= 1) & (preference < SECTOR)
    none = np.zeros_like(code)
    by_level = np.zeros((len(names), CODES), dtype=np.int64)
    by_level[len(classes) :] = [
        -wished.astype(np.int64),
        np.where(wished, preference, 0),
        -(preference == SECTOR).astype(np.int64),
        outside - 1,
        none,
        none,
    ]
    one = np.eye(len(names), dtype=np.int64)
    words = Words(packing.pack(by_level), packing.pack(one[-2]), packing.pack(one[-1]))
    return packing, words
