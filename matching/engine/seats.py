"""Seats to give: each slot is up to two nodes, its open seats and its reserved seats."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.engine.lottery import draws, draws_of_sectors
from matching.engine.numbering import along_curve, in_order_of_keys
from matching.engine.problem import Problem

OPEN, RESERVED = 0, 1


@dataclass(frozen=True, slots=True)
class SeatNodes:
    """N nodes, the slots along the curve of numbering.py, of each slot reserved before open, so
    that the entitled look at reserved seats first. Held seats are taken off.
    """

    slot: NDArray[np.int32]  # row of the given slots
    kind: NDArray[np.int8]  # OPEN or RESERVED
    seats: NDArray[np.int32]  # left to give; 0 when all are held
    entitlement: NDArray[np.uint64]  # one bit that a pupil must hold; 0 for open seats
    slot_draw: NDArray[np.uint64]  # what the key of each given slot brings to the tie bits
    sector_draw: NDArray[np.uint64]  # what each sector brings, and last any other seat


def node_of_each(seats: NDArray[np.int32]) -> NDArray[np.int32]:
    """The node of each seat, when node n has seats[n] of them."""
    return np.repeat(np.arange(len(seats), dtype=np.int32), seats)


def seat_nodes(problem: Problem) -> SeatNodes:
    """The nodes of `problem`: a kind of seats that a slot never had is no node."""
    slots, held = problem.slots, problem.fixed
    size = len(slots.keys)
    order = along_curve(in_order_of_keys(slots.keys), slots.lat, slots.lon).astype(np.int32)
    had = np.stack([slots.seats - slots.reserved, slots.reserved])
    taken = np.stack(
        [np.bincount(held.slot[held.reserved == kind], minlength=size) for kind in (OPEN, RESERVED)]
    )
    slot, kind = np.repeat(order, 2), np.tile(np.array([RESERVED, OPEN], dtype=np.int8), size)
    exists = had[kind, slot] > 0
    slot, kind = slot[exists], kind[exists]
    bit = np.left_shift(np.uint64(1), np.maximum(slots.reserved_for, 0).astype(np.uint64))
    slot_draw = draws(problem.seed, slots.keys)
    return SeatNodes(
        slot=slot,
        kind=kind,
        seats=(had - taken)[kind, slot].astype(np.int32),
        entitlement=np.where(kind == OPEN, np.uint64(0), bit[slot]),
        slot_draw=slot_draw,
        sector_draw=draws_of_sectors(slots.sector, slot_draw),
    )
