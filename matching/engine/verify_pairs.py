"""The checker's own reading of a problem: kinds and sites of pupils, and every allowed pair.

Nothing here comes from the solver. Slots are sorted by latitude and each site reads the
band that its reach spans.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.engine.caps import Caps
from matching.engine.compiled import kernel
from matching.engine.distance import UNIT, geocentric, tens_of_metres
from matching.engine.lottery import draws
from matching.engine.problem import Problem

METRES_PER_DEGREE = 110_500.0  # of latitude, at least, anywhere

_tens = kernel(tens_of_metres)


class Kinds(NamedTuple):
    """Pupils to decide who differ in nothing but key and lottery: K kinds. Kinds that differ only
    in wishes and sectors are of one site: Z sites. An example is the pupil whose key is first, be
    he held or not.
    """

    of_pupil: NDArray[np.int32]  # −1 for a held pupil
    example: NDArray[np.int32]  # of each kind
    size: NDArray[np.int64]
    site: NDArray[np.int32]  # of each kind
    site_example: NDArray[np.int32]
    tie: NDArray[np.uint64]  # of each kind
    site_tie: NDArray[np.uint64]


class Table(NamedTuple):
    """What is written about some pupils and slots: rows start[k]:start[k + 1] of kind or site k."""

    start: NDArray[np.int64]
    slot: NDArray[np.int32]
    number: NDArray[np.int64]


class Candidates(NamedTuple):
    """The allowed pairs of site z: start[z]:start[z + 1]. A slot stands for both its seat kinds."""

    start: NDArray[np.int64]
    slot: NDArray[np.int32]
    tens: NDArray[np.int32]


class Traits(NamedTuple):
    lat: NDArray[np.float64]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    z: NDArray[np.float64]
    weeks: NDArray[np.uint64]
    reach: NDArray[np.int32]
    needs_access: NDArray[np.bool_]
    link_group: NDArray[np.int32]
    entitlements: NDArray[np.uint64]


class Bands(NamedTuple):
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
    """Sort the pupils to decide into kinds and sites; one with a wish is a kind alone, one with a
    refusal or a row of travel is a site alone.
    """
    pupils = problem.pupils
    held = np.zeros(len(pupils.keys), dtype=np.bool_)
    held[problem.fixed.pupil] = True
    rows = np.flatnonzero(~held)
    by_key = np.array(sorted(range(len(held)), key=pupils.keys.__getitem__), dtype=np.int64)
    traits = [getattr(pupils, name) for name in _TRAITS]
    if problem.caps is not None:  # sets kept apart count apart
        traits.append(problem.caps.apart)
    apart = [problem.refused.pupil]
    if problem.travel is not None:
        apart.append(problem.travel.pupil)
    places = _number_alike(traits, np.concatenate(apart))
    site, site_example = _sorted_out(rows, places, by_key)
    alike = _number_alike([places, pupils.sectors], problem.wishes.pupil)
    kind, example = _sorted_out(rows, alike, by_key)
    site_of_kind = np.empty(len(example), dtype=np.int32)
    site_of_kind[kind[rows]] = site[rows]
    return Kinds(
        kind,
        example,
        np.bincount(kind[rows], minlength=len(example)),
        site_of_kind,
        site_example,
        draws(problem.seed, [pupils.keys[row] for row in example.tolist()]),
        draws(problem.seed, [pupils.keys[row] for row in site_example.tolist()]),
    )


def _number_alike(
    columns: Sequence[NDArray[np.generic]], alone: NDArray[np.int32]
) -> NDArray[np.int64]:
    """A number for each row, the same for two rows where all columns are, but for rows `alone`."""
    number = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        _, of_column = np.unique(column, return_inverse=True)
        _, number = np.unique(number * (len(number) + 1) + of_column, return_inverse=True)
    number[alone] = len(number) + alone
    return number


def _sorted_out(
    rows: NDArray[np.int64], alike: NDArray[np.int64], by_key: NDArray[np.int64]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """A number for each pupil of `rows`, the same where `alike` is, −1 for the others; and for each
    number the row whose key is first among all pupils who are alike.
    """
    codes, found = np.unique(alike[rows], return_inverse=True)
    number = np.full(len(alike), -1, dtype=np.int32)
    number[rows] = found
    known, first = np.unique(alike[by_key], return_index=True)
    return number, by_key[first[np.searchsorted(known, codes)]].astype(np.int32)


_TRAITS = (
    "lat", "lon", "weeks", "reach", "class_of_service", "entitlements", "school", "territory",
    "needs_access", "link_group",
)  # fmt: skip


def slot_ties(problem: Problem) -> NDArray[np.uint64]:
    """What each slot brings to the tie bits."""
    return draws(problem.seed, problem.slots.keys)


def sorted_table(
    number_of: NDArray[np.int32],
    count: int,
    pupil: NDArray[np.int32],
    slot: NDArray[np.int32],
    value: NDArray[np.generic],
) -> Table:
    """Rows of a table of pupils and slots, held pupils left out, sorted by kind or site."""
    number = number_of[pupil]
    kept = np.flatnonzero(number >= 0)
    kept = kept[np.argsort(number[kept], kind="stable")]
    counts = np.bincount(number[kept], minlength=count)
    start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return Table(start, slot[kept], value[kept].astype(np.int64))


def caps_of(problem: Problem) -> Caps:
    if problem.caps is None:
        raise ValueError("a problem without caps")
    return problem.caps


def counted_apart(problem: Problem, pupil: int, slot: int) -> bool:
    """Whether it matters in which of several weeks a pupil is in a slot."""
    caps, weeks = caps_of(problem), int(problem.slots.weeks[slot])
    return weeks & (weeks - 1) != 0 and bool(
        caps.at_once[slot] >= 0
        or (caps.of_a_school[slot] >= 0 and problem.pupils.school[pupil] >= 0)
        or caps.apart[pupil] >= 0
    )


class Reading(NamedTuple):
    """What the rules look at: sites, slots sorted by latitude, refusals and a table of travel."""

    pupil: Traits
    slot: Bands
    refused: Table
    roads: Table
    has_roads: bool


def reading_of(problem: Problem, kinds: Kinds) -> Reading:
    slots, pupils, rows = problem.slots, problem.pupils, kinds.site_example
    site_of = np.append(kinds.site, np.int32(-1))[kinds.of_pupil]
    order = np.argsort(slots.lat, kind="stable")
    x, y, z = geocentric(slots.lat, slots.lon)
    bit = np.left_shift(np.uint64(1), np.maximum(slots.reserved_for, 0).astype(np.uint64))
    bit = np.where(slots.reserved > 0, bit, np.uint64(0))
    slot = Bands(
        order, slots.lat[order], x[order], y[order], z[order], slots.weeks[order],
        slots.accessible[order], slots.link_group[order],
        (slots.seats > slots.reserved)[order], bit[order],
    )  # fmt: skip
    px, py, pz = geocentric(pupils.lat[rows], pupils.lon[rows])
    pupil = Traits(
        pupils.lat[rows], px, py, pz, pupils.weeks[rows], pupils.reach[rows],
        pupils.needs_access[rows], pupils.link_group[rows], pupils.entitlements[rows],
    )  # fmt: skip
    refused = problem.refused
    no = sorted_table(site_of, len(rows), refused.pupil, refused.slot, np.ones(len(refused.pupil)))
    travel = problem.travel
    none = np.zeros(0, dtype=np.int32)
    listed = (none, none, none) if travel is None else (travel.pupil, travel.slot, travel.distance)
    roads = sorted_table(site_of, len(rows), *listed)
    return Reading(pupil, slot, no, roads, travel is not None)


def candidates(problem: Problem, kinds: Kinds) -> Candidates:
    """Every pair that every rule allows."""
    reading = reading_of(problem, kinds)
    none = np.zeros(0, dtype=np.int32)
    start = np.zeros(len(kinds.site_example) + 1, dtype=np.int64)
    _read_bands(*reading, start, none, none)
    start = np.cumsum(start)
    found, tens = np.empty(start[-1], dtype=np.int32), np.empty(start[-1], dtype=np.int32)
    _read_bands(*reading, start, found, tens)
    return Candidates(start, found, tens)


@kernel
def read_band(
    k: int,
    p: Traits,
    s: Bands,
    never: NDArray[np.bool_],
    road: NDArray[np.int64],
    has_roads: bool,  # noqa: FBT001 - a kernel takes no keywords
    found: NDArray[np.int32],
    tens: NDArray[np.int32],
) -> int:
    """Write the slots that pupils of site k may have, and how far they are; returns how many."""
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
    p: Traits,
    s: Bands,
    refused: Table,
    roads: Table,
    has_roads: bool,  # noqa: FBT001 - a kernel takes no keywords
    start: NDArray[np.int64],
    found: NDArray[np.int32],
    tens: NDArray[np.int32],
) -> None:
    """Write the pairs of each site; with empty outputs, their counts."""
    size = len(s.lat)
    never = np.zeros(size, dtype=np.bool_)
    road = np.full(size, -1, dtype=np.int64)
    near, near_tens = np.empty(size, dtype=np.int32), np.empty(size, dtype=np.int32)
    for k in range(len(p.lat)):
        for row in range(refused.start[k], refused.start[k + 1]):
            never[refused.slot[row]] = True
        for row in range(roads.start[k], roads.start[k + 1]):
            road[roads.slot[row]] = roads.number[row]
        count = read_band(k, p, s, never, road, has_roads, near, near_tens)
        if len(found) == 0:
            start[k + 1] = count
        else:
            found[start[k] : start[k + 1]] = near[:count]
            tens[start[k] : start[k + 1]] = near_tens[:count]
        for row in range(refused.start[k], refused.start[k + 1]):
            never[refused.slot[row]] = False
        for row in range(roads.start[k], roads.start[k + 1]):
            road[roads.slot[row]] = -1
