"""Settings of a school: reach, classes, weeks."""

import re

import pytest
import sqlalchemy as sa

from matching.models.schools import ClassGroup, PlacementWindow
from matching.models.users import Role
from tests.factories import people, places
from tests.web.reading import HOSTILE

pytestmark = pytest.mark.usefixtures("in_november")


@pytest.fixture
def browser(client, group):
    """The browser of the principal."""
    return client.sign_in(people.adult(Role.PRINCIPAL, school=group.school))


def test_the_reach_is_explained_and_checked(browser, group, session) -> None:
    assert "à vol d’oiseau" in browser.get("/etablissement/reglages").text
    for typed in ("0", "101", "vingt", "", "12.5"):
        answer = browser.post("/etablissement/reglages", data={"reach_km": typed, "seen": "20"})
        assert answer.status_code == 422, typed
    answer = browser.post("/etablissement/reglages", data={"reach_km": " 35 ", "seen": "20"})
    assert answer.status_code == 303
    session.expire_all()
    assert group.school.reach_km == 35
    browser.post("/etablissement/reglages", data={"reach_km": "50", "seen": "20"})
    session.expire_all()
    assert group.school.reach_km == 35
    assert "Quelqu’un vient de régler" in browser.get("/etablissement/reglages").text


@pytest.mark.parametrize("seen", ["9" * 5_000, "²", HOSTILE, ""])
def test_a_reach_that_no_page_showed_changes_nothing(browser, group, session, seen) -> None:
    typed = {"reach_km": "35", "seen": seen}
    assert browser.post("/etablissement/reglages", data=typed).status_code in (302, 303)
    session.expire_all()
    assert group.school.reach_km == 20


def test_a_class_is_opened_renamed_and_never_doubled(browser, group, session) -> None:
    answer = browser.post("/etablissement/classes/nouvelle", data={"name": "3e Z"})
    assert answer.status_code == 303
    assert browser.post("/etablissement/classes/nouvelle", data={"name": "3E z"}).status_code == 422
    row = session.scalar(sa.select(ClassGroup).where(ClassGroup.name == "3e Z"))
    page = browser.get(f"/etablissement/classes/{row.ref}/modifier").text
    seen = re.search(r'name="seen" type="hidden" value="([^"]+)"', page)[1]
    url = f"/etablissement/classes/{row.ref}/modifier"
    assert browser.post(url, data={"name": "3e Y", "seen": seen}).status_code == 303
    assert browser.post(url, data={"name": "3e X", "seen": seen}).status_code in (302, 303)
    session.expire_all()
    assert row.name == "3e Y"


def test_weeks_are_chosen_trimmed_and_given_up(browser, group, session) -> None:
    page = browser.get("/etablissement/semaines").text
    assert "Vacances d’hiver" in page
    assert "4 jours seulement" in page
    url = "/etablissement/semaines"
    answer = browser.post(url, data={"week": "2027-W10"})
    assert (answer.status_code, answer.location) == (303, f"{url}#2027-W10")
    days = {"week": "2027-W10", "with_days": "1"}
    assert browser.post(url, data=days | {"weekdays": ["1", "2", "4"]}).status_code == 303
    answer = browser.post(url, data=days | {"weekdays": ["1"]})
    assert answer.status_code == 422
    assert "Choisissez de trois à cinq jours" in answer.text
    row = session.scalar(sa.select(PlacementWindow).where(PlacementWindow.week == "2027-W10"))
    assert row.weekdays == "124"
    assert browser.post(f"{url}/retirer", data={"week": "2027-W10"}).status_code == 303
    assert session.scalars(sa.select(PlacementWindow.week)).all() == [places.WEEK]


@pytest.mark.parametrize("week", ["2027-W07", "2026-W53", "2025-W40", "x", HOSTILE, ""])
def test_a_refused_week_says_why_beside_it(browser, group, week) -> None:
    answer = browser.post("/etablissement/semaines", data={"week": week})
    assert answer.status_code == 422
    page = answer.text
    assert 'class="error"' in page
    assert "<script>alert" not in page


@pytest.mark.parametrize("week", ["2027-W99", "\x00", HOSTILE, "9" * 5_000, ""])
def test_a_week_that_is_not_there_is_already_away(browser, group, session, week) -> None:
    assert browser.post("/etablissement/semaines/retirer", data={"week": week}).status_code == 303
    assert session.scalars(sa.select(PlacementWindow.week)).all() == [places.WEEK]


def test_a_clerk_reads_the_settings_and_changes_none(client, group, session) -> None:
    client.sign_in(people.adult(Role.SCHOOL_CLERK, school=group.school))
    assert client.get("/etablissement/reglages").status_code == 200
    assert client.get("/etablissement/semaines").status_code == 200
    for url, data in (
        ("/etablissement/reglages", {"reach_km": "50", "seen": "20"}),
        ("/etablissement/semaines", {"week": "2027-W10"}),
        ("/etablissement/semaines/retirer", {"week": places.WEEK}),
    ):
        assert client.post(url, data=data).status_code == 404
    assert session.scalars(sa.select(PlacementWindow.week)).all() == [places.WEEK]
