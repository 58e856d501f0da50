"""A fingerprint of every row that a run uses, so that publication can say what has changed."""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from matching.engine.caps import OFF
from matching.engine.problem import Problem
from matching.queries.matching_rows import SlotRows

# Their numbers depend on which other rows are in play; weeks are spelled out instead, and the
# other two follow from the school and the commune.
_RELATIVE = frozenset({"keys", "weeks", "entitlements", "link_group"})


def fingerprints(problem: Problem, slots: Sequence[SlotRows]) -> dict[str, str]:
    """Name of each row, "pupil:<lottery reference>" or "slot:<key>" → 16 digits of all it says."""
    return _of_pupils(problem) | _of_slots(problem, slots)


def _of_pupils(problem: Problem) -> dict[str, str]:
    pupils = problem.pupils
    about = _wishes_refusals_and_seats(problem)
    columns = [getattr(pupils, name).tolist() for name in pupils.__slots__ if name not in _RELATIVE]
    weeks = [_spelled(mask, problem.weeks) for mask in pupils.weeks.tolist()]
    apart = _apart(problem)
    return {
        f"pupil:{key}": _short(
            (
                [column[row] for column in columns],
                weeks[row],
                sorted(map(repr, about[row])),
                *apart.get(row, ()),
            )
        )
        for row, key in enumerate(pupils.keys)
    }


def _of_slots(problem: Problem, slots: Sequence[SlotRows]) -> dict[str, str]:
    table = problem.slots
    told = [
        getattr(table, name).tolist()
        for name in ("lat", "lon", "territory", "sector", "accessible")
    ]
    limits = _limits(problem)
    return {
        f"slot:{slot.key}": _short(
            (repr(slot), [column[row] for column in told], *limits.get(row, ()))
        )
        for row, slot in enumerate(slots)
    }


def _apart(problem: Problem) -> dict[int, list[str]]:
    """The pupils with whom each row is kept apart, and himself; their set has no other name."""
    if problem.caps is None:
        return {}
    sets = problem.caps.apart.tolist()
    members = defaultdict[int, list[str]](list)
    for number, key in zip(sets, problem.pupils.keys, strict=True):
        members[number].append(key)
    return {row: sorted(members[number]) for row, number in enumerate(sets) if number != OFF}


def _limits(problem: Problem) -> dict[int, list[tuple[str, int]]]:
    """The caps over each slot row, but for the pupils kept apart."""
    caps, found = problem.caps, defaultdict[int, list[tuple[str, int]]](list)
    if caps is None:
        return found
    for name in ("at_once", "of_a_school"):
        for row, limit in enumerate(getattr(caps, name).tolist()):
            if limit != OFF:
                found[row].append((name, limit))
    for total, row in zip(caps.member_total.tolist(), caps.member_slot.tolist(), strict=True):
        found[row].append(("total", int(caps.total[total])))
    return found


def _wishes_refusals_and_seats(problem: Problem) -> dict[int, list[object]]:
    """What hangs on each pupil row."""
    keys, about = problem.slots.keys, defaultdict[int, list[object]](list)
    wishes, refused, fixed = problem.wishes, problem.refused, problem.fixed
    for pupil, slot, rank in zip(
        wishes.pupil.tolist(), wishes.slot.tolist(), wishes.rank.tolist(), strict=True
    ):
        about[pupil].append(("wish", keys[slot], rank))
    for pupil, slot in zip(refused.pupil.tolist(), refused.slot.tolist(), strict=True):
        about[pupil].append(("refused", keys[slot]))
    for pupil, slot, week in zip(
        fixed.pupil.tolist(), fixed.slot.tolist(), fixed.week.tolist(), strict=True
    ):
        about[pupil].append(("held", keys[slot], problem.weeks[week]))
    return about


def _spelled(mask: int, weeks: Sequence[str]) -> str:
    return " ".join(week for number, week in enumerate(weeks) if mask >> number & 1)


def _short(told: Any) -> str:
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]
