"""Files of pupils: all or nothing, twice is once, and nobody confirms what he has not seen."""

import pytest
import sqlalchemy as sa

from matching.errors import RuleBroken, Stale
from matching.models.pupils import Guardian, Pupil
from matching.models.schools import ClassGroup
from matching.models.statuses import ApprovalStatus
from matching.models.users import Role, User
from matching.rules.pupils_kept import ignored_columns
from matching.services import classes, enrolment, imports
from tests.factories import people, places
from tests.factories.files import HEAD, THREE, confirm, kept, listed, run, send

pytestmark = pytest.mark.usefixtures("in_november")
WIDE = (
    f"{HEAD};Responsable 1 nom;Responsable 1 e-mail;Responsable 1 téléphone;Commune de résidence;"
    "Code postal;Besoins d’accès;INE\n"
)


@pytest.fixture
def school(session):
    return places.school()


@pytest.fixture
def clerk(school):
    return people.adult(Role.SCHOOL_CLERK, school=school)


def count(session, table) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(table))


ALL_THREE = [("DURAND", "Léa", "3e A"), ("PETIT", "Hugo", "3e A"), ("ROUX", "Zoé", "3e B")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_files_of_every_make_give_the_same_list(
    session, school, clerk, encoding, delimiter
) -> None:
    done = run(session, clerk, school, THREE.replace(";", delimiter).encode(encoding))
    assert len(done.additions) == 3
    assert listed(session, school) == ALL_THREE


def test_nothing_is_written_before_the_word_of_the_person(session, school, clerk) -> None:
    send(clerk, school, THREE)
    plan = imports.plan_of(clerk, kept(session, clerk))
    assert [(one.name, one.opened, one.added) for one in plan.classes.values()] == [
        ("3e A", True, 2),
        ("3e B", True, 1),
    ]
    assert (listed(session, school), count(session, ClassGroup)) == ([], 0)


def test_the_same_file_twice_changes_nothing(session, school, clerk) -> None:
    run(session, clerk, school, THREE)
    before = {row.id: enrolment.mark(row) for row in session.scalars(sa.select(Pupil))}
    users = count(session, User)
    send(clerk, school, THREE)
    plan = imports.plan_of(clerk, kept(session, clerk))
    assert plan.changes_nothing
    assert (plan.unchanged, plan.absent) == (3, 0)
    confirm(session, clerk)
    after = {row.id: enrolment.mark(row) for row in session.scalars(sa.select(Pupil))}
    assert (before, users) == (after, count(session, User))


def test_a_pupil_who_changed_class_moves_and_the_absent_stay(session, school, clerk) -> None:
    run(session, clerk, school, THREE)
    moved = session.scalar(sa.select(Pupil).where(Pupil.first_name == "Léa"))
    reference, login = moved.ref, moved.user.login_name
    send(clerk, school, f"{HEAD}\nDurand;Lea;2012-05-04;3E b\n")
    plan = imports.plan_of(clerk, kept(session, clerk))
    assert [one.changes for one in plan.updates] == [("class", "names")]
    assert plan.absent == 2
    confirm(session, clerk)
    session.expire_all()
    assert (moved.ref, moved.user.login_name) == (reference, login)
    assert (moved.class_group.name, moved.first_name) == ("3e B", "Lea")
    assert len(listed(session, school)) == 3


def test_an_empty_cell_erases_nothing(session, school, clerk) -> None:
    line = "DURAND;Léa;04/05/2012;3e A;"
    first = f"{WIDE}{line}Durand;anne@example.org;06 39 98 00 01;Oyonnax;01100;Lieu calme;1\n"
    run(session, clerk, school, first)
    done = run(session, clerk, school, f"{WIDE}{line};;;;;;\n")
    assert (len(done.updates), done.unchanged) == (0, 1)
    done = run(session, clerk, school, f"{WIDE}{line}Durand;;06 39 98 00 02;;;;\n")
    assert [one.changes for one in done.updates] == [("guardians",)]
    pupil = session.scalar(sa.select(Pupil))
    assert (pupil.commune_code, pupil.needs_access) == ("01283", True)
    guardian = session.scalar(sa.select(Guardian))
    assert (guardian.email, guardian.phone) == ("anne@example.org", "+33639980002")


def test_unknown_columns_are_named_and_kept_nowhere(session, school, clerk) -> None:
    text = f"{HEAD};INE;Lieu de naissance\nDURAND;Léa;04/05/2012;3e A;123456789FF;Brest\n"
    assert send(clerk, school, text) == []
    preview = kept(session, clerk)
    assert ignored_columns(imports.file_of(preview).columns) == ("INE", "Lieu de naissance")
    assert "123456789FF" not in str(preview.file)
    assert "Brest" not in str(preview.file)


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        (
            f"{HEAD}\nDURAND;Léa;04/05/2012;3e A\n;Hugo;31/02/2012;\n",
            [
                ("cell_empty", 3, "Nom", ""),
                ("date_impossible", 3, "Date de naissance", "31/02/2012"),
                ("cell_empty", 3, "Classe", ""),
            ],
        ),
        (
            f"{HEAD};Commune\nDURAND;Léa;04/05/2012;3e A;Nullepart-sur-Rien\n",
            [("commune_unknown", 2, "Commune de résidence", "Nullepart-sur-Rien")],
        ),
        (
            f"{HEAD};Commune\nDURAND;Léa;04/05/2012;3e A;Montreuil\n",
            [("commune_ambiguous", 2, "Commune de résidence", "Montreuil")],
        ),
        (
            f"{HEAD}\nDURAND;Léa;04/05/2012;3e A\nDurand;Lea;04/05/2012;3e B\n",
            [("row_duplicate", 3, "Nom", "Durand Lea")],
        ),
        ("", [("file_empty", None, None, "")]),
        ("Nom;Prénom\nDURAND;Léa\n", None),
    ],
)
def test_one_wrong_line_and_nothing_is_written(session, school, clerk, text, problems) -> None:
    found = send(clerk, school, text)
    if problems is None:
        assert {one.code for one in found} == {"column_missing"}
    else:
        assert [(one.code, one.line, one.column, one.found) for one in found] == problems
    preview = kept(session, clerk)
    if preview is not None:
        with pytest.raises(Stale, match="import_changed"):
            imports.confirm(clerk, school, seen=imports.plan_of(clerk, preview).mark)
    assert count(session, Pupil) == 0


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (bytes(range(256)) * 40, "file_not_table"),
        (b"PK\x03\x04" + b"\x00" * 400, "file_workbook_damaged"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 400, "file_spreadsheet"),
        (
            HEAD.encode() + b"\n" + b"DURAND;L\xc3\xa9a;04/05/2012;3e A\n" * 10_000,
            "file_too_many_rows",
        ),
        (b"x" * (2 * 1024 * 1024 + 1), "file_too_big"),
    ],
)
def test_garbage_and_giants_are_refused_in_one_line(session, school, clerk, data, code) -> None:
    found = send(clerk, school, data)
    assert [(one.code, one.line) for one in found] == [(code, None)]
    assert kept(session, clerk) is None


def test_a_file_that_is_no_table_also_forgets_the_one_before(session, school, clerk) -> None:
    send(clerk, school, THREE)
    send(clerk, school, "")
    assert kept(session, clerk) is None


def test_another_schools_pupils_are_never_touched(session, school, clerk) -> None:
    other = places.school()
    run(session, people.adult(Role.PRINCIPAL, school=other), other, THREE)
    run(session, clerk, school, THREE.replace("3e A", "3e C"))
    assert listed(session, other) == ALL_THREE


def test_a_teacher_of_one_class_touches_no_other(session, school, clerk) -> None:
    run(session, clerk, school, THREE)
    group = session.scalar(sa.select(ClassGroup).where(ClassGroup.name == "3e A"))
    teacher = people.adult(Role.CLASS_TEACHER, school=school)
    group.class_teacher_id = teacher.id
    session.commit()
    found = send(teacher, school, f"{HEAD}\nROUX;Zoé;09/09/2012;3e A\nMOREL;Ada;01/01/2012;3e D\n")
    assert [(one.code, one.line) for one in found] == [
        ("pupil_elsewhere", 2),
        ("class_not_yours", 3),
    ]
    run(session, teacher, school, f"{HEAD}\nMOREL;Ada;01/01/2012;3e A\n")
    assert ("MOREL", "Ada", "3e A") in listed(session, school)


def test_a_file_without_classes_goes_into_the_one_chosen(session, school, clerk) -> None:
    group = classes.create(clerk, school, name="3e A")
    text = "Nom;Prénom;Né(e) le\nDURAND;Léa;04/05/2012\n"
    run(session, clerk, school, text, default_class=group.name)
    assert listed(session, school) == [("DURAND", "Léa", "3e A")]


def test_a_refused_school_imports_nothing(session) -> None:
    school = places.school(status=ApprovalStatus.REFUSED)
    with pytest.raises(RuleBroken, match="school_closed"):
        send(people.adult(Role.PRINCIPAL, school=school), school, THREE)
