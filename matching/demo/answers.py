"""What schools, pupils and hosts said to the proposals of the published round.

The rules are those of ``services.placements``, which would take a minute for so many answers; the
tests hold the rows to them.
"""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from matching.database import db
from matching.demo.campaigns import ANSWER_DAYS
from matching.demo.plan import PUBLISHED_DAYS_AGO, chance
from matching.demo.rows import insert_silently
from matching.models.applications import Application, RefusedPair
from matching.models.events import Event
from matching.models.offers import Offer, Seat
from matching.models.placements import Party, Placement
from matching.models.pupils import Pupil
from matching.models.schools import ClassGroup
from matching.models.statuses import LIVE_APPLICATIONS, ApplicationStatus, PlacementStatus
from matching.services.placements import REASONS

# How often each says yes, says no, or has not answered yet.
SCHOOL_SILENT = 0.13  # share of classes whose teacher has not looked
SCHOOL_NO = 0.02
PUPIL_YES, PUPIL_NO = 0.78, 0.05
HOST_SILENT = 0.12  # share of offers whose host has not answered anybody
HOST_NO = 0.04
_WORDS = {
    (Party.SCHOOL, "found_elsewhere"): "La famille a trouvé une place chez un voisin.",
    (Party.HOST, "no_tutor"): "Notre tutrice sera en formation cette semaine-là.",
}


@dataclass(slots=True)
class _Told:
    """Rows to write, gathered over all the proposals."""

    placements: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    refused: list[dict[str, Any]] = field(default_factory=list)
    confirmed: dict[int, datetime] = field(default_factory=dict)  # pupil → when


def plant(run_id: int, now: datetime) -> None:
    """Answer most proposals of the run."""
    source = chance("answers")
    rows = db.session.execute(
        sa.select(
            Placement.id, Placement.pupil_id, Pupil.user_id, ClassGroup.id.label("class_id"),
            ClassGroup.class_teacher_id, Offer.id.label("offer_id"), Offer.created_by_id,
        )
        .join(Pupil, Pupil.id == Placement.pupil_id)
        .join(ClassGroup, ClassGroup.id == Pupil.class_group_id)
        .join(Seat, Seat.id == Placement.seat_id)
        .join(Offer, Offer.id == Seat.offer_id)
        .where(Placement.run_id == run_id)
        .order_by(Placement.id)
    ).all()  # fmt: skip
    published_at = now - timedelta(days=PUBLISHED_DAYS_AGO)
    classes = sorted({row.class_id for row in rows})
    looked = {
        number: published_at + timedelta(hours=source.uniform(8, 24 * (PUBLISHED_DAYS_AGO - 1)))
        for number in classes
        if source.random() > SCHOOL_SILENT
    }
    silent = {number for number in {row.offer_id for row in rows} if source.random() < HOST_SILENT}
    told = _Told()
    for row in rows:
        if row.class_id in looked:
            _answer(row, looked[row.class_id], source, told, now, silent=row.offer_id in silent)
    _write(told)


def _answer(
    row: Any,
    looked_at: datetime,
    source: random.Random,
    told: _Told,
    now: datetime,
    *,
    silent: bool,
) -> None:
    """The answers to one proposal, and where they lead."""
    values: dict[str, Any] = {
        "at": row.id, "status": PlacementStatus.PROPOSED, "version": 2,
        "school_answer": True, "school_answered_at": looked_at,
        "school_answered_by_id": row.class_teacher_id,
        "pupil_answer": None, "pupil_answered_at": None, "pupil_answered_by_id": None,
        "host_answer": None, "host_answered_at": None, "host_answered_by_id": None,
        "answer_before": looked_at + timedelta(days=ANSWER_DAYS),
        "ended_by": None, "ended_reason": None, "ended_words": "",
    }  # fmt: skip
    told.placements.append(values)
    if source.random() < SCHOOL_NO:
        values["school_answer"], values["answer_before"] = False, None
        _end(values, Party.SCHOOL, looked_at, row, source, told)
        return
    pupil = _draw(source, PUPIL_YES, PUPIL_NO)
    host = None if silent else _draw(source, 1 - HOST_NO, HOST_NO)
    # Whoever answers first comes first: a no ends it before the other is asked.
    last = looked_at
    for party, answer, user_id in source.sample(
        [(Party.PUPIL, pupil, row.user_id), (Party.HOST, host, row.created_by_id)], 2
    ):
        at = last + (now - last) * source.uniform(0.05, 0.45)
        if answer is None or at >= values["answer_before"]:
            continue
        last = at
        values[f"{party}_answer"], values[f"{party}_answered_at"] = answer, at
        values[f"{party}_answered_by_id"] = user_id
        values["version"] += 1
        if not answer:
            _end(values, party, at, row, source, told)
            return
    if values["pupil_answer"] and values["host_answer"]:
        values["status"] = PlacementStatus.CONFIRMED
        told.confirmed[row.pupil_id] = last
        told.events.append(_event(row.id, PlacementStatus.CONFIRMED, last, user_id, None))
    elif values["answer_before"] <= now:
        values |= {
            "status": PlacementStatus.EXPIRED,
            "ended_by": Party.NOBODY,
            "ended_reason": "no_answer",
        }
        told.events.append(
            _event(row.id, PlacementStatus.EXPIRED, values["answer_before"], None, "no_answer")
        )


def _draw(source: random.Random, yes: float, no: float) -> bool | None:
    at = source.random()
    return True if at < yes else False if at < yes + no else None


def _end(
    values: dict[str, Any],
    party: Party,
    at: datetime,
    row: Any,
    source: random.Random,
    told: _Told,
) -> None:
    """A no, with its reason; the pair never meets again."""
    reason = source.choice(REASONS[party])
    values |= {
        "status": PlacementStatus.DECLINED,
        "ended_by": party,
        "ended_reason": reason,
        "ended_words": _WORDS.get((party, reason), ""),
    }
    told.refused.append(
        {"pupil_id": row.pupil_id, "offer_id": row.offer_id, "reason": reason, "created_at": at}
    )
    told.events.append(
        _event(row.id, PlacementStatus.DECLINED, at, values[f"{party}_answered_by_id"], reason)
    )


def _event(
    placement_id: int, to: PlacementStatus, at: datetime, actor_id: int | None, why: str | None
) -> dict[str, Any]:
    return {
        "at": at,
        "subject": "placement",
        "subject_id": placement_id,
        "from_status": PlacementStatus.PROPOSED,
        "to_status": to,
        "actor_id": actor_id,
        "why": why,
    }


def _write(told: _Told) -> None:
    table: Any = Placement.__table__
    columns = [name for name in told.placements[0] if name != "at"]
    db.session.connection().execute(
        sa.update(table)
        .where(table.c.id == sa.bindparam("at"))
        .values({name: sa.bindparam(name) for name in columns}),
        told.placements,
    )
    insert_silently(RefusedPair, told.refused)
    superseded = db.session.execute(
        sa.select(Application.id, Application.pupil_id, Application.status).where(
            Application.pupil_id.in_(told.confirmed), Application.status.in_(LIVE_APPLICATIONS)
        )
    ).all()
    told.events += [
        {
            "at": told.confirmed[wish.pupil_id],
            "subject": "application",
            "subject_id": wish.id,
            "from_status": wish.status,
            "to_status": ApplicationStatus.SUPERSEDED,
            "actor_id": None,
            "why": "placement_confirmed",
        }
        for wish in superseded
    ]
    insert_silently(Event, told.events)
    db.session.execute(
        sa.update(Application)
        .where(Application.id.in_([wish.id for wish in superseded]))
        .values(status=ApplicationStatus.SUPERSEDED)
    )
    db.session.expire_all()
