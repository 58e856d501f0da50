"""Seats in trees of boxes, to be found again and again without a list of pairs.

Seat nodes of the same weeks, entitlement and road links are of one *sort*; those of a sort are
halved along the longest side of the box around them, and so on: a tree of boxes (Bentley, 1975). A
search that takes seats out as it finds them marks a box that is empty, and never looks into it
again.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.engine.compiled import inlined_kernel, kernel
from matching.engine.groups import numbered
from matching.engine.scan import TESTS, Nodes, Rows, tests_passed

LEAF = 8  # seat nodes, at the most


class Trees(NamedTuple):
    """Boxes, T in all; places are those of the nodes, which are sorted as the leaves are."""

    first: NDArray[np.int32]  # place
    last: NDArray[np.int32]  # the place after
    left: NDArray[np.int32]  # box, −1 in a leaf
    right: NDArray[np.int32]
    parent: NDArray[np.int32]  # −1 in a root
    sides: NDArray[np.float64]  # (T, 6) metres: least and most of x, y, z
    leaf: NDArray[np.int32]  # of each place
    kind: NDArray[np.int32]  # of each row: rows of a kind may have the same sorts
    root_start: NDArray[np.int64]  # the roots of kind k: root[root_start[k]:root_start[k + 1]]
    root: NDArray[np.int32]


def seat_trees(rows: Rows, nodes: Nodes) -> tuple[Trees, Nodes, NDArray[np.int64]]:
    """The trees, the nodes sorted as their leaves, and where in `nodes` each of these was."""
    sort, _ = numbered([nodes.weeks, nodes.entitlement, nodes.link_group])
    order = np.argsort(sort, kind="stable")
    start = np.searchsorted(sort[order], np.arange(sort.max(initial=-1) + 2))
    point = np.stack([nodes.x, nodes.y, nodes.z], axis=1)
    most = 2 * len(order) + 1
    first, last, left, right, parent = (np.full(most, -1, dtype=np.int32) for _ in range(5))
    sides = np.empty((most, 6))
    roots = np.empty(len(start) - 1, dtype=np.int32)
    boxes = grow_trees(start, order, point, first, last, left, right, parent, sides, roots)
    ends = np.flatnonzero(left[:boxes] < 0)
    ends = ends[np.argsort(first[ends])]
    leaf = np.repeat(ends, last[ends] - first[ends]).astype(np.int32)
    sorted_nodes = Nodes(
        nodes.cube[order], nodes.size, nodes.node[order], nodes.slot[order], nodes.x[order],
        nodes.y[order], nodes.z[order], nodes.weeks[order], nodes.entitlement[order],
        nodes.territory[order], nodes.accessible[order], nodes.link_group[order],
        nodes.tie[order],
    )  # fmt: skip
    kind, example = numbered([rows.weeks, rows.entitlements, rows.link_group])
    link = sorted_nodes.link_group[start[:-1]]
    by_link = np.argsort(link, kind="stable")
    wanted = rows.link_group[example]
    first_sort = np.searchsorted(link[by_link], wanted)
    last_sort = np.searchsorted(link[by_link], wanted, side="right")
    nothing = np.zeros(int(nodes.slot.max(initial=-1)) + 1, dtype=np.int64)
    everywhere = sorted_nodes._replace(accessible=np.ones(len(order), dtype=np.bool_))
    given = (example, start, by_link, first_sort, last_sort, rows, everywhere, nothing)
    root_start, sorts = np.zeros(len(example) + 1, dtype=np.int64), np.zeros(0, dtype=np.int64)
    allow_sorts(*given, root_start, sorts)
    root_start = np.cumsum(root_start)
    sorts = np.empty(root_start[-1], dtype=np.int64)
    allow_sorts(*given, root_start, sorts)
    trees = Trees(
        first[:boxes], last[:boxes], left[:boxes], right[:boxes], parent[:boxes], sides[:boxes],
        leaf, kind.astype(np.int32), root_start, roots[sorts],
    )  # fmt: skip
    return trees, sorted_nodes, order


@kernel
def allow_sorts(
    example: NDArray[np.int64],
    start: NDArray[np.int64],
    by_link: NDArray[np.int64],
    first_sort: NDArray[np.int64],
    last_sort: NDArray[np.int64],
    rows: Rows,
    nodes: Nodes,
    refused: NDArray[np.int64],
    root_start: NDArray[np.int64],
    sorts: NDArray[np.int64],
) -> None:
    """Write which sorts of seats each kind of rows may have, but for distance, access and
    refusals, among those of its road links; with empty `sorts`, their counts.
    """
    for kind in range(len(example)):
        row, count = example[kind], 0
        for k in range(first_sort[kind], last_sort[kind]):
            place = start[by_link[k]]
            if not (nodes.weeks[place] & rows.weeks[row]):
                continue
            if tests_passed(row, rows, nodes, refused, place) != TESTS:
                continue
            if len(sorts) > 0:
                sorts[root_start[kind] + count] = by_link[k]
            count += 1
        if len(sorts) == 0:
            root_start[kind + 1] = count


@kernel
def grow_trees(
    start: NDArray[np.int64],
    order: NDArray[np.int64],
    point: NDArray[np.float64],
    first: NDArray[np.int32],
    last: NDArray[np.int32],
    left: NDArray[np.int32],
    right: NDArray[np.int32],
    parent: NDArray[np.int32],
    sides: NDArray[np.float64],
    roots: NDArray[np.int32],
) -> int:
    """Halve the nodes of each sort until LEAF are left, and sort `order` so; returns the boxes."""
    boxes = 0
    for sort in range(len(start) - 1):
        roots[sort] = boxes
        first[boxes], last[boxes] = start[sort], start[sort + 1]
        box = boxes
        boxes += 1
        while box < boxes:
            here = order[first[box] : last[box]]
            side, longest = 0, -1.0
            for axis in range(3):
                low, high = point[here, axis].min(), point[here, axis].max()
                sides[box, 2 * axis], sides[box, 2 * axis + 1] = low, high
                if high - low > longest:
                    side, longest = axis, high - low
            if len(here) > LEAF:
                order[first[box] : last[box]] = here[
                    np.argsort(point[here, side], kind="mergesort")
                ]
                middle = (first[box] + last[box]) // 2
                left[box], right[box] = boxes, boxes + 1
                first[boxes], last[boxes], parent[boxes] = first[box], middle, box
                first[boxes + 1], last[boxes + 1], parent[boxes + 1] = middle, last[box], box
                boxes += 2
            box += 1
    return boxes


@inlined_kernel
def squared_gap(row: int, rows: Rows, trees: Trees, box: int) -> float:
    """How far a row is from a box, squared."""
    x = max(trees.sides[box, 0] - rows.x[row], rows.x[row] - trees.sides[box, 1], 0.0)
    y = max(trees.sides[box, 2] - rows.y[row], rows.y[row] - trees.sides[box, 3], 0.0)
    z = max(trees.sides[box, 4] - rows.z[row], rows.z[row] - trees.sides[box, 5], 0.0)
    return float(x * x + y * y + z * z)


@inlined_kernel
def too_far(row: int, rows: Rows, trees: Trees, box: int, metres: float) -> bool:
    """Whether no point of a box is within `metres` of a row."""
    return squared_gap(row, rows, trees, box) > metres * metres
