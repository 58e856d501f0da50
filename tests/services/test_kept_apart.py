"""A school marks pupils who are not sent to one place together, and says nothing more."""

import pytest

from matching.errors import RuleBroken
from matching.models.users import Role
from matching.services import enrolment, kept_apart
from tests.factories import people, places


@pytest.fixture
def group(session):
    return places.class_group()


@pytest.fixture
def teacher(group):
    return people.adult(Role.CLASS_TEACHER, school=group.school)


def marks(*pupils) -> list[str | None]:
    return [one.kept_apart for one in pupils]


def test_a_set_is_made_once_and_undone_once(group, teacher):
    one, two, other = (people.pupil(group) for _ in range(3))
    kept_apart.keep_apart(teacher, group.school, [one, two])
    mark = one.kept_apart
    kept_apart.keep_apart(teacher, group.school, [two, one])  # the page sent twice
    assert marks(one, two, other) == [mark, mark, None]
    assert mark is not None
    assert kept_apart.let_together(teacher, group.school, mark)
    assert not kept_apart.let_together(teacher, group.school, mark)
    assert marks(one, two) == [None, None]


@pytest.mark.parametrize("number", [0, 1])
def test_nobody_is_kept_apart_from_nobody(group, teacher, number):
    pupils = [people.pupil(group) for _ in range(number)]
    with pytest.raises(RuleBroken, match="kept_apart_two"):
        kept_apart.keep_apart(teacher, group.school, pupils)


def test_a_pupil_is_in_one_set_at_most(group, teacher):
    one, two, three = (people.pupil(group, first_name=name) for name in ("Ana", "Bo", "Cléo"))
    kept_apart.keep_apart(teacher, group.school, [one, two])
    with pytest.raises(RuleBroken, match="kept_apart_already") as refused:
        kept_apart.keep_apart(teacher, group.school, [three, two])
    assert refused.value.values == {"name": "Bo"}
    assert three.kept_apart is None


def test_who_is_left_alone_by_an_erasure_may_be_in_another_set(group, teacher):
    one, two, three = (people.pupil(group) for _ in range(3))
    kept_apart.keep_apart(teacher, group.school, [one, two])
    enrolment.remove(teacher, one)
    kept_apart.keep_apart(teacher, group.school, [two, three])
    assert two.kept_apart == three.kept_apart is not None


def test_a_pupil_of_another_school_is_not_marked(group, teacher):
    stranger = people.pupil(places.class_group())
    with pytest.raises(ValueError, match="another school"):
        kept_apart.keep_apart(teacher, group.school, [people.pupil(group), stranger])
    assert stranger.kept_apart is None


def test_a_set_of_another_school_is_not_undone(group, teacher):
    elsewhere = places.class_group()
    pair = [people.pupil(elsewhere) for _ in range(2)]
    kept_apart.keep_apart(teacher, elsewhere.school, pair)
    assert not kept_apart.let_together(teacher, group.school, pair[0].kept_apart)
    assert pair[0].kept_apart is not None
