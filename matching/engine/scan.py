"""Looks for the feasible pairs of each site in a grid of cubes over the Earth's surface."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.engine.compiled import inlined_kernel, kernel
from matching.engine.cost import OUTSIDE_SHIFT
from matching.engine.distance import UNIT, tens_of_metres
from matching.engine.lottery import TIE_BITS, mixed
from matching.engine.solution import Reason

CUBES = 1 << 14  # along each axis
TESTS = 4
NO_SLOT, NO_WEEK = int(Reason.NO_SLOT), int(Reason.NO_WEEK)
OUT_OF_REACH, NO_LINK = int(Reason.OUT_OF_REACH), int(Reason.NO_LINK)

_tens_of_metres = kernel(tens_of_metres)
_mixed = kernel(mixed)


class Rows(NamedTuple):
    """Traits of the sites, one row each."""

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    z: NDArray[np.float64]
    weeks: NDArray[np.uint64]
    reach: NDArray[np.int32]
    entitlements: NDArray[np.uint64]
    territory: NDArray[np.int32]
    needs_access: NDArray[np.bool_]
    link_group: NDArray[np.int32]
    tie: NDArray[np.uint64]


class Nodes(NamedTuple):
    """Traits of the seat nodes, sorted by cube."""

    cube: NDArray[np.int64]
    size: float  # metres, side of a cube
    node: NDArray[np.int32]
    slot: NDArray[np.int32]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    z: NDArray[np.float64]
    weeks: NDArray[np.uint64]
    entitlement: NDArray[np.uint64]
    territory: NDArray[np.int32]
    accessible: NDArray[np.bool_]
    link_group: NDArray[np.int32]
    tie: NDArray[np.uint64]


class Listed(NamedTuple):
    """A number for some (site, slot): those of site z are start[z]:start[z + 1]."""

    start: NDArray[np.int64]
    slot: NDArray[np.int32]
    value: NDArray[np.int64]


@kernel
def list_values(row: int, listed: Listed, by_slot: NDArray[np.int64]) -> None:
    """Write what is listed for `row` in `by_slot`, 0 elsewhere."""
    for k in range(listed.start[row], listed.start[row + 1]):
        by_slot[listed.slot[k]] = listed.value[k]


@kernel
def forget_values(row: int, listed: Listed, by_slot: NDArray[np.int64]) -> None:
    """Undo `list_values`."""
    for k in range(listed.start[row], listed.start[row + 1]):
        by_slot[listed.slot[k]] = 0


@inlined_kernel
def tens_within_reach(squared: float, reach: int) -> int:
    """The distance over a chord, given squared, in tens of metres; −1 when beyond reach."""
    metres = (reach + 1) * UNIT
    if squared > metres * metres:  # the chord, shorter than the arc, is already too long
        return -1
    tens = int(_tens_of_metres(squared))
    return tens if tens <= reach else -1


@kernel
def nearby(
    row: int,
    rows: Rows,
    nodes: Nodes,
    found: NDArray[np.int32],
    distance: NDArray[np.int64],
) -> int:
    """Positions of the nodes within the reach of `row` that share a week with it."""
    count = 0
    half = CUBES // 2
    reach = rows.reach[row]
    metres = (reach + 1) * UNIT
    x, y, z, weeks = rows.x[row], rows.y[row], rows.z[row], rows.weeks[row]
    bottom = int(np.floor((z - metres) / nodes.size)) + half
    top = int(np.floor((z + metres) / nodes.size)) + half
    for i in range(
        int(np.floor((x - metres) / nodes.size)), int(np.floor((x + metres) / nodes.size)) + 1
    ):
        for j in range(
            int(np.floor((y - metres) / nodes.size)), int(np.floor((y + metres) / nodes.size)) + 1
        ):
            column = ((i + half) * CUBES + j + half) * CUBES
            place = np.searchsorted(nodes.cube, column + bottom)
            while place < len(nodes.cube) and nodes.cube[place] <= column + top:
                if nodes.weeks[place] & weeks:
                    dx, dy, dz = nodes.x[place] - x, nodes.y[place] - y, nodes.z[place] - z
                    tens = tens_within_reach(dx * dx + dy * dy + dz * dz, reach)
                    if tens >= 0:
                        found[count] = place
                        distance[count] = tens
                        count += 1
                place += 1
    return count


@kernel
def in_table(
    row: int,
    rows: Rows,
    nodes: Nodes,
    travel: Listed,
    by_slot: NDArray[np.int64],
    found: NDArray[np.int32],
    distance: NDArray[np.int64],
) -> int:
    """As `nearby`, from a table of travel that holds distances plus 1. `by_slot` is scratch."""
    count = 0
    list_values(row, travel, by_slot)
    for place in range(len(nodes.slot)):
        tens = by_slot[nodes.slot[place]] - 1
        if 0 <= tens <= rows.reach[row] and nodes.weeks[place] & rows.weeks[row]:
            found[count] = place
            distance[count] = tens
            count += 1
    forget_values(row, travel, by_slot)
    return count


@kernel
def tests_passed(row: int, rows: Rows, nodes: Nodes, refused: NDArray[np.int64], place: int) -> int:
    """How many of the four tests a pair passes in turn, in the order of the reasons."""
    if nodes.link_group[place] != rows.link_group[row]:
        return 0
    if rows.needs_access[row] and not nodes.accessible[place]:
        return 1
    needed = nodes.entitlement[place]
    if (rows.entitlements[row] & needed) != needed:
        return 2
    return TESTS - 1 if refused[nodes.slot[place]] else TESTS


@kernel
def keep_allowed(
    row: int,
    rows: Rows,
    nodes: Nodes,
    refused: NDArray[np.int64],
    count: int,
    found: NDArray[np.int32],
    distance: NDArray[np.int64],
) -> tuple[int, int]:
    """Drop what road link, access, entitlement or a refusal forbids.

    Returns how many are left and, of those dropped, the most tests that one of them passed.
    """
    kept, most = 0, -1
    for k in range(count):
        passed = tests_passed(row, rows, nodes, refused, found[k])
        if passed == TESTS:
            found[kept] = found[k]
            distance[kept] = distance[k]
            kept += 1
        else:
            most = max(most, passed)
    return kept, most


@kernel
def pair_value(row: int, rows: Rows, nodes: Nodes, place: int, tens: int) -> int:
    """The sortable cost of a pair, but for the preference."""
    inside = rows.territory[row] >= 0 and rows.territory[row] == nodes.territory[place]
    tie = _mixed(rows.tie[row] ^ _mixed(nodes.tie[place])) >> np.uint64(64 - TIE_BITS)
    outside = 0 if inside else 1
    return int((outside << OUTSIDE_SHIFT) + (tens << TIE_BITS) + np.int64(tie))


@kernel
def first_obstacle(count: int, passed: int, nodes: int, common_weeks: int) -> int:
    """The Reason of a site that has no pair; 0 when it has."""
    if count > 0:
        return 0
    if nodes == 0:
        return NO_SLOT
    if common_weeks == 0:
        return NO_WEEK
    return NO_LINK + passed if passed >= 0 else OUT_OF_REACH


@kernel
def scan(
    rows: Rows,
    nodes: Nodes,
    refusals: Listed,
    travel: Listed,
    has_travel: bool,  # noqa: FBT001 - a kernel takes no keywords
    slots: int,
    start: NDArray[np.int64],
    column: NDArray[np.int32],
    value: NDArray[np.int64],
    obstacle: NDArray[np.int8],
) -> None:
    """Write the arcs of each row, the best first; with empty outputs, write their counts."""
    counting = len(column) == 0
    weeks = np.uint64(0)
    for place in range(len(nodes.weeks)):
        weeks |= nodes.weeks[place]
    found = np.empty(len(nodes.slot), dtype=np.int32)
    distance = np.empty(len(nodes.slot), dtype=np.int64)
    refused = np.zeros(slots, dtype=np.int64)
    by_slot = np.zeros(slots, dtype=np.int64)
    for row in range(len(rows.x)):
        if has_travel:
            count = in_table(row, rows, nodes, travel, by_slot, found, distance)
        else:
            count = nearby(row, rows, nodes, found, distance)
        list_values(row, refusals, refused)
        count, passed = keep_allowed(row, rows, nodes, refused, count, found, distance)
        forget_values(row, refusals, refused)
        if counting:
            start[row + 1] = count
            obstacle[row] = first_obstacle(count, passed, len(nodes.weeks), weeks & rows.weeks[row])
            continue
        values = np.empty(count, dtype=np.int64)
        for k in range(count):
            values[k] = pair_value(row, rows, nodes, found[k], distance[k])
        order = np.argsort(values, kind="mergesort")
        for k in range(count):
            value[start[row] + k] = values[order[k]]
            column[start[row] + k] = nodes.node[found[order[k]]]
