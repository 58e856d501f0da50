"""The limits of hosts and the pupils kept apart, as caps of the matcher's question.

A cap that its seats hold anyway is left out: without any the matcher takes its quick way.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import sqlalchemy as sa
from sqlalchemy.orm import Session

from matching.engine.caps import OFF, Caps
from matching.models.offers import Offer, Seat
from matching.models.placements import Placement
from matching.models.statuses import HOLDING
from matching.queries.matching_rows import SlotRows

Total = tuple[str, str]  # "host" or "offer", and the reference of the site or the offer


def caps_of(
    session: Session,
    slots: Sequence[SlotRows],
    offers: Sequence[Any],
    pupils: Sequence[Any],
    school_year: int,
) -> tuple[Caps | None, tuple[Total, ...]]:
    """The caps, None when nothing is limited, and what each total is of.

    ``offers`` and ``pupils`` are the rows that ``matching_input`` has read. Pupils who hold a place
    of these hosts without being in the question take theirs off first.
    """
    of = {offer.id: offer for offer in offers}
    limited = any(
        limit is not None
        for o in offers
        for limit in (o.most_at_once, o.most_of_a_school, o.most_in_all, o.most_pupils)
    )
    others = _held_by_others(session, {one.id for one in pupils}, school_year) if limited else []
    taken = defaultdict[int, Counter[str]](Counter)
    for offer_id, _site, week in others:
        taken[offer_id][week] += 1
    at_once = [
        _at_once(of[slot.offer_id].most_at_once, slot, taken[slot.offer_id]) for slot in slots
    ]
    of_a_school = [_or_off(of[slot.offer_id].most_of_a_school, _seats(slot)) for slot in slots]
    totals = _totals(slots, of, others)
    apart = _apart(pupils)
    members = [(number, slot) for number, one in enumerate(totals) for slot in one[2]]
    if not totals and {OFF} >= {*at_once, *of_a_school, *apart}:
        return None, ()
    caps = Caps(
        at_once=np.array(at_once, np.int32),
        of_a_school=np.array(of_a_school, np.int32),
        apart=np.array(apart, np.int32),
        total=np.array([limit for _of, limit, _slots in totals], np.int32),
        total_of_a_school=np.full(len(totals), OFF, np.int32),
        member_total=np.array([total for total, _slot in members], np.int32),
        member_slot=np.array([slot for _total, slot in members], np.int32),
    )
    return caps, tuple(one[0] for one in totals)


def _held_by_others(
    session: Session, pupil_ids: Collection[int], school_year: int
) -> list[tuple[int, int, str]]:
    """(offer, site, week) of the places held by pupils who are not in the question."""
    rows = session.execute(
        sa.select(Placement.pupil_id, Seat.offer_id, Offer.site_id, Placement.week)
        .join(Seat, Seat.id == Placement.seat_id)
        .join(Offer, Offer.id == Seat.offer_id)
        .where(Placement.status.in_(HOLDING), Offer.school_year == school_year)
        .order_by(Placement.id)
    )
    return [(row[1], row[2], row[3]) for row in rows if row[0] not in pupil_ids]


def _seats(slot: SlotRows) -> int:
    return len(slot.open_seats) + len(slot.reserved_seats)


def _or_off(limit: int | None, seats: int, taken: int = 0) -> int:
    """What is left of a limit; off where there is none, or where the seats are no more."""
    if limit is None or limit - taken >= seats:
        return OFF
    return max(limit - taken, 0)


def _at_once(limit: int | None, slot: SlotRows, taken: Counter[str]) -> int:
    """Others may be there in some of the weeks: what their fullest week leaves counts for all."""
    return _or_off(limit, _seats(slot), max((taken[week] for week in slot.weeks), default=0))


def _totals(
    slots: Sequence[SlotRows], of: dict[int, Any], others: Sequence[tuple[int, int, str]]
) -> list[tuple[Total, int, list[int]]]:
    """What each total is of, its limit and its slots; in the order of a folder's."""
    members: dict[Total, list[int]] = defaultdict(list)
    given: dict[Total, tuple[int | None, int]] = {}
    in_offer = Counter(offer for offer, _site, _week in others)
    at_site = Counter(site for _offer, site, _week in others)
    for number, slot in enumerate(slots):
        offer = of[slot.offer_id]
        for name, limit, taken in (
            (("host", offer.site_ref), offer.most_pupils, at_site[offer.site_id]),
            (("offer", offer.ref), offer.most_in_all, in_offer[offer.id]),
        ):
            members[name].append(number)
            given[name] = (limit, taken)
    found = []
    for name in sorted(members):
        limit, taken = given[name]
        left = _or_off(limit, sum(_seats(slots[number]) for number in members[name]), taken)
        if left != OFF:
            found.append((name, left, members[name]))
    return found


def _apart(pupils: Sequence[Any]) -> list[int]:
    """The number of the set of each pupil, of those with two pupils or more."""
    sizes = Counter((one.school_id, one.kept_apart) for one in pupils if one.kept_apart)
    sets = sorted(name for name, size in sizes.items() if size > 1)
    number = {name: place for place, name in enumerate(sets)}
    return [number.get((one.school_id, one.kept_apart), OFF) for one in pupils]
