"""What the matcher's question is read from: seats, weeks, wishes, refusals, held placements."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matching.models.applications import Application, RefusedPair
from matching.models.campaigns import Campaign
from matching.models.match_runs import MatchRun, RunResult
from matching.models.offers import OfferWeek, Seat
from matching.models.placements import Origin, Placement
from matching.models.schools import PlacementWindow
from matching.models.statuses import HOLDING, ApplicationStatus

SENT = (ApplicationStatus.SUBMITTED, ApplicationStatus.READ_BY_SCHOOL)
FEWEST_COMMON_DAYS = 3
WindowsOf = Callable[[int, int], dict[str, str]]


@dataclass(frozen=True, slots=True)
class SlotRows:
    """Seats of one offer that the same pupils may have, in any one of these weeks.

    The key is that of a line of offers.csv, so that both doors break ties alike.
    """

    offer_id: int
    key: str
    weeks: tuple[str, ...]
    open_seats: tuple[int, ...]  # ids
    reserved_seats: tuple[int, ...]
    reserved_for: str | None


def holding(session: Session) -> dict[int, tuple[int, str]]:
    """Pupil id → (seat id, week) of each placement that holds; −1 for a seat outside."""
    rows = session.execute(
        sa.select(Placement.pupil_id, Placement.seat_id, Placement.week).where(
            Placement.status.in_(HOLDING), Placement.pupil_id.is_not(None)
        )
    )
    return {pupil: (-1 if seat is None else seat, week) for pupil, seat, week in rows if pupil}


def slots(
    session: Session,
    offer_ids: list[int],
    refs: dict[int, str],
    held: dict[int, tuple[int, str]],
) -> list[SlotRows]:
    """Group the seats by offer, weeks and reservation, the open ones with the first reservation.

    A closed seat takes part only while somebody holds it.
    """
    taken = {seat for seat, _week in held.values()}
    weeks: dict[int, list[str]] = defaultdict(list)
    for offer_id, open_week in session.execute(
        sa.select(OfferWeek.offer_id, OfferWeek.week).order_by(OfferWeek.week)
    ):
        weeks[offer_id].append(open_week)
    groups: dict[tuple[int, tuple[str, ...]], dict[str | None, list[int]]] = {}
    wanted = set(offer_ids)
    for seat in session.execute(
        sa.select(Seat.id, Seat.offer_id, Seat.week, Seat.reserved_for, Seat.closed_at).order_by(
            Seat.id
        )
    ):
        if seat.offer_id not in wanted or (seat.closed_at is not None and seat.id not in taken):
            continue
        open_in = (seat.week,) if seat.week else tuple(weeks[seat.offer_id])
        kinds = groups.setdefault((seat.offer_id, open_in), {})
        kinds.setdefault(seat.reserved_for, []).append(seat.id)
    found = []
    for (offer_id, open_in), kinds in groups.items():
        codes = sorted(code for code in kinds if code is not None)
        key = f"{refs[offer_id]}|{' '.join(open_in)}"
        for number, code in enumerate(codes or [None]):
            found.append(
                SlotRows(
                    offer_id=offer_id,
                    key=key if number == 0 else f"{key}|{code}",
                    weeks=open_in,
                    open_seats=tuple(kinds.get(None, ())) if number == 0 else (),
                    reserved_seats=tuple(kinds[code]) if code else (),
                    reserved_for=code,
                )
            )
    return sorted(found, key=lambda slot: slot.key)


def without_seats_of_others(
    slots: list[SlotRows], held: dict[int, tuple[int, str]], pupils: set[int]
) -> list[SlotRows]:
    """Take away seats held by pupils of other campaigns, and slots that have no other."""
    elsewhere = {seat for pupil, (seat, _week) in held.items() if pupil not in pupils}
    if not elsewhere:
        return slots
    left = [
        replace(
            slot,
            open_seats=tuple(seat for seat in slot.open_seats if seat not in elsewhere),
            reserved_seats=tuple(seat for seat in slot.reserved_seats if seat not in elsewhere),
        )
        for slot in slots
    ]
    return [slot for slot in left if slot.open_seats or slot.reserved_seats]


def windows(session: Session, school_year: int) -> WindowsOf:
    """(school id, class id) → {week: weekdays}: the class's windows, else the school's."""
    of_class: dict[int, dict[str, str]] = defaultdict(dict)
    of_school: dict[int, dict[str, str]] = defaultdict(dict)
    for window in session.execute(
        sa.select(
            PlacementWindow.school_id,
            PlacementWindow.class_group_id,
            PlacementWindow.week,
            PlacementWindow.weekdays,
        ).where(PlacementWindow.school_year == school_year)
    ):
        if window.class_group_id is None:
            of_school[window.school_id][window.week] = window.weekdays
        else:
            of_class[window.class_group_id][window.week] = window.weekdays
    return lambda school, group: of_class.get(group) or of_school.get(school, {})


def wishes(
    session: Session,
    row_of: dict[int, int],
    slots_of_offer: dict[int, list[int]],
    slots: Sequence[SlotRows],
    weeks_of: dict[int, dict[str, str]],
) -> list[tuple[int, int, int]]:
    """(pupil row, slot row, rank) of each wish that was sent, on the slots of its week or all.

    A week that the pupil does not have serves nothing.
    """
    rows = session.execute(
        sa.select(
            Application.pupil_id, Application.offer_id, Application.rank, Application.week
        ).where(Application.status.in_(SENT), Application.rank.is_not(None))
    )
    of_pupil: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for pupil, offer, rank, week in rows:
        if pupil in row_of and rank is not None:
            of_pupil[row_of[pupil]] += [
                (slot, rank)
                for slot in slots_of_offer.get(offer, ())
                if week is None or (week in slots[slot].weeks and week in weeks_of[pupil])
            ]
    # Pupil by pupil: to sort a million at once would hold up every other thread.
    return [(row, slot, rank) for row in sorted(of_pupil) for slot, rank in sorted(of_pupil[row])]


def refused(
    session: Session, row_of: dict[int, int], slots_of_offer: dict[int, list[int]]
) -> list[tuple[int, int]]:
    rows = session.execute(sa.select(RefusedPair.pupil_id, RefusedPair.offer_id))
    return [
        (row_of[pupil], slot)
        for pupil, offer in rows
        if pupil in row_of
        for slot in slots_of_offer.get(offer, ())
    ]


def too_few_days(
    pupils: Sequence[Any],
    offers: Sequence[Any],
    weeks_of: dict[int, dict[str, str]],
    slots_of_offer: dict[int, list[int]],
    row_of: dict[int, int],
) -> list[tuple[int, int]]:
    """Pairs whose weekdays share fewer than three days: a placement is three to five days long."""
    short = [
        (set(offer.weekdays), slots_of_offer.get(offer.id, ()))
        for offer in offers
        if len(offer.weekdays) < 5
    ]

    @cache  # pupils are many, the days of their weeks few
    def too_short(days: frozenset[str]) -> list[int]:
        return [
            slot
            for weekdays, slots in short
            if all(len(weekdays & set(one)) < FEWEST_COMMON_DAYS for one in days)
            for slot in slots
        ]

    return [
        (row_of[pupil.id], slot)
        for pupil in pupils
        if weeks_of[pupil.id]
        for slot in too_short(frozenset(weeks_of[pupil.id].values()))
    ]


def served_first(session: Session, campaign: Campaign) -> set[int]:
    """Pupils who had sent wishes and got no proposal in an earlier round of this campaign.

    Declining never earns it: whoever had a placement from a run of the campaign is not one of them.
    """
    rounds = sa.select(MatchRun.id).where(
        MatchRun.campaign_id == campaign.id, MatchRun.published_at.is_not(None)
    )
    proposed = sa.select(Placement.pupil_id).where(
        Placement.run_id.in_(rounds),
        Placement.origin == Origin.RUN,
        Placement.pupil_id.is_not(None),
    )
    without = (
        sa.select(RunResult.pupil_id)
        .join(MatchRun, MatchRun.id == RunResult.run_id)
        .join(Application, Application.pupil_id == RunResult.pupil_id)
        .where(
            RunResult.run_id.in_(rounds),
            RunResult.seat_id.is_(None),
            RunResult.pupil_id.not_in(proposed),
            Application.status.in_(SENT),
            Application.submitted_at < MatchRun.created_at,
        )
    )
    return {pupil for pupil in session.scalars(without) if pupil is not None}
