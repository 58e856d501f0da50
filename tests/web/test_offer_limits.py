"""Limits on the pages of a company, and on the page of who approves its offers."""

import pytest

from matching.models.companies import Site
from matching.models.statuses import OfferStatus
from matching.models.users import Role
from tests.factories import people, places
from tests.factories.placements import placement
from tests.web.reading import now

pytestmark = pytest.mark.usefixtures("in_november")
W5, W6 = "2027-W05", "2027-W06"
ANY_WEEK = {"weeks": [W5, W6], "any_week": "yes", "seats": "5", "reserved": "0"}
LIMITS = {"at_once": "2", "of_a_school": "1", "in_all": "4"}


@pytest.fixture
def offer(session):
    return places.offer(weeks=(W5, W6), any_week=True, seats=5, tutor_name="Zoé", access="Bus")


@pytest.fixture
def browser(client, offer):
    return client.sign_in(people.adult(Role.COMPANY_MEMBER, company=offer.site.company))


def save(browser, offer, data):
    address = f"/entreprise/offres/{offer.ref}/semaines"
    return browser.post(address, data={"version": str(now(offer).version)} | data)


def limits_of(offer) -> tuple:
    row = now(offer)
    return row.most_at_once, row.most_of_a_school, row.most_in_all


def test_limits_are_folded_away_until_one_is_set_and_an_empty_box_takes_it_away(browser, offer):
    address = f"/entreprise/offres/{offer.ref}/semaines"
    folded, open_ = '<details class="card">', '<details class="card" open>'
    assert folded in browser.get(address).text
    assert save(browser, offer, ANY_WEEK | LIMITS).status_code == 303
    assert limits_of(offer) == (2, 1, 4)
    page = browser.get(address).text
    assert open_ in page
    assert 'name="at_once" ' in page
    shown = browser.get(f"/entreprise/offres/{offer.ref}").text
    for words in (
        "2 élèves au plus à la fois",
        "1 élève au plus d’un même collège à la fois",
        "4 élèves au plus sur toute l’année",
    ):
        assert words in shown.replace("\xa0", " ")
    assert save(browser, offer, ANY_WEEK | {"at_once": "2", "in_all": " "}).status_code == 303
    assert limits_of(offer) == (2, None, None)
    assert len(offer.seats) == 5


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"at_once": "0"}, "de 1 à 1000"),
        ({"of_a_school": "-2"}, "de 1 à 1000"),
        ({"in_all": "1001"}, "de 1 à 1000"),
        ({"in_all": "99999999999"}, "Ce nombre est trop grand."),
        ({"of_a_school": "deux"}, "Écrivez un nombre entier, en chiffres."),
        ({"at_once": "2.5"}, "Écrivez un nombre entier, en chiffres."),
        ({"at_once": "2", "any_week": "no"}, "Vous comptez les places chaque semaine"),
        (
            {"at_once": "2", "reserved": "1", "reserved_for": "rep"},
            "ne va pas avec des places réservées",
        ),
    ],
)
def test_a_limit_that_cannot_be_kept_is_told_beside_its_field_and_nothing_is_stored(
    browser, offer, data, sentence
):
    answer = save(browser, offer, ANY_WEEK | data)
    assert answer.status_code == 422
    field = next(name for name in ("at_once", "of_a_school", "in_all") if name in data)
    beside = answer.text.partition(f'id="{field}-error"')[2].partition("</p>")[0]
    assert sentence in beside.replace("\xa0", " ").replace("\u202f", "")
    assert '<details class="card" open>' in answer.text
    assert limits_of(offer) == (None, None, None)
    assert len(now(offer).seats) == 5
    assert not any(seat.reserved_for for seat in offer.seats)


def test_pupils_who_hold_reserved_seats_count_though_the_plan_reserves_none(
    browser, offer, session
):
    offer.seats[0].reserved_for = "rep"
    placement(offer.seats[0], week=W5)
    answer = save(browser, offer, ANY_WEEK | {"at_once": "2"})
    assert answer.status_code == 422
    assert "ne va pas avec des places réservées" in answer.text.replace("\xa0", " ")
    assert limits_of(offer) == (None, None, None)
    other_right = {"of_a_school": "1", "reserved": "2", "reserved_for": "rep_plus"}
    answer = save(browser, offer, ANY_WEEK | other_right)
    assert answer.status_code == 422
    assert "réservées autrement" in answer.text
    assert limits_of(offer) == (None, None, None)


def test_the_limit_of_a_site_is_set_on_its_page_and_taken_away(browser, offer, session):
    address = f"/entreprise/sites/{offer.site.ref}"
    known = {
        "site_name": offer.site.name, "address": offer.site.address,
        "postcode": offer.site.postcode, "commune": "Oyonnax",
    }  # fmt: skip
    site = session.get(Site, offer.site_id)
    assert browser.post(address, data=known | {"most_pupils": "12"}).status_code == 303
    assert now(site).most_pupils == 12
    assert 'value="12"' in browser.get(address).text
    assert "12 élèves au plus" in browser.get("/entreprise").text.replace("\xa0", " ")
    refused = browser.post(address, data=known | {"most_pupils": "0"})
    assert refused.status_code == 422
    assert "de 1 à" in refused.text.replace("\xa0", " ")
    assert now(site).most_pupils == 12
    assert browser.post(address, data=known | {"most_pupils": ""}).status_code == 303
    assert now(site).most_pupils is None


def test_who_approves_an_offer_reads_its_limits(client, session):
    site = places.site(most_pupils=12)
    places.offer(site, status=OfferStatus.SUBMITTED, most_of_a_school=2)
    coordinator = people.adult(Role.TERRITORY_COORDINATOR, territory=places.territory_of())
    page = client.sign_in(coordinator).get("/territoire/a-approuver").text.replace("\xa0", " ")
    assert "2 élèves au plus d’un même collège à la fois" in page
    assert "12 élèves au plus sur ce site dans l’année, toutes offres réunies" in page
