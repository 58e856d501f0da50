"""The order in which pupils and slots are numbered inside.

Along a curve that visits the plane square by square (Z-order: Morton, 1966), so that what is near
on the ground is near in memory: the searches stay around one place, and are twice as quick as among
numbers given by key. No answer depends on it.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

BITS = 16  # of latitude and of longitude: squares of about 300 by 600 metres


def in_order_of_keys(keys: Sequence[str]) -> NDArray[np.int64]:
    """Rows, sorted by key."""
    return np.array(sorted(range(len(keys)), key=keys.__getitem__), dtype=np.int64)


def along_curve(
    rows: NDArray[np.int64], lat: NDArray[np.float64], lon: NDArray[np.float64]
) -> NDArray[np.int64]:
    """The same rows, sorted along the curve, in each square as they come. Degrees, by row."""
    place = _interleaved(lat, 90.0) << np.uint64(1) | _interleaved(lon, 180.0)
    return rows[np.argsort(place[rows], kind="stable")]


def _interleaved(degrees: NDArray[np.float64], most: float) -> NDArray[np.uint64]:
    """The bits of where these degrees, from −most to most, lie, each followed by a 0."""
    place = np.floor((degrees + most) * (2**BITS / (2 * most))).astype(np.uint64)
    apart: NDArray[np.uint64] = np.zeros_like(place)
    for bit in range(BITS + 1):
        apart |= (place >> np.uint64(bit) & np.uint64(1)) << np.uint64(2 * bit)
    return apart
