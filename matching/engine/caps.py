"""Caps on who may be together: by school, at once, by host, and pupils kept apart.

Every cap says "at most so many of these placements". Caps are solved exactly when they nest like a
tree: of any two, one holds the other or they share nothing (a laminar family; the placements are
then a flow through the tree). Caps that cross are refused here, when the problem is built: with
them the question is no flow any more, and no longer easy.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from matching.engine.columns import Fault, ProblemInvalid, duplicates, pair_numbers, settle, where

if TYPE_CHECKING:
    from matching.engine.problem import Pupils, Slots

OFF = -1


@dataclass(frozen=True, slots=True)
class Caps:
    """Limits; −1 = off. "At a time" means in the same week. S slots, P pupils, T totals, M members.

    A total is any set of slots: those of an offer, or of a company. Two totals nest or are apart.
    """

    at_once: NDArray[np.int32]  # (S) most pupils in a slot at a time
    of_a_school: NDArray[np.int32]  # (S) most pupils of one school in a slot at a time
    apart: NDArray[np.int32]  # (P) set of pupils of one school, at most one in a slot at a time
    total: NDArray[np.int32]  # (T) most pupils in all its slots, in all weeks
    total_of_a_school: NDArray[np.int32]  # (T) most pupils of one school there, in all weeks
    member_total: NDArray[np.int32]  # (M) the slots of the totals
    member_slot: NDArray[np.int32]

    def __post_init__(self) -> None:
        faults = [
            *settle(self, "caps", len(self.at_once), ("at_once", "of_a_school")),
            *settle(self, "caps", len(self.apart), ("apart",)),
            *settle(self, "caps", len(self.total), ("total", "total_of_a_school")),
            *settle(self, "caps", len(self.member_total), ("member_total", "member_slot")),
        ]
        if not faults:
            for name in ("at_once", "of_a_school", "apart", "total", "total_of_a_school"):
                faults += where(f"caps.{name}", getattr(self, name) < OFF, "negative")
            faults += duplicates(
                "caps.member_slot", pair_numbers(self.member_total, self.member_slot)
            )
        if faults:
            raise ProblemInvalid(faults)

    @property
    def any_set(self) -> bool:
        """Whether a cap is set at all."""
        columns = (self.at_once, self.of_a_school, self.apart, self.total, self.total_of_a_school)
        return any(bool((column != OFF).any()) for column in columns)


def caps(slots: int, pupils: int, **columns: object) -> Caps:
    """Caps of `slots` and `pupils`, off where no column is given."""
    totals = len(columns.get("total", columns.get("total_of_a_school", ())))  # type: ignore[arg-type]
    sizes = {
        "at_once": slots, "of_a_school": slots, "apart": pupils, "total": totals,
        "total_of_a_school": totals, "member_total": 0, "member_slot": 0,
    }  # fmt: skip
    given = {name: columns.get(name, np.full(size, OFF)) for name, size in sizes.items()}
    return Caps(**given)  # type: ignore[arg-type]


def cap_faults(given: Caps, slots: "Slots", pupils: "Pupils") -> list[Fault]:
    """What does not fit the tables, then what does not nest."""
    faults = [
        *_of_length("at_once", given.at_once, len(slots.keys)),
        *_of_length("of_a_school", given.of_a_school, len(slots.keys)),
        *_of_length("apart", given.apart, len(pupils.keys)),
        *where("caps.member_total", _outside(given.member_total, len(given.total)), "unknown"),
        *where("caps.member_slot", _outside(given.member_slot, len(slots.keys)), "unknown_slot"),
    ]
    return faults or [
        *_totals_that_cross(given),
        *where(
            "caps.at_once",
            (given.at_once != OFF) & (slots.reserved > 0) & _several(slots.weeks),
            "crosses_reserved",
        ),
        *_schools_that_cross(given, slots, pupils),
        *_school_totals_that_cross(given, slots, pupils),
    ]


def next_total(given: Caps) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """The smallest total over each slot and over each total, −1 for none; and the totals over which
    two of their slots do not agree: they cross another one. Of equal sets the first is inside.
    """
    size = np.bincount(given.member_total, minlength=len(given.total))
    slots = int(given.member_slot.max(initial=-1)) + 1
    over_slot = np.full(slots, -1, dtype=np.int64)
    over_total = np.full(len(given.total), -2, dtype=np.int64)
    crossing = np.zeros(len(given.total), dtype=np.bool_)
    order = np.lexsort((given.member_total, size[given.member_total], given.member_slot))
    order = order[given.total[given.member_total[order]] != OFF]
    last = -1
    for row in order.tolist():
        slot, total = int(given.member_slot[row]), int(given.member_total[row])
        if over_slot[slot] < 0:
            over_slot[slot] = total
        elif over_total[last] in (-2, total):
            over_total[last] = total
        else:
            crossing[last] = True
        last = total
    # a chain that ends where another goes on
    ends = np.full(slots, -1, dtype=np.int64)
    ends[given.member_slot[order]] = given.member_total[order]
    ended = ends[ends >= 0]
    crossing[ended[over_total[ended] >= 0]] = True
    return over_slot, np.maximum(over_total, -1), crossing


def _totals_that_cross(given: Caps) -> list[Fault]:
    return where("caps.total", next_total(given)[2], "crosses_total")


def _schools_that_cross(given: Caps, slots: "Slots", pupils: "Pupils") -> list[Fault]:
    """A school, or a set kept apart, of whom some are entitled to reserved seats and some are not:
    its cap in a slot with such seats crosses the seats that are left to the others.
    """
    schools = {
        number: np.flatnonzero(pupils.school == number)
        for number in np.unique(pupils.school[pupils.school >= 0]).tolist()
    }
    sets = {n: np.flatnonzero(given.apart == n) for n in np.unique(given.apart).tolist() if n >= 0}
    faults = [
        Fault("caps.apart", int(rows[0]), "two_schools")
        for rows in sets.values()
        if len(np.unique(pupils.school[rows])) > 1
    ]
    total_capped = np.zeros(len(slots.keys), dtype=np.bool_)
    total_capped[given.member_slot[given.total_of_a_school[given.member_total] != OFF]] = True
    by_school = ((given.of_a_school != OFF) | total_capped) & (slots.reserved > 0)
    for capped, teams, name in (
        (by_school, schools, "of_a_school"),
        (slots.reserved > 0, sets, "apart"),
    ):
        for rows in teams.values() if capped.any() else ():
            some = np.bitwise_or.reduce(pupils.entitlements[rows])
            every = np.bitwise_and.reduce(pupils.entitlements[rows])
            mixed = (some & ~every) >> slots.reserved_for.clip(0).astype(np.uint64)
            meets = (slots.weeks & np.bitwise_or.reduce(pupils.weeks[rows])) != 0
            wrong = np.flatnonzero(capped & meets & ((mixed & np.uint64(1)) != 0))
            row = wrong if name == "of_a_school" else rows[: min(len(wrong), 1)]
            faults += [Fault(f"caps.{name}", int(k), "crosses_reserved") for k in row]
    return sorted(set(faults))


def _school_totals_that_cross(given: Caps, slots: "Slots", pupils: "Pupils") -> list[Fault]:
    """A school's cap over several slots crosses the seats of each slot, unless the weeks let each
    school into one of these slots only; over several weeks it crosses what is allowed at once.
    """
    members = np.flatnonzero(given.total_of_a_school[given.member_total] != OFF)
    total, slot = given.member_total[members], given.member_slot[members]
    crossing = np.zeros(len(given.total), dtype=np.bool_)
    for number in np.unique(pupils.school[pupils.school >= 0]).tolist() if len(members) else ():
        weeks = np.bitwise_or.reduce(pupils.weeks[pupils.school == number])
        common = slots.weeks[slot] & weeks
        crossing |= np.bincount(total[common != 0], minlength=len(crossing)) > 1
        crossing[total[(given.at_once[slot] != OFF) & _several(common)]] = True
    return where("caps.total_of_a_school", crossing, "crosses_seats")


def _of_length(name: str, column: NDArray[np.int32], length: int) -> list[Fault]:
    return [] if len(column) == length else [Fault(f"caps.{name}", -1, "wrong_length")]


def _outside(rows: NDArray[np.int32], size: int) -> NDArray[np.bool_]:
    outside: NDArray[np.bool_] = (rows < 0) | (rows >= size)
    return outside


def _several(bits: NDArray[np.uint64]) -> NDArray[np.bool_]:
    several: NDArray[np.bool_] = (bits != 0) & ((bits & (bits - np.uint64(1))) != 0)
    return several
