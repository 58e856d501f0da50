"""The pages that fill a school's list: a pupil, a file, the cards."""

import io
import re
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from matching import clock
from matching.models.imports import ImportPreview
from matching.models.pupils import Pupil
from matching.models.schools import ClassGroup
from matching.models.statuses import PlacementStatus
from matching.models.users import Role
from matching.services import accounts
from tests.factories import people, places
from tests.factories.files import HEAD, THREE
from tests.factories.placements import placement

HOSTILE = "<script>alert(1)</script>'\"\x00\x07 %s {{ 7*7 }} \u202e"


@pytest.fixture(autouse=True)
def in_november(monkeypatch):
    monkeypatch.setattr(clock, "today", lambda: date(2026, 11, 23))


@pytest.fixture
def group(session):
    return places.class_group(name="3e A")


@pytest.fixture
def browser(client, group):
    """The browser of the school's clerk."""
    return client.sign_in(people.adult(Role.SCHOOL_CLERK, school=group.school))


def text_of(response) -> str:
    return response.get_data(as_text=True)


def hidden(page: str, name: str) -> str:
    return re.search(rf'name="{name}"[^>]*value="([^"]+)"', page)[1]


def pupil_form(**changes) -> dict:
    return {"last_name": "Durand", "first_name": "Léa", "birth_date": "04/05/2012"} | changes


def upload(browser, text, **more):
    data = text if isinstance(text, bytes) else text.encode()
    given = {"file": (io.BytesIO(data), "eleves.csv")} | more
    return browser.post("/etablissement/import", data=given, content_type="multipart/form-data")


def count(session) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(Pupil))


# One by one


def test_a_pupil_is_added_corrected_and_erased(browser, group, session) -> None:
    url = f"/etablissement/classes/{group.ref}/eleves/nouveau"
    parent = {"guardian1_last_name": "Durand", "guardian1_phone": "06 39 98 00 01"}
    assert browser.post(url, data=pupil_form(**parent)).status_code == 303
    row = session.scalar(sa.select(Pupil))
    edit = f"/etablissement/eleves/{row.ref}/modifier"
    page = text_of(browser.get(edit))
    assert "06\u00a039\u00a098\u00a000\u00a001" in page
    blank = dict.fromkeys(parent, "")
    changed = pupil_form(first_name="Léana", class_group=group.ref, **blank)
    changed["seen"] = hidden(page, "seen")
    assert browser.post(edit, data=changed).status_code == 303
    session.expire_all()
    assert (row.first_name, row.guardians) == ("Léana", [])
    # The same page sent again is older than the data.
    browser.post(
        edit, data=changed | {"first_name": "Lya"}, headers={"Referer": "http://localhost" + edit}
    )
    session.expire_all()
    assert row.first_name == "Léana"
    assert "Quelqu’un vient de changer cette fiche" in text_of(browser.get(edit))
    assert browser.post(f"/etablissement/eleves/{row.ref}/retirer").status_code == 303
    assert count(session) == 0


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"birth_date": "31/02/2012"}, "Une date qui existe"),
        ({"birth_date": "04/05/2002"}, "de 10 à 18 ans"),
        ({"birth_date": "hier"}, "Une date comme 15/03/2012"),
        ({"last_name": ""}, "Écrivez le nom de l’élève"),
        ({"last_name": "x" * 81}, "Au plus 80 signes"),
        ({"first_name": HOSTILE}, "Un nom\u00a0: des lettres"),
        ({"commune": "Montreuil"}, "Plusieurs communes sont possibles"),
        ({"guardian1_email": "a@"}, "Une adresse électronique complète"),
        ({"guardian2_phone": "12"}, "Un numéro de téléphone"),
        ({"guardian1_email": "a@example.org"}, "Le nom du responsable"),
    ],
)
def test_a_wrong_cell_is_told_and_nobody_is_added(
    browser, group, session, changes, sentence
) -> None:
    url = f"/etablissement/classes/{group.ref}/eleves/nouveau"
    answer = browser.post(url, data=pupil_form(**changes))
    assert answer.status_code == 422
    page = text_of(answer)
    assert sentence in page
    assert "<script>alert" not in page
    assert count(session) == 0


def test_the_same_pupil_added_twice_is_told(browser, group, session) -> None:
    url = f"/etablissement/classes/{group.ref}/eleves/nouveau"
    browser.post(url, data=pupil_form())
    answer = browser.post(url, data=pupil_form(first_name="LEA"))
    assert answer.status_code == 422
    assert "déjà inscrit dans votre collège (3e A)" in text_of(answer)
    assert count(session) == 1


def test_a_pupil_with_a_place_stays(browser, group, session) -> None:
    pupil = people.pupil(group)
    placement(places.offer().seats[0], pupil=pupil, status=PlacementStatus.CONFIRMED)
    answer = browser.post(f"/etablissement/eleves/{pupil.ref}/retirer")
    assert answer.status_code in (302, 303)
    assert count(session) == 1
    assert "Annulez d’abord ce stage" in text_of(browser.get("/etablissement"))


def test_a_pupil_never_moves_into_a_class_that_is_not_seen(browser, group, session) -> None:
    pupil = people.pupil(group)
    page = text_of(browser.get(f"/etablissement/eleves/{pupil.ref}/modifier"))
    stolen = pupil_form(class_group=places.class_group().ref, seen=hidden(page, "seen"))
    assert (
        browser.post(f"/etablissement/eleves/{pupil.ref}/modifier", data=stolen).status_code == 404
    )


# A file


def test_the_template_downloads_and_its_own_example_is_refused(browser, session) -> None:
    answer = browser.get("/etablissement/import/modele.csv")
    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    page = text_of(upload(browser, answer.data))
    assert "C’est la ligne d’exemple" in page
    assert count(session) == 0


def test_a_file_is_previewed_then_confirmed_once(browser, session) -> None:
    answer = upload(browser, THREE)
    assert (answer.status_code, answer.location) == (303, "/etablissement/import/apercu")
    page = text_of(browser.get(answer.location))
    assert "Nouvelle classe" in page
    assert count(session) == 0
    seen = hidden(page, "seen")
    answer = browser.post("/etablissement/import/confirmer", data={"seen": seen})
    assert (answer.status_code, answer.location) == (303, "/etablissement")
    assert "3\u00a0élèves ajoutés, 0\u00a0fiche modifiée" in text_of(browser.get("/etablissement"))
    assert browser.post("/etablissement/import/confirmer", data={"seen": seen}).status_code == 303
    assert "déjà enregistré, annulé ou trop ancien" in text_of(browser.get("/etablissement"))
    assert count(session) == 3
    assert session.scalar(sa.select(ImportPreview)) is None


def test_the_same_file_again_offers_nothing_to_confirm(browser, session) -> None:
    for _ in range(2):
        upload(browser, THREE)
        page = text_of(browser.get("/etablissement/import/apercu"))
        if "il n’y a rien à changer" not in page:
            seen = hidden(page, "seen")
            browser.post("/etablissement/import/confirmer", data={"seen": seen})
    assert "il n’y a rien à changer" in page
    assert "/etablissement/import/confirmer" not in page
    assert browser.post("/etablissement/import/annuler").status_code == 303
    assert session.scalar(sa.select(ImportPreview)) is None
    assert count(session) == 3


def test_each_problem_has_its_line_and_nothing_is_kept(browser, session) -> None:
    hostile = HOSTILE.replace("\x00", "").replace("\x07", "")
    lines = ("DURAND;Léa;04/05/2002;3e A;1", ";Hugo;x;3e A;2", f"ROUX;{hostile};04/05/2012;3e A;")
    answer = upload(browser, "\n".join((f"{HEAD};INE", *lines)))
    assert answer.status_code == 422
    page = text_of(answer)
    lines = re.findall(r'<th scope="row">Ligne (\d+)</th>', page)
    assert lines == ["2", "3", "3", "4"]
    assert "04/05/2002" in page
    assert "INE" in page
    assert "<script>alert" not in page
    assert session.scalar(sa.select(ImportPreview)) is None


def test_no_file_garbage_and_ten_thousand_lines_are_told(browser, session) -> None:
    answer = browser.post("/etablissement/import", data={}, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "Choisissez un fichier" in text_of(answer)
    assert "n’est pas un tableau" in text_of(upload(browser, bytes(range(256)) * 9))
    giant = THREE + "ROUX;Ada;01/01/2012;3e A\n" * 10_000
    assert "plus de 5\u202f000 lignes" in text_of(upload(browser, giant))
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
    seen = hidden(text_of(browser.get("/etablissement/import/apercu")), "seen")
    group.name = "3e Z"
    session.commit()
    answer = browser.post(
        "/etablissement/import/confirmer",
        data={"seen": seen},
        headers={"Referer": "http://localhost/etablissement/import/apercu"},
    )
    assert answer.location.endswith("/etablissement/import/apercu")
    assert "a changé depuis cet aperçu" in text_of(browser.get("/etablissement/import/apercu"))
    assert count(session) == 0
    assert session.scalars(sa.select(ClassGroup.name)).all() == ["3e Z"]


# Cards


def test_the_sheet_opens_accounts_and_its_codes_are_shown_once(browser, group, session) -> None:
    for name in ("Un", "Deux"):
        browser.post(
            f"/etablissement/classes/{group.ref}/eleves/nouveau", data=pupil_form(last_name=name)
        )
    pupils = session.scalars(sa.select(Pupil).order_by(Pupil.id)).all()
    page = text_of(browser.get("/etablissement/cartes"))
    assert re.findall(r'value="(\w+)" checked', page) == [pupils[1].ref, pupils[0].ref]
    data = {"pupils": [pupil.ref for pupil in pupils]}
    answer = browser.post("/etablissement/cartes", data=data)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    sheet = text_of(answer)
    codes = re.findall(r"<code>([\w-]+)</code>", sheet)
    assert len(codes) == 4
    assert " style=" not in sheet
    assert sheet.count('class="qr"') == 2
    session.expire_all()
    pairs = zip(codes[::2], codes[1::2], strict=True)
    opened = [accounts.authenticate_pupil(name, code) for name, code in pairs]
    assert opened == [pupils[1].user, pupils[0].user]
    again = browser.post("/etablissement/cartes", data=data)
    assert again.status_code == 422
    assert "Des cartes viennent d’être faites" in text_of(again)
    assert "<code>" not in text_of(again)
    assert "checked" not in text_of(browser.get("/etablissement/cartes"))


def test_a_sheet_for_nobody_or_for_strangers_is_not_made(browser, group) -> None:
    stranger = people.pupil(places.class_group())
    for refs in ([], [stranger.ref], ["n’importe quoi"]):
        answer = browser.post("/etablissement/cartes", data={"pupils": refs})
        assert answer.status_code == 422
        assert "Cochez au moins un élève" in text_of(answer)
    assert stranger.card_issued_at is None
    assert browser.post("/etablissement/cartes", data={"seen": "hier"}).status_code in (400, 422)
