"""The levels, packed into as few 64-bit words as hold them exactly.

Costs are compared level after level. Several levels share a word when each has room for any value
that a path of exchanges can add up to, with its sign: a word is then a number in a mixed radix with
balanced digits, adding words adds digits without a carry, and comparing words compares levels. What
does not fit goes to the next word; words are compared from left to right. So nothing is weighed
against anything, and no size is too large.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.engine.lottery import TIE_BITS
from matching.engine.problem import LAST_RANK

WORD_LIMIT = 2**61  # room for one more addition and one comparison
PLACE_LEVELS: tuple[str, ...] = ("wishes", "ranks", "sectors", "territory", "distance", "ties")


@dataclass(frozen=True, slots=True)
class Packing:
    """Where each level lies: level l, whose costs are at most `largest[l]` in size, is digit
    `radix[l]` at `unit[l]` of word `word[l]`.
    """

    names: tuple[str, ...]
    largest: tuple[int, ...]
    word: tuple[int, ...]
    unit: tuple[int, ...]
    radix: tuple[int, ...]

    @property
    def words(self) -> int:
        return self.word[-1] + 1

    @property
    def start(self) -> NDArray[np.int64]:
        """(L, 1) how large prices to start from may be at each level: a third of the room, which
        leaves to the search what it may add (`pack_levels`).
        """
        return np.array(self.radix, dtype=np.int64)[:, None] // 6

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
    stays within 2 (units + 1) largest on either side; prices that start from others (`start`) may
    be half as large again. Levels are packed from the last one up; a level whose costs are all 0
    takes no room.
    """
    word, unit, radix = [], [], []
    number, size = 0, 1
    for most in reversed(largest):
        room = 6 * (units + 4) * most + 1
        if size * room >= WORD_LIMIT:
            if room >= WORD_LIMIT:
                raise OverflowError(f"a level of up to {most} over {units} pupils")
            number, size = number + 1, 1
        word.append(number)
        unit.append(size)
        radix.append(room)
        size *= room
    return Packing(
        names,
        largest,
        tuple(number - place for place in reversed(word)),
        tuple(reversed(unit)),
        tuple(reversed(radix)),
    )


def place_levels(most: dict[str, int], units: int, before: tuple[str, ...] = ()) -> Packing:
    """Room for the levels that decide where, after the levels `before`, whose costs are 0 or ±1.

    `most` gives the largest cost of levels that are not as usual; 0 for one that cannot vary.
    """
    largest = dict.fromkeys(before + PLACE_LEVELS, 1)
    largest |= {"ranks": LAST_RANK, "ties": 2 ** (TIE_BITS + 1)} | most
    return pack_levels(tuple(largest), tuple(largest.values()), units)
