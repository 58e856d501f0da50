"""The foundation's space: lists and the list of changes."""

import re

import pytest

from matching.models.events import Event
from matching.services import foundation
from tests.factories import campaigns, people, places

LISTS = ("personnes", "colleges", "entreprises", "sites", "territoires", "campagnes", "journal")


@pytest.fixture
def browser(client, admin):
    return client.sign_in(admin)


def main(page: str) -> str:
    return page.partition("<main")[2].partition("</main")[0]


@pytest.mark.parametrize("name", LISTS)
def test_each_list_is_found_empty_or_full_and_takes_any_words(browser, name):
    for query in (
        "",
        "?q=zzzz",
        "?q=%25_'\"<b>",
        "?page=99999999999999999999",
        "?page=-3",
        "?q=\x00",
    ):
        assert browser.get(f"/fondation/{name}{query}").status_code in (200, 404)
    assert "zzzz" in browser.get(f"/fondation/{name}?q=zzzz").text


def test_a_list_is_searched_and_cut_into_pages(browser, session):
    for number in range(27):
        places.company(name=f"Fonderie {number:02}")
    places.company(name="Scierie")
    first = main(browser.get("/fondation/entreprises?q=FONDERIE").text)
    assert "27\u00a0entreprises" in first
    assert len(re.findall(r">Fonderie \d\d<", first)) == 25
    second = re.search(r'href="([^"]*page=2)"', first)[1].replace("&amp;", "&")
    page = main(browser.get(second).text)
    assert len(re.findall(r">Fonderie \d\d<", page)) == 2
    assert "Scierie" not in page


def test_a_filter_that_does_not_exist_is_refused_politely(browser):
    for address in ("colleges?status=wild", "personnes?role=king", "journal?since=hier&kind=zzz"):
        assert browser.get(f"/fondation/{address}").status_code == 422


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2026-11-22"])
def test_any_day_may_be_asked_of_the_list_of_changes(browser, day):
    assert browser.get(f"/fondation/journal?since={day}&until={day}").status_code == 200


def test_no_pupil_is_in_any_list_of_the_foundation(browser, session):
    row = people.pupil(places.class_group(), first_name="Noé", last_name="Cachette")
    wish = campaigns.wish(row, places.offer())
    session.add(
        Event(
            at=wish.submitted_at, subject="application", subject_id=wish.id,
            to_status="submitted", actor_id=row.user_id,
        )
    )  # fmt: skip
    session.commit()
    for name in ("", *(f"/{one}" for one in LISTS)):
        page = browser.get(f"/fondation{name}?q=").text
        for secret in ("Noé", "Cachette", row.user.login_name, row.ref, row.user.ref):
            assert secret not in page
    assert "un élève" in browser.get("/fondation/journal").text
    assert browser.get(f"/fondation/personnes/{row.user.ref}").status_code == 404
    assert browser.get(f"/fondation/personnes/{row.user.ref}/bloquer").status_code == 404


def test_changes_are_filtered_by_who_what_and_when(browser, session, admin):
    site, school = places.site(name="Site du Lac"), places.school(name="Collège du Pont")
    foundation.flag_site(admin, site, flagged=True, why="Raison du site")
    foundation.block(admin, school, why="Raison du collège")
    everything = browser.get("/fondation/journal").text
    assert "Raison du site" in everything
    assert "Raison du collège" in everything
    of_sites = browser.get("/fondation/journal?kind=site&q=ada").text
    assert "Raison du site" in of_sites
    assert "Raison du collège" not in of_sites
    assert "Raison" not in browser.get("/fondation/journal?q=personne").text
    assert "Raison" not in browser.get("/fondation/journal?until=2020-01-01").text
