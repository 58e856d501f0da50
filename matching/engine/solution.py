"""What the matcher answers: who goes where, why, and the proof."""

from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.engine.problem import Policy


class Reason(IntEnum):
    """Why a pupil has this place, or none. Codes; sentences are written elsewhere."""

    # placed
    HELD = 1  # this placement was given with the problem
    WISH = 2  # one of his wishes
    SECTOR = 3  # no wish honoured, a sector that he named
    TERRITORY = 4  # neither, but inside his school's territory
    DISTANCE = 5  # none of these: the total distance is least so
    # unplaced, in the order in which they are looked for: each empties what the ones before left
    NO_SLOT = 20  # no slot has a seat at all
    NO_WEEK = 21  # none in his weeks
    NO_ACCESS = 22  # none of these is accessible, and he needs it
    NO_LINK = 23  # none of these is joined by road
    OUT_OF_REACH = 24  # none of these is within his reach
    RESERVED_ONLY = 25  # all of these keep their seats for others
    REFUSED = 26  # all of these pairs were refused
    HELD_BY_OTHERS = 27  # all of these seats are held by placements made before
    CLASS = 30  # full; everybody who could make room for him is of a class served before his
    LOTTERY = 31  # full; of his class, the lottery placed others first
    TOTAL = 32  # full; under best_total others there give a better total


class Level(NamedTuple):
    """The value reached at one level, in the order in which levels are compared."""

    name: str
    value: int


@dataclass(frozen=True, slots=True)
class Certificate:
    """Numbers from which anyone can check that the answer is best. A slot has two seat kinds:
    row 0 the open seats, row 1 the reserved ones.

    `dead`: seats in the minimum cut: no unplaced pupil can reach a seat outside it.
    `prices[level]`: what one seat costs others, at each level after the number placed; tens of
    metres for the distance, a number of pupils for the others.
    """

    dead: NDArray[np.bool_]  # (2, S)
    levels: tuple[str, ...]  # L names, highest first, without "placed"
    prices: NDArray[np.int64]  # (L, 2, S)


@dataclass(frozen=True, slots=True)
class Solution:
    """An answer; arrays follow the rows of the given pupils, slots are rows of the given slots."""

    slot: NDArray[np.int32]  # −1 = unplaced
    reserved_seat: NDArray[np.bool_]
    week: NDArray[np.int8]  # number in Problem.weeks, −1 = unplaced
    distance: NDArray[np.int32]  # tens of metres, −1 = unplaced
    rank: NDArray[np.int8]  # 0 = not a wish
    reason: NDArray[np.int8]  # Reason
    levels: tuple[Level, ...]  # "placed" first; held placements are counted in
    certificate: Certificate | None
    policy: Policy
    seed: int
