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
    """The arcs that join a row and a column of the same block."""
    start = np.zeros_like(arcs.start)
    _count_within(arcs.start, arcs.column, row_block, column_block, start)
    np.cumsum(start, out=start)
    column = np.empty(start[-1], dtype=np.int32)
    cost = np.empty(start[-1], dtype=np.int64)
    _copy_within(arcs.start, arcs.column, arcs.cost, row_block, column_block, start, column, cost)
    return Arcs(start, column, cost, arcs.columns)


def turned(arcs: Arcs) -> Arcs:
    """The same arcs with rows and columns exchanged, the best first in each new row."""
    start = np.zeros(arcs.columns + 1, dtype=np.int64)
    np.cumsum(np.bincount(arcs.column, minlength=arcs.columns), out=start[1:])
    column = np.empty(len(arcs.column), dtype=np.int32)
    cost = np.empty(len(arcs.column), dtype=np.int64)
    _turn(arcs.start, arcs.column, arcs.cost, start, column, cost)
    return Arcs(start, column, cost, len(arcs.start) - 1)


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
    cost: NDArray[np.int64],
    row_block: NDArray[np.int32],
    column_block: NDArray[np.int32],
    new_start: NDArray[np.int64],
    new_column: NDArray[np.int32],
    new_cost: NDArray[np.int64],
) -> None:
    for row in range(len(start) - 1):
        place = new_start[row]
        for arc in range(start[row], start[row + 1]):
            if column_block[column[arc]] == row_block[row]:
                new_column[place] = column[arc]
                new_cost[place] = cost[arc]
                place += 1


@kernel
def _turn(
    start: NDArray[np.int64],
    column: NDArray[np.int32],
    cost: NDArray[np.int64],
    new_start: NDArray[np.int64],
    new_column: NDArray[np.int32],
    new_cost: NDArray[np.int64],
) -> None:
    place = new_start[:-1].copy()
    for row in range(len(start) - 1):
        for arc in range(start[row], start[row + 1]):
            there = column[arc]
            new_column[place[there]] = row
            new_cost[place[there]] = cost[arc]
            place[there] += 1
    for there in range(len(new_start) - 1):
        first, last = new_start[there], new_start[there + 1]
        order = np.argsort(new_cost[first:last], kind="mergesort")
        new_column[first:last] = new_column[first:last][order]
        new_cost[first:last] = new_cost[first:last][order]
