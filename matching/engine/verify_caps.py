"""The checker's own reading of caps: what is counted together, how far it may go, what it costs.

Nothing here comes from the solver. A *door* is an allowed pair of a site and a slot, once for each
week that would be counted apart.
"""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.engine.caps import Caps
from matching.engine.problem import Problem
from matching.engine.solution import Certificate, Solution
from matching.engine.verify_pairs import Candidates, Kinds, caps_of, counted_apart
from matching.engine.verify_rules import Broken

APART, SCHOOL, SCHOOL_TOTAL, OPEN, AT_ONCE, SLOT, TOTAL = range(7)
Name = tuple[int, int, int, int]  # kind, slot or total, week, team; −1 where it does not matter


class Doors(NamedTuple):
    """Doors sorted by site; D of them. `chain` (D, kinds) are numbers of counted sets, −1 none."""

    start: NDArray[np.int64]  # of each site
    slot: NDArray[np.int32]
    week: NDArray[np.int64]  # −1 when any common week will do
    tens: NDArray[np.int64]
    chain: NDArray[np.int64]


class Sets(NamedTuple):
    """What is counted together: name, how many may still come, the next larger set (−1 none)."""

    names: list[Name]
    left: NDArray[np.int64]
    above: NDArray[np.int64]


def totals_over(caps: Caps) -> dict[int, list[int]]:
    """The totals over each slot, the smaller first."""
    size = Counter(caps.member_total.tolist())
    over: dict[int, list[int]] = {}
    for total, slot in zip(caps.member_total.tolist(), caps.member_slot.tolist(), strict=True):
        over.setdefault(slot, []).append(total)
    return {slot: sorted(totals, key=lambda t: (size[t], t)) for slot, totals in over.items()}


def names_of(
    problem: Problem, pupil: int, slot: int, week: int, over: list[int]
) -> Iterator[tuple[Name, int]]:
    """The capped sets, seats apart, that count a placement, and their limits. `over` are the totals
    over the slot. A school meets one slot of a total that caps it: the total stands for that slot.
    """
    caps, school = caps_of(problem), int(problem.pupils.school[pupil])
    if caps.apart[pupil] >= 0:
        yield (APART, slot, week, int(caps.apart[pupil])), 1
    if school >= 0 and caps.of_a_school[slot] >= 0:
        yield (SCHOOL, slot, week, school), int(caps.of_a_school[slot])
    for total in over:
        if school >= 0 and caps.total_of_a_school[total] >= 0:
            yield (SCHOOL_TOTAL, total, -1, school), int(caps.total_of_a_school[total])
    if caps.at_once[slot] >= 0:
        yield (AT_ONCE, slot, week, -1), int(caps.at_once[slot])
    for total in over:
        if caps.total[total] >= 0:
            yield (TOTAL, total, -1, -1), int(caps.total[total])


def check_caps(problem: Problem, solution: Solution) -> Iterator[Broken]:
    """No limit is passed; held placements may, but then nobody is added."""
    over = totals_over(caps_of(problem))
    held = set(problem.fixed.pupil.tolist())
    count: Counter[tuple[Name, int]] = Counter()
    added = set()
    for row in np.flatnonzero(solution.slot >= 0).tolist():
        slot, week = int(solution.slot[row]), int(solution.week[row])
        for one in names_of(problem, row, slot, week, over.get(slot, [])):
            count[one] += 1
            if row not in held:
                added.add(one)
    for (name, limit), found in count.items():
        if found > limit and (name, limit) in added:
            yield "caps", f"{name} {found} for {limit}"


def doors_of(
    problem: Problem, solution: Solution, kinds: Kinds, pairs: Candidates
) -> tuple[Doors, Sets]:
    """Every door, and every set that counts somebody who may come in."""
    over = totals_over(caps_of(problem))
    slots, pupils = problem.slots, problem.pupils
    numbers: dict[Name, int] = {}
    limits: list[int] = []
    used = _held(problem, solution, over)
    seats = np.stack([slots.seats - slots.reserved, slots.reserved]).astype(np.int64)
    np.subtract.at(seats, (problem.fixed.reserved.astype(np.int8), problem.fixed.slot), 1)
    known: dict[tuple[int, int, int, int, bool], list[int]] = {}  # chains met before
    start, found, chains = [0], [], []
    for site, example in enumerate(kinds.site_example.tolist()):
        team = int(pupils.school[example]), int(caps_of(problem).apart[example])
        free, rights = int(pupils.weeks[example]), int(pupils.entitlements[example])
        for pair in range(int(pairs.start[site]), int(pairs.start[site + 1])):
            slot, tens = int(pairs.slot[pair]), int(pairs.tens[pair])
            common = free & int(slots.weeks[slot])
            kept_from = slots.reserved[slot] > 0 and not rights >> int(slots.reserved_for[slot]) & 1
            dated = counted_apart(problem, example, slot)
            for week in _bits(common) if dated else [(common & -common).bit_length() - 1]:
                same = (*team, slot, week, bool(kept_from))
                if same not in known:
                    sets = {(SLOT, slot, -1, -1): int(seats[:, slot].sum())}
                    if kept_from:
                        sets[OPEN, slot, -1, -1] = int(seats[0, slot])
                    for name, limit in names_of(problem, example, slot, week, over.get(slot, [])):
                        here = (SCHOOL_TOTAL, slot, -1, team[0])
                        where = here if name[0] == SCHOOL_TOTAL else name
                        left = max(limit - used[name], 0)
                        sets[where] = min(left, sets.get(where, left))
                    known[same] = []
                    for name in sorted(sets, key=lambda name: name[0]):
                        if name not in numbers:
                            numbers[name] = len(limits)
                            limits.append(sets[name])
                        known[same].append(numbers[name])
                found.append((slot, week if dated else -1, tens))
                chains.append(known[same])
        start.append(len(found))
    sets_found = Sets(list(numbers), np.array(limits, dtype=np.int64), _above(chains, len(limits)))
    columns = np.array(found, dtype=np.int64).reshape(-1, 3).T.copy()
    longest = max((len(chain) for chain in chains), default=1)
    chain = np.array([one + [-1] * (longest - len(one)) for one in chains], dtype=np.int64)
    return Doors(
        np.array(start, dtype=np.int64), columns[0].astype(np.int32), columns[1], columns[2],
        chain.reshape(-1, longest),
    ), sets_found  # fmt: skip


def prices_of_sets(
    problem: Problem, certificate: Certificate, sets: Sets
) -> NDArray[np.int64] | None:
    """(sets, L) prices as the certificate tells them; None when it prices what is no set."""
    told = certificate.caps
    if told is None:
        return None
    given = {
        (int(kind), int(slot), int(week), int(team)): told.prices[:, column]
        for column, (kind, slot, week, team) in enumerate(
            zip(told.kind, told.slot, told.week, told.team, strict=True)
        )
    }
    unknown = given.keys() - set(sets.names)
    if len(given) != told.prices.shape[1] or any(given[name].any() for name in unknown):
        return None
    prices = np.zeros((len(sets.names), len(certificate.levels)), dtype=np.int64)
    for number, name in enumerate(sets.names):
        kind, slot, _, _ = name
        if kind not in (SLOT, OPEN):
            prices[number] = given.get(name, 0)
            continue
        of_open, of_reserved = certificate.prices[:, 0, slot], certificate.prices[:, 1, slot]
        if kind == OPEN:
            prices[number] = of_open - of_reserved
        else:
            prices[number] = of_reserved if problem.slots.reserved[slot] > 0 else of_open
    return prices


def _held(problem: Problem, solution: Solution, over: dict[int, list[int]]) -> Counter[Name]:
    """How many held placements each capped set counts."""
    count: Counter[Name] = Counter()
    for row in problem.fixed.pupil.tolist():
        slot, week = int(solution.slot[row]), int(solution.week[row])
        count.update(name for name, _ in names_of(problem, row, slot, week, over.get(slot, [])))
    return count


def _above(chains: list[list[int]], size: int) -> NDArray[np.int64]:
    """The next set of each in the chains; ValueError when two chains do not agree."""
    above = np.full(size, -2, dtype=np.int64)
    for chain in {tuple(chain) for chain in chains}:
        for number, following in zip(chain, (*chain[1:], -1), strict=True):
            if above[number] not in (-2, following):
                raise ValueError("caps that cross")
            above[number] = following
    return above


def _bits(number: int) -> list[int]:
    return [bit for bit in range(number.bit_length()) if number >> bit & 1]
