"""The pages of a file of pupils: sent, read, confirmed, undone."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from matching import clock
from matching.models.imports import ImportPreview, PupilImport
from matching.models.pupils import Pupil
from matching.models.schools import ClassGroup
from matching.models.users import Role
from tests.factories import people, places
from tests.factories.files import HEAD, THREE
from tests.web.pupil_files import PREVIEW, upload
from tests.web.reading import hidden, how_many_pupils

pytestmark = pytest.mark.usefixtures("in_november")
HOSTILE = "<script>alert(1)</script>'\" %s {{ 7*7 }} \u202e"


@pytest.fixture
def browser(client, group):
    """The browser of the school's clerk."""
    return client.sign_in(people.adult(Role.SCHOOL_CLERK, school=group.school))


def test_the_template_downloads_and_its_own_example_is_refused(browser, session) -> None:
    answer = browser.get("/etablissement/import/modele.csv")
    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    upload(browser, answer.data)
    page = browser.get(PREVIEW).text
    assert "C’est la ligne d’exemple" in page
    assert how_many_pupils(session) == 0


def test_a_file_is_previewed_then_confirmed_once(browser, session) -> None:
    answer = upload(browser, THREE)
    assert (answer.status_code, answer.location) == (303, "/etablissement/import/apercu")
    page = browser.get(answer.location).text
    assert "Nouvelle classe" in page
    assert how_many_pupils(session) == 0
    seen = hidden(page, "seen")
    answer = browser.post("/etablissement/import/confirmer", data={"seen": seen})
    assert (answer.status_code, answer.location) == (303, "/etablissement")
    assert "3\u00a0élèves ajoutés, 0\u00a0fiche modifiée" in browser.get("/etablissement").text
    assert browser.post("/etablissement/import/confirmer", data={"seen": seen}).status_code == 303
    assert "déjà enregistré, annulé ou trop ancien" in browser.get("/etablissement").text
    assert how_many_pupils(session) == 3
    assert session.scalar(sa.select(ImportPreview)) is None


def test_the_same_file_again_offers_nothing_to_confirm(browser, session) -> None:
    for _ in range(2):
        upload(browser, THREE)
        page = browser.get("/etablissement/import/apercu").text
        if "il n’y a rien à changer" not in page:
            seen = hidden(page, "seen")
            browser.post("/etablissement/import/confirmer", data={"seen": seen})
    assert "il n’y a rien à changer" in page
    assert "/etablissement/import/confirmer" not in page
    assert browser.post("/etablissement/import/annuler").status_code == 303
    assert session.scalar(sa.select(ImportPreview)) is None
    assert how_many_pupils(session) == 3


def test_each_problem_is_beside_its_cell_under_its_line(browser, session) -> None:
    lines = ("DURAND;Léa;04/05/2002;3e A;1", ";Hugo;x;3e A;2", f"ROUX;{HOSTILE};04/05/2012;3e A;")
    assert upload(browser, "\n".join((f"{HEAD};INE", *lines))).status_code == 303
    page = browser.get(PREVIEW).text
    assert re.findall(r"<legend>Ligne (\d+)", page) == ["2", "3", "4"]
    assert re.findall(r'name="(c-\d+-\d+)"', page) == ["c-2-2", "c-3-0", "c-3-2", "c-4-1"]
    assert 'value="04/05/2002"' in page
    assert "INE" in page
    assert "<script>alert" not in page
    assert "/etablissement/import/confirmer" not in page
    assert how_many_pupils(session) == 0


def test_no_file_garbage_and_ten_thousand_lines_are_told(browser, session) -> None:
    answer = browser.post("/etablissement/import", data={}, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "Choisissez un fichier" in answer.text
    assert "n’est pas un tableau" in upload(browser, bytes(range(256)) * 9).text
    assert "Ligne 3 – Un guillemet" in upload(browser, f'{HEAD}\n;;;\n"Roux;;;3A').text
    giant = THREE + "ROUX;Ada;01/01/2012;3e A\n" * 10_000
    assert "plus de 5\u202f000 lignes" in upload(browser, giant).text
    answer = browser.post(
        "/etablissement/import",
        data=b"x" * (3 * 1024 * 1024 + 1),
        content_type="multipart/form-data; boundary=x",
    )
    assert answer.status_code == 413
    assert session.scalar(sa.select(ImportPreview)) is None


def test_a_preview_belongs_to_its_sender_for_an_hour(client, group, session, monkeypatch) -> None:
    sender = people.adult(Role.SCHOOL_CLERK, school=group.school)
    colleague = people.adult(Role.PRINCIPAL, school=group.school)
    upload(client.sign_in(sender), THREE)
    url = "/etablissement/import/apercu"
    assert client.get(url).status_code == 200
    assert client.sign_in(colleague).get(url).status_code == 302
    later = clock.now() + timedelta(hours=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert client.sign_in(sender).get(url).status_code == 302


def test_a_class_renamed_meanwhile_shows_the_preview_again(browser, group, session) -> None:
    upload(browser, THREE)
    seen = hidden(browser.get("/etablissement/import/apercu").text, "seen")
    group.name = "3e Z"
    session.commit()
    answer = browser.post(
        "/etablissement/import/confirmer",
        data={"seen": seen},
        headers={"Referer": "http://localhost/etablissement/import/apercu"},
    )
    assert answer.location.endswith("/etablissement/import/apercu")
    assert "a changé depuis cet aperçu" in browser.get("/etablissement/import/apercu").text
    assert how_many_pupils(session) == 0
    assert session.scalars(sa.select(ClassGroup.name)).all() == ["3e Z"]


# Undoing


def imported(browser, session, text=THREE) -> PupilImport:
    upload(browser, text)
    seen = hidden(browser.get(PREVIEW).text, "seen")
    browser.post("/etablissement/import/confirmer", data={"seen": seen})
    return session.scalars(sa.select(PupilImport).order_by(PupilImport.id.desc())).first()


def test_an_import_is_undone_but_for_what_has_been_used(browser, session) -> None:
    record = imported(browser, session)
    url = f"/etablissement/import/{record.ref}/defaire"
    assert url in browser.get("/etablissement/import").text
    used = session.scalar(sa.select(Pupil).where(Pupil.last_name == "ROUX"))
    used.card_issued_at = clock.now()
    session.commit()
    page = browser.get(url).text
    assert "sa carte est imprimée" in page
    assert "2\u00a0élèves retirés" in page
    assert browser.post(url, data={"seen": hidden(page, "seen")}).status_code == 303
    assert session.scalars(sa.select(Pupil.last_name)).all() == ["ROUX"]
    assert session.scalars(sa.select(ClassGroup.name).order_by("name")).all() == ["3e A", "3e B"]
    page = browser.get(url).text
    assert "il n’y a rien à défaire" in page
    headers = {"Referer": "http://localhost" + url}
    assert browser.post(url, data={"seen": ""}, headers=headers).status_code in (303, 409)
    assert how_many_pupils(session) == 1


def test_an_import_undone_twice_or_by_a_stranger_changes_nothing(
    client, browser, group, session
) -> None:
    record = imported(browser, session)
    url = f"/etablissement/import/{record.ref}/defaire"
    page = browser.get(url).text
    stranger = people.adult(Role.PRINCIPAL, school=places.school())
    assert client.sign_in(stranger).get(url).status_code == 404
    assert client.post(url, data={"seen": hidden(page, "seen")}).status_code == 404
    assert how_many_pupils(session) == 3
    colleague = people.adult(Role.PRINCIPAL, school=group.school)
    assert client.sign_in(colleague).post(url, data={"seen": "old"}).status_code in (303, 409)
    assert how_many_pupils(session) == 3
    assert client.post(url, data={"seen": hidden(page, "seen")}).status_code == 303
    assert how_many_pupils(session) == 0
    assert client.get(url).status_code == 404
