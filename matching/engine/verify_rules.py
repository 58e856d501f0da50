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
    rows = np.flatnonzero(solution.slot >= 0)
    slot = solution.slot[rows]
    held = np.isin(rows, problem.fixed.pupil)
    week_told = np.isin(rows, problem.fixed.pupil[problem.fixed.week >= 0])
    wrong = ~_weeks_right(problem, rows, slot, solution.week[rows], held) & ~week_told
    yield from _told(problem, "week", rows[wrong], solution.week)
    rank = _ranks_typed(problem, rows, slot)
    yield from _told(problem, "rank", rows[solution.rank[rows] != rank], solution.rank)
    sector = problem.slots.sector[slot]
    bit = np.left_shift(np.uint64(1), np.maximum(sector, 0).astype(np.uint64))
    named = (sector >= 0) & ((problem.pupils.sectors[rows] & bit) != 0)
    home = problem.pupils.territory[rows]
    inside = (home >= 0) & (home == problem.slots.territory[slot])
    reason = np.select(
        [held, rank > 0, named, inside],
        [Reason.HELD, Reason.WISH, Reason.SECTOR, Reason.TERRITORY],
        Reason.DISTANCE,
    )
    yield from _told(problem, "reason", rows[solution.reason[rows] != reason], solution.reason)


def _weeks_right(
    problem: Problem,
    rows: NDArray[np.int64],
    slot: NDArray[np.int32],
    week: NDArray[np.int8],
    held: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    """Whether each of the pupils `rows` comes to his slot in the week that is his. Those held may
    have come in another week of the slot than they said.
    """
    offered = problem.slots.weeks[slot]
    common = problem.pupils.weeks[rows] & offered
    common = np.where(held & (common == 0), offered, common)
    bit = np.left_shift(np.uint64(1), np.maximum(week, 0).astype(np.uint64))
    bit[week < 0] = 0
    right: NDArray[np.bool_] = bit == (common & (~common + np.uint64(1)))
    if problem.caps is not None:
        several = np.flatnonzero(~right & ((bit & common) != 0))
        for k in several.tolist():
            right[k] = counted_apart(problem, int(rows[k]), int(slot[k]))
    return right


def _ranks_typed(
    problem: Problem, rows: NDArray[np.int64], slot: NDArray[np.int32]
) -> NDArray[np.int64]:
    """The rank at which each of the pupils `rows` wished his slot, 0 for none."""
    wishes, slots = problem.wishes, len(problem.slots.keys)
    wished = wishes.pupil.astype(np.int64) * slots + wishes.slot
    order = np.argsort(wished, kind="stable")
    pair = rows * slots + slot
    place = np.searchsorted(wished[order], pair, side="right") - 1
    rank = np.zeros(len(rows), dtype=np.int64)
    found = place >= 0
    found[found] = wished[order][place[found]] == pair[found]
    rank[found] = wishes.rank[order][place[found]]
    return rank


def _told(
    problem: Problem, name: str, rows: NDArray[np.int64], values: NDArray[np.integer]
) -> Iterator[Broken]:
    for row in rows.tolist():
        yield name, f"{problem.pupils.keys[row]} {values[row]}"


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


def _named(problem: Problem, name: str, wrong: NDArray[np.bool_]) -> Iterator[Broken]:
    for row in np.flatnonzero(wrong).tolist():
        yield name, problem.pupils.keys[row]
