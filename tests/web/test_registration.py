"""Registering tells nobody who has an account; the link of the letter finishes it."""

import re

import pytest
import sqlalchemy as sa

from matching.models.companies import Company
from matching.models.legal_texts import LegalAcceptance
from matching.models.mail import Mail
from matching.models.schools import School
from matching.models.users import User
from matching.rules.legal_texts import ACCEPTED_BY_COMPANIES, ACCEPTED_BY_SCHOOLS, LegalText
from matching.services import registrations
from tests.factories import people
from tests.web.registering import finish, link

pytestmark = pytest.mark.usefixtures("cheap_passwords", "nothing_queued")
PLACE = {"name": "Ateliers <i>", "address": "1 rue A", "postcode": "01100", "commune": "Oyonnax"}
PERSON = {"first_name": "Zoé", "last_name": "Hôte", "email": "zoe@example.org"}
COMPANY = PLACE | PERSON | {"siret": "73282932000074", "site_name": "Usine", "phone": "0639981234"}
SCHOOL = PLACE | PERSON | {"uai": "0010002X", "sector": "public", "role": "principal"}
FORMS = {"/inscription/entreprise": COMPANY, "/inscription/etablissement": SCHOOL}


@pytest.fixture(params=sorted(FORMS))
def path(request) -> str:
    return request.param


def test_the_page_is_the_same_whether_the_address_has_an_account(client, session, path):
    people.adult(email="lou@example.org")
    pages = [
        client.post(path, data=FORMS[path] | {"email": email})
        for email in ("lou@example.org", "zoe@example.org", "LOU@example.org")
    ]
    assert {page.status_code for page in pages} == {200}
    assert len({re.sub(r"(?i)(lou|zoe)@", "", page.text) for page in pages}) == 1
    assert "Set-Cookie" not in pages[0].headers
    assert session.scalars(sa.select(User.email)).all() == ["lou@example.org"]
    # Sent once more, for another address: still the same.
    again = client.post(path, data=FORMS[path] | {"email": "sam@example.org"})
    assert again.text.replace("sam@", "") == pages[0].text.replace("lou@", "")


def test_the_owner_of_the_account_alone_is_told_and_led_to_the_sign_in_page(client, session, path):
    people.adult(email="zoe@example.org")
    client.post(path, data=FORMS[path])
    registrations.answer_waiting()
    (letter,) = session.scalars(sa.select(Mail)).all()
    assert (letter.name, letter.address) == ("registration_known", "zoe@example.org")
    assert "/connexion" in letter.text
    assert "mot de passe oublié" in letter.text


def test_the_link_shows_what_was_typed_then_signs_in(client, session, path):
    client.post(path, data=FORMS[path])
    page = client.get(link()).text
    assert "Ateliers &lt;i&gt;" in page
    assert "zoe@example.org" in page
    assert session.scalar(sa.select(User.id)) is None
    answer = finish(client)
    assert (answer.status_code, answer.location) == (303, "/mon-espace")
    board = client.get(client.get("/mon-espace").location)
    assert "Votre inscription est confirmée" in board.text
    assert client.get(path).location == "/mon-espace"


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"password": "court"}, "trop court"), ({"accepted": ""}, "Cochez cette case")],
)
def test_what_is_missing_is_told_and_nothing_is_made(client, session, path, changes, words):
    client.post(path, data=FORMS[path])
    answer = finish(client, **changes)
    assert answer.status_code == 422
    assert words in answer.text
    made = [session.scalar(sa.select(table.id)) for table in (User, Company, School)]
    assert made == [None] * 3
    assert session.scalar(sa.select(LegalAcceptance.id)) is None


def test_the_texts_are_accepted_by_the_reader_of_the_letter(client, session, path):
    client.post(path, data=FORMS[path])
    finish(client)
    rows = session.scalars(sa.select(LegalAcceptance)).all()
    wanted = ACCEPTED_BY_COMPANIES if "siret" in FORMS[path] else ACCEPTED_BY_SCHOOLS
    assert {row.text for row in rows} == set(wanted)
    assert {row.user.email for row in rows} == {"zoe@example.org"}


def test_a_link_that_has_served_says_what_to_do(client, path):
    client.post(path, data=FORMS[path])
    address = link()
    finish(client)
    answer = client.get(address)
    assert answer.status_code == 410
    assert "/connexion" in answer.text


def test_who_was_slower_reads_that_it_is_registered(client, session, path):
    client.post(path, data=FORMS[path])
    first = link()
    client.post(path, data=FORMS[path] | {"email": "lou@example.org"})
    assert finish(client).status_code == 303
    client.post("/deconnexion")
    late = client.post(first, data={"password": "Trois rabots neufs 7", "accepted": "y"})
    assert late.status_code == 422
    assert "déjà inscrit" in late.text


def test_who_does_not_head_the_school_leaves_the_contract_to_its_head(client, session):
    client.post("/inscription/etablissement", data=SCHOOL | {"role": "class_teacher"})
    page = client.get(link()).text
    assert "le chef d’établissement l’acceptera" in page
    assert "/textes/contrat-de-traitement" not in page.partition("<main")[2].partition("</form")[0]
    finish(client)
    assert session.scalars(sa.select(LegalAcceptance.text)).all() == [LegalText.TERMS]
    assert "Un texte attend un accord" in client.get("/etablissement").text
