"""Why a pupil cannot take a seat of an offer: the pair rules, said plainly for one pair.

The matcher applies the same rules to whole arrays; this page reports wishes out of reach and
checks answers, so it is written from DESIGN §4 and shares nothing with the matcher but distances.
"""

from collections.abc import Callable

import numpy as np

from matching.engine.distance import distance, distances
from matching.engine.solution import Reason
from matching.spreadsheet.folder import Folder
from matching.spreadsheet.offers import OfferRow
from matching.spreadsheet.problem import served
from matching.spreadsheet.pupils import PupilRow

Pair = tuple[PupilRow, OfferRow]


def distances_of(folder: Folder, pairs: list[Pair]) -> list[int | None]:
    """Tens of metres of each pair; from travel.csv when it is there, None for a pair it lacks."""
    if folder.travel is not None:
        return [folder.travel.get((pupil.pupil, slot.offer)) for pupil, slot in pairs]
    if not pairs:
        return []
    ends = [(p.place.lat, p.place.lon, s.place.lat, s.place.lon) for p, s in pairs]
    computed: list[int | None] = distances(*np.array(ends, dtype=np.float64).T).tolist()
    return computed


def as_the_crow_flies(pupil: PupilRow, slot: OfferRow) -> int:
    """Tens of metres between the two points, whatever travel.csv says."""
    return distance(pupil.place.lat, pupil.place.lon, slot.place.lat, slot.place.lon)


def obstacle(refused: set[tuple[str, str]], pair: Pair, length: int | None) -> Reason | None:
    """The first rule that forbids the pair, in the order of Reason; None when nothing does."""
    pupil, slot = pair
    weeks = not slot.weeks or not pupil.weeks or set(slot.weeks) & set(pupil.weeks)
    forbids: list[tuple[Reason, Callable[[], bool]]] = [
        (Reason.NO_WEEK, lambda: not weeks),
        (Reason.OUT_OF_REACH, lambda: length is None or length > pupil.reach),
        (Reason.NO_LINK, lambda: pupil.place.link_group != slot.place.link_group),
        (Reason.NO_ACCESS, lambda: pupil.needs_access and not slot.accessible),
        (
            Reason.RESERVED_ONLY,
            lambda: slot.reserved == slot.seats and slot.reserved_for not in pupil.entitled,
        ),
        (Reason.REFUSED, lambda: (pupil.pupil, slot.offer) in refused),
    ]
    return next((reason for reason, broken in forbids if broken()), None)


def unreachable_wishes(folder: Folder) -> list[tuple[str, str, str, int, Reason]]:
    """(pupil, offer, week, rank, reason) of each wish that no line of its offer can serve. The
    reason is that of the line which came nearest. Pupils already accepted are left out."""
    lines: dict[str, list[OfferRow]] = {}
    for slot in folder.offers:
        lines.setdefault(slot.offer, []).append(slot)
    pupils = {row.pupil: row for row in folder.pupils}
    held = {row.pupil for row in folder.held}
    refused = set(folder.refused)

    wishes = [wish for wish in folder.wishes if wish.pupil not in held]
    served_by = [served(wish, pupils[wish.pupil], lines[wish.offer]) for wish in wishes]
    pairs = [
        (pupils[wish.pupil], slot)
        for wish, slots in zip(wishes, served_by, strict=True)
        for slot in slots
    ]
    found = iter(zip(pairs, distances_of(folder, pairs), strict=True))
    unreachable = []
    for wish, slots in zip(wishes, served_by, strict=True):
        reasons = [obstacle(refused, *next(found)) for _ in slots] or [Reason.NO_WEEK]
        known = [reason for reason in reasons if reason is not None]
        if len(known) == len(reasons):
            unreachable.append((wish.pupil, wish.offer, wish.week, wish.rank, max(known)))
    return unreachable
