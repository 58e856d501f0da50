"""A flow of pupils through gates and capped sets, and the search for room for one more.

Sets of pupils that a flow can bring to the sink together are a gammoid, which is a matroid
(Perfect, 1968; Mason, 1972). So what holds for seats alone holds under caps that nest: taking
pupils in order whenever an augmenting path allows it (Ford and Fulkerson, 1956) places as many as
can be and, among all of those, the best set for the order.

Nodes are capped sets, then sites. Pupils of one site may go through the same gates.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.engine.capped_sets import Tree
from matching.engine.compiled import bare_kernel, inlined_kernel

SHUT, REVISITED = True, False  # what a failed search saw: out of later searches, or not


class Flow(NamedTuple):
    """How many come through each gate and each set; of a set, a list of its gates in use."""

    site: NDArray[np.int32]  # of each gate
    start: NDArray[np.int64]  # gates of each site
    entry: NDArray[np.int32]  # set that each gate leads into
    units: NDArray[np.int32]  # through each gate
    through: NDArray[np.int32]  # through each set
    first: NDArray[np.int64]  # of a set: a gate in use, −1 none; doubly linked
    following: NDArray[np.int64]
    previous: NDArray[np.int64]


class Visits(NamedTuple):
    """What searches know of the nodes; marks save clearing it."""

    seen: NDArray[np.int64]
    closed: NDArray[np.int64]  # the last failed search that saw a node, −1 none
    from_node: NDArray[np.int32]
    from_gate: NDArray[np.int64]
    queue: NDArray[np.int32]


def empty_flow(site: NDArray[np.int32], entry: NDArray[np.int32], sites: int, sets: int) -> Flow:
    """No flow through the gates of these sites (sorted) into these sets."""
    size = len(site)
    start = np.searchsorted(site, np.arange(sites + 1)).astype(np.int64)
    nothing = np.full(size, -1, dtype=np.int64)
    return Flow(
        site, start, entry, np.zeros(size, dtype=np.int32), np.zeros(sets, dtype=np.int32),
        np.full(sets, -1, dtype=np.int64), nothing, nothing.copy(),
    )  # fmt: skip


def no_visits(nodes: int) -> Visits:
    return Visits(
        np.full(nodes, -1, dtype=np.int64), np.full(nodes, -1, dtype=np.int64),
        np.zeros(nodes, dtype=np.int32), np.zeros(nodes, dtype=np.int64),
        np.zeros(nodes, dtype=np.int32),
    )  # fmt: skip


@inlined_kernel
def enter(gate: int, into: int, f: Flow) -> None:
    """One more through a gate, or a pair of any kind numbered so, into a set."""
    f.units[gate] += 1
    if f.units[gate] == 1:
        other = f.first[into]
        f.following[gate] = other
        f.previous[gate] = -1
        f.first[into] = gate
        if other >= 0:
            f.previous[other] = gate


@inlined_kernel
def withdraw(gate: int, into: int, f: Flow) -> None:
    """One less through a gate."""
    f.units[gate] -= 1
    if f.units[gate] == 0:
        before, after = f.previous[gate], f.following[gate]
        if before >= 0:
            f.following[before] = after
        else:
            f.first[into] = after
        if after >= 0:
            f.previous[after] = before


@inlined_kernel
def shift_chain(node: int, by: int, tree: Tree, f: Flow) -> None:
    """Add `by` to what goes through a set and all that hold it."""
    while node >= 0:
        f.through[node] += by
        node = tree.parent[node]


@inlined_kernel
def chain_has_room(node: int, tree: Tree, f: Flow) -> bool:
    """Whether neither a set nor any that holds it is full."""
    while node >= 0:
        if f.through[node] >= tree.limit[node]:
            return False
        node = tree.parent[node]
    return True


@inlined_kernel
def climb(node: int, tree: Tree, v: Visits, mark: int) -> int:
    """Mark the sets over one that has room up to the sink; the last of them."""
    while tree.parent[node] >= 0:
        above = tree.parent[node]
        if v.seen[above] != mark:
            v.seen[above] = mark
            v.from_node[above] = node
        node = above
    return int(node)


@inlined_kernel
def visit(
    node: int,
    come_from: int,
    gate: int,
    size: int,
    v: Visits,
    mark: int,
    dead: bool,  # noqa: FBT001 - a kernel takes no keywords
) -> int:
    """Put a node that was not seen in the queue; the new size of the queue. When `dead`, nodes that
    a failed search saw are left out.
    """
    if v.seen[node] == mark or (dead and v.closed[node] >= 0):
        return size
    v.seen[node] = mark
    v.from_node[node] = come_from
    v.from_gate[node] = gate
    v.queue[size] = node
    return size + 1


@inlined_kernel
def look_around_set(
    node: int,
    size: int,
    tree: Tree,
    f: Flow,
    v: Visits,
    mark: int,
    dead: bool,  # noqa: FBT001
) -> int:
    """Go up where there is room, down to what comes through, back to whom a gate brought."""
    above = tree.parent[node]
    if above >= 0 and f.through[node] < tree.limit[node]:
        size = visit(above, node, -1, size, v, mark, dead)
    for i in range(tree.child_start[node], tree.child_start[node + 1]):
        child = tree.child[i]
        if f.through[child] > 0:
            size = visit(child, node, -1, size, v, mark, dead)
    gate = f.first[node]
    while gate >= 0:
        size = visit(len(tree.limit) + f.site[gate], node, gate, size, v, mark, dead)
        gate = f.following[gate]
    return size


@inlined_kernel
def find_room(
    origin: int,
    tree: Tree,
    f: Flow,
    v: Visits,
    mark: int,
    dead: bool,  # noqa: FBT001
) -> tuple[int, int]:
    """Breadth-first search from a site or a set to the sink. Returns the last set on the way, −1
    when there is none, and how many nodes were queued.
    """
    sets = len(tree.limit)
    size, place = visit(origin, -1, -1, 0, v, mark, dead), 0
    while place < size:
        node = v.queue[place]
        place += 1
        if node < sets:
            if chain_has_room(node, tree, f):
                return climb(node, tree, v, mark), size
            size = look_around_set(node, size, tree, f, v, mark, dead)
            continue
        for gate in range(f.start[node - sets], f.start[node - sets + 1]):
            there = f.entry[gate]
            size = visit(there, node, gate, size, v, mark, dead)
            if chain_has_room(there, tree, f):
                return climb(there, tree, v, mark), size
    return -1, size


@inlined_kernel
def send_one(last: int, origin: int, tree: Tree, f: Flow, v: Visits) -> None:
    """Send one more along the way found from `origin` to the sink."""
    sets = len(tree.limit)
    f.through[last] += 1
    node = last
    while node != origin:
        before = v.from_node[node]
        if node >= sets:
            withdraw(v.from_gate[node], before, f)
        elif before >= sets:
            enter(v.from_gate[node], node, f)
        elif before == tree.parent[node]:
            f.through[node] -= 1
        else:
            f.through[before] += 1
        node = before


@inlined_kernel
def close_seen(size: int, v: Visits, mark: int) -> None:
    """Nothing leaves what a failed search saw."""
    for place in range(size):
        v.closed[v.queue[place]] = mark


@bare_kernel
def send_in_order(
    order: NDArray[np.int32], tree: Tree, f: Flow, v: Visits, placed: NDArray[np.bool_]
) -> None:
    """Place one of each site of `order` in turn where there is room; writes `placed`."""
    sets = len(tree.limit)
    for turn in range(len(order)):
        origin = sets + order[turn]
        if v.closed[origin] >= 0:
            continue
        last, size = find_room(origin, tree, f, v, turn, SHUT)
        if last < 0:
            close_seen(size, v, turn)
        else:
            send_one(last, origin, tree, f, v)
            placed[turn] = True


@bare_kernel
def choose_in_turn(
    order: NDArray[np.int32],
    site_of: NDArray[np.int32],
    wish_start: NDArray[np.int64],
    wish_entry: NDArray[np.int32],
    granted: NDArray[np.int64],
    tree: Tree,
    f: Flow,
    v: Visits,
    first_mark: int,
) -> None:
    """Each group of `order` takes the first of its wishes that un-places nobody (serial
    dictatorship; Svensson, 1999). What is granted leaves the flow, and the limits.
    """
    sets, mark = len(tree.limit), first_mark
    for group in order:
        site = site_of[group]
        for wish in range(wish_start[group], wish_start[group + 1]):
            mark += 1
            wanted = wish_entry[wish]
            if v.closed[wanted] > v.closed[sets + site]:
                continue  # closed by a search that did not see the site: nothing opened since
            own = f.start[site]
            while f.units[own] == 0:
                own += 1
            withdraw(own, f.entry[own], f)
            shift_chain(f.entry[own], -1, tree, f)
            last, size = find_room(wanted, tree, f, v, mark, REVISITED)
            if last < 0:
                enter(own, f.entry[own], f)
                shift_chain(f.entry[own], 1, tree, f)
                close_seen(size, v, mark)
                continue
            send_one(last, wanted, tree, f, v)
            shift_chain(wanted, -1, tree, f)
            node = wanted
            while node >= 0:
                tree.limit[node] -= 1
                node = tree.parent[node]
            granted[group] = wish
            break
