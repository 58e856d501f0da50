"""The weeks of a school and of its classes. Zone A in 2026-27 (reference calendar)."""

import pytest
import sqlalchemy as sa

from matching.errors import RuleBroken
from matching.models.schools import PlacementWindow
from matching.models.statuses import PlacementStatus
from matching.models.users import Role
from matching.services import windows
from tests.factories import people, places
from tests.factories.placements import placement

pytestmark = pytest.mark.usefixtures("in_november")


@pytest.fixture
def school(session):
    return places.school()


@pytest.fixture
def head(school):
    return people.adult(Role.PRINCIPAL, school=school)


def chosen(session, school) -> list[tuple[str, str, bool]]:
    return [
        (row.week, row.weekdays, row.class_group_id is not None)
        for row in session.scalars(
            sa.select(PlacementWindow)
            .where(PlacementWindow.school_id == school.id)
            .order_by(PlacementWindow.week, PlacementWindow.class_group_id)
        )
    ]


def test_a_week_comes_with_all_its_free_days(session, school, head) -> None:
    windows.choose(head, school, week="2027-W05")
    windows.choose(head, school, week="2027-W13")  # Easter Monday
    windows.choose(head, school, week="2027-W18")  # Ascension and the day after
    assert chosen(session, school) == [
        ("2027-W05", "12345", False),
        ("2027-W13", "2345", False),
        ("2027-W18", "123", False),
    ]


def test_choosing_a_week_again_only_sets_its_days(session, school, head) -> None:
    windows.choose(head, school, week="2027-W05")
    windows.choose(head, school, week="2027-W05", weekdays="4521")
    windows.choose(head, school, week="2027-W05", weekdays="4521")
    assert chosen(session, school) == [("2027-W05", "1245", False)]


@pytest.mark.parametrize(
    ("week", "weekdays", "code", "why"),
    [
        ("2026-W52", None, "week_holiday", "Vacances de Noël"),
        ("2027-W07", None, "week_holiday", "Vacances d’hiver"),
        ("2027-W07", "123", "week_holiday", "Vacances d’hiver"),
        ("2027-W13", "12345", "week_short", "Lundi de Pâques"),
        ("2027-W05", "12", "weekdays_count", ""),
        ("2027-W05", "", "weekdays_count", ""),
        ("2027-W05", "1267", "weekdays_weekend", ""),
        ("2026-W47", None, "week_past", ""),
        ("2026-W48", None, "week_past", ""),  # it begins today
        ("2028-W05", None, "week_other_year", ""),
        ("2026-W53", None, "week_holiday", "Vacances de Noël"),
        ("2027-W53", None, "week_format", ""),  # 2027 has 52 weeks
        ("n’importe quoi", None, "week_format", ""),
        ("2027-W26", None, "week_outside_season", ""),
        ("2027-W27", None, "week_holiday", "Vacances d’été"),
    ],
)
def test_a_week_without_school_is_refused_with_the_reason(
    session, school, head, week, weekdays, code, why
) -> None:
    with pytest.raises(RuleBroken) as broken:
        windows.choose(head, school, week=week, weekdays=weekdays)
    assert (broken.value.code, broken.value.field) == (code, "week")
    assert broken.value.values["why"] == why
    assert chosen(session, school) == []


def test_the_weeks_of_a_class_replace_those_of_the_school(session, school, head) -> None:
    group, other = places.class_group(school, weeks=()), places.class_group(school, weeks=())
    windows.choose(head, school, week="2027-W05")
    windows.choose(head, school, week="2027-W10", class_group=group)
    every = list(session.scalars(sa.select(PlacementWindow)))
    assert [one.week for one in windows.effective(every, group)] == ["2027-W10"]
    assert [one.week for one in windows.effective(every, other)] == ["2027-W05"]
    windows.give_up(head, school, week="2027-W10", class_group=group)
    every = list(session.scalars(sa.select(PlacementWindow)))
    assert [one.week for one in windows.effective(every, group)] == ["2027-W05"]


def test_a_week_given_up_twice_is_gone_once(session, school, head) -> None:
    windows.choose(head, school, week="2027-W05")
    windows.give_up(head, school, week="2027-W05")
    windows.give_up(head, school, week="2027-W05")
    assert chosen(session, school) == []


@pytest.mark.parametrize("status", [PlacementStatus.PROPOSED, PlacementStatus.CONFIRMED])
def test_a_week_in_which_pupils_hold_places_stays(session, school, head, status) -> None:
    group = places.class_group(school)
    placement(places.offer().seats[0], pupil=people.pupil(group), status=status)
    with pytest.raises(RuleBroken) as broken:
        windows.give_up(head, school, week=places.WEEK)
    assert broken.value.code == "week_in_use"
    assert (broken.value.values["class_name"], broken.value.values["pupils"]) == (group.name, 1)
    with pytest.raises(RuleBroken, match="week_in_use"):
        windows.choose(head, school, week="2027-W10", class_group=group)
    assert chosen(session, school) == [(places.WEEK, "12345", False)]


def test_a_placement_that_ended_holds_no_week(session, school, head) -> None:
    group = places.class_group(school)
    seat = places.offer().seats[0]
    placement(seat, pupil=people.pupil(group), status=PlacementStatus.DECLINED)
    windows.give_up(head, school, week=places.WEEK)
    assert chosen(session, school) == []


def test_who_was_outside_the_weeks_before_blocks_no_change(session, school, head) -> None:
    group = places.class_group(school)
    moved = placement(places.offer(weeks=("2027-W12",)).seats[0], pupil=people.pupil(group))
    assert moved.week == "2027-W12"
    windows.choose(head, school, week="2027-W10")
    windows.give_up(head, school, week=places.WEEK)
    assert chosen(session, school) == [("2027-W10", "12345", False)]


def test_a_teacher_of_one_class_sets_its_weeks_only(session, school) -> None:
    teacher = people.adult(Role.CLASS_TEACHER, school=school)
    group = places.class_group(school, weeks=(), class_teacher_id=teacher.id)
    windows.choose(teacher, school, week="2027-W05", class_group=group)
    with pytest.raises(RuleBroken, match="whole_school_only"):
        windows.choose(teacher, school, week="2027-W05")
    assert chosen(session, school) == [("2027-W05", "12345", True)]
