"""Checks that no other answer is better at any level, from prices of seats.

Linear programming duality, level after level: if every pair costs at least what its pupil pays
(reduced cost at least 0, compared level by level), every pair used costs exactly that, and only
full seats have a price, then no other answer is better (Gale, Kuhn and Tucker, 1951). The same
numbers, summed, give the same value from both sides at every level.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.engine.compiled import bare_kernel
from matching.engine.lottery import TIE_BITS, draws_of_sectors, mixed
from matching.engine.problem import Policy, Problem
from matching.engine.verify_pairs import Candidates, Kinds, Table, slot_ties, sorted_table

_mixed = bare_kernel(mixed)


class Facts(NamedTuple):
    """All that a pair's worth depends on; classes are those that have a level, highest first."""

    classes: NDArray[np.int16]
    class_of: NDArray[np.int16]  # of kinds, as the next five
    site: NDArray[np.int32]
    sectors: NDArray[np.uint64]
    home: NDArray[np.int32]
    entitlements: NDArray[np.uint64]
    kind_tie: NDArray[np.uint64]
    site_tie: NDArray[np.uint64]  # of sites
    sector: NDArray[np.int16]  # of slots, as all below
    territory: NDArray[np.int32]
    has_open: NDArray[np.bool_]
    reserved_bit: NDArray[np.uint64]
    slot_tie: NDArray[np.uint64]
    sector_tie: NDArray[np.uint64]  # of sectors; last, of any other seat
    wishes: Table


class Held(NamedTuple):
    """Seats given by the run, one row each: kind of pupil, kind of seat, slot; sorted by kind."""

    kind: NDArray[np.int32]
    seat: NDArray[np.int8]
    slot: NDArray[np.int32]
    tens: NDArray[np.int32]
    rank: NDArray[np.int64]


def level_names(problem: Problem, kinds: Kinds) -> tuple[str, ...]:
    """The levels of the policy, in order."""
    classes = tuple(f"class {value}" for value in level_classes(problem, kinds))
    return ("placed", *classes, "wishes", "ranks", "sectors", "territory", "distance", "ties")


def level_classes(problem: Problem, kinds: Kinds) -> NDArray[np.int16]:
    """Under best_total each class but the lowest has a level."""
    classes = problem.pupils.class_of_service[kinds.example]
    if problem.policy != Policy.BEST_TOTAL:
        classes = classes[:0]
    # Copied, for kernels are compiled again for what does not lie in one piece.
    higher: NDArray[np.int16] = np.unique(classes)[:0:-1].copy()
    return higher


def facts_of(problem: Problem, kinds: Kinds) -> Facts:
    pupils, slots, rows, wishes = problem.pupils, problem.slots, kinds.example, problem.wishes
    bit = np.left_shift(np.uint64(1), np.maximum(slots.reserved_for, 0).astype(np.uint64))
    slot_tie = slot_ties(problem)
    return Facts(
        level_classes(problem, kinds), pupils.class_of_service[rows], kinds.site,
        pupils.sectors[rows],
        pupils.territory[rows], pupils.entitlements[rows], kinds.tie, kinds.site_tie, slots.sector,
        slots.territory, slots.seats > slots.reserved,
        np.where(slots.reserved > 0, bit, np.uint64(0)), slot_tie,
        draws_of_sectors(slots.sector, slot_tie),
        sorted_table(kinds.of_pupil, len(rows), wishes.pupil, wishes.slot, wishes.rank),
    )  # fmt: skip


@bare_kernel
def tie_of_wish(f: Facts, kind: int, slot: int) -> int:
    """The tie bits of a pupil and a slot that he wishes."""
    bits = _mixed(f.kind_tie[kind] ^ _mixed(f.slot_tie[slot])) >> np.uint64(64 - TIE_BITS)
    return int(bits)


@bare_kernel
def tie_of_other(f: Facts, kind: int, slot: int, named: bool) -> int:  # noqa: FBT001
    """The tie bits of a pair without wish: half those of site and slot and those of the pupil and
    the sector when he named it, else all those of site and slot and the pupil's for other seats.
    """
    one, keep = f.slot_tie[slot], np.uint64(64 - TIE_BITS)
    through = f.sector_tie[f.sector[slot] if named else len(f.sector_tie) - 1]
    of_site = _mixed(f.site_tie[f.site[kind]] ^ _mixed(one)) >> keep
    of_kind = _mixed(f.kind_tie[kind] ^ _mixed(through)) >> keep
    return int(of_kind) + (int(of_site) // 2 if named else int(of_site))


@bare_kernel
def names_sector(f: Facts, kind: int, slot: int) -> bool:
    """Whether a kind named the sector of a slot."""
    sector = f.sector[slot]
    return bool(sector >= 0 and ((f.sectors[kind] >> np.uint64(sector)) & np.uint64(1)) != 0)


@bare_kernel
def write_worth(
    f: Facts, kind: int, slot: int, tens: int, rank: int, out: NDArray[np.int64]
) -> None:
    """The cost of a pair at every level, in `out`."""
    write_levels(f, kind, slot, tens, rank, out)
    out[len(out) - 1] = tie_of_pair(f, kind, slot, rank)


@bare_kernel
def write_levels(
    f: Facts, kind: int, slot: int, tens: int, rank: int, out: NDArray[np.int64]
) -> None:
    """The cost of a pair at every level but the last, that of the ties, in `out`."""
    classes = len(f.classes)
    out[0] = -1
    for c in range(classes):
        out[1 + c] = -1 if f.class_of[kind] == f.classes[c] else 0
    out[classes + 1] = -1 if rank > 0 else 0
    out[classes + 2] = rank
    out[classes + 3] = -1 if rank == 0 and names_sector(f, kind, slot) else 0
    out[classes + 4] = -1 if f.home[kind] >= 0 and f.home[kind] == f.territory[slot] else 0
    out[classes + 5] = tens


@bare_kernel
def tie_of_pair(f: Facts, kind: int, slot: int, rank: int) -> int:
    """The tie bits of a pair, wished when it has a rank."""
    if rank > 0:
        return tie_of_wish(f, kind, slot)
    return tie_of_other(f, kind, slot, names_sector(f, kind, slot))


@bare_kernel
def worth_of_held(f: Facts, held: Held, out: NDArray[np.int64]) -> None:
    """`write_worth` for each seat given."""
    for i in range(len(held.kind)):
        write_worth(f, held.kind[i], held.slot[i], held.tens[i], held.rank[i], out[i])


@bare_kernel
def may_use(f: Facts, kind: int, seat: int, slot: int) -> bool:
    """Whether that kind of seat exists in the slot, and is for that kind of pupil."""
    if seat == 0:
        return bool(f.has_open[slot])
    return bool((f.reserved_bit[slot] & f.entitlements[kind]) != 0)


@bare_kernel
def difference(a: NDArray[np.int64], b: NDArray[np.int64], c: NDArray[np.int64]) -> int:
    """The first level at which a + b and c differ: its number plus 1, negative when a + b is less;
    0 when they are equal.
    """
    for level in range(len(a)):
        total = a[level] + b[level]
        if total != c[level]:
            return level + 1 if total > c[level] else -level - 1
    return 0


@bare_kernel
def against_paid(
    f: Facts,
    kind: int,
    slot: int,
    rank: int,
    worth: NDArray[np.int64],
    price: NDArray[np.int64],
    paid: NDArray[np.int64],
) -> int:
    """As `difference`, for the `write_levels` of a pair: its tie bits are looked up, and written
    into `worth`, only when all levels before them are equal.
    """
    last = len(worth) - 1
    verdict = difference(worth[:last], price[:last], paid[:last])
    if verdict == 0:
        worth[last] = tie_of_pair(f, kind, slot, rank)
        total = worth[last] + price[last]
        if total != paid[last]:
            verdict = last + 1 if total > paid[last] else -last - 1
    return verdict


@bare_kernel
def know_wishes(f: Facts, kind: int, rank: NDArray[np.int64], forget: int) -> None:
    """Write the ranks of a kind's wishes by slot, or 0 there when `forget` is 1."""
    for row in range(f.wishes.start[kind], f.wishes.start[kind + 1]):
        rank[f.wishes.slot[row]] = 0 if forget == 1 else f.wishes.number[row]


@bare_kernel
def count_cheaper_pairs(
    f: Facts,
    pairs: Candidates,
    taking_part: NDArray[np.bool_],
    prices: NDArray[np.int64],
    pays: NDArray[np.int64],
    rank: NDArray[np.int64],
    worth: NDArray[np.int64],
    broken: NDArray[np.int64],
) -> None:
    """Count in `broken`, per level, the pairs that would cost a kind less than it pays.

    `prices` (2, S, L); `pays` (K, L) is cost plus price of what a kind has; `rank` (S,) of zeros
    and `worth` (L,) are room to work.
    """
    for kind in range(len(f.site)):
        if not taking_part[kind]:
            continue
        know_wishes(f, kind, rank, 0)
        for pair in range(pairs.start[f.site[kind]], pairs.start[f.site[kind] + 1]):
            slot = pairs.slot[pair]
            write_levels(f, kind, slot, pairs.tens[pair], rank[slot], worth)
            for seat in range(2):
                if may_use(f, kind, seat, slot):
                    verdict = against_paid(
                        f, kind, slot, rank[slot], worth, prices[seat, slot], pays[kind]
                    )
                    if verdict < 0:
                        broken[-verdict - 1] += 1
        know_wishes(f, kind, rank, 1)
