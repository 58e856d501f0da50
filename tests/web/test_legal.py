"""The texts that the law asks for, and who accepted them."""

import re

import pytest
import sqlalchemy as sa

from matching.models.legal_texts import LegalAcceptance
from matching.models.users import Membership, Role
from matching.rules import legal_texts
from matching.rules.legal_texts import Edition, LegalText
from matching.services import legal_texts as legal_text_services
from tests.factories import people, places

CONTRACT = legal_texts.in_force(LegalText.PROCESSING_CONTRACT).version


@pytest.fixture
def head(client, session):
    """The head of a school that was registered before there were texts."""
    return people.adult(Role.PRINCIPAL, school=places.school())


def next_edition(monkeypatch, text: LegalText) -> None:
    first = legal_texts.in_force(text)
    monkeypatch.setitem(legal_texts.EDITIONS, text, (first, Edition(2, first.since)))


def versions(page: str) -> str:
    return re.search(r'name="versions"[^>]*value="([^"]*)"', page)[1]


def accepted(session) -> set[tuple[str, int]]:
    return {(row.text.value, row.version) for row in session.scalars(sa.select(LegalAcceptance))}


@pytest.mark.parametrize("text", list(LegalText))
def test_each_text_says_its_version_and_that_no_lawyer_has_read_it(client, session, text):
    page = client.get(f"/textes/{text}").text
    assert f"Version {legal_texts.in_force(text).version}" in page
    assert "22 novembre 2026" in page
    assert "À faire relire par un juriste" in page
    assert page.count("<h2>") >= 4


def test_all_texts_are_one_click_from_every_page(client, session):
    footer = client.get("/").text.partition("<footer")[2]
    assert "Accessibilité\u00a0: non conforme" in footer.replace(" :", "\u00a0:")
    assert {"/aide", "/textes", "/textes/mentions-legales"} <= set(
        re.findall(r'href="([^"]+)"', footer)
    )
    listed = client.get("/textes").text
    assert all(f'href="/textes/{text}"' in listed for text in LegalText)


@pytest.mark.parametrize("name", ["contrat", "a", "VIE-PRIVEE-ELEVES", "../base", "parts", "text"])
def test_what_is_no_text_is_not_found(client, session, name):
    assert client.get(f"/textes/{name}").status_code == 404


def test_pupils_are_told_in_their_words_and_adults_in_theirs(client, session):
    pupil = client.get("/textes/vie-privee-eleves").text.partition("<main")[2]
    assert re.search(r"\btu\b|\bton\b", pupil)
    assert "31 août" in pupil
    adult = client.get("/textes/vie-privee-familles").text.partition("<main")[2]
    assert re.search(r"\bvotre enfant\b", adult)
    assert not re.search(r"\b[Tt]u\b", adult)


def test_what_the_operator_did_not_say_stands_in_brackets(client, session):
    page = client.get("/textes/mentions-legales").text
    assert "[nom de la fondation]" in page
    assert "mailto:" not in page


def test_who_has_not_accepted_is_asked_on_every_page_until_he_does(client, session, head):
    client.sign_in(head)
    assert "Un texte attend un accord" in client.get("/etablissement").text
    page = client.get("/textes/a-accepter").text
    assert "Contrat de traitement des données" in page
    answer = client.post("/textes/a-accepter", data={"versions": versions(page), "accepted": "y"})
    assert answer.status_code == 303
    assert accepted(session) == {
        ("conditions-d-utilisation", 1),
        ("contrat-de-traitement", CONTRACT),
    }
    row = session.scalars(sa.select(LegalAcceptance)).first()
    assert (row.user_id, row.accepted_at is None) == (head.id, False)
    assert "Un texte attend" not in client.get("/etablissement").text
    assert "Rien à accepter" in client.get("/textes/a-accepter").text


def test_without_the_box_nothing_is_accepted(client, session, head):
    client.sign_in(head)
    page = client.get("/textes/a-accepter").text
    answer = client.post("/textes/a-accepter", data={"versions": versions(page)})
    assert answer.status_code == 422
    assert "Cochez cette case" in answer.text
    assert accepted(session) == set()


def test_a_new_edition_is_asked_again_and_the_old_acceptance_stays(
    client, session, head, monkeypatch
):
    client.sign_in(head)
    page = client.get("/textes/a-accepter").text
    client.post("/textes/a-accepter", data={"versions": versions(page), "accepted": "y"})
    next_edition(monkeypatch, LegalText.TERMS)
    asked = client.get("/textes/a-accepter").text
    assert "Conditions d’utilisation" in asked.partition("<main")[2]
    assert "Contrat de traitement" not in asked.partition("<main")[2]
    client.post("/textes/a-accepter", data={"versions": versions(asked), "accepted": "y"})
    assert accepted(session) == {
        ("conditions-d-utilisation", 1),
        ("conditions-d-utilisation", 2),
        ("contrat-de-traitement", CONTRACT),
    }


@pytest.mark.parametrize(
    "seen",
    ["", "conditions-d-utilisation=0", "x=y z", "=", "conditions-d-utilisation=" + "9" * 5000],
)
def test_what_was_not_seen_cannot_be_accepted(client, session, head, seen):
    client.sign_in(head)
    answer = client.post(
        "/textes/a-accepter", data={"versions": seen, "accepted": "y"}, follow_redirects=True
    )
    assert answer.status_code in (200, 409, 422)
    assert accepted(session) == set()


def test_a_company_accepts_terms_and_no_processing_contract(client, session):
    client.sign_in(people.adult(Role.COMPANY_MEMBER, company=places.company()))
    page = client.get("/textes/a-accepter").text
    client.post("/textes/a-accepter", data={"versions": versions(page), "accepted": "y"})
    assert accepted(session) == {("conditions-d-utilisation", 1)}


@pytest.mark.parametrize("role", [Role.CLASS_TEACHER, Role.SCHOOL_CLERK])
def test_the_contract_waits_for_a_head_whom_the_others_are_told_to_invite(client, session, role):
    school = places.school()
    client.sign_in(people.adult(role, school=school))
    assert "Un texte attend un accord" in client.get("/etablissement").text
    page = client.get("/textes/a-accepter").text
    assert "invitez le chef d’établissement" in page
    assert "/equipe" in page.partition("<main")[2]
    client.post("/textes/a-accepter", data={"versions": versions(page), "accepted": "y"})
    forced = f"contrat-de-traitement={CONTRACT} conditions-d-utilisation=1"
    client.post("/textes/a-accepter", data={"versions": forced, "accepted": "y"})
    assert accepted(session) == {("conditions-d-utilisation", 1)}
    people.adult(Role.PRINCIPAL, school=school, first_name="Nadia", last_name="Perrin")
    assert "Un texte attend" not in client.get("/etablissement").text
    page = client.get("/textes/a-accepter").text
    assert "Nadia Perrin peut l’accepter" in page
    assert "Accepter ces textes" not in page


def test_the_head_of_another_school_does_not_bind_this_one(client, session):
    school = places.school()
    user = people.adult(Role.CLASS_TEACHER, school=school)
    session.add(Membership(user=user, role=Role.PRINCIPAL, school=places.school()))
    session.commit()
    assert not legal_text_services.may_accept(user, school, LegalText.PROCESSING_CONTRACT)
