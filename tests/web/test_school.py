"""The pages of a school: registration, boards, wishes."""

import re

import pytest
import sqlalchemy as sa

from matching.models.schools import School
from matching.models.statuses import ApplicationStatus, ApprovalStatus, PlacementStatus
from matching.models.users import Role, User
from matching.services import approvals
from tests.factories import campaigns, people, places
from tests.factories.placements import placement
from tests.web.reading import HOSTILE
from tests.web.registering import finish

pytestmark = pytest.mark.usefixtures("cheap_passwords", "in_november")


@pytest.fixture
def browser(client, group):
    """The browser of the principal."""
    return client.sign_in(people.adult(Role.PRINCIPAL, school=group.school))


def registration(**changes) -> dict:
    return {
        "uai": "0010002X",
        "name": "Collège de l’Essai",
        "address": "3 rue de l’Essai",
        "postcode": "01100",
        "commune": "Oyonnax",
        "sector": "public",
        "priority_education": "none",
        "role": "principal",
        "first_name": "Nadia",
        "last_name": "Perrin",
        "email": "nadia@example.org",
    } | changes


# Registration


def test_registering_signs_in_and_shows_what_comes_next(client, session) -> None:
    client.post("/inscription/etablissement", data=registration())
    assert finish(client).location == "/mon-espace"
    page = client.get("/etablissement").text
    assert "Votre inscription est confirmée" in page
    assert "Un coordinateur doit encore valider votre collège" in page
    assert "Choisir les semaines" in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"uai": "0010002Y"}, "il y a une faute de frappe"),
        ({"uai": ""}, "Écrivez le code UAI"),
        ({"postcode": "1100"}, "Un code postal compte cinq chiffres"),
        ({"role": "foundation_admin"}, "Choisissez dans la liste"),
        ({"email": "nadia"}, "incomplète ou mal écrite"),
        ({"name": "x" * 161}, "160 caractères"),
        ({"commune": HOSTILE}, "commune"),
    ],
)
def test_a_wrong_field_is_told_and_nothing_is_written(client, session, changes, sentence) -> None:
    answer = client.post("/inscription/etablissement", data=registration(**changes))
    assert answer.status_code == 422
    page = answer.text
    assert re.search(sentence, page)
    assert "<script>alert" not in page
    assert session.scalar(sa.select(School.id)) is None
    assert session.scalar(sa.select(User.id)) is None


def test_a_registered_school_says_so(client, session) -> None:
    client.post("/inscription/etablissement", data=registration())
    finish(client)
    client.post("/deconnexion")
    answer = client.post("/inscription/etablissement", data=registration(email="autre@example.org"))
    assert answer.status_code == 422
    assert "Ce collège est déjà inscrit" in answer.text


def test_homonyms_become_a_choice_that_another_name_forgets(client, session) -> None:
    typed = registration(uai="0800002T", postcode="80000", commune="Oyonnax")
    answer = client.post("/inscription/etablissement", data=typed)
    page = answer.text
    assert answer.status_code == 422
    codes = re.findall(r'name="commune_code" type="radio" value="(\w+)"', page)
    asked = re.search(r'name="commune_asked" type="hidden" value="([^"]+)"', page)
    assert {"01283", "80021"} <= set(codes)
    chosen = typed | {"commune_code": "80021", "commune_asked": asked[1]}
    # The person types another commune instead: the choice no longer counts.
    other = chosen | {"commune": "Nullepart", "postcode": "80999"}
    assert client.post("/inscription/etablissement", data=other).status_code == 422
    assert client.post("/inscription/etablissement", data=chosen).status_code == 200
    finish(client)
    assert session.scalar(sa.select(School.commune_code)) == "80021"


# Boards


def test_the_board_counts_and_the_class_filters(browser, group) -> None:
    offer = places.offer(seats=3)
    idle = people.pupil(group, last_name="Idle")
    sent = people.pupil(group, last_name="Sent")
    placed = people.pupil(group, last_name="Placed")
    campaigns.wish(sent, offer)
    placement(offer.seats[0], pupil=placed, status=PlacementStatus.CONFIRMED)
    board = browser.get("/etablissement").text
    cells = re.findall(r'class="number"><span>(\d+)</span>', board)
    assert cells == ["3", "1", "1", "1"]
    views = {
        "": {"Idle", "Sent", "Placed"},
        "relancer": {"Idle"},
        "relire": {"Sent"},
        "places": {"Placed"},
        "sans-place": {"Idle", "Sent"},
        "autre": {"Idle", "Sent", "Placed"},
    }
    for view, expected in views.items():
        page = browser.get(f"/etablissement/classes/{group.ref}?vue={view}").text
        shown = {name for name in ("Idle", "Sent", "Placed") if f">{name} " in page}
        assert shown == expected, view
    assert idle.ref in browser.get(f"/etablissement/classes/{group.ref}").text


def test_wishes_are_shown_in_order_with_their_words_and_marked_read(
    browser, group, session
) -> None:
    pupil = people.pupil(group)
    second = campaigns.wish(pupil, places.offer(title="Deuxième"), rank=2)
    first = campaigns.wish(
        pupil, places.offer(title="Premier"), message=HOSTILE.replace("\x00", "")
    )
    draft = campaigns.wish(
        pupil, places.offer(title="Brouillon"), rank=3, status=ApplicationStatus.DRAFT
    )
    page = browser.get(f"/etablissement/eleves/{pupil.ref}").text
    assert page.index("Premier") < page.index("Deuxième")
    assert "Brouillon" not in page.split('class="wishes"')[1].split("</ol>")[0]
    assert "<script>alert" not in page
    seen = re.findall(r'name="seen" value="(\w+)"', page)
    assert set(seen) == {first.ref, second.ref}
    for _ in range(2):
        answer = browser.post(f"/etablissement/eleves/{pupil.ref}/voeux-lus", data={"seen": seen})
        assert answer.status_code == 303
    session.expire_all()
    assert {first.status, second.status} == {ApplicationStatus.READ_BY_SCHOOL}
    assert draft.status is ApplicationStatus.DRAFT


def test_a_pupil_outside_the_weeks_of_the_class_is_flagged(browser, group) -> None:
    pupil = people.pupil(group)
    placement(places.offer(weeks=("2027-W12",)).seats[0], pupil=pupil)
    page = browser.get(f"/etablissement/eleves/{pupil.ref}").text
    assert "dans aucune des semaines de la classe" in page


def test_pages_of_another_school_are_not_found(client, group) -> None:
    pupil = people.pupil(group)
    row = placement(places.offer().seats[0], pupil=pupil)
    stranger = people.adult(Role.PRINCIPAL, school=places.school())
    client.sign_in(stranger)
    got = [
        f"/etablissement/classes/{group.ref}",
        f"/etablissement/classes/{group.ref}/modifier",
        f"/etablissement/classes/{group.ref}/eleves/nouveau",
        f"/etablissement/eleves/{pupil.ref}",
        f"/etablissement/eleves/{pupil.ref}/modifier",
        f"/etablissement/semaines?classe={group.ref}",
        f"/etablissement/cartes?classe={group.ref}",
        f"/etablissement/propositions/{row.ref}/refuser",
    ]
    posted = [
        *got[1:3],
        got[4],
        *got[5:8],
        f"/etablissement/eleves/{pupil.ref}/voeux-lus",
        f"/etablissement/eleves/{pupil.ref}/retirer",
        f"/etablissement/semaines/retirer?classe={group.ref}",
    ]
    assert {url: client.get(url).status_code for url in got} == dict.fromkeys(got, 404)
    assert {url: client.post(url).status_code for url in posted} == dict.fromkeys(posted, 404)
    client.post("/etablissement/propositions", data={"seen": f"{row.ref}:1"})
    assert row.school_answer is None


def test_a_class_teacher_finds_his_class_and_not_the_next(client, group, session) -> None:
    teacher = people.adult(Role.CLASS_TEACHER, school=group.school)
    other = places.class_group(group.school)
    group.class_teacher_id = teacher.id
    session.commit()
    client.sign_in(teacher)
    assert client.get(f"/etablissement/classes/{group.ref}").status_code == 200
    assert client.get(f"/etablissement/classes/{other.ref}").status_code == 404
    assert client.get(f"/etablissement/eleves/{people.pupil(other).ref}").status_code == 404


@pytest.mark.parametrize("status", [ApprovalStatus.REFUSED, ApprovalStatus.BLOCKED])
def test_a_refused_school_reads_that_it_is(client, session, status) -> None:
    school = places.school(status=status)
    client.sign_in(people.adult(Role.PRINCIPAL, school=school))
    page = client.get("/etablissement").text
    assert ("n’a pas été acceptée" in page) == (status == "refused")
    assert ("est suspendu" in page) == (status == "blocked")


def test_a_refused_school_reads_why_mends_it_and_asks_again(client, session) -> None:
    school = places.school(status=ApprovalStatus.REGISTERED, uai="0010002X")
    approvals.refuse(people.adult(Role.FOUNDATION_ADMIN), school, words="Le nom n’est pas bon.")
    client.sign_in(people.adult(Role.PRINCIPAL, school=school))
    assert "Le nom n’est pas bon." in client.get("/etablissement").text
    assert client.get("/etablissement/fiche").status_code == 200
    wrong = client.post("/etablissement/fiche", data=registration(uai="0010002Y"))
    assert wrong.status_code == 422
    answer = client.post("/etablissement/fiche", data=registration(name="Collège des Lilas"))
    assert answer.status_code == 303
    session.expire_all()
    assert (school.name, school.status) == ("Collège des Lilas", ApprovalStatus.REGISTERED)
