"""The pupil's space, without JavaScript: each page, each button, and nobody else's rows."""

import re

import pytest

from matching.models.applications import Application
from matching.models.statuses import (
    ApplicationStatus,
    ApprovalStatus,
    OfferStatus,
)
from matching.services import applications
from tests.factories import campaigns, people, places
from tests.factories.placements import placement
from tests.web.reading import forms, now

pytestmark = pytest.mark.usefixtures("in_november")
POSTED = re.compile(r'<form[^>]*method="post".*?</form>', re.DOTALL)


@pytest.fixture
def offers(session):
    at = places.site()
    return [places.offer(at, title=f"Offre {number}") for number in range(6)]


@pytest.fixture
def pupil(session, offers):
    return people.pupil(places.class_group(), first_name="Inès")


@pytest.fixture
def browser(client, pupil):
    return client.sign_in(pupil.user)


def ranks(page: str) -> list[tuple[str, str]]:
    return re.findall(
        r'class="wish-number">(\d)</span>.*?class="wish-title"><a[^>]*>(.*?)</a>', page, re.DOTALL
    )


def status_line(page: str) -> str:
    return re.search(r'id="wish-status">(.*?)</p>', page)[1]


def test_a_pupil_without_scripts_chooses_ranks_and_sends(browser, pupil, offers, session):
    campaigns.campaign()
    assert "Choisis tes offres" in browser.get("/eleve").text
    for offer in offers[:3]:
        page = browser.get("/eleve/offres").text
        ((address, fields),) = forms(page, f"/ajouter/{offer.ref}")
        answer = browser.post(address, data=fields)
        assert (answer.status_code, answer.location) == (303, "/eleve/voeux")
    page = browser.get("/eleve/voeux").text
    assert ranks(page) == [("1", "Offre 0"), ("2", "Offre 1"), ("3", "Offre 2")]
    up = [form for form in forms(page, "/deplacer") if form[1]["step"] == "-1"][2]
    moved = browser.post(up[0], data=up[1])
    assert moved.status_code == 303
    page = browser.get(moved.location).text
    assert ranks(page) == [("1", "Offre 0"), ("2", "Offre 2"), ("3", "Offre 1")]
    assert status_line(page) == "«\u00a0Offre 2\u00a0» est maintenant ton vœu n° 2."
    assert "Envoie tes vœux" in browser.get("/eleve").text
    review = browser.get("/eleve/voeux/envoyer").text
    ((address, fields),) = forms(review, "/voeux/envoyer")
    assert browser.post(address, data=fields).location == "/eleve"
    board = browser.get("/eleve").text
    assert "Tes vœux sont envoyés" in board
    assert browser.get("/eleve/voeux/envoyer").location == "/eleve/voeux"
    sent = session.query(Application).filter_by(pupil_id=pupil.id).all()
    assert {wish.status for wish in sent} == {ApplicationStatus.SUBMITTED}


def test_a_double_click_on_any_button_is_harmless(browser, pupil, offers):
    campaigns.campaign()
    for _ in range(2):
        browser.post(f"/eleve/voeux/ajouter/{offers[0].ref}")
    browser.post(f"/eleve/voeux/ajouter/{offers[1].ref}")
    page = browser.get("/eleve/voeux").text
    (_first, (address, fields), *_) = [f for f in forms(page, "/deplacer") if f[1]["step"] == "-1"]
    assert [browser.post(address, data=fields).status_code for _ in range(2)] == [303, 303]
    page = browser.get("/eleve/voeux").text
    assert ranks(page) == [("1", "Offre 1"), ("2", "Offre 0")]
    away, _ = forms(page, "/retirer")[0]
    for _ in range(2):
        answer = browser.post(away)
        assert "n’est plus dans tes vœux" in status_line(browser.get(answer.location).text)
    assert ranks(browser.get("/eleve/voeux").text) == [("1", "Offre 0")]
    assert [browser.post("/eleve/voeux/envoyer").status_code for _ in range(2)] == [303, 303]


def test_a_sixth_wish_is_refused_in_words(browser, pupil, offers):
    for offer in offers[:5]:
        browser.post(f"/eleve/voeux/ajouter/{offer.ref}")
    answer = browser.post(
        f"/eleve/voeux/ajouter/{offers[5].ref}",
        headers={"Referer": "http://localhost/eleve/offres"},
    )
    assert answer.location == "http://localhost/eleve/offres"
    assert "Tu as déjà 5 vœux" in browser.get("/eleve/offres").text
    assert len(ranks(browser.get("/eleve/voeux").text)) == 5


def test_a_stale_page_shows_the_list_as_it_is(browser, pupil, offers):
    wishes = [applications.add(pupil.user, pupil, offer) for offer in offers[:4]]
    applications.move(pupil.user, wishes[3], step=-1, seen=4)
    applications.move(pupil.user, wishes[3], step=-1, seen=3)
    browser.post(
        f"/eleve/voeux/{wishes[3].ref}/deplacer",
        data={"step": "-1", "seen": "4"},
        headers={"Referer": "http://localhost/eleve/voeux"},
    )
    page = browser.get("/eleve/voeux").text
    assert "Ta liste a changé entre-temps" in page
    assert ranks(page)[1] == ("2", "Offre 3")


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"step": "7", "seen": "1"},
        {"step": "0", "seen": "1"},
        {"step": "x", "seen": "1"},
        {"step": "-" + "9" * 400, "seen": "1"},
    ],
)
def test_a_made_up_move_is_refused(browser, pupil, offers, data):
    wish = applications.add(pupil.user, pupil, offers[0])
    assert browser.post(f"/eleve/voeux/{wish.ref}/deplacer", data=data).status_code == 400


def test_another_pupils_wish_and_placement_do_not_exist(browser, pupil, offers):
    other = people.pupil(pupil.class_group)
    wish = applications.add(other.user, other, offers[0])
    theirs = placement(offers[1].seats[0], pupil=other, school_answer=True)
    for path in (f"/eleve/voeux/{wish.ref}/retirer", f"/eleve/voeux/{wish.ref}/deplacer",
                 f"/eleve/voeux/{wish.ref}/message", f"/eleve/stage/{theirs.ref}"):  # fmt: skip
        data = {"step": "1", "seen": "1", "message": "x", "answer": "yes", "version": "1"}
        assert browser.post(path, data=data).status_code == 404
    assert browser.get(f"/eleve/voeux/{wish.ref}/message").status_code == 404
    assert "Offre 0" not in browser.get(f"/eleve/voeux?voeu={wish.ref}").text
    assert now(theirs).pupil_answer is None


def test_offers_are_shown_with_distance_seats_and_the_wishes_already_made(browser, pupil, offers):
    near = places.offer(
        places.site(commune_code="01269"), seats=1, title="Plus loin", sector="wood"
    )
    reserved = places.offer(reserved_for="rep_plus", title="Réservée")
    applications.add(pupil.user, pupil, offers[0])
    page = browser.get("/eleve/offres").text
    assert "7 offres" in page.replace("\u00a0", " ")
    assert page.index("Offre 5") < page.index("Plus loin")
    assert "Ton vœu n° 1" in page
    assert "Dernière place" in page
    assert "Réservée" not in page
    only = browser.get("/eleve/offres?sector=wood").text
    assert near.ref in only
    assert offers[0].ref not in only
    assert browser.get("/eleve/offres?km=5").text.count("<article") == 6
    assert browser.get("/eleve/offres?km=999").status_code == 422
    assert browser.get(f"/eleve/offres/{near.ref}").status_code == 200
    refused = browser.post(f"/eleve/voeux/ajouter/{reserved.ref}")
    assert refused.status_code == 303
    assert "n’est plus ouverte pour toi" in browser.get("/").text


def test_the_page_says_why_wishes_cannot_be_sent_yet(browser, pupil, session):
    assert "Aucune campagne n’est ouverte" in browser.get("/eleve/offres").text
    pupil.school.status = ApprovalStatus.REGISTERED
    session.commit()
    assert "attend d’être validé" in browser.get("/eleve/offres").text


def test_a_class_without_weeks_is_told_to_wait(client, offers):
    pupil = people.pupil(places.class_group(weeks=()))
    page = client.sign_in(pupil.user).get("/eleve/offres").text
    assert "n’a pas encore choisi ses semaines" in page


def test_after_the_deadline_the_buttons_are_gone_and_presses_are_refused(browser, pupil, offers):
    wish = campaigns.wish(pupil, offers[0])
    campaigns.campaign(wishes_open=False)
    page = browser.get("/eleve/voeux").text
    assert "La date limite est passée" in page
    assert forms(page, "/deplacer") == forms(page, "/retirer") == []
    browser.post(f"/eleve/voeux/{wish.ref}/retirer")
    assert now(wish).status == ApplicationStatus.SUBMITTED
    assert "La répartition se prépare" in browser.get("/eleve").text


def test_an_offer_closed_since_is_marked_in_the_list(browser, pupil, offers, session):
    applications.add(pupil.user, pupil, offers[0])
    offers[0].status = OfferStatus.CLOSED
    session.commit()
    assert "Plus ouverte pour toi" in browser.get("/eleve/voeux").text


def test_interests_are_ticked_kept_and_limited(browser, pupil):
    answer = browser.post("/eleve/interets", data={"sectors": ["wood", "metal"]})
    assert answer.status_code == 303
    assert now(pupil).interests == ["wood", "metal"]
    assert browser.get("/eleve/interets").text.count(" checked") == 2
    six = ["wood", "metal", "food", "rail", "ships", "energy"]
    refused = browser.post("/eleve/interets", data={"sectors": six})
    assert refused.status_code == 422
    assert "5 univers au plus" in refused.text
    assert now(pupil).interests == ["wood", "metal"]


def test_a_message_is_written_on_its_own_page(browser, pupil, offers):
    wish = applications.add(pupil.user, pupil, offers[0])
    path = f"/eleve/voeux/{wish.ref}/message"
    assert browser.post(path, data={"message": "<b>J’adore</b>"}).status_code == 303
    page = browser.get("/eleve/voeux").text
    assert "&lt;b&gt;J’adore" in page
    long = browser.post(path, data={"message": "a" * 501})
    assert long.status_code == 422
    assert "500 signes au plus" in long.text


def test_every_page_has_one_heading_and_guards_its_forms(app, browser, pupil, offers, monkeypatch):
    applications.add(pupil.user, pupil, offers[0])
    wish = applications.add(pupil.user, pupil, offers[1])
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    for path in ("", "/interets", "/offres", f"/offres/{offers[0].ref}", "/voeux", "/voeux/envoyer",
                 f"/voeux/{wish.ref}/message", "/stage"):  # fmt: skip
        page = browser.get("/eleve" + path).text
        (heading,) = re.findall(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
        # The language switch needs none: it changes nothing that matters.
        guarded = [form for form in POSTED.findall(page) if 'action="/langue"' not in form]
        assert all('name="csrf_token"' in form for form in guarded)
        assert heading.strip() in re.search(r"<title>(.*?)</title>", page)[1]
