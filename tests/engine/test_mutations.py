"""`verify` refuses every answer that an oracle finds wrong, however truly the rest is told.

The oracle knows the rules pair by pair and, by trying all, the best value of every level
(brute_force.py). Answers are damaged at random; some stay right, and then nothing is asked.
"""

from dataclasses import replace

import numpy as np
import pytest

from matching.engine.problem import Policy, Problem
from matching.engine.solution import Level, Reason, Solution
from matching.engine.solve import solve
from matching.engine.verify import verify
from tests.engine.brute_force import Table, best_levels, best_set, granted_wishes
from tests.engine.depth import quick_or_deep
from tests.engine.instances import tiny
from tests.engine.test_best_answer import levels_decided
from tests.engine.test_verify_refuses import retold

WANTED = quick_or_deep(334, 2000)  # wrong answers of each policy
EACH = 12  # tries for each question


class Oracle:
    """What a right answer to a question is."""

    def __init__(self, problem: Problem) -> None:
        self.problem, self.table = problem, Table(problem)
        self.best = best_levels(problem)
        self.chosen = None if problem.policy == Policy.BEST_TOTAL else best_set(self.table)
        gamed = problem.policy == Policy.CANNOT_BE_GAMED
        self.granted = granted_wishes(self.table) if gamed else {}

    def finds_wrong(self, answer: Solution) -> bool:
        return self.breaks_a_rule(answer) or self.tells_untruth(answer) or self.is_worse(answer)

    def breaks_a_rule(self, answer: Solution) -> bool:
        table, held = self.table, self.problem.fixed
        if (answer.slot[held.pupil] != held.slot).any():
            return True
        if (answer.reserved_seat[held.pupil] != held.reserved).any():
            return True
        left = {False: list(table.open), True: list(table.reserved)}
        for pupil in table.pupils:
            slot, reserved = int(answer.slot[pupil]), bool(answer.reserved_seat[pupil])
            if slot < 0:
                if reserved:
                    return True
                continue
            if not table.allowed(pupil, slot) or (reserved and not table.entitled(pupil, slot)):
                return True
            left[reserved][slot] -= 1
        return min(left[False] + left[True]) < 0

    def tells_untruth(self, answer: Solution) -> bool:
        truth = told_truly(self.problem, answer, answer.slot, answer.reserved_seat)
        rows = self.table.pupils
        placed = [k for k in rows if answer.slot[k] >= 0]
        told = [(name, rows) for name in ("week", "distance", "rank")] + [("reason", placed)]
        return truth.levels != answer.levels or any(
            (getattr(truth, name)[of] != getattr(answer, name)[of]).any() for name, of in told
        )

    def is_worse(self, answer: Solution) -> bool:
        slot = answer.slot.tolist()
        return (
            levels_decided(self.problem, answer) != self.best
            or self.chosen not in (None, {k for k in self.table.pupils if slot[k] >= 0})
            or any(slot[pupil] != wish for pupil, wish in self.granted.items())
        )


def told_truly(problem: Problem, answer: Solution, slot: np.ndarray, seat: np.ndarray) -> Solution:
    """These slots and seats with every column and level true; reasons of unplaced stay."""
    found = retold(problem, answer, slot, seat)
    out = np.flatnonzero(slot < 0)
    for name, nothing in (("week", -1), ("distance", -1), ("rank", 0)):
        getattr(found, name)[out] = nothing
    placed_before = found.reason[out] < Reason.NO_SLOT
    total = problem.policy == Policy.BEST_TOTAL
    found.reason[out[placed_before]] = Reason.TOTAL if total else Reason.LOTTERY
    return replace(found, certificate=answer.certificate)


def elsewhere(random: np.random.Generator, oracle: Oracle, answer: Solution) -> Solution | None:
    """One to three pupils change places, leave or come; all that is told of it is true."""
    slot, seat = answer.slot.copy(), answer.reserved_seat.copy()
    pupils = random.permutation(oracle.table.pupils)[: random.integers(1, 4)]
    if len(pupils) > 1 and random.random() < 0.6:
        slot[pupils], seat[pupils] = np.roll(slot[pupils], 1), np.roll(seat[pupils], 1)
    else:
        slot[pupils] = random.integers(-1, len(oracle.problem.slots.keys), len(pupils))
        seat[pupils] = (random.random(len(pupils)) < 0.3) & (slot[pupils] >= 0)
    if any(slot[k] >= 0 and oracle.table.tens(k, int(slot[k])) is None for k in pupils.tolist()):
        return None  # a distance that nobody knows cannot be told
    return told_truly(oracle.problem, answer, slot, seat)


def untrue(random: np.random.Generator, oracle: Oracle, answer: Solution) -> Solution | None:
    """One number of a pupil, or of a level, is another."""
    if random.random() < 0.2:
        levels = list(answer.levels)
        place, change = int(random.integers(len(levels))), int(random.choice([-1, 1]))
        levels[place] = Level(levels[place].name, levels[place].value + change)
        return replace(answer, levels=tuple(levels))
    pupil = int(random.choice(oracle.table.pupils))
    name = str(random.choice(["week", "distance", "rank", "reserved_seat", "reason"]))
    column = getattr(answer, name).copy()
    if name == "reserved_seat":
        column[pupil] = not column[pupil]
    elif name == "reason" and answer.slot[pupil] < 0:
        return None
    else:
        column[pupil] += random.choice([-1, 1])
    return replace(answer, **{name: column})


@pytest.mark.parametrize("policy", list(Policy))
def test_every_wrong_answer_is_refused(policy: Policy) -> None:
    random = np.random.default_rng(list(Policy).index(policy))
    refused = {elsewhere: 0, untrue: 0}
    number = 0
    while sum(refused.values()) < WANTED:
        number += 1
        problem = tiny(number, policy)
        oracle, answer = Oracle(problem), solve(problem)
        assert not oracle.finds_wrong(answer)
        if not oracle.table.pupils:
            continue
        for _ in range(EACH):
            damage = elsewhere if random.random() < 0.7 else untrue
            other = damage(random, oracle, answer)
            if other is None or not oracle.finds_wrong(other):
                continue
            bare = replace(other, certificate=None)
            assert not verify(problem, other).ok, (number, damage.__name__)
            assert not verify(problem, bare).ok, (number, damage.__name__)
            refused[damage] += 1
    assert min(refused.values()) > WANTED / 10
