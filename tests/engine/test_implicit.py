"""Who is placed over pairs that are not stored: the same as over stored ones, and proven."""

from dataclasses import replace

import numpy as np
import pytest

from matching.engine.groups import interchangeable
from matching.engine.implicit import Placing, place_implicit, placing_of, select_implicit
from matching.engine.market import Market, Selection, select
from matching.engine.pairs import feasible_pairs
from matching.engine.problem import Policy, Problem
from matching.engine.seats import seat_nodes
from matching.engine.verify_implicit import check_who
from tests.benchmarks.worlds import DEMO, problem_of
from tests.engine.depth import quick_or_deep
from tests.engine.instances import around_a_town, tiny

TINY, TOWNS = quick_or_deep(200, 2000), quick_or_deep(40, 400)


def stored(problem: Problem) -> Selection:
    groups, nodes = interchangeable(problem), seat_nodes(problem)
    arcs, _ = feasible_pairs(problem, groups, nodes)
    return select(Market(problem, groups, nodes, arcs))


def implicit(problem: Problem) -> Selection:
    return select_implicit(problem, interchangeable(problem), seat_nodes(problem))


def assert_same(problem: Problem) -> None:
    one, other = stored(problem), implicit(problem)
    for name in ("units", "site_block", "column_block"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    assert list(check_who(problem, *place_implicit(problem))) == []


def without_travel(problem: Problem) -> Problem:
    return replace(problem, travel=None)


def test_tiny_questions_place_the_same_pupils() -> None:
    for number in range(TINY):
        assert_same(without_travel(tiny(number, Policy.FAIR)))


def test_towns_place_the_same_pupils() -> None:
    for number in range(TOWNS):
        assert_same(without_travel(around_a_town(number, Policy.FAIR, 60, 180, side=10)))


@pytest.mark.parametrize("points", ["school", "commune", "address"])
def test_a_world_places_the_same_pupils(points: str) -> None:
    assert_same(problem_of(replace(DEMO, points=points, pupils=2_000, seats=1_200)))


def test_a_table_of_travel_is_left_to_stored_pairs() -> None:
    with pytest.raises(ValueError, match="travel"):
        implicit(tiny(7, Policy.FAIR))


def test_the_check_accepts_what_stored_pairs_select() -> None:
    """Also with a table of travel, which only the check reads here."""
    for number in range(TOWNS):
        problem = around_a_town(number, Policy.FAIR, 40, 90, side=8)
        groups, nodes = interchangeable(problem), seat_nodes(problem)
        placing = placing_of(problem, groups, nodes, stored(problem))
        assert list(check_who(problem, *placing)) == [], number


def refused(problem: Problem, placing: Placing) -> set[str]:
    return {name for name, _ in check_who(problem, *placing)}


def left_out_for(problem: Problem, placing: Placing) -> Placing:
    """One pupil gives his seat to one left out who may have it, and all prices stay."""
    slot, seat = placing.slot.copy(), placing.reserved_seat.copy()
    held = set(problem.fixed.pupil.tolist())
    for out in np.flatnonzero(slot < 0).tolist():
        for row in np.flatnonzero(slot >= 0).tolist():
            if row in held:
                continue
            slot[out], seat[out], slot[row], seat[row] = slot[row], seat[row], -1, False
            changed = Placing(slot, seat, placing.price)
            if "pairs" not in refused(problem, changed):
                return changed
            slot[row], seat[row], slot[out], seat[out] = slot[out], seat[out], -1, False
    raise AssertionError("nobody can change")


def test_whoever_is_placed_before_his_turn_is_refused() -> None:
    problem = without_travel(around_a_town(3, Policy.FAIR, 20, 40, side=3))
    assert refused(problem, left_out_for(problem, place_implicit(problem))) & {"order", "optimal"}


def test_damaged_proofs_are_refused() -> None:
    """A placement or a price changed: what is left either proves as much, or is refused."""
    random = np.random.default_rng(0)
    tried = caught = 0
    for number in range(TOWNS):
        problem = without_travel(around_a_town(number, Policy.FAIR, 30, 80, side=6))
        placing = place_implicit(problem)
        selected = placing.slot >= 0
        for _ in range(10):
            slot, seat, price = (column.copy() for column in placing)
            pupil = int(random.integers(len(slot)))
            kind, number_of_slot = int(random.integers(2)), int(random.integers(len(price[0])))
            damage = int(random.integers(4))
            if damage == 0:  # one leaves or comes
                slot[pupil] = number_of_slot if slot[pupil] < 0 else -1
                seat[pupil] &= slot[pupil] >= 0
            elif damage == 1:  # two change places
                other = int(random.integers(len(slot)))
                slot[[pupil, other]], seat[[pupil, other]] = (
                    slot[[other, pupil]],
                    seat[[other, pupil]],
                )
            elif damage == 2:
                price[kind, number_of_slot] = 0
            else:
                price[kind, number_of_slot] -= 1
            changed = Placing(slot, seat, price)
            tried += 1
            found = refused(problem, changed)
            caught += bool(found)
            if ((slot >= 0) != selected).any():
                assert found, (number, damage)
    assert caught > tried / 3


def test_an_empty_question() -> None:
    problem = tiny(1, Policy.FAIR)
    nobody = replace(
        problem.pupils,
        **{name: getattr(problem.pupils, name)[:0] for name in problem.pupils.__dataclass_fields__},
    )
    empty = Problem(weeks=problem.weeks, slots=problem.slots, pupils=nobody)
    assert_same(empty)
