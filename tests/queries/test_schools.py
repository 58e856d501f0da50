"""Who sees which classes and pupils, and whether the boards count right."""

import random

import pytest
import sqlalchemy as sa

from matching.models.pupils import Pupil
from matching.models.schools import ClassGroup, School
from matching.models.statuses import HOLDING, ApplicationStatus, PlacementStatus
from matching.models.users import SCHOOL_ROLES, Membership, Role
from matching.queries import pupils, schools
from tests.factories import campaigns, people, places
from tests.factories.placements import placement

YEAR = places.YEAR


def names(session, query) -> list:
    return [row.name for row in session.scalars(query)]


@pytest.mark.parametrize("role", SCHOOL_ROLES)
def test_an_adult_sees_his_school_and_no_other(session, role) -> None:
    mine, other = places.school(), places.school()
    group, _theirs = places.class_group(mine), places.class_group(other)
    pupil = people.pupil(group)
    people.pupil(_theirs)
    user = people.adult(role, school=mine)
    assert list(session.scalars(schools.visible_to(user))) == [mine]
    assert list(session.scalars(schools.classes_visible_to(user, YEAR))) == [group]
    assert list(session.scalars(pupils.visible_to(user, YEAR))) == [pupil]


def test_a_membership_that_ended_shows_nothing(session) -> None:
    school = places.school()
    people.pupil(places.class_group(school))
    user = people.adult(Role.PRINCIPAL, school=school)
    session.execute(sa.update(Membership).values(ended_at=school.created_at))
    session.commit()
    assert not list(session.scalars(schools.visible_to(user)))
    assert not list(session.scalars(pupils.visible_to(user, YEAR)))


def test_people_of_companies_and_territories_see_no_school(session) -> None:
    people.pupil(places.class_group())
    for user in (
        people.adult(Role.COMPANY_MEMBER, company=places.company()),
        people.adult(Role.TERRITORY_COORDINATOR, territory=places.territory_of()),
        people.adult(Role.FOUNDATION_ADMIN),
    ):
        assert not list(session.scalars(schools.visible_to(user)))
        assert not list(session.scalars(pupils.visible_to(user, YEAR)))


def test_a_class_teacher_sees_his_classes_once_he_has_any(session) -> None:
    school = places.school()
    teacher = people.adult(Role.CLASS_TEACHER, school=school)
    last_year = places.class_group(school, school_year=YEAR - 1, weeks=())
    last_year.class_teacher_id = teacher.id
    own, other = places.class_group(school, name="3e A"), places.class_group(school, name="3e B")
    people.pupil(own)
    people.pupil(other)
    session.commit()
    assert names(session, schools.classes_visible_to(teacher, YEAR)) == ["3e A", "3e B"]
    own.class_teacher_id = teacher.id
    session.commit()
    assert names(session, schools.classes_visible_to(teacher, YEAR)) == ["3e A"]
    seen = session.scalars(pupils.visible_to(teacher, YEAR)).all()
    assert [pupil.class_group.name for pupil in seen] == ["3e A"]
    for role in (Role.PRINCIPAL, Role.SCHOOL_CLERK):
        user = people.adult(role, school=school)
        other.class_teacher_id = user.id
        session.commit()
        assert names(session, schools.classes_visible_to(user, YEAR)) == ["3e A", "3e B"]


def test_the_counts_of_the_board_equal_those_made_by_hand(session) -> None:
    dice = random.Random(20261123)
    school = places.school()
    groups = [places.class_group(school) for _ in range(3)]
    offers = [places.offer(seats=12) for _ in range(2)]
    seats = [seat for offer in offers for seat in offer.seats]
    expected = {group.id: [0, 0, 0, 0] for group in groups[:2]}
    for _ in range(20):
        group = dice.choice(groups[:2])
        pupil = people.pupil(group)
        statuses = [dice.choice(list(ApplicationStatus)) for _ in offers[: dice.randrange(3)]]
        for rank, status in enumerate(statuses, start=1):
            campaigns.wish(pupil, offers[rank - 1], rank=rank, status=status)
        held = dice.choice([None, *(s for s in PlacementStatus if s != "declared")])
        if held is not None:
            placement(seats.pop(), pupil=pupil, status=held)
        sent = any(status in ("submitted", "read_by_school") for status in statuses)
        placed = held in HOLDING
        for at, true in enumerate((True, sent, placed, not sent and not placed)):
            expected[group.id][at] += true
    head = people.adult(Role.PRINCIPAL, school=school)
    rows = session.execute(schools.class_counts(schools.classes_visible_to(head, YEAR)))
    assert {row[0]: list(row[1:]) for row in rows} == expected


def test_the_rows_of_a_class_hold_each_pupil_once(session) -> None:
    group = places.class_group()
    offers = [places.offer() for _ in range(3)]
    first = people.pupil(group, last_name="A")
    second = people.pupil(group, last_name="B")
    campaigns.wish(first, offers[0], rank=1, status=ApplicationStatus.READ_BY_SCHOOL)
    campaigns.wish(first, offers[1], rank=2)
    campaigns.wish(first, offers[2], rank=3, status=ApplicationStatus.DRAFT)
    placement(offers[0].seats[0], pupil=second, status=PlacementStatus.DECLINED)
    held = placement(offers[1].seats[0], pupil=second)
    rows = session.execute(pupils.of_class(group)).all()
    assert [tuple(row) for row in rows] == [(first, 2, 1, None), (second, 0, 0, held)]
    assert [wish.rank for wish in session.scalars(pupils.wishes_sent_by(first))] == [1, 2]


def test_lists_have_a_total_order(session) -> None:
    school = places.school()
    group = places.class_group(school)
    for _ in range(3):
        people.pupil(group, last_name="Martin", first_name="Léa")
    head = people.adult(Role.PRINCIPAL, school=school)
    ids = [pupil.id for pupil in session.scalars(pupils.visible_to(head, YEAR))]
    assert ids == sorted(ids)
    assert session.scalar(sa.select(sa.func.count()).select_from(School)) == 1
    assert session.scalar(sa.select(sa.func.count()).select_from(ClassGroup)) == 1
    assert session.scalar(sa.select(sa.func.count()).select_from(Pupil)) == 3
