"""The pages of a file of pupils: sent, read, corrected, confirmed, undone."""

import io
import re
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from matching import clock
from matching.models.imports import ImportPreview, PupilImport
from matching.models.pupils import Pupil
from matching.models.schools import ClassGroup
from matching.models.users import Role
from tests.factories import people, places
from tests.factories.files import HEAD, THREE
from tests.factories.pronote import FAULTS, pronote_file
from tests.web.reading import hidden

pytestmark = pytest.mark.usefixtures("in_november")
HOSTILE = "<script>alert(1)</script>'\" %s {{ 7*7 }} \u202e"
PREVIEW = "/etablissement/import/apercu"


@pytest.fixture
def browser(client, group):
    """The browser of the school's clerk."""
    return client.sign_in(people.adult(Role.SCHOOL_CLERK, school=group.school))


def upload(browser, text, **more):
    data = text if isinstance(text, bytes) else text.encode()
    given = {"file": (io.BytesIO(data), "eleves.csv")} | more
    return browser.post("/etablissement/import", data=given, content_type="multipart/form-data")


def count(session) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(Pupil))


def test_the_template_downloads_and_its_own_example_is_refused(browser, session) -> None:
    answer = browser.get("/etablissement/import/modele.csv")
    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    upload(browser, answer.data)
    page = browser.get(PREVIEW).text
    assert "C’est la ligne d’exemple" in page
    assert count(session) == 0


def test_a_file_is_previewed_then_confirmed_once(browser, session) -> None:
    answer = upload(browser, THREE)
    assert (answer.status_code, answer.location) == (303, "/etablissement/import/apercu")
    page = browser.get(answer.location).text
    assert "Nouvelle classe" in page
    assert count(session) == 0
    seen = hidden(page, "seen")
    answer = browser.post("/etablissement/import/confirmer", data={"seen": seen})
    assert (answer.status_code, answer.location) == (303, "/etablissement")
    assert "3\u00a0élèves ajoutés, 0\u00a0fiche modifiée" in browser.get("/etablissement").text
    assert browser.post("/etablissement/import/confirmer", data={"seen": seen}).status_code == 303
    assert "déjà enregistré, annulé ou trop ancien" in browser.get("/etablissement").text
    assert count(session) == 3
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
    assert count(session) == 3


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
    assert count(session) == 0


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
    assert count(session) == 0
    assert session.scalars(sa.select(ClassGroup.name)).all() == ["3e Z"]


# Correcting in the page


def correct(browser, page: str, **values):
    ref = hidden(page, "ref")
    data = {"ref": ref} | {name.replace("_", "-"): text for name, text in values.items()}
    return browser.post("/etablissement/import/corriger", data=data)


def test_ten_faults_of_a_pronote_file_are_named_corrected_and_imported(browser, session) -> None:
    assert upload(browser, pronote_file()).status_code == 303
    page = browser.get(PREVIEW).text
    assert re.findall(r"<legend>Ligne (\d+)", page) == [str(one.line) for one in FAULTS]
    for one in FAULTS:
        told = page.split(f'id="line-{one.line}"')[1].split("</fieldset>")[0]
        assert one.told in told.replace("\u00a0", " ")
    assert "123456789" not in page
    assert not re.search(r"\d{9}FF", page)
    values = {f"c_{one.line}_{one.place}": one.right for one in FAULTS if one.heading}
    assert correct(browser, page, d_90="skip", **values).status_code == 303
    page = browser.get(PREVIEW).text
    assert "<legend>Ligne" not in page
    assert "Vous avez répondu pour ces lignes\u00a0: 90" in page
    browser.post("/etablissement/import/confirmer", data={"seen": hidden(page, "seen")})
    assert count(session) == 119
    assert session.scalar(sa.select(Pupil).where(Pupil.last_name == "DOUBLET")) is not None
    assert session.scalar(sa.select(ImportPreview)) is None


def test_answers_may_be_taken_back(browser, session) -> None:
    upload(browser, f"{HEAD}\nROUX;Léo;04/05/2012;3e A\nRoux;Leo;2012-05-04;3e A\n")
    page = browser.get(PREVIEW).text
    correct(browser, page, d_3="skip")
    page = browser.get(PREVIEW).text
    assert "1\u00a0ligne laissée de côté" in page
    correct(browser, page, d_3="")
    assert "déjà à la ligne 2" in browser.get(PREVIEW).text


def test_a_page_of_a_file_that_was_replaced_corrects_nothing(browser, session) -> None:
    upload(browser, f"{HEAD}\nROUX;;04/05/2012;3e A\n")
    old = browser.get(PREVIEW).text
    upload(browser, f"{HEAD}\nPETIT;;04/05/2012;3e A\n")
    answer = correct(browser, old, c_2_1="Léo")
    assert answer.status_code == 303
    assert "Cette case est obligatoire" in browser.get(PREVIEW).text


def test_cells_that_the_file_does_not_have_are_not_written(browser, session) -> None:
    upload(browser, f"{HEAD};INE\nROUX;;04/05/2012;3e A;123456789FF\n")
    page = browser.get(PREVIEW).text
    strange = {"c_2_4": "123456789FF", "c_99_0": "x", "c_2_1": "123456789FF", "c_2_x": "y"}
    assert correct(browser, page, d_99="skip", d_x="skip", **strange).status_code == 303
    preview = session.scalar(sa.select(ImportPreview))
    assert "123456789FF" not in str(preview.file)
    assert "Cette case est obligatoire" in browser.get(PREVIEW).text


# How the file was read


def columns(browser, *keys, **more):
    data = {f"colonne-{place}": key for place, key in enumerate(keys)} | more
    return browser.post(
        "/etablissement/import/colonnes", data=data, content_type="multipart/form-data"
    )


def test_columns_taken_for_one_another_are_put_right_in_the_page(browser, session) -> None:
    upload(browser, "Prénom;Nom;Né le;Classe\nDURAND;Léa;04/05/2012;3e A\n")
    page = browser.get(PREVIEW).text
    assert "Colonne A – Prénom" in page
    answer = columns(browser, "last_name", "first_name", "birth_date", "class_name")
    assert answer.status_code == 303
    page = browser.get(PREVIEW).text
    browser.post("/etablissement/import/confirmer", data={"seen": hidden(page, "seen")})
    pupil = session.scalar(sa.select(Pupil))
    assert (pupil.last_name, pupil.first_name) == ("DURAND", "Léa")


def test_a_column_that_was_dropped_asks_for_the_file_again(browser, session) -> None:
    text = "Élève de troisième;Petit nom;Né le;Classe\nDURAND;Léa;04/05/2012;3e A\n"
    upload(browser, text)
    page = browser.get(PREVIEW).text
    assert "Cette colonne est obligatoire" in page
    assert "DURAND" not in page
    keys = ("last_name", "first_name", "birth_date", "class_name")
    answer = columns(browser, *keys)
    assert answer.status_code == 422
    assert "rien gardé de la colonne" in answer.text
    assert columns(browser, *keys, file=(io.BytesIO(text.encode()), "a.csv")).status_code == 303
    assert "Enregistrer cet import" in browser.get(PREVIEW).text


def test_a_line_of_headings_further_down_is_found_or_told(browser, session) -> None:
    text = f"Collège du Lac;;;\nListe du 22/11/2026;;;\n\n{HEAD}\nDURAND;Léa;04/05/2012;3e A\n"
    upload(browser, text)
    page = browser.get(PREVIEW).text
    assert 'name="header_line" type="text" value="4"' in page or 'value="4"' in page
    assert "Enregistrer cet import" in page
    again = columns(browser, *("",) * 4, header_line="1")
    assert again.status_code == 422
    assert "Choisissez de nouveau le fichier" in again.text
    wrong = columns(browser, *("",) * 4, header_line="-3")
    assert wrong.status_code == 422


def test_the_class_of_a_whole_file_is_chosen_in_the_page(browser, group, session) -> None:
    upload(browser, "Élèves;Né(e) le;Sexe\nMARTIN Léa;04/05/2012;F\n")
    assert "Cette colonne est obligatoire" in browser.get(PREVIEW).text
    assert columns(browser, "full_name", "birth_date", "", default_class="3e A").status_code == 303
    assert "Enregistrer cet import" in browser.get(PREVIEW).text


def test_columns_without_a_file_lead_back_to_sending_one(browser) -> None:
    assert columns(browser, "last_name").location == "/etablissement/import"


# Somebody who looks like somebody else


def test_a_pupil_who_looks_like_one_of_the_list_is_asked_about(browser, group, session) -> None:
    known = people.pupil(
        group,
        last_name="DURAND",
        first_name="Léa",
        birth_date=date(2012, 5, 4),
        identity="durand|lea|2012-05-04",
    )
    upload(browser, f"{HEAD}\nDURAND;Léa;05/04/2012;3e A\n")
    page = browser.get(PREVIEW).text
    assert "Un élève de votre liste lui ressemble (DURAND Léa, 04/05/2012, 3e A)" in page
    correct(browser, page, d_2=known.ref)
    page = browser.get(PREVIEW).text
    assert "date de naissance" in page
    browser.post("/etablissement/import/confirmer", data={"seen": hidden(page, "seen")})
    session.expire_all()
    assert count(session) == 1
    assert known.birth_date == date(2012, 4, 5)
    upload(browser, f"{HEAD}\nDURAND;Léa;04/05/2012;3e A\n")
    correct(browser, browser.get(PREVIEW).text, d_2="new")
    page = browser.get(PREVIEW).text
    browser.post("/etablissement/import/confirmer", data={"seen": hidden(page, "seen")})
    assert count(session) == 2


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
    assert count(session) == 1


def test_an_import_undone_twice_or_by_a_stranger_changes_nothing(
    client, browser, group, session
) -> None:
    record = imported(browser, session)
    url = f"/etablissement/import/{record.ref}/defaire"
    page = browser.get(url).text
    stranger = people.adult(Role.PRINCIPAL, school=places.school())
    assert client.sign_in(stranger).get(url).status_code == 404
    assert client.post(url, data={"seen": hidden(page, "seen")}).status_code == 404
    assert count(session) == 3
    colleague = people.adult(Role.PRINCIPAL, school=group.school)
    assert client.sign_in(colleague).post(url, data={"seen": "old"}).status_code in (303, 409)
    assert count(session) == 3
    assert client.post(url, data={"seen": hidden(page, "seen")}).status_code == 303
    assert count(session) == 0
    assert client.get(url).status_code == 404
