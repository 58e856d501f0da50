"""A file of pupils put right in the page: its cells, its columns, who is whom."""

import io
import re
from datetime import date

import pytest
import sqlalchemy as sa

from matching.models.imports import ImportPreview
from matching.models.pupils import Pupil
from matching.models.users import Role
from tests.factories import people
from tests.factories.files import HEAD
from tests.factories.pronote import FAULTS, pronote_file
from tests.web.pupil_files import PREVIEW, columns, correct, upload
from tests.web.reading import HOSTILE, hidden, how_many_pupils

pytestmark = pytest.mark.usefixtures("in_november")


@pytest.fixture
def browser(client, group):
    """The browser of the school's clerk."""
    return client.sign_in(people.adult(Role.SCHOOL_CLERK, school=group.school))


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
    assert how_many_pupils(session) == 119
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


def test_a_reference_that_no_page_gave_corrects_nothing(browser, session) -> None:
    upload(browser, f"{HEAD}\nROUX;;04/05/2012;3e A\n")
    for ref in (HOSTILE, "\x00", ""):
        data = {"ref": ref, "c-2-1": "Léo"}
        assert browser.post("/etablissement/import/corriger", data=data).status_code == 303
    assert "Cette case est obligatoire" in browser.get(PREVIEW).text


def test_cells_that_the_file_does_not_have_are_not_written(browser, session) -> None:
    upload(browser, f"{HEAD};INE\nROUX;;04/05/2012;3e A;123456789FF\n")
    page = browser.get(PREVIEW).text
    strange = {"c_2_4": "123456789FF", "c_99_0": "x", "c_2_1": "123456789FF", "c_2_x": "y"}
    assert correct(browser, page, d_99="skip", d_x="skip", **strange).status_code == 303
    preview = session.scalar(sa.select(ImportPreview))
    assert "123456789FF" not in str(preview.file)
    assert "Cette case est obligatoire" in browser.get(PREVIEW).text


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
    assert hidden(page, "header_line") == "4"
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
    assert how_many_pupils(session) == 1
    assert known.birth_date == date(2012, 4, 5)
    upload(browser, f"{HEAD}\nDURAND;Léa;04/05/2012;3e A\n")
    correct(browser, browser.get(PREVIEW).text, d_2="new")
    page = browser.get(PREVIEW).text
    browser.post("/etablissement/import/confirmer", data={"seen": hidden(page, "seen")})
    assert how_many_pupils(session) == 2
