"""The tie bits leave one best answer, where all pupils are of a site or two and named sectors.

Not told apart are those who have nothing to exchange: members of a group, and those of a site who
go through the same sector, or through none; between them the lottery decides.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import numpy as np

from matching.engine.problem import Policy, no_wishes
from tests.engine.brute_force import Table
from tests.engine.depth import quick_or_deep
from tests.engine.instances import around_a_town

Form = tuple[list[tuple[str, int, int]], list[tuple[str, int]]]


def answers(table: Table) -> Iterator[list[tuple[int, int]]]:
    """Every answer, as pupils and slots."""
    slots, left = range(len(table.open)), (table.open, table.reserved)

    def of_pupils(pupils: list[int]) -> Iterator[list[tuple[int, int]]]:
        if not pupils:
            yield []
            return
        first, *others = pupils
        yield from of_pupils(others)
        for slot in slots:
            for kind in range(1 + table.entitled(first, slot)):
                if left[kind][slot] > 0 and table.allowed(first, slot):
                    left[kind][slot] -= 1
                    yield from ([(first, slot), *rest] for rest in of_pupils(others))
                    left[kind][slot] += 1

    yield from of_pupils(table.pupils)


def told_apart(table: Table, answer: list[tuple[int, int]]) -> Form:
    """How many of each site are where, through which sector; and of each group, through which."""
    sector = table.problem.slots.sector
    through = [int(sector[slot]) if table.worth(pupil, slot)[2] else -1 for pupil, slot in answer]
    sites = [(table.keys[p][0], slot, t) for (p, slot), t in zip(answer, through, strict=True)]
    groups = [(table.keys[p][1], t) for (p, _), t in zip(answer, through, strict=True)]
    return sorted(sites), sorted(groups)


def value(table: Table, answer: list[tuple[int, int]]) -> tuple[int, ...]:
    """Its levels, all to be made as large as can be."""
    levels = np.zeros(6, dtype=np.int64)
    for pupil, slot in answer:
        levels += table.worth(pupil, slot)
    wishes, ranks, sectors, inside, tens, ties = levels.tolist()
    return len(answer), wishes, -ranks, sectors, inside, -tens, -ties


def test_one_answer_is_the_best() -> None:
    exchanged = 0
    for number in range(2, 2 + 4 * quick_or_deep(40, 800), 4):
        problem = around_a_town(number, Policy.BEST_TOTAL, slots=5, pupils=4, side=3)
        one_class = replace(problem.pupils, class_of_service=np.zeros(4, dtype=np.int16))
        table = Table(replace(problem, wishes=no_wishes(), pupils=one_class))
        table.worth = cache(table.worth)
        found = [(value(table, answer), told_apart(table, answer)) for answer in answers(table)]
        best = max(levels for levels, _ in found)
        but_for_ties = [form for levels, form in found if levels[:-1] == best[:-1]]
        with_ties = [form for levels, form in found if levels == best]
        assert all(form == with_ties[0] for form in with_ties), number
        exchanged += any(form != with_ties[0] for form in but_for_ties)
    assert exchanged > 10
