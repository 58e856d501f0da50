"""The checker's own reading of a problem: kinds of pupils, and every pair that the rules allow.

Nothing here comes from the solver. Slots are sorted by latitude and each kind of pupils reads the
band that its reach spans.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.engine.compiled import kernel
from matching.engine.distance import UNIT, geocentric, tens_of_metres
from matching.engine.lottery import draw, draws
from matching.engine.problem import Problem

METRES_PER_DEGREE = 110_500.0  # of latitude, at least, anywhere

_tens = kernel(tens_of_metres)


class Kinds(NamedTuple):
    """Pupils to decide who differ in nothing but key and lottery; K kinds."""

    of_pupil: NDArray[np.int32]  # −1 for a held pupil
    example: NDArray[np.int32]  # one pupil of each kind: the one whose key is first
    size: NDArray[np.int64]
    tie: NDArray[np.uint64]


class Table(NamedTuple):
    """What is written about pupils of a kind and slots: rows start[k]:start[k + 1]."""

    start: NDArray[np.int64]
    slot: NDArray[np.int32]
    number: NDArray[np.int64]


class Candidates(NamedTuple):
    """The allowed pairs of kind k: start[k]:start[k + 1]. A slot stands for both its seat kinds."""

    start: NDArray[np.int64]
    slot: NDArray[np.int32]
    tens: NDArray[np.int32]


class _Pupil(NamedTuple):
    lat: NDArray[np.float64]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    z: NDArray[np.float64]
    weeks: NDArray[np.uint64]
    reach: NDArray[np.int32]
    needs_access: NDArray[np.bool_]
    link_group: NDArray[np.int32]
    entitlements: NDArray[np.uint64]


class _Slot(NamedTuple):
    number: NDArray[np.int64]
    lat: NDArray[np.float64]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    z: NDArray[np.float64]
    weeks: NDArray[np.uint64]
    accessible: NDArray[np.bool_]
    link_group: NDArray[np.int32]
    open_seats: NDArray[np.bool_]  # had some, held ones included
    reserved_bit: NDArray[np.uint64]  # 0 when it never had a reserved seat


def kinds_of(problem: Problem) -> Kinds:
    """Sort the pupils to decide into kinds; one with a wish, refusal or travel is alone."""
    pupils = problem.pupils
    named = {*problem.wishes.pupil.tolist(), *problem.refused.pupil.tolist()}
    if problem.travel is not None:
        named.update(problem.travel.pupil.tolist())
    held = set(problem.fixed.pupil.tolist())
    traits = [getattr(pupils, name).tolist() for name in _TRAITS]
    seen: dict[tuple[object, ...], int] = {}
    of_pupil = np.full(len(pupils.keys), -1, dtype=np.int32)
    example: list[int] = []
    for row, alike in enumerate(zip(*traits, strict=True)):
        if row in held:
            continue
        kind = seen.setdefault((row,) if row in named else alike, len(example))
        if kind == len(example):
            example.append(row)
        elif pupils.keys[row] < pupils.keys[example[kind]]:
            example[kind] = row
        of_pupil[row] = kind
    ties = [draw(problem.seed, pupils.keys[row]) for row in example]
    size = np.bincount(of_pupil[of_pupil >= 0], minlength=len(example))
    return Kinds(of_pupil, np.array(example, dtype=np.int32), size, np.array(ties, dtype=np.uint64))


_TRAITS = (
    "lat", "lon", "weeks", "reach", "class_of_service", "entitlements", "school", "territory",
    "sectors", "needs_access", "link_group",
)  # fmt: skip


def slot_ties(problem: Problem) -> NDArray[np.uint64]:
    """What each slot brings to the tie bits."""
    return draws(problem.seed, problem.slots.keys)


def table_by_kind(
    kinds: Kinds, pupil: NDArray[np.int32], slot: NDArray[np.int32], number: NDArray[np.generic]
) -> Table:
    """Rows of a table of pupils and slots, held pupils left out, sorted by kind."""
    kind = kinds.of_pupil[pupil]
    kept = np.flatnonzero(kind >= 0)
    kept = kept[np.argsort(kind[kept], kind="stable")]
    counts = np.bincount(kind[kept], minlength=len(kinds.example))
    start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return Table(start, slot[kept], number[kept].astype(np.int64))


def candidates(problem: Problem, kinds: Kinds) -> Candidates:
    """Every pair that every rule allows."""
    slots, pupils, rows = problem.slots, problem.pupils, kinds.example
    order = np.argsort(slots.lat, kind="stable")
    x, y, z = geocentric(slots.lat, slots.lon)
    bit = np.left_shift(np.uint64(1), np.maximum(slots.reserved_for, 0).astype(np.uint64))
    bit = np.where(slots.reserved > 0, bit, np.uint64(0))
    slot = _Slot(
        order, slots.lat[order], x[order], y[order], z[order], slots.weeks[order],
        slots.accessible[order], slots.link_group[order],
        (slots.seats > slots.reserved)[order], bit[order],
    )  # fmt: skip
    px, py, pz = geocentric(pupils.lat[rows], pupils.lon[rows])
    pupil = _Pupil(
        pupils.lat[rows], px, py, pz, pupils.weeks[rows], pupils.reach[rows],
        pupils.needs_access[rows], pupils.link_group[rows], pupils.entitlements[rows],
    )  # fmt: skip
    refused = problem.refused
    no = table_by_kind(kinds, refused.pupil, refused.slot, np.ones(len(refused.pupil)))
    travel = problem.travel
    none = np.zeros(0, dtype=np.int32)
    listed = (none, none, none) if travel is None else (travel.pupil, travel.slot, travel.distance)
    roads = table_by_kind(kinds, *listed)
    start = np.zeros(len(rows) + 1, dtype=np.int64)
    _read_bands(pupil, slot, no, roads, travel is not None, start, none, none)
    start = np.cumsum(start)
    found, tens = np.empty(start[-1], dtype=np.int32), np.empty(start[-1], dtype=np.int32)
    _read_bands(pupil, slot, no, roads, travel is not None, start, found, tens)
    return Candidates(start, found, tens)


@kernel
def _read_band(
    k: int,
    p: _Pupil,
    s: _Slot,
    never: NDArray[np.bool_],
    road: NDArray[np.int64],
    has_roads: bool,  # noqa: FBT001 - a kernel takes no keywords
    found: NDArray[np.int32],
    tens: NDArray[np.int32],
) -> int:
    """Write the slots that pupils of kind k may have, and how far they are; returns how many."""
    count = 0
    weeks, link_group, needs_access = p.weeks[k], p.link_group[k], p.needs_access[k]
    entitlements, x, y, z, reach = p.entitlements[k], p.x[k], p.y[k], p.z[k], p.reach[k]
    most = (reach + 1) * UNIT
    half = 360.0 if has_roads else most / METRES_PER_DEGREE
    for i in range(np.searchsorted(s.lat, p.lat[k] - half), len(s.lat)):
        if s.lat[i] > p.lat[k] + half:
            break
        slot = s.number[i]
        if not (weeks & s.weeks[i]) or link_group != s.link_group[i] or never[slot]:
            continue
        if needs_access and not s.accessible[i]:
            continue
        if not s.open_seats[i] and not s.reserved_bit[i] & entitlements:
            continue
        if has_roads:
            far = road[slot]
        else:
            dx, dy, dz = x - s.x[i], y - s.y[i], z - s.z[i]
            squared = dx * dx + dy * dy + dz * dz
            if squared > most * most:  # the chord, shorter than the arc, is already too long
                continue
            far = int(_tens(squared))
        if 0 <= far <= reach:
            found[count] = slot
            tens[count] = far
            count += 1
    return count


@kernel
def _read_bands(
    p: _Pupil,
    s: _Slot,
    refused: Table,
    roads: Table,
    has_roads: bool,  # noqa: FBT001 - a kernel takes no keywords
    start: NDArray[np.int64],
    found: NDArray[np.int32],
    tens: NDArray[np.int32],
) -> None:
    """Write the pairs of each kind; with empty outputs, their counts."""
    size = len(s.lat)
    never = np.zeros(size, dtype=np.bool_)
    road = np.full(size, -1, dtype=np.int64)
    near, near_tens = np.empty(size, dtype=np.int32), np.empty(size, dtype=np.int32)
    for k in range(len(p.lat)):
        for row in range(refused.start[k], refused.start[k + 1]):
            never[refused.slot[row]] = True
        for row in range(roads.start[k], roads.start[k + 1]):
            road[roads.slot[row]] = roads.number[row]
        count = _read_band(k, p, s, never, road, has_roads, near, near_tens)
        if len(found) == 0:
            start[k + 1] = count
        else:
            found[start[k] : start[k + 1]] = near[:count]
            tens[start[k] : start[k + 1]] = near_tens[:count]
        for row in range(refused.start[k], refused.start[k + 1]):
            never[refused.slot[row]] = False
        for row in range(roads.start[k], roads.start[k + 1]):
            road[roads.slot[row]] = -1
