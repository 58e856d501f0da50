"""The generated questions are the same for the same seed, and as large as they say."""

from dataclasses import fields, replace

import numpy as np
import pytest

from matching.engine.distance import distances
from matching.engine.problem import Problem
from tests.benchmarks.worlds import DEMO, SUPPLY, World, problem_of

SMALL = replace(DEMO, name="small", pupils=900, seats=480, departements=("49", "68"))


def facts(problem: Problem) -> list[bytes]:
    """Every column of every table."""
    tables = (problem.slots, problem.pupils, problem.wishes)
    return [
        np.asarray(getattr(table, column.name)).tobytes()
        for table in tables
        for column in fields(table)
    ]


@pytest.mark.parametrize("points", ["school", "address"])
def test_the_same_seed_gives_the_same_question(points: str) -> None:
    world = replace(SMALL, points=points)
    once = facts(problem_of(world))
    assert once == facts(problem_of(world))
    assert once != facts(problem_of(replace(world, seed=2)))


@pytest.mark.parametrize("supply", SUPPLY)
def test_pupils_seats_and_offers_are_as_many_as_asked(supply: str) -> None:
    world = SMALL.supplied(supply)
    problem = problem_of(world)
    assert len(problem.pupils.keys) == world.pupils == 900
    assert problem.slots.seats.sum() == world.seats == round(900 * SUPPLY[supply])
    assert len(np.unique(problem.slots.offers)) == round(world.seats / 2.4)
    assert (problem.slots.seats > 0).all()


def test_points_are_schools_communes_or_everybody_s_own() -> None:
    def places(points: str) -> int:
        pupils = problem_of(replace(SMALL, points=points)).pupils
        return len(np.unique(np.stack([pupils.lat, pupils.lon]), axis=1).T)

    schools = 900 // 114
    assert places("school") <= schools < places("commune") < 12 * schools
    assert places("address") == 900


def wishing(world: World) -> float:
    wishes = problem_of(world).wishes
    return len(np.unique(wishes.pupil)) / world.pupils


def test_nobody_some_or_all_wish() -> None:
    assert wishing(replace(SMALL, wishing=0)) == 0
    assert 0.5 < wishing(replace(SMALL, wishing=0.6)) <= 0.65
    assert wishing(replace(SMALL, wishing=1)) > 0.9  # some reach nothing


def test_wishes_are_ranked_near_and_in_the_pupil_s_weeks() -> None:
    problem = problem_of(SMALL)
    wishes, pupils, slots = problem.wishes, problem.pupils, problem.slots
    first = np.flatnonzero(np.diff(wishes.pupil, prepend=-1))
    assert (wishes.rank[first] == 1).all()
    assert (pupils.weeks[wishes.pupil] & slots.weeks[wishes.slot]).all()
    far = distances(
        pupils.lat[wishes.pupil], pupils.lon[wishes.pupil],
        slots.lat[wishes.slot], slots.lon[wishes.slot],
    )  # fmt: skip
    assert (far <= pupils.reach[wishes.pupil]).all()


def test_concentrated_wishes_go_to_few_slots() -> None:
    def share_of_the_ten_first(*, concentrated: bool) -> float:
        wishes = problem_of(replace(SMALL, concentrated=concentrated)).wishes
        counts = np.sort(np.bincount(wishes.slot))[::-1]
        return counts[:10].sum() / counts.sum()

    spread = share_of_the_ten_first(concentrated=False)
    assert share_of_the_ten_first(concentrated=True) > 1.5 * spread
