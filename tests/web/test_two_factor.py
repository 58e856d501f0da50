"""The second proof at sign-in and its pages."""

from dataclasses import replace
from datetime import timedelta

import pytest

from matching import clock
from matching.models.two_factor import TwoFactor
from matching.models.users import Role
from matching.rules import totp
from matching.services import accounts, two_factor
from tests.factories import people, places

PASSWORD = "Trois rabots neufs 7"
PAGE = "/mon-compte/double-verification"


@pytest.fixture
def lou(session, cheap_passwords):
    return people.adult(
        Role.TERRITORY_COORDINATOR,
        territory=places.territory_of(),
        email="lou@example.org",
        password_hash=accounts._hasher.hash(PASSWORD),
    )


@pytest.fixture
def required(app, monkeypatch):
    settings = replace(app.config["SETTINGS"], two_factor_required=True)
    monkeypatch.setitem(app.config, "SETTINGS", settings)
    return settings


def code(session, user) -> str:
    row = session.get(TwoFactor, user.id)
    step = totp.step_at(clock.now().timestamp())
    return totp.code_of(two_factor._secret(user, row), step)


def set_up(session, user) -> list[str]:
    two_factor.begin(user)
    return two_factor.confirm(user, code(session, user))


def sign_in(client, **more):
    return client.post(
        "/connexion", data={"email": "lou@example.org", "password": PASSWORD, **more}
    )


def test_it_is_set_up_with_a_drawing_or_a_typed_key(client, session, lou):
    client.sign_in(lou)
    assert "Commencer" in client.get(PAGE).text
    client.post(f"{PAGE}/commencer")
    page = client.get(PAGE).text
    assert "<svg" in page
    assert totp.as_typed(two_factor.secret_of(lou)) in page
    wrong = client.post(PAGE, data={"code": "12"})
    assert wrong.status_code == 422
    assert "pas le bon" in wrong.text
    done = client.post(PAGE, data={"code": code(session, lou)})
    assert done.text.count("<code>") == two_factor.CODES
    assert "En place" in client.get(PAGE).text
    assert '<svg class="qr' not in client.get(PAGE).text


def test_the_password_alone_opens_nothing_any_more(client, session, lou):
    codes = set_up(session, lou)
    answer = sign_in(client, next="/territoire/a-approuver")
    assert answer.location == "/connexion/code"
    assert client.get("/territoire").status_code == 302
    assert client.post("/connexion/code", data={"code": "zz"}).status_code == 422
    entered = client.post("/connexion/code", data={"code": codes[0]})
    assert entered.location == "/territoire/a-approuver"
    assert client.get("/territoire").status_code == 200
    client.post("/deconnexion")
    sign_in(client)
    assert client.post("/connexion/code", data={"code": codes[0]}).status_code == 422


def test_half_a_sign_in_does_not_last(client, session, lou, monkeypatch):
    codes = set_up(session, lou)
    sign_in(client)
    moment = clock.now() + timedelta(minutes=11)
    monkeypatch.setattr(clock, "now", lambda: moment)
    answer = client.post("/connexion/code", data={"code": codes[0]})
    assert answer.location == "/connexion"


def test_a_visitor_has_no_second_half(client, session):
    assert client.get("/connexion/code").location == "/connexion"


def test_a_coordinator_sets_it_up_first_where_it_is_required(client, session, lou, required):
    sign_in(client)
    assert client.get("/territoire").location == PAGE
    assert "Votre rôle la demande" in client.get(PAGE).text
    set_up(session, lou)
    assert client.get("/territoire").status_code == 200
    refused = client.post(f"{PAGE}/retirer", data={"current": PASSWORD})
    assert refused.status_code == 422
    assert two_factor.is_on(lou)


def test_a_school_is_not_asked_for_it(client, session, required):
    client.sign_in(people.adult(Role.PRINCIPAL, school=places.school()))
    assert client.get("/etablissement").status_code == 200


def test_a_demonstration_requires_nothing(client, app, session, lou, required, monkeypatch):
    monkeypatch.setitem(app.config, "SETTINGS", replace(required, demo=True))
    client.sign_in(lou)
    assert client.get("/territoire").status_code == 200


def test_new_codes_and_taking_it_away_ask_for_the_password(client, session, lou):
    set_up(session, lou)
    client.sign_in(lou)
    for action in ("codes", "retirer"):
        answer = client.post(f"{PAGE}/{action}", data={"current": "wrong"})
        assert answer.status_code == 422
    assert client.post(f"{PAGE}/codes", data={"current": PASSWORD}).text.count("<code>") == 10
    assert client.post(f"{PAGE}/retirer", data={"current": PASSWORD}).status_code == 303
    assert not two_factor.is_on(lou)
    assert sign_in(client).location == "/mon-espace"


def test_the_foundation_takes_it_away_from_the_page_of_a_person(client, session, lou):
    set_up(session, lou)
    client.sign_in(people.adult(Role.FOUNDATION_ADMIN))
    address = f"/fondation/personnes/{lou.ref}/second-facteur"
    assert address in client.get(f"/fondation/personnes/{lou.ref}").text
    assert client.post(address, data={"why": "Rappelée à son bureau."}).status_code == 303
    assert not two_factor.is_on(lou)
    assert address not in client.get(f"/fondation/personnes/{lou.ref}").text
