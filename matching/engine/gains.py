"""What one more seat would bring, and what closing one would cost, without solving again.

Adding a seat starts a chain: somebody moves in, somebody else takes the seat that he leaves, until
a seat stays empty or somebody unplaced takes it. The best chain is a shortest path among the
exchanges that the answer leaves open (the smallest dual price of the seat; the largest is the cost
of closing one), found by label correcting (Bellman, 1958; Ford, 1956).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.engine.assignment import arc_word, less
from matching.engine.compiled import kernel
from matching.engine.market import Market
from matching.engine.problem import Policy
from matching.engine.solution import Solution
from matching.engine.words import Words, place_words

UNREACHED = int(np.iinfo(np.int64).max)


@dataclass(frozen=True, slots=True)
class Gains:
    """Per kind of seat and given slot, row 0 open and row 1 reserved; 0 where the kind never was.

    `places`: one more seat there places one more pupil. `levels[l]`: what it would change at level
    l, in the signs of the costs (−1 wish: one more; −300 distance: three kilometres less); exact,
    but 0 where nothing exact is known: under `fair` for seats that place one more (the lottery
    says who), and under `cannot_be_gamed` (the choices would change).
    `unplaces`: closing one seat there leaves one pupil less placed.
    """

    names: tuple[str, ...]
    places: NDArray[np.bool_]  # (2, S)
    levels: NDArray[np.int64]  # (L, 2, S)
    unplaces: NDArray[np.bool_]  # (2, S)


def gains(market: Market, solution: Solution) -> Gains:
    """What one seat more or less would change, for every slot of the problem."""
    if solution.certificate is None:
        raise ValueError("gains need the cut of the certificate")
    nodes, groups, arcs = market.nodes, market.groups, market.arcs
    number = np.full((2, len(market.problem.slots.keys)), -1, dtype=np.int64)
    number[nodes.kind, nodes.slot] = np.arange(len(nodes.slot))
    rows = np.flatnonzero((solution.slot >= 0) & (groups.of_pupil >= 0))
    held_row = groups.of_pupil[rows]
    held_node = number[solution.reserved_seat[rows].astype(np.int8), solution.slot[rows]]
    order = np.argsort(held_row, kind="stable")
    held_row, held_node = held_row[order], held_node[order]
    held_start = np.searchsorted(held_row, np.arange(len(groups.first) + 1))
    dead = solution.certificate.dead[nodes.kind, nodes.slot]
    used = np.bincount(held_node, minlength=len(nodes.slot))

    can_leave = used < nodes.seats
    while _spread(arcs.start, arcs.column, held_start, held_node, can_leave):
        pass
    values = np.unique(market.classes)[:0:-1]
    if market.problem.policy != Policy.BEST_TOTAL:
        values = values[:0]
    packing, words = place_words(
        market.furthest, len(held_row) + 1, tuple(f"class {value}" for value in values)
    )
    change = np.zeros((len(nodes.slot), packing.words), dtype=np.int64)
    if market.problem.policy != Policy.CANNOT_BE_GAMED:
        waiting = np.bincount(held_row, minlength=len(groups.first)) < groups.sizes
        if market.problem.policy == Policy.BEST_TOTAL:
            change[dead] = UNREACHED
        else:
            waiting[:] = False
        by_class = np.zeros((len(packing.names), len(groups.first)), dtype=np.int64)
        by_class[: len(values)] = -(market.classes == values[:, None]).astype(np.int64)
        entering = packing.pack(by_class)
        while _lengthen(
            arcs.start, arcs.column, arcs.cost, words, held_start, held_node, waiting, entering,
            change, dead,
        ):  # fmt: skip
            pass
    exact = packing.unpack(np.where(change == UNREACHED, 0, change))
    if market.problem.policy == Policy.FAIR:
        exact[:, dead] = 0
    shape = (2, len(market.problem.slots.keys))
    places, unplaces = np.zeros(shape, dtype=np.bool_), np.zeros(shape, dtype=np.bool_)
    levels = np.zeros((len(packing.names), *shape), dtype=np.int64)
    places[nodes.kind, nodes.slot] = dead
    levels[:, nodes.kind, nodes.slot] = exact
    unplaces[nodes.kind, nodes.slot] = ~can_leave & (used > 0)
    return Gains(packing.names, places, levels, unplaces)


@kernel
def _spread(
    start: NDArray[np.int64],
    column: NDArray[np.int32],
    held_start: NDArray[np.int64],
    held_node: NDArray[np.int64],
    can_leave: NDArray[np.bool_],
) -> bool:
    """Mark the nodes that somebody can leave for one already marked; whether any was new."""
    found = False
    for row in range(len(start) - 1):
        open_to = False
        for arc in range(start[row], start[row + 1]):
            if can_leave[column[arc]]:
                open_to = True
                break
        if not open_to:
            continue
        for i in range(held_start[row], held_start[row + 1]):
            if not can_leave[held_node[i]]:
                can_leave[held_node[i]] = True
                found = True
    return found


@kernel
def _departure(
    row: int,
    start: NDArray[np.int64],
    column: NDArray[np.int32],
    cost: NDArray[np.int64],
    words: Words,
    nodes: NDArray[np.int64],
    change: NDArray[np.int64],
    best: NDArray[np.int64],
    known: bool,  # noqa: FBT001 - a kernel takes no keywords
) -> bool:
    """The best that comes of one of `row` leaving one of `nodes`, in best[0] when it beats what is
    `known` there. Returns whether anything is known now.
    """
    candidate = np.zeros_like(best)
    for node in nodes:
        if change[node, 0] == UNREACHED:
            continue
        for arc in range(start[row], start[row + 1]):
            if column[arc] == node:
                for k in range(best.shape[1]):
                    candidate[0, k] = change[node, k] - arc_word(words, cost[arc], k)
                break
        if not known or less(candidate, 0, best, 0):
            best[0] = candidate[0]
            known = True
    return known


@kernel
def _lengthen(
    start: NDArray[np.int64],
    column: NDArray[np.int32],
    cost: NDArray[np.int64],
    words: Words,
    held_start: NDArray[np.int64],
    held_node: NDArray[np.int64],
    waiting: NDArray[np.bool_],
    entering: NDArray[np.int64],
    change: NDArray[np.int64],
    dead: NDArray[np.bool_],
) -> bool:
    """One round: who could move into each node from what is known so far; whether any improved.

    `change` (N, K) is the best change of the levels when a seat is added to a node; `entering`
    (G, K) what an unplaced pupil of a group adds besides the cost of his pair. Nobody who sits
    outside the cut moves into it: the new seat would place nobody more.
    """
    count = change.shape[1]
    base = np.zeros((1, count), dtype=np.int64)
    candidate = np.zeros((1, count), dtype=np.int64)
    improved = False
    for row in range(len(start) - 1):
        nodes = held_node[held_start[row] : held_start[row + 1]]
        outside = len(nodes) > 0 and not dead[nodes[0]]
        if waiting[row]:
            base[0] = entering[row]
        if not _departure(row, start, column, cost, words, nodes, change, base, waiting[row]):
            continue
        for arc in range(start[row], start[row + 1]):
            node = column[arc]
            if outside and dead[node]:
                continue
            for k in range(count):
                candidate[0, k] = base[0, k] + arc_word(words, cost[arc], k)
            if change[node, 0] == UNREACHED or less(candidate, 0, change, node):
                change[node] = candidate[0]
                improved = True
    return improved
