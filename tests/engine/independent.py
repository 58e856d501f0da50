"""The best answer by general methods: OR-Tools' flow, SciPy's linear programmes and matching.

`network` reads the problem through brute_force.Table, for a few hundred pupils; `best_by_flow`
serves thousands.
"""

from dataclasses import dataclass

import numpy as np
from ortools.graph.python.max_flow import SimpleMaxFlow
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow
from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack
from scipy.sparse.csgraph import maximum_bipartite_matching

from matching.engine.problem import Problem
from tests.engine.brute_force import Table, best_class_levels


@dataclass
class Network:
    """Arcs from pupils to nodes (2 * slot + seat kind), and their worth at each level."""

    pupils: list[int]
    pupil: np.ndarray  # of each arc: place in `pupils`
    node: np.ndarray
    worth: np.ndarray  # (L, arcs), the smaller the better
    seats: np.ndarray
    names: list[str]


def network(problem: Problem, chosen: set[int] | None = None) -> Network:
    """All arcs, or those of the pupils `chosen`."""
    table = Table(problem)
    pupils = [k for k in table.pupils if chosen is None or k in chosen]
    levels = best_class_levels(table)
    rows = []
    for place, pupil in enumerate(pupils):
        mine = int(problem.pupils.class_of_service[pupil])
        classes = tuple(-int(mine == c) for c in levels)
        for slot in range(len(problem.slots.keys)):
            if not table.allowed(pupil, slot):
                continue
            wish, rank, sector, inside, tens, tie = table.worth(pupil, slot)
            worth = (-1, *classes, -wish, rank, -sector, -inside, tens, tie)
            rows.append((place, 2 * slot, *worth))
            if table.entitled(pupil, slot):
                rows.append((place, 2 * slot + 1, *worth))
    columns = np.array(rows, dtype=np.int64).T
    names = ["placed", *(f"class {c}" for c in levels)]
    names += ["wishes", "ranks", "sectors", "territory", "distance", "ties"]
    seats = np.stack([table.open, table.reserved], axis=1).ravel()
    return Network(pupils, columns[0], columns[1], columns[2:], seats, names)


def best_by_linear_programmes(net: Network) -> list[tuple[str, int]]:
    """Level after level, each optimum kept by an equation: a face of an integral polytope."""
    arcs = len(net.pupil)
    one = np.ones(arcs)
    once = csr_array((one, (net.pupil, np.arange(arcs))), shape=(len(net.pupils), arcs))
    full = csr_array((one, (net.node, np.arange(arcs))), shape=(len(net.seats), arcs))
    limits = vstack([once, full])
    most = np.concatenate([np.ones(len(net.pupils)), net.seats])
    kept: list[np.ndarray] = []
    values: list[int] = []
    for worth in net.worth:
        found = linprog(
            worth,
            A_ub=limits,
            b_ub=most,
            A_eq=np.array(kept) if kept else None,
            b_eq=values or None,
            bounds=(0, 1),
            method="highs-ds",
        )
        assert found.status == 0, found.message
        kept.append(worth)
        values.append(round(found.fun))
    return [(name, abs(value)) for name, value in zip(net.names, values, strict=True)]


def best_by_flow(net: Network) -> list[tuple[str, int]]:
    """The best value of every level, by flows."""
    return best_flow(net)[0]


def best_flow(net: Network) -> tuple[list[tuple[str, int]], np.ndarray]:
    """Flow after flow, each for as many levels as fit the costs that OR-Tools accepts.

    Returns the values and the last flow, whose first arcs are those of `net`.

    The next flow keeps only the best ones of this one: by its prices, an arc that costs too much
    stays empty and an arc that saves stays full.
    """
    rows, nodes = len(net.pupils), len(net.seats)
    source, sink = rows + nodes, rows + nodes + 1
    tail = np.concatenate([net.pupil, np.full(rows, source), rows + np.arange(nodes)])
    head = np.concatenate([rows + net.node, np.arange(rows), np.full(nodes, sink)])
    most = np.concatenate([np.ones(len(net.pupil) + rows, dtype=np.int64), net.seats])
    least = np.zeros_like(most)
    left = np.concatenate(
        [net.worth[1:], np.zeros((len(net.worth) - 1, rows + nodes), int)], axis=1
    )
    largest = SimpleMaxFlow()
    largest.add_arcs_with_capacity(tail, head, most)
    assert largest.solve(source, sink) == largest.OPTIMAL
    values = [largest.optimal_flow()]
    while len(left):
        cost, levels = _together(left, values[0], sink)
        flow = _cheapest(tail, head, least, most, cost, values[0])
        values += [abs(int(value)) for value in left[:levels] @ flow]
        price = _prices(tail, head, flow > least, flow < most, cost)
        reduced = cost + price[tail] - price[head]
        least, most = np.where(reduced < 0, flow, least), np.where(reduced > 0, flow, most)
        left = left[levels:]
    return list(zip(net.names, values, strict=True)), flow


def _together(left: np.ndarray, total: int, nodes: int) -> tuple[np.ndarray, int]:
    """One cost that weighs each of the first levels above those after it, and how many they are."""
    cost, dearest = np.zeros_like(left[0]), 0
    for levels, level in enumerate(left):
        furthest = int(np.abs(level).max())
        weight = total * furthest + 1
        if (dearest * weight + furthest) * (nodes + 2) > 2**60:  # what OR-Tools and prices hold
            return cost, levels
        cost, dearest = cost * weight + level, dearest * weight + furthest
    return cost, len(left)


def _cheapest(
    tail: np.ndarray,
    head: np.ndarray,
    least: np.ndarray,
    most: np.ndarray,
    cost: np.ndarray,
    total: int,
) -> np.ndarray:
    """The cheapest flow of `total` between the last two nodes: `least` goes first, as supplies."""
    supply = np.zeros(int(head.max()) + 1, dtype=np.int64)
    supply[-2:] = total, -total
    np.subtract.at(supply, tail, least)
    np.add.at(supply, head, least)
    flow = SimpleMinCostFlow()
    arcs = flow.add_arcs_with_capacity_and_unit_cost(tail, head, most - least, cost)
    flow.set_nodes_supplies(np.arange(len(supply)), supply)
    assert flow.solve() == flow.OPTIMAL
    return least + flow.flows(arcs)


def _prices(
    tail: np.ndarray, head: np.ndarray, less: np.ndarray, more: np.ndarray, cost: np.ndarray
) -> np.ndarray:
    """Of each node: the cheapest way there on which the flow could change (Bellman and Ford).

    It ends only if no change pays: it proves the flow the cheapest.
    """
    start = np.concatenate([tail[more], head[less]])
    end = np.concatenate([head[more], tail[less]])
    length = np.concatenate([cost[more], -cost[less]])
    price = np.zeros(int(head.max()) + 1, dtype=np.int64)
    for _ in range(len(price) + 1):
        lower = price.copy()
        np.minimum.at(lower, end, price[start] + length)
        if (lower == price).all():
            return price
        price = lower
    raise AssertionError("a cheaper flow exists")


def most_placed(net: Network, first: int) -> int:
    """How many of the first `first` pupils can be placed together (Hopcroft and Karp)."""
    copies = np.repeat(np.arange(len(net.seats)), net.seats)
    mine = net.pupil < first
    arcs = csr_array(
        (np.ones(mine.sum()), (net.pupil[mine], net.node[mine])), shape=(first, len(net.seats))
    )
    matched = maximum_bipartite_matching(csr_array(arcs[:, copies]), perm_type="column")
    return int((matched >= 0).sum())


def placed_in_turn(net: Network, problem: Problem) -> set[int]:
    """Pupils without whom fewer of those up to and with them could be placed."""
    pupils = problem.pupils
    turn = sorted(
        range(len(net.pupils)),
        key=lambda k: (
            -int(pupils.class_of_service[net.pupils[k]]),
            int(pupils.lottery[net.pupils[k]]),
        ),
    )
    place = np.empty(len(turn), dtype=np.int64)
    place[turn] = np.arange(len(turn))
    ordered = Network(
        [net.pupils[k] for k in turn], place[net.pupil], net.node, net.worth, net.seats, net.names
    )
    counts = [0] + [most_placed(ordered, first) for first in range(1, len(turn) + 1)]
    return {ordered.pupils[k] for k in range(len(turn)) if counts[k + 1] > counts[k]}
