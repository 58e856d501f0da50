"""The best answer under caps, by trying every answer. For a handful of pupils.

Written from the definition of each cap, placement by placement: which counters a placement adds one
to, and how far each may go. Nothing is a tree here.
"""

from functools import cache

from matching.engine.answer import Answer, hold
from matching.engine.problem import Policy, Problem
from tests.engine.brute_force import Table, _preference, best_class_levels, turn_of

Counter = tuple[object, ...]


class CappedTable(Table):
    """The facts of a problem, with every limit and what held placements have used of it."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        assert problem.caps is not None
        self.caps = problem.caps
        self.totals: dict[int, list[int]] = {}
        members = zip(self.caps.member_total, self.caps.member_slot, strict=True)
        for total, slot in members:
            self.totals.setdefault(int(slot), []).append(int(total))
        answer = Answer(len(problem.pupils.keys))
        hold(problem, answer)
        self.used: dict[Counter, int] = {}
        for pupil in self.held:
            for counter, _ in self.capped(pupil, int(answer.slot[pupil]), int(answer.week[pupil])):
                self.used[counter] = self.used.get(counter, 0) + 1
        self.numbers: dict[Counter, int] = {}
        self.left: list[int] = []

    def capped(self, pupil: int, slot: int, week: int) -> list[tuple[Counter, int]]:
        """The counters of caps that a placement adds to, with their limits."""
        caps, school = self.caps, int(self.problem.pupils.school[pupil])
        found: list[tuple[Counter, int]] = []
        if caps.at_once[slot] >= 0:
            found.append((("at once", slot, week), int(caps.at_once[slot])))
        if caps.of_a_school[slot] >= 0 and school >= 0:
            found.append((("school", slot, week, school), int(caps.of_a_school[slot])))
        if caps.apart[pupil] >= 0:
            found.append((("apart", slot, week, int(caps.apart[pupil])), 1))
        for total in self.totals.get(slot, []):
            if caps.total[total] >= 0:
                found.append((("total", total), int(caps.total[total])))
            if caps.total_of_a_school[total] >= 0 and school >= 0:
                limit = int(caps.total_of_a_school[total])
                found.append((("school in total", total, school), limit))
        return found

    def placements(self, pupil: int) -> list[tuple[int, int]]:
        """Slot and week of each placement that the rules of pairs allow."""
        p, s = self.problem.pupils, self.problem.slots
        return [
            (slot, week)
            for slot in range(len(s.keys))
            if self.allowed(pupil, slot)
            for week in range(len(self.problem.weeks))
            if (int(p.weeks[pupil]) & int(s.weeks[slot])) >> week & 1
        ]

    def counters(self, pupil: int, slot: int, week: int) -> list[int]:
        """Numbers of all counters of a placement, seats included; `left` says what is left."""
        found = [
            (counter, max(limit - self.used.get(counter, 0), 0))
            for counter, limit in self.capped(pupil, slot, week)
        ]
        found.append((("seats", slot), self.open[slot] + self.reserved[slot]))
        if not self.entitled(pupil, slot):
            found.append((("open seats", slot), self.open[slot]))
        numbers = []
        for counter, left in found:
            if counter not in self.numbers:
                self.numbers[counter] = len(self.left)
                self.left.append(left)
            numbers.append(self.numbers[counter])
        return numbers


def best_capped_levels(problem: Problem) -> list[tuple[str, int]]:
    """The levels of the best answer, held placements left out."""
    table = CappedTable(problem)
    levels = best_class_levels(table)
    total = problem.policy == Policy.BEST_TOTAL
    chosen = set(table.pupils) if total else best_capped_set(table)
    granted = granted_in_turn(table) if problem.policy == Policy.CANNOT_BE_GAMED else {}
    options = _options(table)
    nothing = (0,) * (1 + len(levels) + 6)

    @cache
    def best(place: int, left: tuple[int, ...]) -> tuple[int, ...]:
        if place == len(table.pupils):
            return nothing
        pupil = table.pupils[place]
        found = [best(place + 1, left)] if total or pupil not in chosen else []
        if pupil in chosen:
            mine = int(problem.pupils.class_of_service[pupil])
            for (slot, week), counters in options[pupil]:
                if granted.get(pupil, (slot, week)) != (slot, week):
                    continue
                if any(left[k] == 0 for k in counters):
                    continue
                rest = best(place + 1, _less(left, counters))
                wish, rank, sector, inside, tens, tie = table.worth(pupil, slot)
                of_class = (int(mine == c) for c in levels)
                one = (1, *of_class, wish, -rank, sector, inside, -tens, -tie)
                found.append(tuple(a + b for a, b in zip(one, rest, strict=True)))
        return max(found, default=(-99,) * len(nothing))

    values = best(0, tuple(table.left))
    names = ["placed", *(f"class {c}" for c in levels)]
    names += ["wishes", "ranks", "sectors", "territory", "distance", "ties"]
    return [(name, abs(value)) for name, value in zip(names, values, strict=True)]


def best_capped_set(table: CappedTable) -> set[int]:
    """The pupils placed when each, in order of class and lottery, is placed if all before stay."""
    chosen: list[int] = []
    for pupil in sorted(table.pupils, key=lambda k: turn_of(table, k)):
        if _all_fit(table, (*chosen, pupil), {}):
            chosen.append(pupil)
    return set(chosen)


def granted_in_turn(table: CappedTable) -> dict[int, tuple[int, int]]:
    """Slot and week that each chosen pupil gets in turn: the best of his wishes, in the earliest
    week, with which all the others can be placed.
    """
    chosen = sorted(best_capped_set(table), key=lambda k: turn_of(table, k))
    granted: dict[int, tuple[int, int]] = {}
    for pupil in chosen:
        wishes = [one for one in table.placements(pupil) if (pupil, one[0]) in table.rank]
        wishes.sort(key=lambda one: (_preference(table, pupil, one[0]), one[1]))
        for wish in wishes:
            if _all_fit(table, tuple(chosen), {**granted, pupil: wish}):
                granted[pupil] = wish
                break
    return granted


def breaks_a_cap(problem: Problem, slot: list[int], week: list[int]) -> bool:
    """Whether an answer goes beyond a limit by placements that are not held."""
    table = CappedTable(problem)
    counts: dict[Counter, int] = {}
    for pupil in table.pupils:
        if slot[pupil] < 0:
            continue
        for counter, limit in table.capped(pupil, slot[pupil], week[pupil]):
            counts[counter] = counts.get(counter, 0) + 1
            if counts[counter] + table.used.get(counter, 0) > limit:
                return True
    return False


def _options(table: CappedTable) -> dict[int, list[tuple[tuple[int, int], list[int]]]]:
    return {
        pupil: [(one, table.counters(pupil, *one)) for one in table.placements(pupil)]
        for pupil in table.pupils
    }


def _less(left: tuple[int, ...], counters: list[int]) -> tuple[int, ...]:
    return tuple(n - 1 if k in counters else n for k, n in enumerate(left))


def _all_fit(
    table: CappedTable, pupils: tuple[int, ...], granted: dict[int, tuple[int, int]]
) -> bool:
    options = _options(table)

    @cache
    def fit(place: int, left: tuple[int, ...]) -> bool:
        if place == len(pupils):
            return True
        pupil = pupils[place]
        return any(
            fit(place + 1, _less(left, counters))
            for one, counters in options[pupil]
            if granted.get(pupil, one) == one and all(left[k] for k in counters)
        )

    return fit(0, tuple(table.left))
