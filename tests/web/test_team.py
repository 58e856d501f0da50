"""The page of colleagues, and the page of an invitation."""

import pytest
import sqlalchemy as sa

from matching.models.invitations import Invitation
from matching.models.mail import Mail
from matching.models.users import Role
from matching.services import invitations
from tests.factories import people, places

pytestmark = pytest.mark.usefixtures("cheap_passwords")
PASSWORD = "Trois rabots neufs 7"


@pytest.fixture
def head(client, session):
    user = people.adult(Role.PRINCIPAL, school=places.school(name="Collège du Lac"))
    client.sign_in(user)
    return user


def invite(client, email="sam@example.org", role="class_teacher", **more):
    return client.post("/equipe", data={"email": email, "role": role, **more})


def path(session) -> str:
    text = session.scalars(sa.select(Mail.text).order_by(Mail.id.desc())).first()
    line = next(line for line in text.splitlines() if "/invitation/" in line)
    return line.removeprefix("http://127.0.0.1:8000")


def test_the_page_of_an_invitation_to_the_foundation_says_so(client, session):
    page = client.get(invitations.invite_to_foundation("x@example.org")).text
    assert "La fondation" in page


def test_a_colleague_is_invited_and_joins(client, app, session, head):
    assert invite(client).status_code == 303
    assert "sam@example.org" in client.get("/equipe").text
    visitor = app.test_client()
    page = visitor.get(path(session)).text
    assert "Collège du Lac" in page
    assert "professeur" in page
    form = {"first_name": "Sam", "last_name": "Petit", "password": PASSWORD}
    assert visitor.post(path(session), data=form | {"password": "court"}).status_code == 422
    assert visitor.post(path(session), data=form).location == "/mon-espace"
    assert visitor.get("/mon-espace").location == "/etablissement"
    assert "Sam Petit" in client.get("/equipe").text
    assert visitor.get(path(session)).status_code == 410


def test_somebody_signed_in_accepts_with_one_button_and_works_there_at_once(
    client, app, session, head
):
    invite(client)
    company = places.company()
    places.site(company)
    member = people.adult(Role.COMPANY_MEMBER, company=company)
    other = app.test_client().sign_in(member)
    assert "Accepter l’invitation" in other.get(path(session)).text
    assert other.post(path(session) + "/accepter").status_code == 303
    assert "Collège du Lac" in other.get("/etablissement").text
    assert other.post(path(session) + "/accepter").status_code == 303  # told, not broken
    assert "Ce lien ne sert plus" in other.get("/etablissement").text


def test_a_visitor_who_has_an_account_signs_in_first(client, app, session, head):
    people.adult(email="sam@example.org")
    invite(client)
    visitor = app.test_client()
    assert "Vous avez déjà un compte" in visitor.get(path(session)).text
    answer = visitor.post(path(session) + "/accepter")
    assert answer.location.startswith("/connexion?next=%2Finvitation%2F") or (
        answer.location.startswith("/connexion?next=/invitation/")
    )


def test_an_invitation_is_taken_back_by_a_colleague_and_by_nobody_else(client, app, session, head):
    invite(client)
    row = session.scalars(sa.select(Invitation)).one()
    stranger = app.test_client().sign_in(people.adult(Role.PRINCIPAL, school=places.school()))
    address = f"/equipe/invitations/{row.ref}/reprendre"
    assert stranger.post(address).status_code == 404
    assert client.post(address).location == "/equipe"
    assert app.test_client().get(path(session)).status_code == 410


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"email": "nope"}, "Écrivez une adresse comme"),
        ({"role": "foundation_admin"}, "Choisissez dans la liste"),
        ({"role": ""}, "Choisissez"),
    ],
)
def test_what_cannot_be_sent_is_told_beside_its_field(client, session, head, data, words):
    answer = invite(client, **data)
    assert answer.status_code == 422
    assert words in answer.text
    assert session.scalar(sa.select(sa.func.count(Invitation.id))) == 0


def test_a_coordinator_of_two_territories_says_to_which(client, session):
    from matching.models.users import Membership

    here, there = places.territory_of(), places.territory_of("68224")
    user = people.adult(Role.TERRITORY_COORDINATOR, territory=here)
    session.add(Membership(user=user, role=Role.TERRITORY_COORDINATOR, territory=there))
    session.commit()
    client.sign_in(user)
    place = f"{there.vintage}-{there.code}"
    assert place in client.get("/equipe").text
    invite(client, role="territory_coordinator", place=place)
    assert session.scalars(sa.select(Invitation.territory_id)).one() == there.id
