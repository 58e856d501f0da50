"""The definition of the best answer, by trying every answer. For a handful of pupils.

Written from the rules, pair by pair; it shares the distance, the lottery and the tie bits with the
matcher, which are rules themselves, and nothing else.
"""

from functools import cache

import numpy as np

from matching.engine.distance import distance
from matching.engine.lottery import draw, draws, draws_of_sectors, tie_bits
from matching.engine.problem import Policy, Problem


class Table:
    """The facts of a problem in plain Python, with the held placements taken off."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        held = problem.fixed
        self.held = set(held.pupil.tolist())
        self.open = (problem.slots.seats - problem.slots.reserved).tolist()
        self.reserved = problem.slots.reserved.tolist()
        for slot, reserved in zip(held.slot.tolist(), held.reserved.tolist(), strict=True):
            (self.reserved if reserved else self.open)[slot] -= 1
        self.rank = _pairs(problem.wishes, "rank")
        self.refused = set(_pairs(problem.refused, "slot"))
        self.travel = None if problem.travel is None else _pairs(problem.travel, "distance")
        self.keys = _keys(problem)
        self.sector_draws = draws_of_sectors(
            problem.slots.sector, draws(problem.seed, problem.slots.keys)
        )
        self.pupils = [k for k in range(len(problem.pupils.keys)) if k not in self.held]

    def tens(self, pupil: int, slot: int) -> int | None:
        if self.travel is not None:
            return self.travel.get((pupil, slot))
        p, s = self.problem.pupils, self.problem.slots
        return distance(p.lat[pupil], p.lon[pupil], s.lat[slot], s.lon[slot])

    def allowed(self, pupil: int, slot: int) -> bool:
        p, s = self.problem.pupils, self.problem.slots
        tens = self.tens(pupil, slot)
        return bool(
            int(p.weeks[pupil]) & int(s.weeks[slot])
            and tens is not None
            and tens <= p.reach[pupil]
            and (s.accessible[slot] or not p.needs_access[pupil])
            and p.link_group[pupil] == s.link_group[slot]
            and (pupil, slot) not in self.refused
        )

    def entitled(self, pupil: int, slot: int) -> bool:
        wanted = int(self.problem.slots.reserved_for[slot])
        return wanted >= 0 and bool(int(self.problem.pupils.entitlements[pupil]) >> wanted & 1)

    def worth(self, pupil: int, slot: int) -> tuple[int, ...]:
        """wishes, ranks, sectors, territory, distance, ties of one placement."""
        p, s = self.problem.pupils, self.problem.slots
        rank = self.rank.get((pupil, slot), 0)
        sector = int(s.sector[slot])
        named = rank == 0 and sector >= 0 and int(p.sectors[pupil]) >> sector & 1
        inside = p.territory[pupil] >= 0 and p.territory[pupil] == s.territory[slot]
        site, group = self.keys[pupil]
        if rank:
            tie = self.tie(group, draw(self.problem.seed, s.keys[slot]))
        else:
            tie = self.tie(site, draw(self.problem.seed, s.keys[slot])) // (2 if named else 1)
            tie += self.tie(group, int(self.sector_draws[sector]) if named else 7)
        tens = self.tens(pupil, slot)
        if tens is None:
            assert pupil in self.held, "only what is held may lack a row of travel"
            tens = distance(p.lat[pupil], p.lon[pupil], s.lat[slot], s.lon[slot])
        return int(rank > 0), rank, int(bool(named)), int(inside), tens, tie

    def tie(self, key: str, other: int) -> int:
        mine = np.array([draw(self.problem.seed, key)], dtype=np.uint64)
        return int(tie_bits(mine, np.array([other], dtype=np.uint64))[0])


def best_levels(problem: Problem) -> list[tuple[str, int]]:
    """The levels of the best answer, held placements left out; of `placed` pupils first."""
    table = Table(problem)
    levels = best_class_levels(table)
    chosen = None if problem.policy == Policy.BEST_TOTAL else best_set(table)
    granted = granted_wishes(table) if problem.policy == Policy.CANNOT_BE_GAMED else {}
    slots = len(problem.slots.keys)

    @cache
    def best(
        place: int, open_left: tuple[int, ...], reserved_left: tuple[int, ...]
    ) -> tuple[int, ...]:
        """Best levels, all to be made as large as can be, of the pupils from `place` on."""
        if place == len(table.pupils):
            return (0,) * (1 + len(levels) + 6)
        pupil = table.pupils[place]
        options = []
        if chosen is None or pupil not in chosen:
            options.append(best(place + 1, open_left, reserved_left))
        if chosen is None or pupil in chosen:
            for slot in range(slots):
                if not table.allowed(pupil, slot) or granted.get(pupil, slot) != slot:
                    continue
                for kind, left in enumerate((open_left, reserved_left)):
                    if left[slot] == 0 or (kind == 1 and not table.entitled(pupil, slot)):
                        continue
                    less = tuple(n - (k == slot) for k, n in enumerate(left))
                    rest = best(
                        place + 1, *((less, reserved_left) if kind == 0 else (open_left, less))
                    )
                    wish, rank, sector, inside, tens, tie = table.worth(pupil, slot)
                    mine = int(problem.pupils.class_of_service[pupil])
                    one = (
                        1,
                        *(int(mine == c) for c in levels),
                        wish,
                        -rank,
                        sector,
                        inside,
                        -tens,
                        -tie,
                    )
                    options.append(tuple(a + b for a, b in zip(one, rest, strict=True)))
        return max(options, default=(-99,) * (1 + len(levels) + 6))

    values = best(0, tuple(table.open), tuple(table.reserved))
    names = ["placed", *(f"class {c}" for c in levels)]
    names += ["wishes", "ranks", "sectors", "territory", "distance", "ties"]
    return [(name, abs(value)) for name, value in zip(names, values, strict=True)]


def best_class_levels(table: Table) -> list[int]:
    """The classes that have a level: under best_total, all of those to place but the lowest."""
    if table.problem.policy != Policy.BEST_TOTAL:
        return []
    classes = {int(table.problem.pupils.class_of_service[k]) for k in table.pupils}
    return sorted(classes, reverse=True)[:-1]


def best_set(table: Table) -> set[int]:
    """The pupils placed when each, in order of class and lottery, is placed if all before stay."""
    order = sorted(table.pupils, key=lambda k: turn_of(table, k))
    chosen: list[int] = []
    for pupil in order:
        if _can_place(table, [*chosen, pupil], table.open, table.reserved, {}):
            chosen.append(pupil)
    return set(chosen)


def granted_wishes(table: Table) -> dict[int, int]:
    """What each chosen pupil, in turn, gets: the best of his wishes with which all can be placed.

    Of equal ranks, the one in his territory, then the nearest, then by tie bits.
    """
    chosen = sorted(best_set(table), key=lambda k: turn_of(table, k))
    granted: dict[int, int] = {}
    for pupil in chosen:
        wishes = [s for p, s in table.rank if p == pupil and table.allowed(p, s)]
        for slot in sorted(wishes, key=lambda s: _preference(table, pupil, s)):
            tried = {**granted, pupil: slot}
            if _can_place(table, chosen, table.open, table.reserved, tried):
                granted = tried
                break
    return granted


def turn_of(table: Table, pupil: int) -> tuple[int, int, str]:
    pupils = table.problem.pupils
    return -int(pupils.class_of_service[pupil]), int(pupils.lottery[pupil]), pupils.keys[pupil]


def _preference(table: Table, pupil: int, slot: int) -> tuple[int, ...]:
    _, rank, _, inside, tens, tie = table.worth(pupil, slot)
    return rank, -inside, tens, tie


def _can_place(
    table: Table,
    pupils: list[int],
    open_left: list[int],
    reserved: list[int],
    granted: dict[int, int],
) -> bool:
    if not pupils:
        return True
    first, rest = pupils[0], pupils[1:]
    for slot in range(len(open_left)):
        if not table.allowed(first, slot) or granted.get(first, slot) != slot:
            continue
        for left in (open_left, *([reserved] if table.entitled(first, slot) else [])):
            if left[slot] > 0:
                left[slot] -= 1
                possible = _can_place(table, rest, open_left, reserved, granted)
                left[slot] += 1
                if possible:
                    return True
    return False


def _pairs(table: object, column: str) -> dict[tuple[int, int], int]:
    values = getattr(table, column).tolist()
    return dict(
        zip(zip(table.pupil.tolist(), table.slot.tolist(), strict=True), values, strict=True)
    )


def _keys(problem: Problem) -> list[tuple[str, str]]:
    """The keys of each pupil's site and group: the first among those who differ in nothing that
    counts. Wishes and sectors do not count for a site.
    """
    p = problem.pupils
    apart = set(problem.refused.pupil.tolist())
    if problem.travel is not None:
        apart |= set(problem.travel.pupil.tolist())
    wishing = set(problem.wishes.pupil.tolist())
    columns = [n for n in p.__dataclass_fields__ if n not in {"keys", "lottery", "sectors"}]
    site = [
        (k,) if k in apart else tuple(getattr(p, name)[k].item() for name in columns)
        for k in range(len(p.keys))
    ]
    if problem.caps is not None:
        site = [(*one, problem.caps.apart[k].item()) for k, one in enumerate(site)]
    group = [(k,) if k in wishing else (site[k], p.sectors[k].item()) for k in range(len(p.keys))]
    return [
        (
            min(p.keys[j] for j in range(len(p.keys)) if site[j] == site[k]),
            min(p.keys[j] for j in range(len(p.keys)) if group[j] == group[k]),
        )
        for k in range(len(p.keys))
    ]
