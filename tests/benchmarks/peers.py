"""General solvers on plain arcs: the least total cost of placing as many pupils as can be."""

from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow, min_weight_full_bipartite_matching

OUTSIDE = 10_000  # tens of metres that a place outside the territory counts more


class Plain(NamedTuple):
    """A question without rules: arcs from pupils to nodes that hold seats."""

    pupil: np.ndarray  # int64, sorted
    node: np.ndarray  # int64
    cost: np.ndarray  # int64: tens of metres, plus OUTSIDE
    seats: np.ndarray  # int64, of each node
    pupils: int

    @property
    def refusing(self) -> int:
        """More than any exchange can save."""
        most = min(self.pupils, int(self.seats.sum()))
        return (2 * most + 2) * int(self.cost.max(initial=1))


class Found(NamedTuple):
    placed: int
    cost: int


def or_tools(plain: Plain) -> Found:
    """Google's cost-scaling push-relabel: the largest flow of least cost."""
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    flow = SimpleMinCostFlow()
    one = np.ones(len(plain.pupil), dtype=np.int64)
    arcs = flow.add_arcs_with_capacity_and_unit_cost(
        plain.pupil, plain.pupils + plain.node, one, plain.cost
    )
    supply = np.concatenate([np.ones(plain.pupils, dtype=np.int64), -plain.seats])
    flow.set_nodes_supplies(np.arange(len(supply)), supply)
    status = flow.solve_max_flow_with_min_cost()
    if status != flow.OPTIMAL:
        raise RuntimeError(f"OR-Tools says {status}")
    return _found(plain, flow.flows(arcs) > 0)


def lemon(plain: Plain) -> Found:
    """LEMON's network simplex; staying unplaced is an arc dearer than any exchange."""
    from pylmcf import pylmcf_cpp

    rows, arcs, nowhere = plain.pupils, len(plain.pupil), plain.pupils + len(plain.seats)
    flow = pylmcf_cpp.lmcf(
        np.concatenate([np.ones(rows, dtype=np.int64), -plain.seats, [-rows]]),
        np.concatenate([plain.pupil, np.arange(rows)]),
        np.concatenate([rows + plain.node, np.full(rows, nowhere)]),
        np.ones(arcs + rows, dtype=np.int64),
        np.concatenate([plain.cost, np.full(rows, plain.refusing)]),
    )
    return _found(plain, flow[:arcs] > 0)


def scipy_assignment(plain: Plain) -> Found:
    """SciPy's shortest augmenting paths, one column a seat and one a pupil who stays unplaced."""
    rows, seats = plain.pupils, int(plain.seats.sum())
    first = np.cumsum(plain.seats) - plain.seats
    copies = plain.seats[plain.node]
    turn = np.arange(copies.sum()) - np.repeat(np.cumsum(copies) - copies, copies)
    row = np.concatenate([np.repeat(plain.pupil, copies), np.arange(rows)])
    column = np.concatenate([np.repeat(first[plain.node], copies) + turn, seats + np.arange(rows)])
    cost = np.concatenate([np.repeat(plain.cost, copies) + 1, np.full(rows, plain.refusing)])
    graph = csr_array((cost.astype(float), (row, column)), shape=(rows, seats + rows))
    mine, given = min_weight_full_bipartite_matching(graph)
    real = given < seats
    paid = graph[mine[real], given[real]] - 1
    return Found(int(real.sum()), round(paid.sum()))


def scipy_most_placed(plain: Plain) -> Found:
    """SciPy's maximum flow (Dinic): how many can be placed at all, at whatever cost."""
    rows, nodes = plain.pupils, len(plain.seats)
    source, sink = rows + nodes, rows + nodes + 1
    tail = np.concatenate([np.full(rows, source), plain.pupil, rows + np.arange(nodes)])
    head = np.concatenate([np.arange(rows), rows + plain.node, np.full(nodes, sink)])
    most = np.concatenate([np.ones(rows + len(plain.pupil)), plain.seats]).astype(np.int32)
    graph = csr_array((most, (tail, head)), shape=(sink + 1, sink + 1))
    return Found(int(maximum_flow(graph, source, sink).flow_value), 0)


def _found(plain: Plain, used: np.ndarray) -> Found:
    return Found(int(used.sum()), int(plain.cost[used].sum()))


SOLVERS = {
    "OR-Tools": or_tools,
    "LEMON": lemon,
    "SciPy": scipy_assignment,
    "SciPy maximum flow": scipy_most_placed,
}
