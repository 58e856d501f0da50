"""Writes what a run found: one row a pupil, and the figures of the whole."""

from collections import Counter, defaultdict
from dataclasses import asdict
from typing import Any

import numpy as np
import sqlalchemy as sa

from matching import clock, solving
from matching.database import db
from matching.engine.solution import Reason
from matching.models.match_runs import MatchRun, RunResult
from matching.models.pupils import Pupil
from matching.models.schools import School
from matching.queries.matching_input import MatchingInput

SMALL_COUNT = 5  # smaller groups are shown as "fewer than 5": a pin would point at a minor's home
METRES = 10  # the engine counts tens of metres


def write(run: MatchRun, given: MatchingInput, checked: solving.Checked) -> None:
    """Add the results of ``run`` and its report to the session."""
    rows = _rows(run.id, given, checked)
    if rows:
        db.session.execute(sa.insert(RunResult), rows)
    run.report = _report(given, checked, rows) | {
        "checked": list(checked.properties),
        "seconds": round((clock.now() - (run.started_at or clock.now())).total_seconds(), 1),
    }


def _rows(run_id: int, given: MatchingInput, checked: solving.Checked) -> list[dict[str, Any]]:
    """One row a pupil; seats are taken in the order of their ids, pupils in lottery order."""
    solution, problem = checked.solution, given.problem
    free = {
        (number, reserved): [seat for seat in seats if seat not in set(given.fixed_seats.values())][
            ::-1
        ]
        for number, slot in enumerate(given.slots)
        for reserved, seats in ((False, slot.open_seats), (True, slot.reserved_seats))
    }
    found = []
    for row in np.argsort(problem.pupils.lottery, kind="stable").tolist():
        pupil_id, slot = given.pupil_ids[row], int(solution.slot[row])
        reserved = bool(solution.reserved_seat[row])
        seat = given.fixed_seats.get(pupil_id)
        if slot >= 0 and seat is None:
            seat = free[slot, reserved].pop()
        placed = slot >= 0
        found.append(
            {
                "run_id": run_id,
                "pupil_id": pupil_id,
                "seat_id": seat if placed else None,
                "offer_id": given.slots[slot].offer_id if placed else None,
                "week": problem.weeks[int(solution.week[row])] if placed else None,
                "rank": int(solution.rank[row]) or None,
                "distance_m": int(solution.distance[row]) * METRES if placed else None,
                "same_territory": placed
                and problem.pupils.territory[row] >= 0
                and bool(problem.pupils.territory[row] == problem.slots.territory[slot]),
                "reserved_seat": reserved,
                "reason": Reason(int(solution.reason[row])).name.lower(),
                "detail": _around(checked, row),
            }
        )
    return found


def _around(checked: solving.Checked, row: int) -> dict[str, int]:
    """The numbers behind one pupil's reason; nothing for a placement that was held before."""
    around = checked.around
    if around is None or around.turn[row] < 0:
        return {}
    return {
        "offers": int(around.slots[row]),
        "seats": int(around.seats[row]),
        "turn": int(around.turn[row]),
        "last_turn": int(around.last_turn[row]),
    }


def _report(
    given: MatchingInput, checked: solving.Checked, rows: list[dict[str, Any]]
) -> dict[str, Any]:
    """The figures of the result page; nothing in them names a person."""
    placed = [row for row in rows if row["seat_id"] is not None]
    metres = sorted(row["distance_m"] for row in placed)
    wished = np.unique(given.problem.wishes.pupil).size
    return {
        "pupils": len(rows),
        "seats": int(given.problem.slots.seats.sum()),
        "with_wishes": int(wished),
        "placed": len(placed),
        "unplaced": len(rows) - len(placed),
        "by_rank": dict(Counter(str(row["rank"] or 0) for row in placed)),
        "median_m": metres[len(metres) // 2] if metres else None,
        "p95_m": metres[int(len(metres) * 0.95)] if metres else None,
        "mean_m": round(sum(metres) / len(metres)) if metres else None,
        "levels": [[level.name, int(level.value)] for level in checked.solution.levels],
        "by_territory": _by_territory(rows),
        "unplaced_by_commune": _unplaced_by_commune(rows),
        "lacking": _lacking(checked),
        "measures": asdict(checked.measured) if checked.measured else None,
    }


def _lacking(checked: solving.Checked) -> list[dict[str, Any]]:
    """Where places lack, by the territory of school and site; None is outside every territory."""
    found = checked.lacking
    if found is None:
        return []
    return [
        {
            "territory_id": None if territory < 0 else territory,
            "pupils": int(found.pupils[area]),
            "unplaced": int(found.unplaced[area]),
            "seats": int(found.seats[area]),
            "empty": int(found.empty[area]),
            "would_place": int(found.slots_lacking[area]),
        }
        for area, territory in enumerate(checked.territories)
    ]


def _by_territory(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Pupils and placed, by the territory whose campaigns the school joins."""
    territory = _of_pupils(School.attached_territory_id)
    counts: dict[int | None, list[int]] = defaultdict(lambda: [0, 0])
    for row in rows:
        pair = counts[territory.get(row["pupil_id"])]
        pair[0] += 1
        pair[1] += row["seat_id"] is not None
    return [
        {"territory_id": key, "pupils": pupils, "placed": placed}
        for key, (pupils, placed) in sorted(counts.items(), key=lambda item: item[0] or 0)
    ]


def _unplaced_by_commune(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Unplaced pupils by territory and commune of their school; small counts masked."""
    commune = _of_pupils(School.commune_code)
    territory = _of_pupils(School.attached_territory_id)
    reasons: dict[tuple[int | None, str], Counter[str]] = defaultdict(Counter)
    for row in rows:
        if row["seat_id"] is None:
            home = territory[row["pupil_id"]], commune[row["pupil_id"]]
            reasons[home][row["reason"]] += 1
    found = [
        {
            "territory_id": there,
            "commune_code": code,
            "unplaced": total if (total := sum(counts.values())) >= SMALL_COUNT else None,
            "reasons": {
                reason: number if number >= SMALL_COUNT else None
                for reason, number in counts.most_common()
            },
        }
        for (there, code), counts in reasons.items()
    ]
    return sorted(found, key=lambda line: (-(line["unplaced"] or 0), line["commune_code"]))


def _of_pupils(column: Any) -> dict[int, Any]:
    rows = db.session.execute(
        sa.select(Pupil.id, column).join(School, School.id == Pupil.school_id)
    )
    return {row[0]: row[1] for row in rows}
