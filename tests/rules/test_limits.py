"""The form refuses the limits that the matcher refuses, and no others."""

from itertools import product

import numpy as np
import pytest

from matching.engine.caps import OFF, cap_faults, caps
from matching.engine.problem import Pupils, Slots
from matching.rules.limits import MOST, Limits, limit_problems, out_of_range


def slots_of(*, any_week: bool, weeks: int, reserved: int) -> Slots:
    """An offer of three seats, and another of its site without reserved seats, in every week."""
    every = (1 << weeks) - 1
    masks = [every] if any_week else [1 << week for week in range(weeks)]
    size = len(masks) + 1
    return Slots(
        keys=[*(f"one|{mask}" for mask in masks), "two|"],
        offers=[0] * len(masks) + [1],
        weeks=[*masks, every],
        seats=[3] * size,
        reserved=[reserved] * len(masks) + [0],
        reserved_for=[0 if reserved else -1] * len(masks) + [-1],
        lat=[46.0] * size,
        lon=[5.0] * size,
        territory=[-1] * size,
        sector=[-1] * size,
        accessible=[True] * size,
        link_group=[0] * size,
    )


def pupils_of(weeks: int) -> Pupils:
    """Four pupils of a school entitled to the reserved seats, and four of one that is not."""
    whole = (1 << weeks) - 1
    return Pupils(
        keys=[f"pupil {number}" for number in range(8)],
        lottery=range(8),
        lat=[46.0] * 8,
        lon=[5.0] * 8,
        weeks=[whole] * 8,
        reach=[2000] * 8,
        class_of_service=[0] * 8,
        entitlements=[1, 1, 1, 1, 0, 0, 0, 0],
        school=[1, 1, 1, 1, 2, 2, 2, 2],
        territory=[-1] * 8,
        sectors=[0] * 8,
        needs_access=[False] * 8,
        link_group=[0] * 8,
    )


def refused_by_the_matcher(
    limits: Limits, *, any_week: bool, weeks: int, reserved: int, at_site: int
):
    """What it says of these limits, with a limit of the site and pupils kept apart in each school.

    Limits cross or not whatever their number.
    """
    slots, pupils = slots_of(any_week=any_week, weeks=weeks, reserved=reserved), pupils_of(weeks)
    own = len(slots.keys) - 1

    def of_offer(limit: int | None) -> list[int]:
        return [OFF if limit is None else limit] * own + [OFF]

    given = caps(
        len(slots.keys),
        len(pupils.keys),
        at_once=of_offer(limits.at_once),
        of_a_school=of_offer(limits.of_a_school),
        apart=[0, 0, OFF, OFF, 1, 1, 1, OFF],
        total=[at_site, OFF if limits.in_all is None else limits.in_all],
        total_of_a_school=np.full(2, OFF),
        member_total=[0] * (own + 1) + [1] * own,
        member_slot=[*range(own + 1), *range(own)],
    )
    return {(fault.field, fault.code) for fault in cap_faults(given, slots, pupils)}


CROSSING = {"at_once_reserved": ("caps.at_once", "crosses_reserved")}


def test_the_form_refuses_the_limits_that_cross_and_no_others():
    plans = product(
        (None, 1, 2), (None, 1, 2), (None, 2), (False, True), (1, 2, 3), (0, 1, 3), (OFF, 2)
    )
    met = set()
    for at_once, of_a_school, in_all, any_week, weeks, reserved, at_site in plans:
        limits = Limits(at_once, of_a_school, in_all)
        plan = {"any_week": any_week, "weeks": weeks, "reserved": reserved}
        codes = {code for _name, code in limit_problems(limits, **plan)}
        told = {CROSSING[code] for code in codes & CROSSING.keys()}
        assert refused_by_the_matcher(limits, **plan, at_site=at_site) == told, (limits, plan)
        met |= codes
    assert met == {"at_once_each_week", "at_once_reserved"}


@pytest.mark.parametrize("number", [0, -1, MOST + 1])
@pytest.mark.parametrize("name", ["at_once", "of_a_school", "in_all"])
def test_a_limit_is_a_number_of_pupils(name, number):
    limits = Limits(**{name: number})
    assert limit_problems(limits, any_week=True, weeks=2, reserved=0) == [(name, "limit_number")]
    assert out_of_range(number)


def test_no_limit_is_always_fine():
    assert not out_of_range(None)
    assert limit_problems(Limits(), any_week=True, weeks=2, reserved=2) == []
    assert limit_problems(Limits(1, 1, MOST), any_week=True, weeks=2, reserved=0) == []
