"""Checks that no other answer is better at any level, from prices of seats.

Linear programming duality, level after level: if every pair costs at least what its pupil pays
(reduced cost at least 0, compared level by level), every pair used costs exactly that, and only
full seats have a price, then no other answer is better (Gale, Kuhn and Tucker, 1951). The same
numbers, summed, give the same value from both sides at every level.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.engine.compiled import kernel
from matching.engine.lottery import TIE_BITS, draws_of_sectors, mixed
from matching.engine.problem import Policy, Problem
from matching.engine.verify_pairs import Candidates, Kinds, Table, slot_ties, sorted_table

_mixed = kernel(mixed)
UNKNOWN = int(np.iinfo(np.int64).max)


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


@kernel
def tie_of_wish(f: Facts, kind: int, slot: int) -> int:
    """The tie bits of a pupil and a slot that he wishes."""
    bits = _mixed(f.kind_tie[kind] ^ _mixed(f.slot_tie[slot])) >> np.uint64(64 - TIE_BITS)
    return int(bits)


@kernel
def tie_of_other(f: Facts, kind: int, slot: int, named: bool) -> int:  # noqa: FBT001
    """The tie bits of a pair without wish: half those of site and slot and those of the pupil and
    the sector when he named it, else all those of site and slot and the pupil's for other seats.
    """
    one, keep = f.slot_tie[slot], np.uint64(64 - TIE_BITS)
    through = f.sector_tie[f.sector[slot] if named else len(f.sector_tie) - 1]
    of_site = _mixed(f.site_tie[f.site[kind]] ^ _mixed(one)) >> keep
    of_kind = _mixed(f.kind_tie[kind] ^ _mixed(through)) >> keep
    return int(of_kind) + (int(of_site) // 2 if named else int(of_site))


@kernel
def write_worth(
    f: Facts, kind: int, slot: int, tens: int, rank: int, out: NDArray[np.int64]
) -> None:
    """The cost of a pair at every level, in `out`."""
    classes = len(f.classes)
    out[0] = -1
    for c in range(classes):
        out[1 + c] = -1 if f.class_of[kind] == f.classes[c] else 0
    sector = f.sector[slot]
    named = False
    if rank == 0 and sector >= 0:
        named = ((f.sectors[kind] >> np.uint64(sector)) & np.uint64(1)) != 0
    out[classes + 1] = -1 if rank > 0 else 0
    out[classes + 2] = rank
    out[classes + 3] = -1 if named else 0
    out[classes + 4] = -1 if f.home[kind] >= 0 and f.home[kind] == f.territory[slot] else 0
    out[classes + 5] = tens
    tie = tie_of_wish(f, kind, slot) if rank > 0 else tie_of_other(f, kind, slot, named)
    out[classes + 6] = tie


@kernel
def worth_of_held(f: Facts, held: Held, out: NDArray[np.int64]) -> None:
    """`write_worth` for each seat given."""
    for i in range(len(held.kind)):
        write_worth(f, held.kind[i], held.slot[i], held.tens[i], held.rank[i], out[i])


@kernel
def may_use(f: Facts, kind: int, seat: int, slot: int) -> bool:
    """Whether that kind of seat exists in the slot, and is for that kind of pupil."""
    if seat == 0:
        return bool(f.has_open[slot])
    return bool((f.reserved_bit[slot] & f.entitlements[kind]) != 0)


@kernel
def difference(a: NDArray[np.int64], b: NDArray[np.int64], c: NDArray[np.int64]) -> int:
    """The first level at which a + b and c differ: its number plus 1, negative when a + b is less;
    0 when they are equal.
    """
    for level in range(len(a)):
        total = a[level] + b[level]
        if total != c[level]:
            return level + 1 if total > c[level] else -level - 1
    return 0


@kernel
def know_wishes(f: Facts, kind: int, rank: NDArray[np.int64], forget: int) -> None:
    """Write the ranks of a kind's wishes by slot, or 0 there when `forget` is 1."""
    for row in range(f.wishes.start[kind], f.wishes.start[kind + 1]):
        rank[f.wishes.slot[row]] = 0 if forget == 1 else f.wishes.number[row]


@kernel
def count_cheaper_pairs(
    f: Facts,
    pairs: Candidates,
    taking_part: NDArray[np.bool_],
    prices: NDArray[np.int64],
    pays: NDArray[np.int64],
    broken: NDArray[np.int64],
) -> None:
    """Count in `broken`, per level, the pairs that would cost a kind less than it pays.

    `prices` (2, S, L); `pays` (K, L) is cost plus price of what a kind has.
    """
    rank = np.zeros(len(f.sector), dtype=np.int64)
    worth = np.zeros(prices.shape[2], dtype=np.int64)
    for kind in range(len(f.site)):
        if not taking_part[kind]:
            continue
        know_wishes(f, kind, rank, 0)
        for pair in range(pairs.start[f.site[kind]], pairs.start[f.site[kind] + 1]):
            slot = pairs.slot[pair]
            write_worth(f, kind, slot, pairs.tens[pair], rank[slot], worth)
            for seat in range(2):
                if may_use(f, kind, seat, slot):
                    verdict = difference(worth, prices[seat, slot], pays[kind])
                    if verdict < 0:
                        broken[-verdict - 1] += 1
        know_wishes(f, kind, rank, 1)


class Labels(NamedTuple):
    """What label correcting knows so far; a *turn* is a kind of pupil looking once."""

    prices: NDArray[np.int64]  # (2, S, L) what it costs to empty a full seat, UNKNOWN at first
    next_seat: NDArray[np.int64]  # (2, S) where who holds it goes: 2 * slot + seat; −1 unplaced
    fell: NDArray[np.int64]  # of each slot: the turn at which a price there fell last
    looked: NDArray[np.int64]  # of each kind: its last turn, −1 for none
    best: NDArray[np.int64]  # (K, L) cost plus price of its cheapest pair; 0 for going nowhere
    choice: NDArray[np.int64]  # of each kind: that seat, as in next_seat


def new_labels(full: NDArray[np.bool_], kinds: int, levels: int) -> Labels:
    """Nothing is known but that seats which are not full cost nothing."""
    prices = np.zeros((*full.shape, levels), dtype=np.int64)
    prices[full] = UNKNOWN
    return Labels(
        prices,
        np.full(full.shape, -1, dtype=np.int64),
        np.zeros(full.shape[1], dtype=np.int64),
        np.full(kinds, -1, dtype=np.int64),
        np.zeros((kinds, levels), dtype=np.int64),
        np.full(kinds, -1, dtype=np.int64),
    )


@kernel
def lower_prices(
    f: Facts,
    pairs: Candidates,
    held: Held,
    held_start: NDArray[np.int64],
    full: NDArray[np.bool_],
    worth_held: NDArray[np.int64],
    labels: Labels,
    order: NDArray[np.int64],
    turn: int,
) -> int:
    """One round of label correcting (Ford, 1956) on what it costs to empty a full seat.

    A seat is emptied by moving who holds it to his cheapest other pair, or by leaving him unplaced;
    a kind looks only at slots where a price fell since it last looked. Kinds look in this `order`.
    `turn` is the number of the last turn. Returns that of the last one now, or `turn` when no price
    fell.
    """
    rank = np.zeros(len(f.sector), dtype=np.int64)
    worth = np.zeros(labels.prices.shape[2], dtype=np.int64)
    last = turn
    for kind in order:
        if held_start[kind] == held_start[kind + 1]:
            continue
        before, labels.looked[kind] = labels.looked[kind], last
        if not _look_again(f, pairs, kind, before, labels, rank, worth):
            continue
        last += 1
        for i in range(held_start[kind], held_start[kind + 1]):
            seat, slot = held.seat[i], held.slot[i]
            price = labels.prices[seat, slot]
            if not full[seat, slot]:
                continue
            if price[0] == UNKNOWN or difference(worth_held[i], price, labels.best[kind]) > 0:
                price[:] = labels.best[kind] - worth_held[i]
                labels.next_seat[seat, slot] = labels.choice[kind]
                labels.fell[slot] = last
    return last


@kernel
def _look_again(
    f: Facts,
    pairs: Candidates,
    kind: int,
    before: int,
    labels: Labels,
    rank: NDArray[np.int64],
    worth: NDArray[np.int64],
) -> bool:
    """Look at the slots where a price fell after the turn `before`; whether one is cheaper than
    what the kind knew, or it never looked.
    """
    cheaper = before < 0
    wishes_known = False
    for pair in range(pairs.start[f.site[kind]], pairs.start[f.site[kind] + 1]):
        slot = pairs.slot[pair]
        if labels.fell[slot] <= before:
            continue
        if not wishes_known:
            know_wishes(f, kind, rank, 0)
            wishes_known = True
        write_worth(f, kind, slot, pairs.tens[pair], rank[slot], worth)
        for seat in range(2):
            price = labels.prices[seat, slot]
            if price[0] == UNKNOWN or not may_use(f, kind, seat, slot):
                continue
            if difference(worth, price, labels.best[kind]) < 0:
                labels.best[kind] = worth + price
                labels.choice[kind] = 2 * slot + seat
                cheaper = True
    if wishes_known:
        know_wishes(f, kind, rank, 1)
    return cheaper
