"""The page where a school says who is not placed together, and all the pages that do not say it."""

import pytest

from matching.models.users import Role
from matching.services import kept_apart
from matching.web.reasons import NOTHING, WHY_NONE, told
from tests.factories import campaigns, people, places
from tests.factories.placements import placement
from tests.web.reading import now

PAGE = "/etablissement/eleves-a-separer"


@pytest.fixture
def group(session):
    return places.class_group()


@pytest.fixture
def other_class(group):
    return places.class_group(group.school)


@pytest.fixture
def browser(client, group):
    """The browser of the principal."""
    return client.sign_in(people.adult(Role.PRINCIPAL, school=group.school))


def named(group, *names):
    return [people.pupil(group, first_name=name, last_name="FICTIF") for name in names]


def set_of(*pupils) -> str:
    kept_apart.keep_apart(people.adult(), pupils[0].school, pupils)
    return pupils[0].kept_apart


def test_a_set_is_made_over_two_classes_shown_and_undone(browser, group, other_class):
    one, two = named(group, "Anatole")[0], named(other_class, "Bérénice")[0]
    board = browser.get(f"/etablissement/classes/{group.ref}").text
    assert f"{PAGE}?classe={group.ref}" in board
    page = browser.get(f"{PAGE}?classe={group.ref}").text
    assert "Aucune raison n’est demandée" in page
    assert page.count('<details class="card" open>') == 1
    assert browser.post(PAGE, data={"pupils": [one.ref, two.ref]}).status_code == 303
    assert now(one).kept_apart == now(two).kept_apart is not None
    page = browser.get(PAGE).text
    assert "Groupe 1" in page
    assert page.count("disabled") == 2
    undo = {"mark": one.kept_apart}
    done = browser.post(f"{PAGE}/defaire", data=undo, follow_redirects=True).text
    assert "Le groupe est défait" in done
    assert now(one).kept_apart is now(two).kept_apart is None
    # A second click, or a colleague's: told politely.
    again = browser.post(f"{PAGE}/defaire", data=undo, follow_redirects=True)
    assert "Ce groupe est déjà défait" in again.text


@pytest.mark.parametrize("chosen", [[], ["Anatole"], ["Anatole", "zzzzzzzzzz"]])
def test_fewer_than_two_pupils_are_no_set(browser, group, chosen):
    pupils = {one.first_name: one.ref for one in named(group, "Anatole", "Bérénice")}
    sent = [pupils.get(name, name) for name in chosen]
    answer = browser.post(PAGE, data={"pupils": sent})
    assert answer.status_code == 422
    assert "Cochez au moins deux élèves." in answer.text


def test_a_pupil_of_another_school_is_not_taken(browser, group):
    mine, stranger = named(group, "Anatole")[0], named(places.class_group(), "Étrangère")[0]
    assert browser.post(PAGE, data={"pupils": [mine.ref, stranger.ref]}).status_code == 422
    assert now(stranger).kept_apart is None


def test_a_pupil_in_a_set_is_named_when_a_stale_page_asks_for_another(browser, group):
    one, two, three = named(group, "Anatole", "Bérénice", "Cyprien")
    set_of(one, two)
    answer = browser.post(PAGE, data={"pupils": [two.ref, three.ref]})
    assert answer.status_code == 422
    assert "Bérénice est déjà dans un groupe" in answer.text.replace("\xa0", " ")


def test_a_class_teacher_sees_own_pupils_and_undoes_own_sets_only(
    client, session, group, other_class
):
    mine, other, third = named(group, "Anatole")[0], *named(other_class, "Bérénice", "Cyprien")
    teacher = people.adult(Role.CLASS_TEACHER, school=group.school)
    group.class_teacher_id = teacher.id
    mark = set_of(mine, other, third)
    hidden = named(other_class, "Delphine", "Edgar")
    set_of(*hidden)
    browser = client.sign_in(teacher)
    page = browser.get(PAGE).text
    assert "Anatole" in page
    assert "et 2 élèves d’une autre classe" in page.replace("\xa0", " ")
    for name in ("Bérénice", "Cyprien", "Delphine", "Edgar", "Groupe 2", "Défaire ce groupe"):
        assert name not in page
    told = browser.post(f"{PAGE}/defaire", data={"mark": mark}, follow_redirects=True).text
    assert "demandez au chef d’établissement" in told
    theirs = {"mark": hidden[0].kept_apart}
    told = browser.post(f"{PAGE}/defaire", data=theirs, follow_redirects=True).text
    assert "déjà défait" in told
    assert now(mine).kept_apart == mark
    assert now(hidden[0]).kept_apart == theirs["mark"]


def test_the_page_says_when_two_of_a_set_are_placed_together_already(browser, group):
    one, two = named(group, "Anatole", "Bérénice")
    offer = places.offer(seats=2)
    set_of(one, two)
    placement(offer.seats[0], pupil=one)
    assert "Déjà placés ensemble" not in browser.get(PAGE).text
    placement(offer.seats[1], pupil=two)
    assert "Déjà placés ensemble" in browser.get(PAGE).text


def test_who_prepares_files_sees_neither_the_page_nor_the_way_to_it(client, group):
    set_of(*named(group, "Anatole", "Bérénice"))
    browser = client.sign_in(people.adult(Role.SCHOOL_CLERK, school=group.school))
    assert browser.get(PAGE).status_code == 404
    assert PAGE not in browser.get(f"/etablissement/classes/{group.ref}").text


@pytest.mark.parametrize("sentences", [NOTHING, WHY_NONE], ids=["the pupil", "the school"])
def test_a_reader_is_told_the_same_whatever_the_limit(sentences):
    read = {told(sentences, reason) for reason in ("kept_apart", "school_cap", "host_cap")}
    assert read == {sentences["limits"]}
    assert set(NOTHING) == set(WHY_NONE)


@pytest.mark.parametrize(
    ("reason", "words"),
    [("kept_apart", "ensemble est atteint"), ("out_of_reach", "n’est à moins de 20 km")],
)
def test_the_school_reads_why_a_pupil_has_no_place_yet(browser, group, reason, words):
    pupil = named(group, "Anatole")[0]
    address = f"/etablissement/eleves/{pupil.ref}"
    assert "Pas encore de place" not in browser.get(address).text
    campaigns.published_round(pupil, reason=reason)
    page = browser.get(address).text.replace("\xa0", " ").replace("\u202f", " ")
    assert "Pas encore de place" in page
    assert words in page
    placement(places.offer().seats[0], pupil=pupil)
    assert "Pas encore de place" not in browser.get(address).text


def test_a_pupil_and_a_host_read_nothing_of_a_set(client, session, group):
    there, without = named(group, "Anatole", "Bérénice")
    offer = places.offer(seats=2)
    placement(offer.seats[0], pupil=there)
    set_of(there, without)
    campaigns.published_round(without, reason="kept_apart")
    page = client.sign_in(without.user).get("/eleve/stage").text
    assert "ce nombre est atteint" in page
    assert "Anatole" not in page
    assert "sépar" not in page
    host = client.sign_in(people.adult(Role.COMPANY_MEMBER, company=offer.site.company))
    address = f"/entreprise/offres/{offer.ref}/eleves-sans-place"
    assert without.ref not in host.get(address).text
    told = host.post(f"{address}/{without.ref}", follow_redirects=True).text
    assert "Une limite de cette offre, ou un choix de son collège" in told
    assert "Anatole" not in told
