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
    OUT_OF_REACH = 22  # none of these is within his reach (or in the table of travel)
    NO_LINK = 23  # none of these is joined by road
    NO_ACCESS = 24  # none of these is accessible, and he needs it
    RESERVED_ONLY = 25  # all of these keep their seats for others
    REFUSED = 26  # all of these pairs were refused
    HELD_BY_OTHERS = 27  # all of these seats are held by placements made before
    CLASS = 30  # full, and all who hold these seats are of a class served before his
    LOTTERY = 31  # full: among these are some of his class whom the lottery placed first
    TOTAL = 32  # full: with others there the total is better (best_total)
    # there are free seats, but
    SCHOOL_CAP = 33  # where they are, his school has as many pupils as it may
    KEPT_APART = 34  # where they are is somebody from whom he is kept apart
    HOST_CAP = 35  # where they are, the host has as many as it takes, at once or in all


class Level(NamedTuple):
    """The value reached at one level, in the order in which levels are compared."""

    name: str
    value: int


@dataclass(frozen=True, slots=True)
class CapPrices:
    """What a place in each capped set costs the others, above seats. C sets.

    kind: 0 kept apart, 1 school in a slot at a time, 2 school in a slot, 4 at once, 6 total (the
    numbers of capped_sets.Kind). `slot` is the total's row for a total; `team` the school or the
    set kept apart; week and team −1 where they do not matter.
    """

    kind: NDArray[np.int8]
    slot: NDArray[np.int32]
    week: NDArray[np.int8]
    team: NDArray[np.int32]
    prices: NDArray[np.int64]  # (L, C)


@dataclass(frozen=True, slots=True)
class Certificate:
    """Prices from which anyone can check that no other answer is better at any level.

    prices[level, kind, slot] is what a seat costs the others: kind 0 is the open seats of a slot,
    kind 1 the reserved ones. The first level is "placed": seats with a price there are the minimum
    cut, and no unplaced pupil can reach a seat outside it. Distance is in tens of metres.
    Under caps a place costs the sum of the prices of its seat and of the capped sets that count it;
    then the reserved seats of a slot have the price of all its seats, the open ones that and what
    the seats cost which are left to those who may not have the reserved ones.
    """

    levels: tuple[str, ...]  # L names, highest first
    prices: NDArray[np.int64]  # (L, 2, S)
    caps: CapPrices | None = None

    @property
    def dead(self) -> NDArray[np.bool_]:
        """The seats of the minimum cut, (2, S)."""
        cut: NDArray[np.bool_] = self.prices[0] > 0
        return cut


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
