"""The best answer by general methods: OR-Tools' flow, SciPy's linear programmes and matching.

Reads the problem through brute_force.Table. For a few hundred pupils.
"""

from dataclasses import dataclass

import numpy as np
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
    """The first levels by one flow whose cost weighs each above all those after it: as many levels
    as fit the costs that OR-Tools accepts.
    """
    placed = min(len(net.pupils), int(net.seats.sum()))
    nodes = len(net.pupils) + len(net.seats) + 2
    cost, largest, levels = np.zeros(len(net.pupil), dtype=np.int64), 0, 1
    for worth in net.worth[1:]:
        most = int(np.abs(worth).max(initial=0))
        weight = placed * most + 1
        if (largest * weight + most) * (nodes + 1) > 2**60:
            break
        cost, largest, levels = cost * weight + worth, largest * weight + most, levels + 1
    flow = SimpleMinCostFlow()
    source, sink = len(net.pupils) + len(net.seats), len(net.pupils) + len(net.seats) + 1
    arcs = flow.add_arcs_with_capacity_and_unit_cost(
        net.pupil, len(net.pupils) + net.node, np.ones(len(net.pupil)), cost
    )
    for place in range(len(net.pupils)):
        flow.add_arc_with_capacity_and_unit_cost(source, place, 1, 0)
    for node, seats in enumerate(net.seats.tolist()):
        flow.add_arc_with_capacity_and_unit_cost(len(net.pupils) + node, sink, seats, 0)
    flow.set_node_supply(source, len(net.pupils))
    flow.set_node_supply(sink, -len(net.pupils))
    assert flow.solve_max_flow_with_min_cost() == flow.OPTIMAL
    used = flow.flows(arcs) > 0
    return [
        (name, abs(int(worth[used].sum())))
        for name, worth in zip(net.names[:levels], net.worth[:levels], strict=True)
    ]


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
