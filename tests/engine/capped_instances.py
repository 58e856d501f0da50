"""Small random questions under caps that nest."""

from dataclasses import replace

import numpy as np

from matching.engine.caps import Caps, caps
from matching.engine.columns import ProblemInvalid
from matching.engine.problem import Policy, Problem
from tests.engine.instances import around_a_town


def with_caps(problem: Problem, number: int) -> Problem:
    """The problem with random caps; those that cross are switched off."""
    random = np.random.default_rng([number, 7])
    slots, pupils = len(problem.slots.keys), len(problem.pupils.keys)
    columns = {
        "at_once": random.choice([-1, -1, 0, 1, 1, 2], slots),
        "of_a_school": random.choice([-1, 0, 1, 1, 2], slots),
        "apart": apart(problem, random),
        **totals(random, slots),
    }
    while True:
        try:
            return replace(problem, caps=caps(slots, pupils, **columns))
        except ProblemInvalid as refusal:
            for fault in refusal.faults:
                name = fault.field.removeprefix("caps.")
                if name == "of_a_school" and columns[name][fault.row] < 0:
                    name = "total_of_a_school"
                if name in ("apart", "total_of_a_school"):
                    columns[name] = np.full(len(columns[name]), -1)
                else:
                    columns[name][fault.row] = -1


def tiny_capped(number: int, policy: Policy, most: int = 7) -> Problem:
    random = np.random.default_rng([number, 3])
    problem = around_a_town(
        number, policy, int(random.integers(1, most + 1)), int(random.integers(1, most + 1))
    )
    return with_caps(problem, number)


def apart(problem: Problem, random: np.random.Generator) -> np.ndarray:
    """Up to one set in each school."""
    school = problem.pupils.school
    chosen = random.random(len(school)) < random.choice([0.0, 0.4, 0.8])
    return np.where(chosen & (school >= 0), school, -1)


def totals(random: np.random.Generator, slots: int) -> dict[str, np.ndarray]:
    """Neighbouring slots in offers, neighbouring offers in hosts, some of them capped."""
    offer = np.sort(random.integers(0, slots, slots))
    host = offer // 2
    sets = [np.flatnonzero(of == n) for of in (offer, host) for n in np.unique(of)]
    sets = [one for one in sets if random.random() < 0.6]
    return {
        "total": random.choice([-1, 0, 1, 2, 3, 4], len(sets)),
        "total_of_a_school": random.choice([-1, -1, -1, 1, 2], len(sets)),
        "member_total": np.repeat(np.arange(len(sets)), [len(one) for one in sets]),
        "member_slot": np.concatenate([*sets, np.zeros(0, int)]),
    }


def without_caps(given: Caps) -> Caps:
    """The same tables, all off."""
    return caps(len(given.at_once), len(given.apart))
