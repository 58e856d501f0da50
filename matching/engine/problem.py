"""What the matcher is asked: slots, pupils, wishes, refusals, held placements, as plain arrays.

Every table is frozen and checked when it is built: a table that exists is sound. Arrays are copied
into one exact type and made read-only. Rows may come in any order; keys name them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.engine.caps import Caps, cap_faults
from matching.engine.columns import (
    Fault,
    ProblemInvalid,
    duplicates,
    pair_numbers,
    points,
    settle,
    where,
)

__all__ = [
    "Caps", "Fault", "Fixed", "Pairs", "Policy", "Problem", "ProblemInvalid", "Pupils", "Slots",
    "Travel", "Wishes", "no_wishes", "none_fixed", "none_refused",
]  # fmt: skip

MOST_WEEKS = 64
MOST_ENTITLEMENTS = 64
MOST_SECTORS = 64
LAST_RANK = 5


class TooLarge(Exception):  # noqa: N818 - it tells how large
    """It would need about `needed` bytes, and `most` are allowed; nothing was answered."""

    def __init__(self, needed: int, most: int) -> None:
        super().__init__(needed, most)
        self.needed, self.most = needed, most

    def __str__(self) -> str:
        return f"{self.needed / 1e9:.1f} GB for {self.most / 1e9:.1f}"


class Policy(StrEnum):
    """How pupils and places are paired; each promise is written in DESIGN §4."""

    FAIR = "fair"
    BEST_TOTAL = "best_total"
    CANNOT_BE_GAMED = "cannot_be_gamed"


@dataclass(frozen=True, slots=True)
class Slots:
    """One row per offer and week, or per offer when any of its weeks will do. S rows."""

    keys: Sequence[str]  # unique, for example "an-offer|2027-W05"
    offers: NDArray[np.int32]  # number of the offer; several slots may share one
    weeks: NDArray[np.uint64]  # bit set over Problem.weeks: one bit, or several for "any week"
    seats: NDArray[np.int32]  # all seats, reserved ones included
    reserved: NDArray[np.int32]  # of these, kept for pupils who hold `reserved_for`
    reserved_for: NDArray[np.int16]  # number of an entitlement, −1 when no seat is reserved
    lat: NDArray[np.float64]  # degrees, WGS84
    lon: NDArray[np.float64]
    territory: NDArray[np.int32]  # −1 = none; compared for equality with the pupil's
    sector: NDArray[np.int16]  # −1 = none, else a bit number of Pupils.sectors
    accessible: NDArray[np.bool_]
    link_group: NDArray[np.int32]  # places joined by road share a number

    def __post_init__(self) -> None:
        faults = settle(self, "slots", len(self.keys))
        if not faults:
            faults = [
                *duplicates("slots.keys", self.keys),
                *where("slots.seats", self.seats < 0, "negative"),
                *where("slots.reserved", self.reserved < 0, "negative"),
                *where("slots.reserved", self.reserved > self.seats, "more_than_seats"),
                *where(
                    "slots.reserved_for",
                    (self.reserved > 0) & (self.reserved_for < 0),
                    "reserved_for_nobody",
                ),
                *where("slots.reserved_for", self.reserved_for >= MOST_ENTITLEMENTS, "too_large"),
                *where("slots.sector", self.sector >= MOST_SECTORS, "too_large"),
                *points("slots", self.lat, self.lon),
            ]
        if faults:
            raise ProblemInvalid(faults)


@dataclass(frozen=True, slots=True)
class Pupils:
    """One row per pupil to place, or already placed and held. P rows."""

    keys: Sequence[str]  # unique references, never names
    lottery: NDArray[np.uint64]  # lottery.draw(seed, reference); the smallest number goes first
    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    weeks: NDArray[np.uint64]  # bit set over Problem.weeks: any one of them
    reach: NDArray[np.int32]  # tens of metres; a slot at exactly this distance is in reach
    class_of_service: NDArray[np.int16]  # higher is served first
    entitlements: NDArray[np.uint64]  # bit set of entitlement numbers
    school: NDArray[np.int32]  # −1 = none
    territory: NDArray[np.int32]  # of the school; −1 = none
    sectors: NDArray[np.uint64]  # bit set of the sectors that the pupil named
    needs_access: NDArray[np.bool_]
    link_group: NDArray[np.int32]

    def __post_init__(self) -> None:
        faults = settle(self, "pupils", len(self.keys))
        if not faults:
            faults = [
                *duplicates("pupils.keys", self.keys),
                *where("pupils.reach", self.reach < 0, "negative"),
                *points("pupils", self.lat, self.lon),
            ]
        if faults:
            raise ProblemInvalid(faults)


@dataclass(frozen=True, slots=True)
class Wishes:
    """One row per pupil and slot. Ranks as typed, 1 to 5; equal ranks and gaps are allowed."""

    pupil: NDArray[np.int32]
    slot: NDArray[np.int32]
    rank: NDArray[np.int8]

    def __post_init__(self) -> None:
        faults = settle(self, "wishes", len(self.pupil))
        if not faults:
            wrong = (self.rank < 1) | (self.rank > LAST_RANK)
            faults = [
                *where("wishes.rank", wrong, "rank_outside_1_to_5"),
                *duplicates("wishes.slot", pair_numbers(self.pupil, self.slot)),
            ]
        if faults:
            raise ProblemInvalid(faults)


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pupils and slots that must never meet. A row twice changes nothing."""

    pupil: NDArray[np.int32]
    slot: NDArray[np.int32]

    def __post_init__(self) -> None:
        faults = settle(self, "refused", len(self.pupil))
        if faults:
            raise ProblemInvalid(faults)


@dataclass(frozen=True, slots=True)
class Fixed:
    """Placements held in every run. They need not be feasible: somebody said yes to them."""

    pupil: NDArray[np.int32]
    slot: NDArray[np.int32]
    reserved: NDArray[np.bool_]  # the seat held is one of the reserved seats
    week: NDArray[np.int8]  # number in Problem.weeks; −1 = the earliest common week

    def __post_init__(self) -> None:
        faults = settle(self, "fixed", len(self.pupil))
        if not faults:
            faults = duplicates("fixed.pupil", self.pupil)
        if faults:
            raise ProblemInvalid(faults)


@dataclass(frozen=True, slots=True)
class Travel:
    """Distances from a file or a router, in tens of metres. When given, only its pairs exist."""

    pupil: NDArray[np.int32]
    slot: NDArray[np.int32]
    distance: NDArray[np.int32]

    def __post_init__(self) -> None:
        faults = settle(self, "travel", len(self.pupil))
        if not faults:
            faults = [
                *where("travel.distance", self.distance < 0, "negative"),
                *duplicates("travel.slot", pair_numbers(self.pupil, self.slot)),
            ]
        if faults:
            raise ProblemInvalid(faults)


def no_wishes() -> Wishes:
    return Wishes(_none(np.int32), _none(np.int32), _none(np.int8))


def none_refused() -> Pairs:
    return Pairs(_none(np.int32), _none(np.int32))


def none_fixed() -> Fixed:
    return Fixed(_none(np.int32), _none(np.int32), _none(np.bool_), _none(np.int8))


@dataclass(frozen=True, slots=True)
class Problem:
    """A whole question. `weeks` are ISO weeks ("2027-W05"), sorted, at most 64."""

    weeks: Sequence[str]
    slots: Slots
    pupils: Pupils
    wishes: Wishes = field(default_factory=no_wishes)
    refused: Pairs = field(default_factory=none_refused)
    fixed: Fixed = field(default_factory=none_fixed)
    travel: Travel | None = None
    caps: Caps | None = None  # None, or caps that are all off, cost nothing
    seed: int = 0
    policy: Policy = Policy.FAIR

    def __post_init__(self) -> None:
        object.__setattr__(self, "weeks", tuple(self.weeks))
        faults: list[Fault] = []
        if self.policy in list(Policy):
            object.__setattr__(self, "policy", Policy(self.policy))
        else:
            faults.append(Fault("policy", -1, "unknown"))
        if not 0 <= self.seed < 2**64:
            faults.append(Fault("seed", -1, "outside_64_bits"))
        if len(self.weeks) > MOST_WEEKS:
            faults.append(Fault("weeks", -1, "too_many"))
        if list(self.weeks) != sorted(set(self.weeks)):
            faults.append(Fault("weeks", -1, "not_sorted_or_twice"))
        faults += self._week_faults() + self._row_faults()
        if not faults:
            faults = self._held_seat_faults()
        if not faults and self.caps is not None:
            faults = cap_faults(self.caps, self.slots, self.pupils)
            if not faults and not self.caps.any_set:
                object.__setattr__(self, "caps", None)
        if faults:
            raise ProblemInvalid(faults)

    def _week_faults(self) -> list[Fault]:
        known = np.uint64((1 << min(len(self.weeks), MOST_WEEKS)) - 1)
        last = len(self.weeks)
        return [
            *where("slots.weeks", (self.slots.weeks & ~known) != 0, "unknown_week"),
            *where("pupils.weeks", (self.pupils.weeks & ~known) != 0, "unknown_week"),
            *where(
                "fixed.week", (self.fixed.week < -1) | (self.fixed.week >= last), "unknown_week"
            ),
        ]

    def _row_faults(self) -> list[Fault]:
        pupils, slots = len(self.pupils.keys), len(self.slots.keys)
        tables: list[tuple[str, Any]] = [
            ("wishes", self.wishes),
            ("refused", self.refused),
            ("fixed", self.fixed),
        ]
        if self.travel is not None:
            tables.append(("travel", self.travel))
        faults: list[Fault] = []
        for name, rows in tables:
            faults += where(
                f"{name}.pupil", (rows.pupil < 0) | (rows.pupil >= pupils), "unknown_pupil"
            )
            faults += where(f"{name}.slot", (rows.slot < 0) | (rows.slot >= slots), "unknown_slot")
        return faults

    def _held_seat_faults(self) -> list[Fault]:
        slots, held = self.slots, self.fixed
        size = len(slots.keys)
        in_reserved = np.bincount(held.slot[held.reserved], minlength=size)
        in_open = np.bincount(held.slot[~held.reserved], minlength=size)
        return [
            *where("slots.reserved", in_reserved > slots.reserved, "more_held_than_reserved"),
            *where("slots.seats", in_open > slots.seats - slots.reserved, "more_held_than_seats"),
        ]


def _none(kind: Any) -> NDArray[Any]:
    return np.zeros(0, dtype=kind)
