"""One's own account: address, password, devices, and the place where one works."""

import pytest
import sqlalchemy as sa

from matching import tasks
from matching.models.mail import Mail
from matching.models.users import Membership, Role
from matching.services import accounts, sign_ins, throttle
from tests.factories import people, places

pytestmark = pytest.mark.usefixtures("cheap_passwords", "nothing_queued")
PASSWORD, NEW = "Trois rabots neufs 7", "Quatre gouges bleues 8"


@pytest.fixture
def lou(session):
    return people.adult(
        Role.PRINCIPAL,
        school=places.school(name="Collège du Lac"),
        email="lou@example.org",
        password_hash=accounts._hasher.hash(PASSWORD),
    )


def link(session, part: str) -> str:
    """The path of the last link of this kind that was written."""
    for text in session.scalars(sa.select(Mail.text).order_by(Mail.id.desc())):
        for line in text.splitlines():
            if part in line:
                return line.removeprefix("http://127.0.0.1:8000")
    raise LookupError(part)


def test_a_forgotten_password_is_asked_for_chosen_and_used(client, session, lou):
    assert "/mot-de-passe-oublie" in client.get("/connexion").text
    sent = client.post("/mot-de-passe-oublie", data={"email": "lou@example.org"})
    tasks.answer_forgotten_passwords()
    path = link(session, "/mot-de-passe/")
    assert client.get(path).status_code == 200
    assert client.get(path).status_code == 200  # looking at it spends nothing
    weak = client.post(path, data={"password": "court"})
    assert weak.status_code == 422
    assert client.post(path, data={"password": NEW}).location == "/connexion"
    assert client.get(path).status_code == 410
    entered = client.post("/connexion", data={"email": "lou@example.org", "password": NEW})
    assert entered.status_code == 303
    unknown = client.post("/mot-de-passe-oublie", data={"email": "nobody@example.org"})
    assert (
        unknown.text.replace("nobody@", "lou@").split("<main", 1)[1].split("</main", 1)[0]
        == (sent.text.split("<main", 1)[1].split("</main", 1)[0])
    )


@pytest.mark.parametrize("email", ["", "not-an-address", "a@b", "x" * 300 + "@example.org"])
def test_what_is_no_address_is_told(client, session, email):
    answer = client.post("/mot-de-passe-oublie", data={"email": email})
    assert answer.status_code == 422
    assert 'class="error"' in answer.text


def test_asking_for_everybody_is_stopped(client, session):
    for _ in range(throttle.LINKS_OF_ADDRESS.most):
        throttle.count(throttle.LINKS_OF_ADDRESS, "127.0.0.1")
    assert client.post("/mot-de-passe-oublie", data={"email": "x@example.org"}).status_code == 429


@pytest.mark.parametrize("path", ["/mot-de-passe/unknown", "/adresse/unknown"])
def test_a_link_that_serves_no_more_says_what_to_do(client, session, path):
    answer = client.get(path)
    assert answer.status_code == 410
    assert "Ce lien ne sert plus" in answer.text
    assert client.post(path).status_code == 410


def test_an_address_is_proved_and_changed(client, session, lou):
    client.sign_in(lou)
    assert "À confirmer" in client.get("/mon-compte").text
    client.post("/mon-compte/confirmer")
    path = link(session, "/adresse/")
    assert "lou@example.org" in client.get(path).text
    client.post(path)
    assert "À confirmer" not in client.get("/mon-compte").text
    form = {"email": "new@example.org", "current": "wrong"}
    assert "pas votre mot de passe" in client.post("/mon-compte/adresse", data=form).text
    assert client.post("/mon-compte/adresse", data=form | {"current": PASSWORD}).status_code == 303
    assert "new@example.org" in client.get("/mon-compte").text
    client.post(link(session, "/adresse/"))
    session.expire_all()
    assert lou.email == "new@example.org"


def test_a_password_is_changed_by_who_knows_the_present_one(client, session, lou):
    client.sign_in(lou)
    other = sign_ins.start(lou, "Chrome, Android")
    form = {"current": PASSWORD, "password": "court"}
    assert client.post("/mon-compte/mot-de-passe", data=form).status_code == 422
    form |= {"password": NEW}
    assert client.post("/mon-compte/mot-de-passe", data=form).location == "/mon-compte"
    assert client.get("/mon-compte").status_code == 200
    assert sign_ins.person(lou.ref, other.ref) is None
    for _ in range(throttle.PASSWORD.most):
        client.post("/mon-compte/mot-de-passe", data=form)
    late = client.post("/mon-compte/mot-de-passe", data=form | {"current": NEW})
    assert "Trop d’essais" in late.text


def test_devices_are_listed_and_disconnected(client, session, lou):
    client.sign_in(lou)
    phone, tablet = sign_ins.start(lou, "Chrome, Android"), sign_ins.start(lou, "Safari, iPad")
    page = client.get("/mon-compte").text
    assert "Chrome, Android" in page
    assert "Safari, iPad" in page
    client.post(f"/mon-compte/sessions/{phone.ref}/fermer")
    assert sign_ins.person(lou.ref, phone.ref) is None
    assert sign_ins.person(lou.ref, tablet.ref) is not None
    client.post("/mon-compte/sessions/fermer")
    assert sign_ins.person(lou.ref, tablet.ref) is None
    assert client.get("/mon-compte").status_code == 200


def test_a_device_is_told_by_its_browser_and_system(client, lou):
    agent = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"
    form = {"email": "lou@example.org", "password": PASSWORD}
    client.post("/connexion", data=form, headers={"User-Agent": agent})
    assert "Firefox, Windows" in client.get("/mon-compte").text


@pytest.fixture
def of_two(session, lou):
    """Lou also works in another school and in a company."""
    school, company = places.school(name="Collège du Bois"), places.company(name="Scierie fictive")
    places.class_group(school, name="3e Frêne")
    places.site(company)
    for role, place in (
        (Role.CLASS_TEACHER, {"school": school}),
        (Role.COMPANY_MEMBER, {"company": company}),
    ):
        session.add(Membership(user=lou, role=role, **place))
    session.commit()
    return lou, school, company


def test_who_works_in_several_places_works_in_one_at_a_time(client, of_two):
    lou, school, company = of_two
    client.sign_in(lou)
    first = client.get("/etablissement").text
    assert "Collège du Lac" in first
    assert "3e Frêne" not in first
    assert client.get("/entreprise").status_code == 404
    chooser = client.get("/mon-espace/choisir").text
    assert "Collège du Bois" in chooser
    assert "Scierie fictive" in chooser
    client.post(f"/mon-espace/choisir/school-{school.ref}")
    assert "3e Frêne" in client.get("/etablissement").text
    assert client.get("/etablissement/semaines").status_code == 200
    client.post(f"/mon-espace/choisir/company-{company.ref}")
    assert client.get("/mon-espace").location == "/entreprise"
    assert "Scierie fictive" in client.get("/entreprise").text
    assert client.get("/etablissement").status_code == 404


def test_nobody_switches_to_a_place_that_is_not_theirs(client, lou):
    client.sign_in(lou)
    other = places.school()
    assert client.post(f"/mon-espace/choisir/school-{other.ref}").status_code == 404
    assert "Changer d’espace" not in client.get("/etablissement").text
    assert "Vous y êtes" in client.get("/mon-espace/choisir").text


def test_a_role_that_ended_is_no_place_any_more(client, session, of_two):
    from matching import clock

    lou, school, _company = of_two
    client.sign_in(lou)
    client.post(f"/mon-espace/choisir/school-{school.ref}")
    for one in lou.memberships:
        if one.school_id == school.id:
            one.ended_at = clock.now()
    session.commit()
    assert "Collège du Lac" in client.get("/etablissement").text


def test_the_territories_of_a_coordinator_are_one_place(client, session):
    user = people.adult(Role.TERRITORY_COORDINATOR, territory=places.territory_of())
    session.add(
        Membership(
            user=user, role=Role.TERRITORY_COORDINATOR, territory=places.territory_of("68224")
        )
    )
    session.commit()
    client.sign_in(user)
    assert "Changer d’espace" not in client.get("/territoire").text
