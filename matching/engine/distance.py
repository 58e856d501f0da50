"""Distance on the WGS84 ellipsoid, in whole tens of metres.

Each point becomes geocentric x, y, z on the ellipsoid; the straight chord between two points is
lengthened into the arc of a sphere of 6,380 km. Against the geodesic the error is under 1 mm up to
60 km and under 2 cm up to 100 km. Only additions, multiplications, divisions and square roots are
used, which IEEE 754 rounds alike everywhere: no sine of any library, so the same bytes on every
machine. The same source serves one pair, arrays, and the compiled kernels.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

EQUATOR = 6_378_137.0  # metres, WGS84
FLATTENING = 1 / 298.257223563
SQUARED_ECCENTRICITY = FLATTENING * (2 - FLATTENING)
ARC_RADIUS = 6_380_000.0  # metres: suits France; 7 m off at 1,000 km
UNIT = 10.0  # metres


def sine_and_cosine(degrees: Any) -> tuple[Any, Any]:
    """Sine and cosine of an angle up to 180 degrees: Taylor series at an eighth, doubled thrice."""
    x = degrees * (np.pi / 180 / 8)
    square = x * x
    sine = x * (
        1 - square / 6 * (1 - square / 20 * (1 - square / 42 * (1 - square / 72 * (
            1 - square / 110 * (1 - square / 156 * (1 - square / 210))))))
    )  # fmt: skip
    half = square / 2 * (
        1 - square / 12 * (1 - square / 30 * (1 - square / 56 * (1 - square / 90 * (
            1 - square / 132 * (1 - square / 182 * (1 - square / 240))))))
    )  # fmt: skip
    cosine = 1 - half
    for _ in range(3):
        sine, cosine = 2 * sine * cosine, 1 - 2 * sine * sine
    return sine, cosine


def geocentric(lat: Any, lon: Any) -> tuple[Any, Any, Any]:
    """Metres from the centre of the Earth of a point on the ellipsoid, given in degrees."""
    sine_lat, cosine_lat = sine_and_cosine(lat)
    sine_lon, cosine_lon = sine_and_cosine(lon)
    normal = EQUATOR / np.sqrt(1 - SQUARED_ECCENTRICITY * sine_lat * sine_lat)
    return (
        normal * cosine_lat * cosine_lon,
        normal * cosine_lat * sine_lon,
        normal * (1 - SQUARED_ECCENTRICITY) * sine_lat,
    )


def tens_of_metres(squared_chord: Any) -> Any:
    """Whole tens of metres, as a float, of the arc over a chord (its square, in square metres).

    arc = 2R asin(c / 2R) as a series; under 1 mm from the closed form up to 2,000 km.
    """
    share = squared_chord / (4 * ARC_RADIUS * ARC_RADIUS)
    arc = np.sqrt(squared_chord) * (
        1 + share / 6 * (1 + share * 9 / 20 * (1 + share * 25 / 42 * (1 + share * 49 / 72 * (
            1 + share * 81 / 110 * (1 + share * 121 / 156 * (1 + share * 169 / 210))))))
    )  # fmt: skip
    return np.floor(arc / UNIT + 0.5)


def distance(lat1: float, lon1: float, lat2: float, lon2: float) -> int:
    """Whole tens of metres between two points given in degrees."""
    x1, y1, z1 = geocentric(lat1, lon1)
    x2, y2, z2 = geocentric(lat2, lon2)
    dx, dy, dz = x1 - x2, y1 - y2, z1 - z2
    return int(tens_of_metres(dx * dx + dy * dy + dz * dz))


def distances(
    lat1: NDArray[np.float64],
    lon1: NDArray[np.float64],
    lat2: NDArray[np.float64],
    lon2: NDArray[np.float64],
) -> NDArray[np.int32]:
    """`distance` pair by pair; shapes broadcast."""
    x1, y1, z1 = geocentric(np.asarray(lat1), np.asarray(lon1))
    x2, y2, z2 = geocentric(np.asarray(lat2), np.asarray(lon2))
    dx, dy, dz = x1 - x2, y1 - y2, z1 - z2
    rounded: NDArray[np.int32] = tens_of_metres(dx * dx + dy * dy + dz * dz).astype(np.int32)
    return rounded
