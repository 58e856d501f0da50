"""Feasible pairs: which site may take which seats, and how far they are.

Every pair within reach is kept: a limit of "the k nearest" would place fewer pupils.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.engine.distance import UNIT, geocentric
from matching.engine.groups import Groups
from matching.engine.problem import Problem, TooLarge
from matching.engine.scan import CUBES, Listed, Nodes, Rows, scan
from matching.engine.seats import SeatNodes

SMALLEST_CUBE = 1_000.0  # metres
BYTES_A_PAIR = 90  # measured: 84 in a round of 15 million, each pair copied, sorted and priced


@dataclass(frozen=True, slots=True)
class Arcs:
    """The pairs of site z are start[z]:start[z + 1], the best value first; E pairs.

    `value` is a cost without preference (cost.py): outside the territory, distance, tie bits.
    """

    start: NDArray[np.int64]
    column: NDArray[np.int32]
    value: NDArray[np.int64]
    columns: int


class Read(NamedTuple):
    """What the scan reads."""

    rows: Rows
    nodes: Nodes
    refused: Listed
    travel: Listed  # distances plus 1
    has_travel: bool
    slots: int


def read(problem: Problem, groups: Groups, nodes: SeatNodes) -> Read:
    """What the scan reads of the sites and the seat nodes of a problem."""
    table = problem.travel
    travel = (
        _listed(groups, np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0))
        if table is None
        else _listed(groups, table.pupil, table.slot, table.distance.astype(np.int64) + 1)
    )
    return Read(
        rows_of_sites(problem, groups),
        nodes_by_cube(problem, nodes),
        refusals_of_sites(problem, groups),
        travel,
        table is not None,
        len(problem.slots.keys),
    )


def feasible_pairs(
    problem: Problem, groups: Groups, nodes: SeatNodes, memory: int | None = None
) -> tuple[Arcs, NDArray[np.int8]]:
    """Every pair that the rules allow, per site; and for a site without any, the Reason why.

    Raises TooLarge, once they are counted, when a round on them takes more than `memory` bytes.
    """
    return pairs_of(read(problem, groups, nodes), memory)


def pairs_of(given: Read, memory: int | None = None) -> tuple[Arcs, NDArray[np.int8]]:
    """As `feasible_pairs`."""
    counts, obstacle = _counted(given)
    start = np.cumsum(counts)
    needed = int(start[-1]) * BYTES_A_PAIR
    if memory is not None and needed > memory:
        raise TooLarge(needed, memory)
    column = np.empty(start[-1], dtype=np.int32)
    value = np.empty(start[-1], dtype=np.int64)
    scan(*given, start, column, value, obstacle)
    return Arcs(start, column, value, len(given.nodes.slot)), obstacle


def obstacles_without(given: Read, sites: NDArray[np.int64], node: int) -> NDArray[np.int8]:
    """The Reason why each of `sites` has no pair when seat node `node` is taken away, or 0."""
    kept = given.nodes.node != node
    _, obstacle = _counted(
        given._replace(
            rows=given.rows._replace(**_columns_at(given.rows, sites)),
            nodes=given.nodes._replace(**_columns_at(given.nodes, kept)),
            refused=_rows_of(given.refused, sites),
            travel=_rows_of(given.travel, sites),
        )
    )
    return obstacle


def _columns_at(table: Rows | Nodes, rows: NDArray[np.generic]) -> dict[str, Any]:
    columns = table._asdict().items()
    return {name: column[rows] for name, column in columns if isinstance(column, np.ndarray)}


def _counted(given: Read) -> tuple[NDArray[np.int64], NDArray[np.int8]]:
    """0 and the number of pairs of each row; and why a row has none."""
    rows = len(given.rows.x)
    counts, obstacle = np.zeros(rows + 1, dtype=np.int64), np.zeros(rows, dtype=np.int8)
    scan(*given, counts, np.zeros(0, np.int32), np.zeros(0, np.int64), obstacle)
    return counts, obstacle


def _rows_of(listed: Listed, rows: NDArray[np.int64]) -> Listed:
    """What is listed for these rows."""
    counts = np.diff(listed.start)[rows]
    start = np.concatenate([[0], np.cumsum(counts)])
    place = np.arange(start[-1]) + np.repeat(listed.start[rows] - start[:-1], counts)
    return Listed(start, listed.slot[place], listed.value[place])


def rows_of_sites(problem: Problem, groups: Groups) -> Rows:
    """What the scan reads of each site."""
    pupils, first = problem.pupils, groups.site_first
    x, y, z = geocentric(pupils.lat[first], pupils.lon[first])
    return Rows(
        x, y, z, pupils.weeks[first], pupils.reach[first], pupils.entitlements[first],
        pupils.territory[first], pupils.needs_access[first], pupils.link_group[first],
        groups.draw[first],
    )  # fmt: skip


def refusals_of_sites(problem: Problem, groups: Groups) -> Listed:
    """The slots refused to each site."""
    refused = problem.refused
    return _listed(groups, refused.pupil, refused.slot, np.ones(len(refused.pupil)))


def nodes_by_cube(problem: Problem, nodes: SeatNodes) -> Nodes:
    """What the scan reads of the seat nodes, sorted by cube."""
    slots = problem.slots
    x, y, z = geocentric(slots.lat, slots.lon)
    furthest = float(problem.pupils.reach.max(initial=0)) * UNIT + UNIT
    size = max(furthest, SMALLEST_CUBE)
    cube = _cube(x, y, z, size)[nodes.slot]
    order = np.argsort(cube, kind="stable")
    slot = nodes.slot[order]
    return Nodes(
        cube[order], size, order.astype(np.int32), slot, x[slot], y[slot], z[slot],
        slots.weeks[slot], nodes.entitlement[order], slots.territory[slot],
        slots.accessible[slot], slots.link_group[slot], nodes.slot_draw[slot],
    )  # fmt: skip


def _cube(
    x: NDArray[np.float64], y: NDArray[np.float64], z: NDArray[np.float64], size: float
) -> NDArray[np.int64]:
    """Number of the cube of a point: x, y, z whole numbers of cubes, 14 bits each."""
    half = CUBES // 2
    places = [np.floor(axis / size).astype(np.int64) + half for axis in (x, y, z)]
    number: NDArray[np.int64] = (places[0] * CUBES + places[1]) * CUBES + places[2]
    return number


def _listed(
    groups: Groups,
    pupil: NDArray[np.int32],
    slot: NDArray[np.int32],
    value: NDArray[np.generic],
) -> Listed:
    """Rows of a table of pupils and slots, by site; held pupils are left out."""
    site = groups.site_of_pupil[pupil]
    order = np.argsort(site, kind="stable")
    order = order[site[order] >= 0]
    start = np.searchsorted(site[order], np.arange(len(groups.site_first) + 1))
    return Listed(start.astype(np.int64), slot[order], value[order].astype(np.int64))
