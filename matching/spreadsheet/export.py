"""A campaign of the application as a folder: references only, never a name.

`letabli solve` gives the pupils of this folder the same places as the application does.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matching.engine.caps import OFF
from matching.engine.problem import Problem
from matching.models.campaigns import Campaign
from matching.models.schools import School
from matching.models.territories import Territory
from matching.queries.matching_input import NUMBERED_SECTORS, MatchingInput, matching_input
from matching.rules.safe_csv import csv_bytes
from matching.spreadsheet import columns
from matching.spreadsheet.places import NO_TERRITORY
from matching.spreadsheet.write import km, put_in_place

Rows = list[tuple[Any, ...]]


class NotExportable(Exception):  # noqa: N818 - it says what the campaign is
    """The campaign holds what a folder cannot say; `offers` lists the references of the offers
    that reserve seats of one week for two different rights."""

    def __init__(self, offers: list[str]) -> None:
        super().__init__(" ".join(offers))
        self.offers = offers


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written. Pupils whose school has given no week are left out: an empty cell would
    mean any week."""

    pupils: int
    offers: int
    without_week: int
    policy: str
    seed: int


def export(session: Session, campaign: Campaign, out: Path) -> Exported:
    """Writes the campaign into the folder `out`, which must not exist yet or be empty.

    Raises:
        NotExportable: see there.
        FileExistsError: the folder holds something, which could change the question.
        OSError: the folder cannot be written.
    """
    if out.exists() and any(out.iterdir()):
        raise FileExistsError(str(out))
    given = matching_input(session, campaign)
    doubled = sorted({slot.key.split("|")[0] for slot in given.slots if slot.key.count("|") > 1})
    if doubled:
        raise NotExportable(doubled)
    territory = {
        row.id: row.code for row in session.execute(sa.select(Territory.id, Territory.code))
    }
    uai = {row.id: row.uai for row in session.execute(sa.select(School.id, School.uai))}
    territory[-1] = NO_TERRITORY
    pupils = _pupils(given, territory, uai)
    put_in_place(
        out,
        {
            columns.OFFERS.name: _csv(columns.OFFERS, _offers(given, territory)),
            columns.PUPILS.name: _csv(columns.PUPILS, pupils),
            columns.WISHES.name: _csv(columns.WISHES, _wishes(given)),
            columns.ACCEPTED.name: _csv(columns.ACCEPTED, _accepted(given)),
            columns.REFUSED.name: _csv(columns.REFUSED, _refused(given)),
        },
    )
    problem = given.problem
    return Exported(
        pupils=len(pupils),
        offers=len({slot.offer_id for slot in given.slots}),
        without_week=len(problem.pupils.keys) - len(pupils),
        policy=problem.policy.value,
        seed=problem.seed,
    )


def _csv(file: columns.File, rows: Rows) -> bytes:
    """The file without its postcode and commune: places are told by their point."""
    names = [one.name for one in file.columns if one.name not in ("postcode", "commune")]
    return csv_bytes(names, rows)


def _offer(key: str) -> str:
    return key.partition("|")[0]


def _spelled(weeks: Iterable[str], mask: int) -> str:
    return " ".join(week for number, week in enumerate(weeks) if mask >> number & 1)


def _offers(given: MatchingInput, territory: dict[int, str]) -> Rows:
    """offer, lat, lon, seats, week, reserved, reserved_for, sector, territory, accessible, and the
    columns of the caps."""
    table = given.problem.slots
    limits = _limits(given)
    found: Rows = []
    for row, slot in enumerate(given.slots):
        sector = int(table.sector[row])
        found.append(
            (
                _offer(slot.key),
                float(table.lat[row]),
                float(table.lon[row]),
                int(table.seats[row]),
                " ".join(slot.weeks),
                int(table.reserved[row]) or None,
                slot.reserved_for,
                NUMBERED_SECTORS[sector] if sector >= 0 else None,
                territory[int(table.territory[row])],
                int(table.accessible[row]),
                *limits.get(row, ()),
            )
        )
    return found


def _limits(given: MatchingInput) -> dict[int, tuple[Any, ...]]:
    """Row of a slot → at_once, most_of_a_school, offer_total, school_total, host, host_total."""
    caps = given.problem.caps
    if caps is None:
        return {}
    totals: dict[int, dict[str, tuple[str, int]]] = defaultdict(dict)
    for total, row in zip(caps.member_total.tolist(), caps.member_slot.tolist(), strict=True):
        kind, name = given.totals[total]
        totals[row][kind] = (name, int(caps.total[total]))
    return {
        row: (
            _set(caps.at_once[row]),
            _set(caps.of_a_school[row]),
            totals[row].get("offer", ("", None))[1],
            None,
            *totals[row].get("host", ("", None)),
        )
        for row in range(len(given.slots))
    }


def _set(cap: int) -> int | None:
    """A cap as a cell: empty when it is off."""
    return None if cap == OFF else int(cap)


def _pupils(given: MatchingInput, territory: dict[int, str], uai: dict[int, str]) -> Rows:
    """pupil, lat, lon, weeks, max_km, class_of_service, entitled, school, territory, sectors,
    needs_access, apart. Of a set kept apart, its number alone."""
    problem, table = given.problem, given.problem.pupils
    code = {
        int(problem.slots.reserved_for[row]): slot.reserved_for
        for row, slot in enumerate(given.slots)
        if slot.reserved_for
    }
    # Who moved to a class of other weeks keeps his place: its week counts among his.
    weeks = table.weeks.copy()
    for pupil, week in zip(problem.fixed.pupil.tolist(), problem.fixed.week.tolist(), strict=True):
        weeks[pupil] |= 1 << week
    found: Rows = []
    for row, key in enumerate(table.keys):
        if not weeks[row]:
            continue
        held, liked = int(table.entitlements[row]), int(table.sectors[row])
        found.append(
            (
                key,
                float(table.lat[row]),
                float(table.lon[row]),
                _spelled(problem.weeks, int(weeks[row])),
                km(int(table.reach[row])),
                int(table.class_of_service[row]),
                " ".join(sorted(name for bit, name in code.items() if held >> bit & 1)),
                uai[int(table.school[row])],
                territory[int(table.territory[row])],
                " ".join(name for bit, name in enumerate(NUMBERED_SECTORS) if liked >> bit & 1),
                int(table.needs_access[row]),
                None if problem.caps is None else _set(problem.caps.apart[row]),
            )
        )
    return found


def _wishes(given: MatchingInput) -> Rows:
    """pupil, offer, rank, week."""
    problem = given.problem
    lines: dict[int, set[int]] = defaultdict(set)  # offer → its slots
    for row, slot in enumerate(given.slots):
        lines[slot.offer_id].add(row)
    wished: dict[tuple[int, int, int], set[int]] = defaultdict(set)
    for pupil, row, rank in zip(
        problem.wishes.pupil.tolist(),
        problem.wishes.slot.tolist(),
        problem.wishes.rank.tolist(),
        strict=True,
    ):
        if problem.pupils.weeks[pupil]:
            wished[pupil, given.slots[row].offer_id, rank].add(row)
    return [
        (
            problem.pupils.keys[pupil],
            _offer(problem.slots.keys[min(rows)]),
            rank,
            None if rows == lines[offer] else _week(problem, pupil, rows, lines[offer]),
        )
        for (pupil, offer, rank), rows in sorted(wished.items())
    ]


def _week(problem: Problem, pupil: int, rows: set[int], lines: set[int]) -> str:
    """The first of the pupil's weeks in which these lines of the offer, and no other, are open."""
    for number, week in enumerate(problem.weeks):
        if int(problem.pupils.weeks[pupil]) >> number & 1 and rows == {
            row for row in lines if int(problem.slots.weeks[row]) >> number & 1
        }:
            return week
    raise ValueError("a wish is for an offer, or for one week of it")


def _accepted(given: MatchingInput) -> Rows:
    """pupil, offer, week, reserved_seat."""
    problem, held = given.problem, given.problem.fixed
    return [
        (
            problem.pupils.keys[pupil],
            _offer(problem.slots.keys[slot]),
            problem.weeks[week],
            int(reserved),
        )
        for pupil, slot, week, reserved in zip(
            held.pupil.tolist(),
            held.slot.tolist(),
            held.week.tolist(),
            held.reserved.tolist(),
            strict=True,
        )
    ]


def _refused(given: MatchingInput) -> Rows:
    """pupil, offer; nothing about whoever holds a place, whom no run moves."""
    problem = given.problem
    held = set(problem.fixed.pupil.tolist())
    pairs = {
        (problem.pupils.keys[pupil], _offer(problem.slots.keys[slot]))
        for pupil, slot in zip(
            problem.refused.pupil.tolist(), problem.refused.slot.tolist(), strict=True
        )
        if pupil not in held and problem.pupils.weeks[pupil]
    }
    return sorted(pairs)
