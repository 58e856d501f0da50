"""Cutting the pairs into the parts that a maximum matching leaves apart.

In every maximum matching the dead seats are filled by pupils who can go nowhere else, and everybody
else sits elsewhere (Dulmage and Mendelsohn, 1958): pairs across are in no answer. Once it is fixed
who is placed, the same holds for each block that a failed search closed, in turn.
"""

import numpy as np
from numpy.typing import NDArray

from matching.engine.compiled import kernel
from matching.engine.pairs import Arcs


def within_blocks(
    arcs: Arcs, row_block: NDArray[np.int32], column_block: NDArray[np.int32]
) -> Arcs:
    """The pairs that join a site and a node of the same block."""
    start = np.zeros_like(arcs.start)
    _count_within(arcs.start, arcs.column, row_block, column_block, start)
    np.cumsum(start, out=start)
    column = np.empty(start[-1], dtype=np.int32)
    value = np.empty(start[-1], dtype=np.int64)
    _copy_within(arcs.start, arcs.column, arcs.value, row_block, column_block, start, column, value)
    return Arcs(start, column, value, arcs.columns)


@kernel
def _count_within(
    start: NDArray[np.int64],
    column: NDArray[np.int32],
    row_block: NDArray[np.int32],
    column_block: NDArray[np.int32],
    count: NDArray[np.int64],
) -> None:
    for row in range(len(start) - 1):
        for arc in range(start[row], start[row + 1]):
            if column_block[column[arc]] == row_block[row]:
                count[row + 1] += 1


@kernel
def _copy_within(
    start: NDArray[np.int64],
    column: NDArray[np.int32],
    value: NDArray[np.int64],
    row_block: NDArray[np.int32],
    column_block: NDArray[np.int32],
    new_start: NDArray[np.int64],
    new_column: NDArray[np.int32],
    new_value: NDArray[np.int64],
) -> None:
    for row in range(len(start) - 1):
        place = new_start[row]
        for arc in range(start[row], start[row + 1]):
            if column_block[column[arc]] == row_block[row]:
                new_column[place] = column[arc]
                new_value[place] = value[arc]
                place += 1
