"""Finds the prices of an answer that comes without them, from its placements alone.

Emptying a full seat costs what its holder has to pay more elsewhere, and so on along a chain of
exchanges: label correcting on these chains (Ford, 1956) gives every price, or a chain that pays by
itself, and then the answer is not the best.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.engine.compiled import bare_kernel
from matching.engine.verify_levels import (
    Facts,
    Held,
    against_paid,
    difference,
    know_wishes,
    may_use,
    tie_of_pair,
    write_levels,
)
from matching.engine.verify_pairs import Candidates

UNKNOWN = int(np.iinfo(np.int64).max)


class Labels(NamedTuple):
    """What label correcting knows so far; a *turn* is a kind of pupil looking once."""

    prices: NDArray[np.int64]  # (2, S, L) what it costs to empty a full seat, UNKNOWN at first
    next_seat: NDArray[np.int64]  # (2, S) where who holds it goes: 2 * slot + seat; −1 unplaced
    fell: NDArray[np.int64]  # of each slot: the turn at which a price there fell last
    looked: NDArray[np.int64]  # of each kind: its last turn, −1 for none
    best: NDArray[np.int64]  # (K, L) cost plus price of its cheapest pair; 0 for going nowhere
    choice: NDArray[np.int64]  # of each kind: that seat, as in next_seat
    rank: NDArray[np.int64]  # room to work: of each slot, 0 between turns
    worth: NDArray[np.int64]  # room to work: the levels of a pair


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
        np.zeros(full.shape[1], dtype=np.int64),
        np.zeros(levels, dtype=np.int64),
    )


@bare_kernel
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
    last = turn
    for kind in order:
        if held_start[kind] == held_start[kind + 1]:
            continue
        before, labels.looked[kind] = labels.looked[kind], last
        if not _look_again(f, pairs, kind, before, labels):
            continue
        last += 1
        for i in range(held_start[kind], held_start[kind + 1]):
            seat, slot = held.seat[i], held.slot[i]
            price = labels.prices[seat, slot]
            if not full[seat, slot]:
                continue
            if price[0] == UNKNOWN or difference(worth_held[i], price, labels.best[kind]) > 0:
                for level in range(len(price)):
                    price[level] = labels.best[kind, level] - worth_held[i, level]
                labels.next_seat[seat, slot] = labels.choice[kind]
                labels.fell[slot] = last
    return last


@bare_kernel
def _look_again(
    f: Facts,
    pairs: Candidates,
    kind: int,
    before: int,
    labels: Labels,
) -> bool:
    """Look at the slots where a price fell after the turn `before`; whether one is cheaper than
    what the kind knew, or it never looked.
    """
    cheaper = before < 0
    wishes_known, rank, worth = False, labels.rank, labels.worth
    for pair in range(pairs.start[f.site[kind]], pairs.start[f.site[kind] + 1]):
        slot = pairs.slot[pair]
        if labels.fell[slot] <= before:
            continue
        if not wishes_known:
            know_wishes(f, kind, rank, 0)
            wishes_known = True
        write_levels(f, kind, slot, pairs.tens[pair], rank[slot], worth)
        for seat in range(2):
            price = labels.prices[seat, slot]
            if price[0] == UNKNOWN or not may_use(f, kind, seat, slot):
                continue
            best = labels.best[kind]
            if against_paid(f, kind, slot, rank[slot], worth, price, best) < 0:
                worth[len(worth) - 1] = tie_of_pair(f, kind, slot, rank[slot])
                for level in range(len(worth)):
                    best[level] = worth[level] + price[level]
                labels.choice[kind] = 2 * slot + seat
                cheaper = True
    if wishes_known:
        know_wishes(f, kind, rank, 1)
    return cheaper
