"""Outlines as rings of (longitude, latitude), and the point that stands for a commune."""

import struct

import numpy as np
from numpy.typing import NDArray

Ring = NDArray[np.float64]
"""Vertices (n, 2), longitude first, the last one equal to the first."""
Polygon = list[Ring]
"""The outer ring, then its holes."""

METRES_PER_DEGREE = 111_195.0
TOWN_HALL_MARGIN = 1_000.0
"""Metres by which an outline is grown before a town hall counts as outside: outlines are
simplified, and 1,855 town halls of the source lie more than 200 m out, 188 over 20 km."""


def read_outline(hexadecimal: str) -> list[Polygon]:
    """The polygons of a little-endian WKB multipolygon."""
    data = bytes.fromhex(hexadecimal)
    order, kind, polygons = struct.unpack_from("<BII", data)
    if (order, kind) != (1, 6):
        raise ValueError(f"not a little-endian multipolygon: order {order}, kind {kind}")
    outline, at = [], 9
    for _ in range(polygons):
        (rings,) = struct.unpack_from("<I", data, at + 5)
        at += 9
        polygon = []
        for _ in range(rings):
            (points,) = struct.unpack_from("<I", data, at)
            flat = np.frombuffer(data, "<f8", 2 * points, at + 4)
            polygon.append(flat.reshape(points, 2))
            at += 4 + 16 * points
        outline.append(polygon)
    return outline


def read_point(hexadecimal: str) -> tuple[float, float] | None:
    """Latitude and longitude of a WKB point, None when the point is empty."""
    lon, lat = struct.unpack("<dd", bytes.fromhex(hexadecimal)[5:21])
    return (lat, lon) if lat == lat and lon == lon else None  # an empty point is NaN, NaN


def contains(outline: list[Polygon], lat: float, lon: float) -> bool:
    """Whether the point lies inside, by the even-odd rule over all rings."""
    crossings = 0
    for ring in (ring for polygon in outline for ring in polygon):
        (x1, y1), (x2, y2) = ring[:-1].T, ring[1:].T
        spans = (y1 > lat) != (y2 > lat)
        slope = (x2 - x1)[spans] / (y2 - y1)[spans]
        crossings += int(np.count_nonzero(lon < x1[spans] + (lat - y1[spans]) * slope))
    return crossings % 2 == 1


def metres_to_outline(outline: list[Polygon], lat: float, lon: float) -> float:
    """Distance in metres to the nearest border, on a local plane (1 % off at most nearby)."""
    scale = METRES_PER_DEGREE * np.array([np.cos(np.radians(lat)), 1.0])
    best = np.inf
    for ring in (ring for polygon in outline for ring in polygon):
        local = (ring - (lon, lat)) * scale
        start, step = local[:-1], np.diff(local, axis=0)
        length = np.maximum((step**2).sum(axis=1), 1e-12)
        along = np.clip(-(start * step).sum(axis=1) / length, 0.0, 1.0)
        nearest = start + along[:, None] * step
        best = min(best, float(np.sqrt((nearest**2).sum(axis=1)).min()))
    return best


def holds_town_hall(outline: list[Polygon], lat: float, lon: float) -> bool:
    """Whether a town hall may be believed: inside the outline, or less than 1 km out of it."""
    if contains(outline, lat, lon):
        return True
    ring = np.concatenate([ring for polygon in outline for ring in polygon])
    (west, south), (east, north) = ring.min(axis=0), ring.max(axis=0)
    if not (south - 0.05 < lat < north + 0.05 and west - 0.05 < lon < east + 0.05):
        return False
    return metres_to_outline(outline, lat, lon) <= TOWN_HALL_MARGIN


def middle(outline: list[Polygon]) -> tuple[float, float]:
    """Latitude and longitude of the centroid, or of a point inside when the centroid is out."""
    total, moment = 0.0, np.zeros(2)
    for polygon in outline:
        for number, ring in enumerate(polygon):
            area, centre = _area_and_centroid(ring)
            signed = area if number == 0 else -area  # holes count against
            total += signed
            moment += signed * centre
    lon, lat = moment / total
    if contains(outline, lat, lon):
        return float(lat), float(lon)
    return _inside(max(outline, key=lambda polygon: _area_and_centroid(polygon[0])[0]))


def _area_and_centroid(ring: Ring) -> tuple[float, NDArray[np.float64]]:
    origin = ring[0]
    (x1, y1), (x2, y2) = (ring[:-1] - origin).T, (ring[1:] - origin).T
    cross = x1 * y2 - x2 * y1
    area = cross.sum() / 2
    centre = np.array([((x1 + x2) * cross).sum(), ((y1 + y2) * cross).sum()]) / (6 * area)
    return abs(float(area)), origin + centre


def _inside(polygon: Polygon) -> tuple[float, float]:
    """The middle of the widest stretch inside, at mid height."""
    lat = float(polygon[0][:, 1].min() + polygon[0][:, 1].max()) / 2
    borders = []
    for ring in polygon:
        (x1, y1), (x2, y2) = ring[:-1].T, ring[1:].T
        spans = (y1 > lat) != (y2 > lat)
        slope = (x2 - x1)[spans] / (y2 - y1)[spans]
        borders.extend((x1[spans] + (lat - y1[spans]) * slope).tolist())
    borders.sort()
    west, east = max(
        zip(borders[::2], borders[1::2], strict=True), key=lambda pair: pair[1] - pair[0]
    )
    return lat, (west + east) / 2
