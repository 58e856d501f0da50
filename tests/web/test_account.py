"""Signing in and out, and becoming somebody of the demonstration."""

import json
from datetime import timedelta

import pytest

from matching import clock
from matching.models.users import Role
from matching.rules.cards import display_code
from matching.services import accounts, sign_ins, throttle
from tests.factories import people, places

PASSWORD = "Trois rabots neufs 7"


@pytest.fixture
def teacher(session, cheap_passwords):
    hashed = accounts._hasher.hash(PASSWORD)
    return people.adult(
        Role.PRINCIPAL, school=places.school(), email="prof@example.org", password_hash=hashed
    )


@pytest.fixture
def card(session):
    """A pupil, and the code of the card."""
    pupil = people.pupil(places.class_group())
    pupil.user.login_name = "KTRM4W7P"
    code = accounts.new_code(pupil.user)
    session.commit()
    return pupil, code


def sign_in(client, email="prof@example.org", password=PASSWORD, **more):
    return client.post("/connexion", data={"email": email, "password": password, **more})


def pupil_sign_in(client, login_name, code, **more):
    form = {"login_name": login_name, "code": code, **more}
    return client.post("/connexion/eleve", data=form)


def test_an_adult_enters_by_the_board_of_the_role(client, teacher):
    answer = sign_in(client)
    assert (answer.status_code, answer.location) == (303, "/mon-espace")
    assert client.get("/mon-espace").location == "/etablissement"
    assert client.get("/connexion").location == "/mon-espace"


def test_a_refusal_says_the_same_whether_the_account_exists_or_not(client, teacher):
    known, unknown = sign_in(client, password="wrong"), sign_in(client, email="x@example.org")
    assert known.status_code == unknown.status_code == 422
    told = known.text.replace("prof@example.org", "x@example.org")
    assert told == unknown.text
    assert "Adresse ou mot de passe inconnus" in told
    assert client.get("/mon-espace").location.startswith("/connexion")


def test_the_password_is_never_sent_back(client, teacher):
    assert "certainly-wrong" not in sign_in(client, password="certainly-wrong").text


def test_after_ten_failures_even_the_right_password_waits(client, teacher, monkeypatch):
    for _ in range(throttle.PASSWORD.most):
        sign_in(client, password="wrong")
    assert "Attendez 15" in sign_in(client).text
    later = clock.now() + timedelta(minutes=16)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert sign_in(client).status_code == 303


def test_one_address_cannot_try_every_card(client, card, monkeypatch):
    monkeypatch.setattr(throttle, "ADDRESS", throttle.Limit("address", 4, timedelta(minutes=15)))
    wrong = [pupil_sign_in(client, name, "K" * 16) for name in ("BBBB", "CCCC", "DDDD", "FFFF")]
    assert {answer.status_code for answer in wrong} == {422}
    blocked = pupil_sign_in(client, "KTRM4W7P", card[1])
    assert blocked.status_code == 422
    assert "Trop d’essais" in blocked.text


def test_those_who_succeed_do_not_wear_out_the_address_of_their_school(client, card, monkeypatch):
    monkeypatch.setattr(throttle, "ADDRESS", throttle.Limit("address", 4, timedelta(minutes=15)))
    _pupil, code = card
    assert {pupil_sign_in(client, "KTRM4W7P", code).status_code for _ in range(6)} == {303}


def test_registrations_from_one_address_are_counted(client, session, monkeypatch):
    # The limit is read when the page is made: what was sent before is counted here.
    for _ in range(throttle.REGISTRATIONS.most):
        throttle.count(throttle.REGISTRATIONS, "127.0.0.1")
    for path in ("/inscription/entreprise", "/inscription/etablissement"):
        assert client.get(path).status_code == 200
        assert client.post(path).status_code == 429


def test_a_session_ended_elsewhere_opens_nothing_any_more(client, app, teacher):
    other = app.test_client()
    for browser in (client, other):
        assert sign_in(browser).status_code == 303
    assert other.get("/etablissement").status_code == 200
    sign_ins.end_all(teacher)
    assert other.get("/etablissement").status_code == 302


def test_a_cookie_without_a_session_opens_nothing(client, teacher):
    with client.session_transaction() as kept:
        kept["_user_id"] = teacher.ref
    assert client.get("/etablissement").status_code == 302


def test_signing_out_ends_the_session_for_a_copy_of_the_cookie_too(client, app, teacher):
    sign_in(client)
    thief = app.test_client()
    thief.set_cookie("session", client.get_cookie("session").value)
    assert thief.get("/etablissement").status_code == 200
    client.post("/deconnexion")
    assert thief.get("/etablissement").status_code == 302


def test_a_pupil_enters_with_the_card_typed_as_a_child_does(client, card):
    _pupil, code = card
    answer = pupil_sign_in(client, "ktrm 4w7p", display_code(code).lower())
    assert (answer.status_code, answer.location) == (303, "/mon-espace")
    assert client.get("/mon-espace").location == "/eleve"
    assert "Bonjour Inès" in client.get("/eleve").text


def test_the_qr_code_of_the_card_fills_the_name_in(client):
    page = client.get("/connexion/eleve?nom=KTRM4W7P").text
    assert 'value="KTRM-4W7P"' in page
    assert "&lt;" not in client.get("/connexion/eleve?nom=<script>").text


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("KTRM", "seize signes"),
        ("KTRM-4W7P-KTRM-4W7O", "Il n’y a ni voyelle"),
        ("BBBB-BBBB-BBBB-BBBB", "ne vont pas ensemble"),
        ("", "Recopie le code"),
    ],
)
def test_a_wrong_code_says_what_to_look_at(client, card, code, words):
    answer = pupil_sign_in(client, "KTRM-4W7P", code)
    assert answer.status_code == 422
    assert words in answer.text


def test_a_slip_of_the_finger_costs_no_attempt(client, card):
    _pupil, code = card
    for _ in range(throttle.PASSWORD.most + 2):
        pupil_sign_in(client, "KTRM-4W7P", code[:-1])
    assert pupil_sign_in(client, "KTRM-4W7P", code).status_code == 303


def test_signing_in_leads_to_the_page_that_was_asked_for(client, card):
    asked = client.get("/eleve/voeux")
    assert asked.status_code == 302
    assert "next=%2Feleve%2Fvoeux" in asked.location
    assert 'value="/eleve/voeux"' in client.get("/connexion/eleve?next=/eleve/voeux").text
    answer = pupil_sign_in(client, "KTRM4W7P", card[1], next="/eleve/voeux")
    assert answer.location == "/eleve/voeux"


@pytest.mark.parametrize(
    "address",
    ["https://elsewhere.example", "//elsewhere.example", "/\\elsewhere.example", "javascript:x",
     "/\t/elsewhere.example"],
)  # fmt: skip
def test_signing_in_never_leads_to_another_site(client, card, address):
    assert pupil_sign_in(client, "KTRM4W7P", card[1], next=address).location == "/mon-espace"


def test_signing_out_forgets_the_session(client, card):
    client.sign_in(card[0].user)
    assert client.get("/deconnexion").status_code == 405
    assert client.post("/deconnexion").location == "/"
    assert client.get("/eleve").status_code == 302


def test_another_card_on_the_same_phone_takes_the_place_of_the_first(client, card):
    other = people.pupil(places.class_group(), first_name="Noé")
    client.sign_in(other.user)
    assert "Bonjour Noé" in client.get("/eleve").text
    pupil_sign_in(client, "KTRM4W7P", card[1])
    assert "Bonjour Inès" in client.get("/eleve").text


def test_an_account_without_a_role_is_told_what_to_do(client, session):
    client.sign_in(people.adult())
    page = client.get("/mon-espace").text
    assert "/inscription/etablissement" in page
    assert "/inscription/entreprise" in page


def test_a_real_installation_lets_nobody_become_somebody(client, teacher):
    assert client.post(f"/demo/devenir/{teacher.ref}").status_code == 404
    assert "Devenir" not in client.get("/connexion").text


def test_a_demonstration_lets_a_visitor_become_those_who_are_listed(
    client, app, teacher, monkeypatch
):
    from dataclasses import replace

    settings = replace(app.config["SETTINGS"], demo=True)
    monkeypatch.setitem(app.config, "SETTINGS", settings)
    listed = {
        "ref": teacher.ref,
        "group": "Collège",
        "label": "Mme Roux",
        "hint": "Voit sa classe.",
    }
    people_file = settings.instance / "demo-people.json"
    people_file.write_text(json.dumps([listed]), encoding="utf-8")
    try:
        page = client.get("/connexion").text
        assert "Devenir Mme Roux" in page
        assert "Voit sa classe." in page
        unlisted = people.adult()
        assert client.post(f"/demo/devenir/{unlisted.ref}").status_code == 404
        assert client.post(f"/demo/devenir/{teacher.ref}").status_code == 303
        assert client.get("/mon-espace").location == "/etablissement"
    finally:
        people_file.unlink()
