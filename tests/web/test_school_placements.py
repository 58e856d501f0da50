"""Proposals on the page of the school: yes to one, yes to a class, no with a reason."""

import pytest

from matching.models.placements import Party
from matching.models.statuses import PlacementStatus
from matching.models.users import Role
from tests.factories import people, places
from tests.factories.placements import placement
from tests.web.reading import HOSTILE

URL = "/etablissement/propositions"


@pytest.fixture
def proposals(group):
    offer = places.offer(seats=3, title="Découvrir la fonderie")
    given = ({"rank": 2, "reason": "wish"}, {"reason": "sector"}, {"reason": "distance"})
    return [
        placement(seat, pupil=people.pupil(group), distance_m=7400, same_territory=True, **more)
        for seat, more in zip(offer.seats, given, strict=True)
    ]


@pytest.fixture
def browser(client, group):
    """The browser of the principal."""
    return client.sign_in(people.adult(Role.PRINCIPAL, school=group.school))


def test_the_page_says_why_in_words(browser, proposals) -> None:
    page = browser.get(URL).text
    assert "C’est son vœu n° 2." in page
    assert "univers choisi par l’élève\u00a0:" in page
    assert "c’est une place proche encore libre" in page
    assert page.count("À 7,4\u00a0km du collège.") == 3
    assert "Oui aux 3 propositions de la classe 3e A" in page


def test_one_yes_starts_the_clock_of_one(browser, proposals, session) -> None:
    one = proposals[0]
    answer = browser.post(URL, data={"seen": f"{one.ref}:{one.version}"})
    assert (answer.status_code, answer.location) == (303, URL)
    session.expire_all()
    assert [row.school_answer for row in proposals] == [True, None, None]
    assert one.answer_before is not None
    assert "Oui noté pour 1 élève." in browser.get(URL).text


def test_a_class_is_accepted_at_once_but_for_what_has_changed(browser, proposals, session) -> None:
    seen = [f"{row.ref}:{row.version}" for row in proposals]
    browser.post(f"{URL}/{proposals[1].ref}/refuser", data={"version": "1", "reason": "too_far"})
    for _ in range(2):
        assert browser.post(URL, data={"seen": seen}).status_code == 303
    session.expire_all()
    assert [row.school_answer for row in proposals] == [True, False, True]
    page = browser.get(URL).text
    assert "Oui noté pour 2 élèves." in page
    assert "1 proposition avait déjà changé" in page


TAMPERED = ("99", "", "-1", "\x00", "9" * 5_000, "²", "1:1", HOSTILE)


@pytest.mark.parametrize(
    "seen", ["", "x", "x:y", ":1", f"{HOSTILE}:1", *(f"{{ref}}:{one}" for one in TAMPERED)]
)
def test_what_no_page_sends_accepts_nothing(browser, proposals, session, seen) -> None:
    answer = browser.post(URL, data={"seen": seen.replace("{ref}", proposals[0].ref)})
    assert answer.status_code == 303
    session.expire_all()
    assert {row.school_answer for row in proposals} == {None}


@pytest.mark.parametrize("version", TAMPERED)
def test_a_no_to_what_no_page_showed_ends_nothing(browser, proposals, session, version) -> None:
    one = proposals[0]
    data = {"version": version, "reason": "week_changed"}
    assert browser.post(f"{URL}/{one.ref}/refuser", data=data).status_code == 303
    session.expire_all()
    assert one.status is PlacementStatus.PROPOSED


def test_a_no_needs_a_reason_and_frees_the_seat(browser, proposals, session) -> None:
    one = proposals[0]
    url = f"{URL}/{one.ref}/refuser"
    assert browser.get(url).status_code == 200
    answer = browser.post(url, data={"version": "1"})
    assert answer.status_code == 422
    assert "choisissez une raison" in answer.text
    assert browser.post(url, data={"version": "1", "reason": "no_tutor"}).status_code == 422
    data = {"version": "1", "reason": "week_changed", "words": "Sortie scolaire."}
    assert browser.post(url, data=data).status_code == 303
    session.expire_all()
    assert (one.status, one.ended_by) == (PlacementStatus.DECLINED, Party.SCHOOL)
    assert browser.post(url, data=data).status_code == 303  # the second click
    page = browser.get(URL).text
    assert "votre collège : la semaine de stage a changé" in page.replace("\u00a0", " ")


def test_a_clerk_looks_and_answers_nothing(client, group, proposals, session) -> None:
    client.sign_in(people.adult(Role.SCHOOL_CLERK, school=group.school))
    page = client.get(URL).text
    assert "Découvrir la fonderie" in page
    assert "Refuser" not in page
    one = proposals[0]
    assert client.post(URL, data={"seen": f"{one.ref}:1"}).status_code == 404
    assert client.get(f"{URL}/{one.ref}/refuser").status_code == 404
    session.expire_all()
    assert one.school_answer is None
