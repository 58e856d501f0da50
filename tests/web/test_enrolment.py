"""The pages that fill a school's list: a pupil, the cards."""

import re

import pytest
import sqlalchemy as sa

from matching.models.pupils import Pupil
from matching.models.statuses import PlacementStatus
from matching.models.users import Role
from matching.services import accounts
from matching.web import card_sheet
from tests.factories import people, places
from tests.factories.placements import placement
from tests.web.reading import HOSTILE, hidden, how_many_pupils

pytestmark = pytest.mark.usefixtures("in_november")


@pytest.fixture
def browser(client, group):
    """The browser of the school's clerk."""
    return client.sign_in(people.adult(Role.SCHOOL_CLERK, school=group.school))


def pupil_form(**changes) -> dict:
    return {"last_name": "Durand", "first_name": "Léa", "birth_date": "04/05/2012"} | changes


# One by one


def test_a_pupil_is_added_corrected_and_erased(browser, group, session) -> None:
    url = f"/etablissement/classes/{group.ref}/eleves/nouveau"
    parent = {"guardian1_last_name": "Durand", "guardian1_phone": "06 39 98 00 01"}
    assert browser.post(url, data=pupil_form(**parent)).status_code == 303
    row = session.scalar(sa.select(Pupil))
    edit = f"/etablissement/eleves/{row.ref}/modifier"
    page = browser.get(edit).text
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
    assert "Quelqu’un vient de changer cette fiche" in browser.get(edit).text
    assert browser.post(f"/etablissement/eleves/{row.ref}/retirer").status_code == 303
    assert how_many_pupils(session) == 0


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
    page = answer.text
    assert sentence in page
    assert "<script>alert" not in page
    assert how_many_pupils(session) == 0


def test_the_same_pupil_added_twice_is_told(browser, group, session) -> None:
    url = f"/etablissement/classes/{group.ref}/eleves/nouveau"
    browser.post(url, data=pupil_form())
    answer = browser.post(url, data=pupil_form(first_name="LEA"))
    assert answer.status_code == 422
    assert "déjà inscrit dans votre collège (3e A)" in answer.text
    assert how_many_pupils(session) == 1


def test_a_pupil_with_a_place_stays(browser, group, session) -> None:
    pupil = people.pupil(group)
    placement(places.offer().seats[0], pupil=pupil, status=PlacementStatus.CONFIRMED)
    answer = browser.post(f"/etablissement/eleves/{pupil.ref}/retirer")
    assert answer.status_code in (302, 303)
    assert how_many_pupils(session) == 1
    assert "Annulez d’abord ce stage" in browser.get("/etablissement").text


def test_a_pupil_never_moves_into_a_class_that_is_not_seen(browser, group, session) -> None:
    pupil = people.pupil(group)
    page = browser.get(f"/etablissement/eleves/{pupil.ref}/modifier").text
    stolen = pupil_form(class_group=places.class_group().ref, seen=hidden(page, "seen"))
    assert (
        browser.post(f"/etablissement/eleves/{pupil.ref}/modifier", data=stolen).status_code == 404
    )


# Cards


def test_the_sheet_opens_accounts_and_its_codes_are_shown_once(browser, group, session) -> None:
    for name in ("Un", "Deux"):
        browser.post(
            f"/etablissement/classes/{group.ref}/eleves/nouveau", data=pupil_form(last_name=name)
        )
    pupils = session.scalars(sa.select(Pupil).order_by(Pupil.id)).all()
    page = browser.get("/etablissement/cartes").text
    assert re.findall(r'value="(\w+)" checked', page) == [pupils[1].ref, pupils[0].ref]
    data = {"pupils": [pupil.ref for pupil in pupils]}
    answer = browser.post("/etablissement/cartes", data=data)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    sheet = answer.text
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
    assert "Des cartes viennent d’être faites" in again.text
    assert "<code>" not in again.text
    assert "checked" not in browser.get("/etablissement/cartes").text


def test_a_sheet_for_nobody_or_for_strangers_is_not_made(browser, group) -> None:
    stranger = people.pupil(places.class_group())
    for refs in ([], [stranger.ref], ["n’importe quoi"]):
        answer = browser.post("/etablissement/cartes", data={"pupils": refs})
        assert answer.status_code == 422
        assert "Cochez au moins un élève" in answer.text
    assert stranger.card_issued_at is None
    assert browser.post("/etablissement/cartes", data={"seen": "hier"}).status_code in (400, 422)


def test_the_sheet_comes_as_a_file_or_as_a_page_where_none_can_be_made(
    browser, group, session, monkeypatch
) -> None:
    pupil = people.pupil(group)
    data = {"pupils": [pupil.ref], "format": "pdf"}
    answer = browser.post("/etablissement/cartes", data=data)
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("application/pdf", "no-store")
    assert answer.data.startswith(b"%PDF-")
    assert "checked" not in browser.get("/etablissement/cartes").text

    def broken(*_arguments, **_options):
        raise card_sheet.SheetFailed("no compiler here")

    monkeypatch.setattr(card_sheet, "pdf", broken)
    other = people.pupil(group)
    answer = browser.post("/etablissement/cartes", data=data | {"pupils": [other.ref]})
    assert answer.text.count('class="qr"') == 1
