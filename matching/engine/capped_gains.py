"""What one more seat would bring under caps, and what closing one would cost.

A seat more lets one more pupil in exactly when it opens a way from somebody unplaced to the sink
(Ford and Fulkerson, 1956): he reaches what was full below the seat, and what is above it has room.
What it would change at the other levels is not told under caps.
"""

import numpy as np
from numpy.typing import NDArray

from matching.engine.capped import Capped
from matching.engine.capped_sets import Kind, Tree
from matching.engine.compiled import bare_kernel, kernel
from matching.engine.flow import (
    REVISITED,
    Flow,
    Visits,
    enter,
    find_room,
    send_in_order,
    shift_chain,
)
from matching.engine.market import Market
from matching.engine.seats import OPEN, RESERVED
from matching.engine.solution import Solution


def capped_gains(market: Market, solution: Solution) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Per kind of seat and given slot, (2, S): whether one more seat places one more pupil, and
    whether closing one leaves one pupil less placed.
    """
    capped = Capped(market)
    tree, groups, size = capped.tree, market.groups, len(market.problem.slots.keys)
    if len(tree.limit) == 0:
        return np.zeros((2, size), dtype=np.bool_), np.zeros((2, size), dtype=np.bool_)
    flow = _flow_of(capped, solution)
    waiting = np.flatnonzero((solution.slot < 0) & (groups.of_pupil >= 0))
    sites = np.unique(groups.site_of_pupil[waiting])
    visits = capped.visits()
    send_in_order(sites, tree, flow, visits, np.zeros(len(sites), dtype=np.bool_))
    entered = visits.closed[: len(tree.limit)] >= 0
    leaves = np.zeros(len(tree.limit) + 1, dtype=np.bool_)
    leaves[-1] = True  # the sink
    while _spread_back(tree, flow, leaves):
        pass
    node = np.full((2, size), -1, dtype=np.int64)
    for row, kind in ((OPEN, Kind.OPEN), (RESERVED, Kind.SLOT)):
        own = np.flatnonzero(tree.kind == kind)
        node[row, tree.slot[own]] = own
    known = node[RESERVED] >= 0
    slot, of_open = node[RESERVED], node[OPEN]
    above = known & leaves[tree.parent[slot]]
    by_slot = known & entered[slot] & above
    by_open = (of_open >= 0) & entered[of_open] & (above | leaves[slot])
    has = np.stack([market.problem.slots.seats > market.problem.slots.reserved,
                    market.problem.slots.reserved > 0])  # fmt: skip
    places = np.stack([by_slot | by_open, by_slot]) & has
    unplaces = np.zeros((2, size), dtype=np.bool_)
    left = np.zeros((2, size), dtype=np.bool_)
    left[market.nodes.kind, market.nodes.slot] = market.nodes.seats > 0
    _close_in_turn(node, left, tree, flow, capped.visits(), unplaces)
    return places, unplaces


def _flow_of(capped: Capped, solution: Solution) -> Flow:
    """The placements of the run as a flow."""
    gates, groups = capped.gates, capped.given.groups
    flow, size = capped.flow(), len(capped.given.problem.slots.keys)
    rows = np.flatnonzero((solution.slot >= 0) & (groups.of_pupil >= 0))
    week = capped.week[gates.arcs.column]
    code = (flow.site.astype(np.int64) * size + gates.slot) * 66 + week + 1
    order = np.argsort(code, kind="stable")
    asked = (groups.site_of_pupil[rows].astype(np.int64) * size + solution.slot[rows]) * 66
    if len(rows) == 0:
        return flow
    own = asked + solution.week[rows] + 1
    dated = order[np.minimum(np.searchsorted(code[order], own), len(order) - 1)]
    any_week = order[np.searchsorted(code[order], asked) % len(order)]
    exact = code[dated] == own
    _put(np.where(exact, dated, any_week), capped.tree, flow)
    return flow


@bare_kernel
def _put(gates: NDArray[np.int64], tree: Tree, flow: Flow) -> None:
    for gate in gates:
        enter(gate, flow.entry[gate], flow)
        shift_chain(flow.entry[gate], 1, tree, flow)


@kernel
def _spread_back(tree: Tree, f: Flow, leaves: NDArray[np.bool_]) -> bool:
    """Mark the sets from which a way leads to one already marked; whether any was new."""
    found = False
    sets = len(tree.limit)
    for node in range(sets - 1, -1, -1):
        if leaves[node]:
            continue
        out = f.through[node] < tree.limit[node] and leaves[tree.parent[node]]
        for i in range(tree.child_start[node], tree.child_start[node + 1]):
            out = out or (f.through[tree.child[i]] > 0 and leaves[tree.child[i]])
        gate = f.first[node]
        while gate >= 0 and not out:
            site = f.site[gate]
            for other in range(f.start[site], f.start[site + 1]):
                if leaves[f.entry[other]]:
                    out = True
                    break
            gate = f.following[gate]
        if out:
            leaves[node] = found = True
    return found


@bare_kernel
def _close_in_turn(
    node: NDArray[np.int64],
    left: NDArray[np.bool_],
    tree: Tree,
    f: Flow,
    v: Visits,
    unplaces: NDArray[np.bool_],
) -> None:
    """Take one seat away, look whether who held it finds room, and put it back; each in turn."""
    mark = 0
    for slot in range(node.shape[1]):
        for kind in range(2):
            below, whole = node[0, slot] if kind == 0 else -1, node[1, slot]
            if whole < 0 or not left[kind, slot]:
                continue
            tree.limit[whole] -= 1
            if below >= 0:
                tree.limit[below] -= 1
            origin = -1
            if below >= 0 and f.through[below] > tree.limit[below]:
                origin = below
            elif f.through[whole] > tree.limit[whole]:
                origin = whole
            if origin >= 0:
                mark += 1
                shift_chain(origin, -1, tree, f)
                last, _ = find_room(origin, tree, f, v, mark, REVISITED)
                unplaces[kind, slot] = last < 0
                shift_chain(origin, 1, tree, f)
            tree.limit[whole] += 1
            if below >= 0:
                tree.limit[below] += 1
