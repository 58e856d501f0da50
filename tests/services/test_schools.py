"""Schools register, set their reach, and order their classes."""

import pytest
import sqlalchemy as sa

from matching.errors import RuleBroken, Stale
from matching.models.events import Event
from matching.models.schools import ClassGroup, PlacementWindow, PriorityEducation, School
from matching.models.statuses import ApprovalStatus
from matching.models.users import Role, User
from matching.services import approvals, classes, schools
from matching.services.schools import SchoolDetails
from tests.factories import people, places

pytestmark = pytest.mark.usefixtures("cheap_passwords", "in_november")
PERSON = {
    "role": Role.PRINCIPAL,
    "first_name": "Nadia",
    "last_name": "Perrin",
    "email": "nadia.perrin@example.org",
    "password": "Tournesol-bleu-48",
}


def details(**changes) -> SchoolDetails:
    """A right school, but for the changes."""
    return SchoolDetails(
        **{
            "uai": "0010002X",
            "name": "Collège de l’Essai",
            "address": "3 rue de l’Essai",
            "postcode": "01100",
            "commune": "Oyonnax",
            "public": True,
            "priority_education": PriorityEducation.REP,
        }
        | changes
    )


def register(**changes) -> User:
    """A right registration, but for the changes."""
    person = {name: changes.pop(name) for name in PERSON if name in changes}
    return schools.register(details(**changes), **PERSON | person)


def rows(session) -> tuple[int, int]:
    return tuple(session.scalar(sa.select(sa.func.count()).select_from(t)) for t in (School, User))


def test_a_school_waits_for_a_coordinator_and_its_principal_is_a_member(session) -> None:
    user = register()
    school = session.scalar(sa.select(School).where(School.uai == "0010002X"))
    assert (school.status, school.commune_code) == (ApprovalStatus.REGISTERED, "01283")
    assert school.priority_education is PriorityEducation.REP
    assert school.territory.name == school.attached_territory.name
    assert [(one.role, one.school_id) for one in user.memberships] == [(Role.PRINCIPAL, school.id)]
    event = session.scalar(sa.select(Event).where(Event.subject == "school"))
    assert (event.to_status, event.actor_id, event.why) == ("registered", user.id, None)


@pytest.mark.parametrize(
    ("digits", "postcode", "commune", "zone"),
    [
        ("0010002", "01100", "Oyonnax", "A"),
        ("0670002", "67000", "Strasbourg", "B-alsace-moselle"),
        ("0930002", "93200", "Saint-Denis", "C"),
        ("9740002", "97400", "Saint-Denis", "la-reunion"),
        ("6200002", "20000", "Ajaccio", "corse"),
        ("9710002", "97150", "Saint-Martin", "saint-martin"),
    ],
)
def test_the_holiday_zone_follows_the_departement(session, digits, postcode, commune, zone) -> None:
    uai = digits + "ABCDEFGHJKLMNPRSTUVWXYZ"[int(digits) % 23]
    register(uai=uai, postcode=postcode, commune=commune)
    assert session.scalar(sa.select(School.holiday_zone).where(School.name.like("%Essai"))) == zone


def test_a_code_is_read_as_people_type_it(session) -> None:
    register(uai=" 001 0002-x ")
    assert session.scalar(sa.select(School.uai).where(School.name.like("%Essai"))) == "0010002X"


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"uai": "0010002Y"}, "uai_key", "uai"),
        ({"uai": "10002X"}, "uai_format", "uai"),
        ({"uai": "0960001E"}, "uai_departement", "uai"),
        ({"uai": "0752694W"}, "uai_elsewhere", "uai"),
        ({"postcode": "1100"}, "postcode_format", "postcode"),
        ({"postcode": "01999", "commune": "Nullepart-sur-Rien"}, "commune_unknown", "commune"),
        ({"commune": "Nullepart-sur-Rien"}, "commune_ambiguous", "commune"),
        ({"postcode": "97110"}, "commune_ambiguous", "commune"),
        ({"password": "court"}, "password_too_short", "password"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_written(session, changes, code, field) -> None:
    before = rows(session)
    with pytest.raises(RuleBroken) as broken:
        register(**changes)
    assert (broken.value.code, broken.value.field) == (code, field)
    assert rows(session) == before


def test_homonyms_are_offered_and_never_chosen_for_the_person(session) -> None:
    # Several communes are called Montreuil, and no postcode tells which: the person picks.
    with pytest.raises(RuleBroken) as broken:
        schools.locations.locate(postcode="", commune="Montreuil")
    codes = [code for code, _name in broken.value.values["candidates"]]
    assert broken.value.code == "commune_ambiguous"
    assert "93048" in codes
    assert len(codes) > 1


def test_a_school_registers_once_and_the_second_leaves_no_account(session) -> None:
    register()
    before = rows(session)
    with pytest.raises(RuleBroken) as broken:
        register(email="autre@example.org")
    assert (broken.value.code, broken.value.field) == ("school_registered", "uai")
    assert rows(session) == before


def test_a_taken_address_leaves_no_school(session) -> None:
    people.adult(email="nadia.perrin@example.org")
    before = rows(session)
    with pytest.raises(RuleBroken) as broken:
        register()
    assert broken.value.code == "email_taken"
    assert rows(session) == before


def test_a_refused_school_is_mended_and_asks_again(session) -> None:
    head = register()
    school = head.memberships[0].school
    coordinator = people.adult(Role.FOUNDATION_ADMIN)
    approvals.refuse(coordinator, school, words="Le nom n’est pas le bon.")
    schools.amend(head, school, details(name="Collège des Lilas"))
    assert (school.name, school.status) == ("Collège des Lilas", ApprovalStatus.REGISTERED)
    schools.amend(head, school, details(name="Collège des Lilas"))
    moves = session.scalars(sa.select(Event.to_status).order_by(Event.id)).all()
    assert moves == ["registered", "refused", "registered"]


def test_another_commune_brings_its_holidays(session) -> None:
    head = register()
    school = head.memberships[0].school
    # Zone B is on holiday in week 9, and Alsace keeps Good Friday, in week 12.
    for week in ("2027-W05", "2027-W09", "2027-W12"):
        session.add(PlacementWindow(school=school, school_year=2026, week=week))
    session.commit()
    schools.amend(head, school, details(uai="0670002N", postcode="67000", commune="Strasbourg"))
    session.expire_all()
    assert school.holiday_zone == "B-alsace-moselle"
    assert [(window.week, window.weekdays) for window in school.windows] == [
        ("2027-W05", "12345"),
        ("2027-W12", "1234"),
    ]


def test_an_approved_school_and_a_taken_code_are_not_amended(session) -> None:
    head = register()
    school = head.memberships[0].school
    taken = places.school(uai="0010003Y")
    with pytest.raises(RuleBroken, match="school_registered"):
        schools.amend(head, school, details(uai=taken.uai))
    approvals.approve(people.adult(Role.FOUNDATION_ADMIN), school)
    with pytest.raises(RuleBroken, match="school_fixed"):
        schools.amend(head, school, details(name="Collège des Lilas"))
    assert school.name == "Collège de l’Essai"


def test_the_reach_is_set_between_one_and_a_hundred_kilometres(session) -> None:
    school = places.school()
    head = people.adult(Role.PRINCIPAL, school=school)
    schools.change_reach(head, school, reach_km=35, seen=20)
    assert school.reach_km == 35
    for wrong in (0, 101, -5):
        with pytest.raises(RuleBroken, match="reach_range"):
            schools.change_reach(head, school, reach_km=wrong, seen=35)
    assert school.reach_km == 35


def test_a_stale_reach_is_refused_and_the_same_twice_is_not(session) -> None:
    school = places.school()
    head = people.adult(Role.PRINCIPAL, school=school)
    schools.change_reach(head, school, reach_km=30, seen=20)
    schools.change_reach(head, school, reach_km=30, seen=20)
    with pytest.raises(Stale, match="reach_changed"):
        schools.change_reach(head, school, reach_km=50, seen=20)
    assert school.reach_km == 30


def test_two_classes_never_bear_the_same_name(session) -> None:
    school = places.school()
    head = people.adult(Role.PRINCIPAL, school=school)
    first = classes.create(head, school, name=" 3e   A ")
    assert first.name == "3e A"
    with pytest.raises(RuleBroken, match="class_exists"):
        classes.create(head, school, name="3E a")
    second = classes.create(head, school, name="3e B")
    with pytest.raises(RuleBroken, match="class_exists"):
        classes.change(head, second, name="3e a", class_teacher_ref="", seen=classes.mark(second))
    assert classes.create(head, places.school(), name="3e A").school_id != school.id


@pytest.mark.parametrize("name", ["", "   ", "x" * 41])
def test_a_class_has_a_name_that_fits(session, name) -> None:
    school = places.school()
    with pytest.raises(RuleBroken, match="class_name_length"):
        classes.create(people.adult(Role.PRINCIPAL, school=school), school, name=name)


def test_a_class_teacher_is_a_colleague(session) -> None:
    school = places.school()
    head = people.adult(Role.PRINCIPAL, school=school)
    colleague = people.adult(Role.CLASS_TEACHER, school=school)
    stranger = people.adult(Role.CLASS_TEACHER, school=places.school())
    row = classes.create(head, school, name="3e A")
    with pytest.raises(RuleBroken, match="teacher_unknown"):
        classes.change(
            head, row, name="3e A", class_teacher_ref=stranger.ref, seen=classes.mark(row)
        )
    classes.change(head, row, name="3e A", class_teacher_ref=colleague.ref, seen=classes.mark(row))
    assert row.class_teacher_id == colleague.id


def test_a_class_changed_by_another_is_looked_at_again(session) -> None:
    school = places.school()
    head = people.adult(Role.PRINCIPAL, school=school)
    row = classes.create(head, school, name="3e A")
    seen = classes.mark(row)
    classes.change(head, row, name="3e Alpha", class_teacher_ref="", seen=seen)
    with pytest.raises(Stale, match="class_changed"):
        classes.change(head, row, name="3e Bêta", class_teacher_ref="", seen=seen)
    assert session.scalar(sa.select(ClassGroup.name).where(ClassGroup.id == row.id)) == "3e Alpha"


def test_a_teacher_of_one_class_changes_nothing_for_the_whole_school(session) -> None:
    school = places.school()
    teacher = people.adult(Role.CLASS_TEACHER, school=school)
    assert schools.sees_whole_school(teacher)
    places.class_group(school, class_teacher_id=teacher.id)
    assert not schools.sees_whole_school(teacher)
    with pytest.raises(RuleBroken, match="whole_school_only"):
        schools.change_reach(teacher, school, reach_km=50, seen=20)
    with pytest.raises(RuleBroken, match="whole_school_only"):
        classes.create(teacher, school, name="3e Z")


@pytest.mark.parametrize("status", [ApprovalStatus.REFUSED, ApprovalStatus.BLOCKED])
def test_a_school_that_was_refused_opens_no_class(session, status) -> None:
    school = places.school(status=status)
    with pytest.raises(RuleBroken, match="school_closed"):
        classes.create(people.adult(Role.PRINCIPAL, school=school), school, name="3e A")
