"""A preview that is old, confirmed twice, or no longer true changes nothing."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from matching import clock
from matching.database import db
from matching.errors import Stale
from matching.models.imports import ImportPreview
from matching.models.schools import School
from matching.models.users import Role, User
from matching.services import classes, imports
from tests.factories import people, places
from tests.factories.files import HEAD, THREE, kept, listed, run, send
from tests.services.racing import at_once

pytestmark = pytest.mark.usefixtures("in_november")


@pytest.fixture
def school(session):
    return places.school()


@pytest.fixture
def clerk(school):
    return people.adult(Role.SCHOOL_CLERK, school=school)


def test_a_list_that_changed_since_the_preview_is_looked_at_again(session, school, clerk) -> None:
    send(clerk, school, THREE)
    seen = imports.plan_of(clerk, kept(session, clerk)).mark
    group = classes.create(clerk, school, name="3e A")
    with pytest.raises(Stale, match="import_changed"):
        imports.confirm(clerk, school, seen=seen)
    assert listed(session, school) == []
    people.pupil(group, last_name="Durand", first_name="Léa", identity="durand|lea|2012-05-04")
    plan = imports.plan_of(clerk, kept(session, clerk))
    assert (len(plan.additions), len(plan.updates)) == (2, 1)
    imports.confirm(clerk, school, seen=plan.mark)
    assert len(listed(session, school)) == 3


def test_a_second_click_a_cancelled_file_and_an_old_one_do_nothing(
    session, school, clerk, monkeypatch
) -> None:
    run(session, clerk, school, THREE)
    with pytest.raises(Stale, match="import_gone"):
        imports.confirm(clerk, school, seen="")
    send(clerk, school, THREE)
    imports.cancel(clerk)
    assert kept(session, clerk) is None
    send(clerk, school, f"{HEAD}\nMOREL;Ada;04/05/2012;3e A\n")
    preview = kept(session, clerk)
    mark = imports.plan_of(clerk, preview).mark
    later = clock.now() + timedelta(hours=1, seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    with pytest.raises(Stale, match="import_gone"):
        imports.confirm(clerk, school, seen=mark)
    imports.erase_expired()
    assert session.scalar(sa.select(ImportPreview)) is None
    assert len(listed(session, school)) == 3


def test_a_file_sent_after_an_hour_sweeps_those_of_everybody(session, school, clerk) -> None:
    other = places.school()
    sender = people.adult(Role.PRINCIPAL, school=other)
    send(sender, other, THREE)
    kept(session, sender).touched_at = clock.now() - timedelta(hours=2)
    session.commit()
    send(clerk, school, THREE)
    assert kept(session, sender) is None
    assert kept(session, clerk) is not None


def test_two_clicks_at_once_import_once(own_app) -> None:
    with own_app.app_context():
        school = places.school()
        clerk = people.adult(Role.SCHOOL_CLERK, school=school)
        send(clerk, school, THREE)
        mark = imports.plan_of(clerk, kept(db.session, clerk)).mark
        ids = clerk.id, school.id
        db.session.remove()

    def click() -> None:
        user, school = db.session.get(User, ids[0]), db.session.get(School, ids[1])
        imports.confirm(user, school, seen=mark)

    assert at_once(own_app, *[click] * 4) == ["done", *["import_gone"] * 3]
    with own_app.app_context():
        assert len(listed(db.session, db.session.scalar(sa.select(School)))) == 3
