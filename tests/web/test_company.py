"""The company's pages: registration, board, sites, promise."""

import re

import pytest
import sqlalchemy as sa

from matching.models.companies import Company, Pledge, Site
from matching.models.offers import Offer
from matching.models.statuses import ApprovalStatus, OfferStatus
from matching.models.users import Role, User
from matching.services import approvals
from tests.factories import people, places
from tests.factories.placements import placement
from tests.web.reading import HOSTILE
from tests.web.registering import finish

pytestmark = pytest.mark.usefixtures("cheap_passwords", "in_november")


@pytest.fixture
def site(session):
    return places.site()


@pytest.fixture
def browser(client, site):
    """The browser of a member of the company."""
    return client.sign_in(people.adult(Role.COMPANY_MEMBER, company=site.company))


def registration(**changes) -> dict:
    return {
        "siret": "732 829 320 00074",
        "name": "Ateliers fictifs",
        "site_name": "Usine d’Oyonnax",
        "address": "12 rue de l’Essai",
        "postcode": "01100",
        "commune": "Oyonnax",
        "first_name": "Zoé",
        "last_name": "Hôte",
        "email": "zoe@example.org",
        "phone": "06 39 98 12 34",
    } | changes


def register(client, **changes):
    return client.post("/inscription/entreprise", data=registration(**changes))


def how_many(session, table) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(table))


def test_who_registers_is_signed_in_and_reads_that_nobody_meets_a_minor_yet(client, session):
    assert client.get("/inscription/entreprise").status_code == 200
    assert "Un courriel part à zoe@example.org" in register(client).text
    assert finish(client).status_code == 303
    page = client.get("/entreprise").text
    assert "Votre inscription est en attente" in page
    assert "personne ne rencontrera de mineur" in page
    assert session.scalars(sa.select(Company.name)).one() == "Ateliers fictifs"
    assert client.get("/inscription/entreprise").location == "/mon-espace"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"siret": "73282932000075"}, "une faute de frappe"),
        ({"siret": "123"}, "quatorze chiffres"),
        ({"siret": "9" * 400}, "quatorze chiffres"),
        ({"postcode": "1"}, "cinq chiffres"),
        ({"commune": ""}, "Écrivez le nom de la commune."),
        ({"postcode": "01999", "commune": "Nulle-Part"}, "Cette commune est inconnue"),
        ({"email": "zoe@"}, "mal écrite"),
        ({"phone": "12"}, "un numéro que l’on peut appeler"),
        ({"name": "x" * 161}, "160 caractères au plus"),
    ],
)
def test_a_mistake_is_told_and_nothing_typed_is_lost(client, session, changes, words):
    answer = register(client, **changes)
    assert answer.status_code == 422
    assert words in answer.text
    for typed in ("Usine d’Oyonnax", "12 rue de l’Essai", "Hôte"):
        assert typed in answer.text
    assert how_many(session, User) == how_many(session, Company) == 0


def test_all_mistakes_are_told_at_once(client):
    page = register(client, siret="73282932000075", phone="12", email="zoe@", name="").text
    for words in ("faute de frappe", "que l’on peut appeler", "mal écrite", "Écrivez le nom de"):
        assert words in page


def test_a_homonym_becomes_a_choice_in_the_page(client, session):
    place = {"postcode": "58120", "commune": "Château-Chinon"}
    asked = register(client, **place)
    assert asked.status_code == 422
    assert set(re.findall(r'name="commune_code"[^>]*value="(\w+)"', asked.text)) == {
        "58062",
        "58063",
    }
    words = re.search(r'name="commune_asked"[^>]*value="([^"]*)"', asked.text)[1]
    chosen = place | {"commune_code": "58063", "commune_asked": words}
    # A mistake elsewhere does not lose the choice.
    again = register(client, **chosen, phone="12")
    assert re.search(r'name="commune_code"[^>]*value="58063"', again.text)
    assert register(client, **chosen).status_code == 200
    finish(client)
    assert session.scalars(sa.select(Site.commune_code)).one() == "58063"


def test_a_known_siren_is_told_to_ask_a_colleague(client, session):
    places.company(siren="732829320")
    before = how_many(session, User)
    answer = register(client)
    assert answer.status_code == 422
    assert "Demandez à un collègue" in answer.text
    assert how_many(session, User) == before


def test_hostile_words_are_shown_as_words(client, session):
    register(client, name=HOSTILE, site_name=HOSTILE, address=HOSTILE, last_name="D'<i>")
    assert finish(client).status_code == 303
    page = client.get("/entreprise").text
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "49 " not in page
    assert "\x00" not in session.scalars(sa.select(Company.name)).one()


def test_the_board_tells_the_promise_and_what_became_of_it(browser, site, session):
    offer = places.offer(site, weeks=("2027-W05",), seats=5)
    places.offer(site, seats=3, status=OfferStatus.SUBMITTED)
    placement(offer.seats[0], school_answer=True)
    placement(offer.seats[1], status="confirmed", school_answer=True)
    assert browser.post("/entreprise/promesse", data={"pupils": "12"}).status_code == 303
    page = browser.get("/entreprise").text
    figures = re.findall(r"<dt>(\S+ \S+)</dt><dd>(\d+)</dd>", page)
    assert figures[:4] == [
        ("élèves promis", "12"), ("places publiées", "5"), ("élèves proposés", "1"),
        ("stages confirmés", "1"),
    ]  # fmt: skip
    assert "Libres\u00a0: 3 · proposées\u00a0: 1 · confirmées\u00a0: 1" in page
    assert "Des élèves attendent votre réponse" in page


@pytest.mark.parametrize("typed", ["", "0", "-4", "beaucoup", "1e3", "10000", "9" * 30, "4,5"])
def test_a_strange_promise_is_told_next_to_its_field(browser, session, typed):
    answer = browser.post("/entreprise/promesse", data={"pupils": typed})
    assert answer.status_code == 422
    assert 'id="pupils-error"' in answer.text
    assert how_many(session, Pledge) == 0


def test_a_refused_company_reads_why_and_asks_again(browser, site, session):
    site.company.status = ApprovalStatus.REGISTERED
    session.commit()
    coordinator = people.adult(Role.TERRITORY_COORDINATOR, territory=places.territory_of())
    approvals.refuse(coordinator, site.company, words="Ce SIREN est celui d’une autre société.")
    assert "Ce SIREN est celui d’une autre société." in browser.get("/entreprise").text
    assert browser.post("/entreprise/nouvelle-demande").status_code == 303
    assert "Votre inscription est en attente" in browser.get("/entreprise").text


def test_a_site_is_added_and_corrected(client, session):
    company = places.company(siren="732829320")
    places.site(company, siret="73282932000074")
    client.sign_in(people.adult(Role.COMPANY_MEMBER, company=company))
    second = {
        "siret": "732 829 320 00082",
        "site_name": "Atelier",
        "address": "1 rue A",
        "postcode": "01000",
        "commune": "Bourg-en-Bresse",
    }
    assert client.get("/entreprise/sites/nouveau").status_code == 200
    assert client.post("/entreprise/sites/nouveau", data=second).status_code == 303
    assert "déjà inscrit" in client.post("/entreprise/sites/nouveau", data=second).text
    strange = second | {"siret": places.siret(321)}
    assert "732829320" in client.post("/entreprise/sites/nouveau", data=strange).text
    site = session.scalars(sa.select(Site).where(Site.siret == "73282932000074")).one()
    page = client.get(f"/entreprise/sites/{site.ref}").text
    assert "Oyonnax" in page
    fixed = {"site_name": "Usine", "address": "2 rue B", "postcode": "01100", "commune": "Oyonnax"}
    assert client.post(f"/entreprise/sites/{site.ref}", data=fixed).status_code == 303
    session.expire_all()
    assert (site.name, site.address) == ("Usine", "2 rue B")


def test_correcting_a_site_does_not_ask_again_which_homonym_it_is(client, session):
    site = places.site(commune_code="58063")
    client.sign_in(people.adult(Role.COMPANY_MEMBER, company=site.company))
    address = f"/entreprise/sites/{site.ref}"
    shown = dict(
        re.findall(r'name="(postcode|commune)"[^>]*value="([^"]*)"', client.get(address).text)
    )
    fixed = shown | {"site_name": "Usine", "address": "9 rue Neuve"}
    assert client.post(address, data=fixed).status_code == 303
    session.expire_all()
    assert (site.address, site.commune_code) == ("9 rue Neuve", "58063")


def test_another_company_is_not_found(browser, session):
    theirs = places.offer(places.site(name="Atelier des autres"))
    placed = placement(theirs.seats[0], school_answer=True)
    for path in (
        f"/entreprise/sites/{theirs.site.ref}",
        f"/entreprise/offres/{theirs.ref}",
        f"/entreprise/offres/{theirs.ref}/semaines",
    ):
        assert browser.get(path).status_code == 404
    for path in (
        f"/entreprise/offres/{theirs.ref}/lieu",
        f"/entreprise/offres/{theirs.ref}/pause",
        f"/entreprise/offres/{theirs.ref}/fermeture",
        f"/entreprise/propositions/{placed.ref}",
        f"/entreprise/sites/{theirs.site.ref}",
    ):
        assert browser.post(path, data={"version": "1"}).status_code == 404
    assert "Atelier des autres" not in browser.get("/entreprise").text
    assert session.scalars(sa.select(Offer.status)).one() == OfferStatus.PUBLISHED


def test_an_offer_cannot_be_put_at_the_site_of_another_company(browser, session):
    theirs = places.site()
    data = {"ref": "abcdefgh23", "site": theirs.ref, "title": "Usiner", "sector": "metal"}
    assert browser.post("/entreprise/offres/nouvelle", data=data).status_code == 422
    assert how_many(session, Offer) == 0
