"""Checks that every placement keeps every rule, and that every column says what is true."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from matching.engine.problem import Problem
from matching.engine.solution import Reason, Solution
from matching.engine.verify_pairs import Candidates, Kinds, counted_apart

Broken = tuple[str, str]  # property, what shows it


def check_shape(problem: Problem, solution: Solution) -> Iterator[Broken]:
    """Columns have one value per pupil, slots exist, and unplaced pupils have nothing."""
    size = len(problem.pupils.keys)
    for name in ("slot", "reserved_seat", "week", "distance", "rank", "reason"):
        if getattr(solution, name).shape != (size,):
            yield "shape", f"{name} {getattr(solution, name).shape}"
            return
    slots = len(problem.slots.keys)
    yield from _named(problem, "shape", (solution.slot < -1) | (solution.slot >= slots))
    nothing = (
        ~solution.reserved_seat
        & (solution.week == -1)
        & (solution.distance == -1)
        & (solution.rank == 0)
    )
    yield from _named(problem, "shape", (solution.slot < 0) & ~nothing)


def check_same_question(problem: Problem, solution: Solution) -> Iterator[Broken]:
    if solution.policy != problem.policy:
        yield "question", f"policy {solution.policy}"
    if solution.seed != problem.seed:
        yield "question", f"seed {solution.seed}"


def check_held(problem: Problem, solution: Solution) -> Iterator[Broken]:
    """Placements given with the problem are untouched."""
    held = problem.fixed
    moved = (solution.slot[held.pupil] != held.slot) | (
        solution.reserved_seat[held.pupil] != held.reserved
    )
    other_week = (held.week >= 0) & (solution.week[held.pupil] != held.week)
    for row in held.pupil[moved | other_week].tolist():
        yield "held", problem.pupils.keys[row]


def check_pairs(
    problem: Problem, solution: Solution, kinds: Kinds, pairs: Candidates
) -> Iterator[Broken]:
    """Each placement that the run made is an allowed pair, at the distance that it says."""
    rows = np.flatnonzero((solution.slot >= 0) & (kinds.of_pupil >= 0))
    size = len(problem.slots.keys)
    site_of_pair = np.repeat(np.arange(len(kinds.site_example)), np.diff(pairs.start))
    allowed = site_of_pair * size + pairs.slot
    order = np.argsort(allowed)
    asked = kinds.site[kinds.of_pupil[rows]].astype(np.int64) * size + solution.slot[rows]
    place = np.minimum(np.searchsorted(allowed, asked, sorter=order), max(len(allowed) - 1, 0))
    if len(allowed) == 0:
        found, tens = np.zeros(len(rows), dtype=np.bool_), np.zeros(len(rows), dtype=np.int64)
    else:
        found = allowed[order[place]] == asked
        tens = pairs.tens[order[place]].astype(np.int64)
    for row in rows[~found].tolist():
        yield "pairs", f"{problem.pupils.keys[row]} {problem.slots.keys[solution.slot[row]]}"
    for row in rows[found & (tens != solution.distance[rows])].tolist():
        yield "distance", f"{problem.pupils.keys[row]} {solution.distance[row]}"


def check_seats(problem: Problem, solution: Solution) -> Iterator[Broken]:
    """No slot holds more than its seats; reserved seats go to the entitled, and first to them."""
    slots, pupils = problem.slots, problem.pupils
    size = len(slots.keys)
    rows = np.flatnonzero(solution.slot >= 0)
    places, reserved = solution.slot[rows], solution.reserved_seat[rows]
    in_reserved = np.bincount(places[reserved], minlength=size)
    in_open = np.bincount(places[~reserved], minlength=size)
    for slot in np.flatnonzero(in_reserved > slots.reserved).tolist():
        yield "seats", f"{slots.keys[slot]} reserved {in_reserved[slot]}"
    for slot in np.flatnonzero(in_open > slots.seats - slots.reserved).tolist():
        yield "seats", f"{slots.keys[slot]} open {in_open[slot]}"
    decided = np.ones(len(pupils.keys), dtype=np.bool_)
    decided[problem.fixed.pupil] = False
    bit = np.left_shift(np.uint64(1), np.maximum(slots.reserved_for[places], 0).astype(np.uint64))
    entitled = ((pupils.entitlements[rows] & bit) != 0) & (slots.reserved_for[places] >= 0)
    for row in rows[reserved & ~entitled & decided[rows]].tolist():
        yield "reserved", pupils.keys[row]
    spare = in_reserved < slots.reserved
    for row in rows[~reserved & entitled & spare[places] & decided[rows]].tolist():
        yield "reserved", f"{pupils.keys[row]} in an open seat"


def check_columns(problem: Problem, solution: Solution) -> Iterator[Broken]:
    """Weeks are the earliest common ones, or common ones where a cap counts weeks apart; ranks are
    those typed, reasons say what is so.
    """
    rank = {
        (pupil, slot): value
        for pupil, slot, value in zip(
            problem.wishes.pupil.tolist(),
            problem.wishes.slot.tolist(),
            problem.wishes.rank.tolist(),
            strict=True,
        )
    }
    week_held = dict(zip(problem.fixed.pupil.tolist(), problem.fixed.week.tolist(), strict=True))
    for row in np.flatnonzero(solution.slot >= 0).tolist():
        slot = int(solution.slot[row])
        key = problem.pupils.keys[row]
        offered = int(problem.slots.weeks[slot])
        common = int(problem.pupils.weeks[row]) & offered
        if row in week_held and not common:
            common = offered
        earliest = (common & -common).bit_length() - 1
        week = int(solution.week[row])
        if problem.caps is not None and counted_apart(problem, row, slot):
            earliest = week if week >= 0 and common >> week & 1 else earliest
        if week_held.get(row, -1) < 0 and week != earliest:
            yield "week", f"{key} {solution.week[row]}"
        if solution.rank[row] != rank.get((row, slot), 0):
            yield "rank", f"{key} {solution.rank[row]}"
        if row in week_held:
            true_reason = Reason.HELD
        elif (row, slot) in rank:
            true_reason = Reason.WISH
        else:
            true_reason = _reason_without_wish(problem, row, slot)
        if solution.reason[row] != true_reason:
            yield "reason", f"{key} {solution.reason[row]}"


def check_reasons_of_unplaced(
    problem: Problem, solution: Solution, kinds: Kinds, pairs: Candidates
) -> Iterator[Broken]:
    """A pupil with no allowed pair is told which rule left him none, the others that it is full."""
    unplaced = np.flatnonzero(solution.slot < 0)
    has_pairs = np.diff(pairs.start)[kinds.site[kinds.of_pupil[unplaced]]] > 0
    says_full = solution.reason[unplaced] >= Reason.HELD_BY_OTHERS
    known = np.isin(solution.reason[unplaced], [int(r) for r in Reason if r >= Reason.NO_SLOT])
    for row in unplaced[(has_pairs != says_full) | ~known].tolist():
        yield "reason", f"{problem.pupils.keys[row]} {solution.reason[row]}"


def check_members(problem: Problem, solution: Solution, kinds: Kinds) -> Iterator[Broken]:
    """Among interchangeable pupils the lottery decides who is placed."""
    pupils = problem.pupils
    rows = np.flatnonzero(kinds.of_pupil >= 0)
    keys = np.array([pupils.keys[row] for row in rows.tolist()])
    order = rows[np.lexsort((keys, pupils.lottery[rows], kinds.of_pupil[rows]))]
    kind, placed = kinds.of_pupil[order], solution.slot[order] >= 0
    overtaken = (kind[1:] == kind[:-1]) & placed[1:] & ~placed[:-1]
    for row in order[:-1][overtaken].tolist():
        yield "members", pupils.keys[row]


def _reason_without_wish(problem: Problem, row: int, slot: int) -> Reason:
    sector = int(problem.slots.sector[slot])
    if sector >= 0 and int(problem.pupils.sectors[row]) >> sector & 1:
        return Reason.SECTOR
    home = int(problem.pupils.territory[row])
    if home >= 0 and home == int(problem.slots.territory[slot]):
        return Reason.TERRITORY
    return Reason.DISTANCE


def _named(problem: Problem, name: str, wrong: NDArray[np.bool_]) -> Iterator[Broken]:
    for row in np.flatnonzero(wrong).tolist():
        yield name, problem.pupils.keys[row]
