"""A binary heap of nodes by their distance in words, and words compared and copied."""

import numpy as np
from numpy.typing import NDArray

from matching.engine.compiled import bare_kernel


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


@bare_kernel
def rise(
    place: int, heap: NDArray[np.int32], position: NDArray[np.int64], distance: NDArray[np.int64]
) -> None:
    """Move heap[place] up to its rank (binary heap; Williams, 1964)."""
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


@bare_kernel
def take_nearest(
    size: int, heap: NDArray[np.int32], position: NDArray[np.int64], distance: NDArray[np.int64]
) -> int:
    """Remove the nearest node from a heap of `size` nodes and return it."""
    nearest = heap[0]
    position[nearest] = -1
    size -= 1
    if size > 0:
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
    return int(nearest)
