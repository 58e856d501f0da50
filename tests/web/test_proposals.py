"""The host reads the least about a pupil, and answers."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from matching import clock
from matching.models.applications import RefusedPair
from matching.models.statuses import PlacementStatus
from matching.models.users import Role
from tests.factories import people, places
from tests.factories.placements import placement

PAGE = "/entreprise/propositions"


@pytest.fixture
def offer(session):
    return places.offer(weeks=("2027-W05",), seats=3)


@pytest.fixture
def browser(client, offer):
    return client.sign_in(people.adult(Role.COMPANY_MEMBER, company=offer.site.company))


def proposed(seat, **values):
    group = places.class_group(name="3e Secrète")
    pupil = people.pupil(
        group, first_name="Inès", last_name="Quidort", interests=["metal", "energy"]
    )
    asked = {"school_answer": True, "answer_before": clock.now() + timedelta(days=5)}
    return placement(seat, pupil=pupil, distance_m=7400, **(asked | values))


def answer(browser, row, **data):
    fields = {f"{row.ref}-{name}": value for name, value in data.items()}
    return browser.post(f"{PAGE}/{row.ref}", data=fields)


def test_the_host_reads_first_name_and_initial_and_little_else(browser, offer):
    row = proposed(offer.seats[0])
    page = browser.get(PAGE).text.replace("\u00a0", " ").replace("\u202f", " ")
    for words in ("Inès Q.", "Oyonnax", "7,4 km", "Métaux et mécanique, Énergie", "troisième",
                  "semaine du 1er au 5 février 2027"):  # fmt: skip
        assert words in page
    for hidden in ("Quidort", "3e Secrète", row.pupil.school.name, "2012", row.pupil.ref):
        assert hidden not in page


@pytest.mark.parametrize("school_answer", [None, False])
def test_before_the_yes_of_the_school_the_host_sees_nothing(browser, offer, school_answer):
    row = proposed(offer.seats[0], school_answer=school_answer)
    assert "Inès" not in browser.get(PAGE).text
    assert answer(browser, row, version="1", answer="yes").status_code == 404


def test_a_yes_is_noted_once(browser, offer, session):
    row = proposed(offer.seats[0])
    assert answer(browser, row, version="1", answer="yes").status_code == 303
    again = answer(browser, row, version="1", answer="yes")
    assert again.status_code == 303
    assert "On attend la réponse de l’élève" in browser.get(again.location).text
    session.expire_all()
    assert (row.host_answer, row.status) == (True, PlacementStatus.PROPOSED)


def test_the_yes_of_all_three_confirms(browser, offer, session):
    row = proposed(offer.seats[0], pupil_answer=True)
    answer(browser, row, version="1", answer="yes")
    session.expire_all()
    assert row.status == PlacementStatus.CONFIRMED
    assert "Inès Q." in browser.get(PAGE).text


def test_a_no_asks_why_then_ends_it_and_hides_the_name(browser, offer, session):
    row = proposed(offer.seats[0])
    page = answer(browser, row, version="1", answer="no", words="Désolés.")
    assert page.status_code == 422
    assert "Choisissez une raison" in page.text
    assert "Désolés." in page.text
    sent = answer(browser, row, version="1", answer="no", reason="no_tutor", words="Désolés.")
    assert sent.status_code == 303
    after = browser.get(PAGE).text
    assert "Inès" not in after
    assert "1\u00a0proposition close" in after
    session.expire_all()
    assert (row.status, row.ended_reason, row.ended_words) == ("declined", "no_tutor", "Désolés.")
    assert session.scalars(sa.select(RefusedPair.offer_id)).all() == [offer.id]


@pytest.mark.parametrize(
    "data",
    [
        {"answer": "no", "reason": "too_poor"},
        {"answer": "maybe"},
        {},
        {"answer": "no", "reason": "other", "words": "x" * 501},
    ],
)
def test_a_strange_answer_changes_nothing(browser, offer, session, data):
    row = proposed(offer.seats[0])
    assert answer(browser, row, version="1", **data).status_code == 422
    session.expire_all()
    assert (row.status, row.host_answer) == (PlacementStatus.PROPOSED, None)


@pytest.mark.parametrize("version", ["0", "7", "x", ""])
def test_a_stale_page_is_told(browser, offer, session, version):
    row = proposed(offer.seats[0])
    sent = answer(browser, row, version=version, answer="yes")
    assert sent.status_code == 303
    assert "a changé depuis l’ouverture de la page" in browser.get(sent.location).text
    session.expire_all()
    assert row.host_answer is None


def test_after_the_deadline_the_seat_is_given_back(browser, offer, session):
    row = proposed(offer.seats[0], answer_before=clock.now() - timedelta(minutes=1))
    page = answer(browser, row, version="1", answer="yes")
    assert page.status_code == 422
    assert "Le délai de réponse est passé" in page.text
    session.expire_all()
    assert row.host_answer is None


def test_another_company_is_not_found(browser, session):
    row = proposed(places.offer().seats[0])
    assert "Inès" not in browser.get(PAGE).text
    assert answer(browser, row, version="1", answer="yes").status_code == 404
