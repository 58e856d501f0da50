"""A binary heap of nodes by their distance in words (Williams, 1964); words compared and added."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.engine.compiled import bare_kernel, inlined_kernel


class Heap(NamedTuple):
    """The nodes that a search has reached, the nearest on top until it is settled."""

    node: NDArray[np.int32]
    size: NDArray[np.int64]  # (1,)
    position: NDArray[np.int64]  # of each node in the heap, −1 once it is settled
    mark: NDArray[np.int64]  # of each node: the last search that reached it; saves clearing
    distance: NDArray[np.int64]  # (nodes, K)


def new_heap(nodes: int, words: int) -> Heap:
    return Heap(
        node=np.zeros(nodes + 1, dtype=np.int32),
        size=np.zeros(1, dtype=np.int64),
        position=np.zeros(nodes, dtype=np.int64),
        mark=np.full(nodes, -1, dtype=np.int64),
        distance=np.zeros((nodes, words), dtype=np.int64),
    )


@bare_kernel
def less(a: NDArray[np.int64], i: int, b: NDArray[np.int64], j: int) -> bool:
    """Whether the words a[i] come before b[j]."""
    for k in range(a.shape[1]):
        if a[i, k] != b[j, k]:
            return bool(a[i, k] < b[j, k])
    return False


@bare_kernel
def copy_words(source: NDArray[np.int64], i: int, target: NDArray[np.int64], j: int) -> None:
    """target[j] = source[i]"""
    for k in range(source.shape[1]):
        target[j, k] = source[i, k]


@inlined_kernel
def add_words(
    base: NDArray[np.int64],
    cost: NDArray[np.int64],
    i: int,
    price: NDArray[np.int64],
    j: int,
    total: NDArray[np.int64],
) -> None:
    """total[0] = base[0] + cost[i] + price[j]"""
    for k in range(total.shape[1]):
        total[0, k] = base[0, k] + cost[i, k] + price[j, k]


@inlined_kernel
def sum_less(
    base: NDArray[np.int64], cost: NDArray[np.int64], i: int, limit: NDArray[np.int64]
) -> bool:
    """Whether base[0] + cost[i] comes before limit[0]."""
    before = False
    for k in range(limit.shape[1]):
        difference = base[0, k] + cost[i, k] - limit[0, k]
        if difference != 0:
            before = difference < 0
            break
    return before


@inlined_kernel
def come_nearer(node: int, reach: NDArray[np.int64], heap: Heap, mark: int) -> bool:
    """Note that `node` is at distance reach[0] in the search `mark`, if that is nearer than known;
    says whether it is.
    """
    if heap.mark[node] != mark:
        heap.mark[node] = mark
        heap.node[heap.size[0]] = node
        heap.position[node] = heap.size[0]
        heap.size[0] += 1
        nearer = True
    else:
        nearer = heap.position[node] >= 0 and less(reach, 0, heap.distance, node)
    if nearer:
        copy_words(reach, 0, heap.distance, node)
        rise(heap.position[node], heap.node, heap.position, heap.distance)
    return nearer


@bare_kernel
def rise(
    place: int, heap: NDArray[np.int32], position: NDArray[np.int64], distance: NDArray[np.int64]
) -> None:
    """Move heap[place] up to its rank."""
    item = heap[place]
    while place > 0:
        above = (place - 1) // 2
        if not less(distance, item, distance, heap[above]):
            break
        heap[place] = heap[above]
        position[heap[place]] = place
        place = above
    heap[place] = item
    position[item] = place


@inlined_kernel
def take_nearest(heap: Heap) -> int:
    """Remove the nearest node and return it."""
    nearest = heap.node[0]
    heap.position[nearest] = -1
    heap.size[0] -= 1
    if heap.size[0] > 0:
        sink(heap.size[0], heap.node, heap.position, heap.distance)
    return int(nearest)


@bare_kernel
def sink(
    size: int, heap: NDArray[np.int32], position: NDArray[np.int64], distance: NDArray[np.int64]
) -> None:
    """Move heap[size], the last node, from the top of a heap of `size` nodes down to its rank."""
    item = heap[size]
    place = 0
    while True:
        below = 2 * place + 1
        if below >= size:
            break
        if below + 1 < size and less(distance, heap[below + 1], distance, heap[below]):
            below += 1
        if not less(distance, heap[below], distance, item):
            break
        heap[place] = heap[below]
        position[heap[place]] = place
        place = below
    heap[place] = item
    position[item] = place


@inlined_kernel
def raise_to_end(
    settled: NDArray[np.int32],
    count: int,
    distance: NDArray[np.int64],
    end: NDArray[np.int64],
    potential: NDArray[np.int64],
) -> None:
    """What was settled before the end of the path, at distance end[0], now costs the difference
    more (Edmonds and Karp, 1972).
    """
    for i in range(count):
        node = settled[i]
        for k in range(end.shape[1]):
            potential[node, k] += end[0, k] - distance[node, k]
