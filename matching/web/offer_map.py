"""The offers of a list, gathered for a map: the same filters, the same offers.

An offer stands at the middle of its commune, as the list says it: a site's street is told only
with a proposal. Nothing of the person who looks is on the map.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa
from flask import Response, abort, jsonify, request, url_for

from matching import clock
from matching.database import db
from matching.geography.clusters import Cluster, Tiles, clusters
from matching.geography.communes import Commune, gazetteer
from matching.models.companies import Site
from matching.models.events import Event
from matching.models.offers import Offer, Seat
from matching.queries.search import Found

MOST_NAMED = 8  # offers of one commune that a bubble names; the list has them all
KEPT_SECONDS = 60  # by the browser
MOST_KEPT = 64  # searches, by this process
TILE_NAMES = ("zoom", "west", "north", "east", "south")
# Where the map opens, and the buttons to go elsewhere: south, west, north, east.
AREAS: dict[str, tuple[float, float, float, float]] = {
    "": (41.3, -5.2, 51.1, 9.6),
    "971": (15.8, -61.9, 16.6, -60.9),
    "972": (14.3, -61.3, 14.9, -60.8),
    "973": (2.1, -54.7, 5.9, -51.5),
    "974": (-21.5, 55.1, -20.8, 55.9),
    "976": (-13.1, 44.9, -12.6, 45.4),
}

kept: dict[Hashable, "Points"] = {}


def answer(find: Callable[[], Sequence[Found]], endpoint: str, who: str = "") -> Response:
    """The bubbles of the tiles asked for; without tiles, where there is something to see.

    ``find`` searches as the list does; its answer is kept while the offers and their seats stay as
    they are. ``who`` is the reference of a pupil, whose offers are his own.
    """
    filters = tuple(sorted((k, v) for k, v in request.args.items() if k not in TILE_NAMES))
    points = points_of(find, (endpoint, who, filters, clock.today(), *version()))
    if "zoom" not in request.args:
        response = jsonify(areas=areas(points.homes), total=len(points.homes))
    else:
        drawn = clusters(points.lat, points.lon, asked())
        response = jsonify([bubble(one, points, endpoint) for one in drawn])
    response.cache_control.private = True
    response.cache_control.max_age = KEPT_SECONDS
    response.add_etag()
    response.make_conditional(request)
    return response


@dataclass(frozen=True, slots=True)
class Points:
    """The offers of a search: reference and title, the commune of each, and its middle."""

    offers: list[tuple[str, str]]
    homes: list[Commune]
    lat: npt.NDArray[np.float64]
    lon: npt.NDArray[np.float64]


def points_of(find: Callable[[], Sequence[Found]], key: Hashable) -> Points:
    """What ``find`` says, read once for each key."""
    known = kept.pop(key, None)
    if known is None:
        rows = db.session.execute(
            sa.select(Offer.ref, Offer.title, Site.commune_code)
            .join(Offer.site)
            .where(Offer.id.in_([one.offer_id for one in find()]))
            .order_by(Offer.ref)
        ).all()
        placed = [(row, home) for row in rows if (home := gazetteer().by_code(row[2]))]
        known = Points(
            offers=[(row[0], row[1]) for row, _home in placed],
            homes=[home for _row, home in placed],
            lat=np.array([home.lat for _row, home in placed], dtype=np.float64),
            lon=np.array([home.lon for _row, home in placed], dtype=np.float64),
        )
    kept[key] = known
    while len(kept) > MOST_KEPT:
        kept.pop(next(iter(kept)), None)
    return known


def version() -> tuple[int, ...]:
    """Changes as soon as an offer, a seat or a status does, in any process."""
    asked_for = sa.select(
        sa.select(sa.func.max(Event.id)).scalar_subquery(),
        sa.select(sa.func.sum(Offer.version)).scalar_subquery(),
        sa.select(sa.func.count(Seat.id)).scalar_subquery(),
        sa.select(sa.func.count(Seat.closed_at)).scalar_subquery(),
    )
    return tuple(int(number or 0) for number in db.session.execute(asked_for).one())


def asked() -> Tiles:
    """The tiles that the address names; 400 for anything else."""
    told = [request.args.get(name, type=int) for name in TILE_NAMES]
    whole = [number for number in told if number is not None and abs(number) < 10**6]
    tiles = Tiles(*whole) if len(whole) == len(TILE_NAMES) else None
    return tiles if tiles is not None and tiles.valid() else abort(400)


def bubble(one: Cluster, points: Points, endpoint: str) -> dict[str, Any]:
    """Where it stands and how many; the offers themselves when all are in one commune."""
    told: dict[str, Any] = {"at": [round(one.lat, 4), round(one.lon, 4)], "n": len(one.members)}
    if len({points.homes[number].code for number in one.members}) == 1:
        told["commune"] = points.homes[one.members[0]].name
        told["offers"] = [
            [points.offers[number][1], url_for(endpoint, ref=points.offers[number][0])]
            for number in one.members[:MOST_NAMED]
        ]
    return told


def areas(homes: Sequence[Commune]) -> list[dict[str, Any]]:
    """The parts of France that hold an offer, the mainland first, each with the box to open.

    The box holds the offers, with some room around them; it is never smaller than a few km.
    """
    counted = Counter(home.departement if home.departement in AREAS else "" for home in homes)
    found = []
    for departement, whole in AREAS.items():
        there = [
            home for home in homes
            if (home.departement if home.departement in AREAS else "") == departement
        ]  # fmt: skip
        if there:
            south, north = min(one.lat for one in there), max(one.lat for one in there)
            west, east = min(one.lon for one in there), max(one.lon for one in there)
            box = (
                max(south - 0.05, whole[0]),
                max(west - 0.05, whole[1]),
                min(north + 0.05, whole[2]),
                min(east + 0.05, whole[3]),
            )
            found.append({
                "departement": departement,
                "n": counted[departement],
                "box": [round(side, 3) for side in box],
            })  # fmt: skip
    return found
