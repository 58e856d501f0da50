"""The outbox page: who sees which e-mails, and their words."""

from dataclasses import replace

import pytest

from matching.models.users import Role
from matching.services import mail
from tests.factories import people, places


@pytest.fixture
def letters(session):
    """Two people and an e-mail to each."""
    lou, sam = people.adult(email="lou@example.org"), people.adult(email="sam@example.org")
    rows = [
        mail.write("let_in", user, kind="school", place=place)
        for user, place in ((lou, "Collège du Lac"), (sam, "Collège du Bois"))
    ]
    return lou, *rows


@pytest.fixture
def demo(app, monkeypatch):
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], demo=True))


def test_a_visitor_of_a_real_installation_reads_nothing(client, letters):
    _lou, row, _other = letters
    for path in ("/courrier", f"/courrier/{row.ref}", f"/courrier/{row.ref}/html"):
        assert client.get(path).location.startswith("/connexion?next=")


def test_a_person_sees_what_was_written_to_him_but_not_the_links(client, letters):
    lou, row, _other = letters
    page = client.sign_in(lou).get("/courrier").text
    assert "Collège du Lac" in page
    assert "Collège du Bois" not in page
    assert client.get(f"/courrier/{row.ref}").status_code == 404


def test_in_a_demonstration_a_person_reads_his_own_emails_only(client, letters, demo):
    lou, row, other = letters
    page = client.sign_in(lou).get("/courrier").text
    assert f"/courrier/{row.ref}" in page
    assert "Collège du Bois" not in page
    words = client.get(f"/courrier/{row.ref}").text
    assert 'href="http://127.0.0.1:8000/mon-espace"' in words
    assert "votre collège est validé" in client.get(f"/courrier/{row.ref}/html").text
    assert client.get(f"/courrier/{other.ref}").status_code == 404


def test_in_a_demonstration_a_visitor_reads_everything(client, letters, demo):
    _lou, row, other = letters
    page = client.get("/courrier").text
    assert f"/courrier/{row.ref}" in page
    assert f"/courrier/{other.ref}" in page
    assert client.get(f"/courrier/{other.ref}").status_code == 200


def test_the_foundation_is_the_postman_where_no_mail_server_is_set(client, letters):
    _lou, row, other = letters
    client.sign_in(people.adult(Role.FOUNDATION_ADMIN))
    assert "lou@example.org" in client.get("/courrier").text
    assert client.get(f"/courrier/{row.ref}").status_code == 200
    row.text = row.html = None
    row.status = mail.MailStatus.SENT
    mail.db.session.commit()
    page = client.get("/courrier").text
    assert f"/courrier/{row.ref}" not in page
    assert f"/courrier/{other.ref}" in page
    assert client.get(f"/courrier/{row.ref}").status_code == 404


def test_many_emails_take_several_pages(client, session):
    admin = people.adult(Role.FOUNDATION_ADMIN)
    for number in range(21):
        mail.write("let_in", admin, kind="school", place=f"Collège {number:02}")
    session.commit()
    client.sign_in(admin)
    first, second = client.get("/courrier").text, client.get("/courrier?page=2").text
    assert "Collège 20" in first
    assert "Collège 00" not in first
    assert "Collège 00" in second
    beyond = client.get("/courrier?page=99").text
    assert "Collège 00" in beyond
    assert "Collège 20" not in beyond


def test_a_pupil_has_no_mail(client, session):
    client.sign_in(people.pupil(places.class_group()).user)
    assert "Aucun courriel" in client.get("/courrier").text
