"""Undoing an import makes the pupils that it changed what they were, for a week."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from matching import clock
from matching.models.imports import RESTORED_FOR, ImportChange, PupilImport
from matching.models.pupils import Pupil
from matching.models.schools import ClassGroup
from matching.models.users import Role
from matching.services import enrolment, import_undo
from tests.factories import people, places
from tests.factories.files import HEAD, THREE, listed, run

pytestmark = pytest.mark.usefixtures("in_november")

FIRST = HEAD + ";Nom du responsable 1;Courriel du responsable 1"
BEFORE = f"{FIRST}\nDURAND;Léa;04/05/2012;3e A;Durand;maman@example.org\n"
AFTER = (
    f"{FIRST}\nDURAND;LEA;04/05/2012;3e C;Durand;papa@example.org\nPETIT;Hugo;01/02/2012;3e C;;\n"
)


@pytest.fixture
def school(session):
    return places.school()


@pytest.fixture
def clerk(school):
    return people.adult(Role.SCHOOL_CLERK, school=school)


@pytest.fixture
def second(session, school, clerk) -> PupilImport:
    """The second of two files: it moved and respelt Léa, and added Hugo."""
    run(session, clerk, school, BEFORE)
    run(session, clerk, school, AFTER)
    return session.scalars(sa.select(PupilImport).order_by(PupilImport.id.desc())).first()


def lea(session) -> Pupil:
    return session.scalar(sa.select(Pupil).where(Pupil.last_name == "DURAND"))


def undo(clerk, school, record) -> import_undo.Undoing:
    return import_undo.undo(clerk, school, record, seen=import_undo.look(record).mark)


def test_who_was_changed_is_what_she_was_and_who_was_added_goes(
    session, school, clerk, second
) -> None:
    number = lea(session).id
    assert lea(session).guardians[0].email == "papa@example.org"
    done = undo(clerk, school, second)
    assert (len(done.going), len(done.restoring), len(done.staying)) == (1, 1, 0)
    assert listed(session, school) == [("DURAND", "Léa", "3e A")]
    assert lea(session).id == number
    assert [one.email for one in lea(session).guardians] == ["maman@example.org"]
    assert session.scalars(sa.select(ClassGroup.name)).all() == ["3e A"]
    assert second.undone_at is not None
    assert session.scalar(sa.select(sa.func.count(ImportChange.id))) == 0


def test_the_same_file_may_come_again_after(session, school, clerk, second) -> None:
    undo(clerk, school, second)
    plan = run(session, clerk, school, AFTER)
    assert (len(plan.additions), len(plan.updates)) == (1, 1)


def test_who_was_corrected_since_stays_as_corrected(session, school, clerk, second) -> None:
    lea(session).commune_code = "01283"
    session.commit()
    done = undo(clerk, school, second)
    assert [(pupil.last_name, why) for pupil, why in done.staying] == [("DURAND", "corrected")]
    assert listed(session, school) == [("DURAND", "LEA", "3e C")]
    assert second.undone_at is None


def test_a_name_that_another_pupil_has_taken_is_not_given_twice(session, school, clerk) -> None:
    run(session, clerk, school, BEFORE)
    row = lea(session)
    was = row.identity
    record = PupilImport(
        school_id=school.id, author_id=clerk.id, school_year=row.school_year, added=0, updated=1
    )
    before = import_undo.before(row)
    row.last_name, row.identity = "DUPONT", was.replace("durand", "dupont")
    session.add(record)
    session.flush()
    mark = enrolment.mark(row)
    session.add(ImportChange(import_id=record.id, pupil=row, before=before, mark=mark))
    people.pupil(row.class_group, last_name="DURAND", first_name="Léa", identity=was)
    assert [why for _pupil, why in import_undo.look(record).staying] == ["twin"]


def test_a_class_that_is_gone_takes_nobody_back(session, school, clerk, second) -> None:
    session.execute(sa.delete(ClassGroup).where(ClassGroup.name == "3e A"))
    assert [why for _pupil, why in import_undo.look(second).staying] == ["class_gone"]


def test_after_a_week_nothing_is_kept_of_before(session, school, clerk, second, monkeypatch):
    later = clock.now() + RESTORED_FOR + timedelta(minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    done = undo(clerk, school, second)
    assert (len(done.going), done.restoring) == (1, ())
    assert listed(session, school) == [("DURAND", "LEA", "3e C")]
    import_undo.forget_old()
    assert session.scalar(sa.select(sa.func.count(ImportChange.id))) == 0


def test_nothing_of_before_outlives_the_pupil(session, school, clerk, second) -> None:
    enrolment.remove(clerk, lea(session))
    session.commit()
    assert session.scalar(sa.select(sa.func.count(ImportChange.id))) == 0


def test_only_what_the_school_keeps_is_remembered(session, school, clerk, second) -> None:
    kept = session.scalars(sa.select(ImportChange.before)).one()
    assert set(kept) == {
        "last_name", "first_name", "birth_date", "class", "commune_code", "needs_access",
        "guardians",
    }  # fmt: skip


def test_a_file_that_only_adds_remembers_nobody(session, school, clerk) -> None:
    run(session, clerk, school, THREE)
    run(session, clerk, school, THREE)
    assert session.scalar(sa.select(sa.func.count(ImportChange.id))) == 0
