"""What people do wrong, twice, or too late, seen in the browser."""

import re

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from matching.database import db
from matching.models.events import Event
from matching.models.placements import Placement
from matching.models.pupils import Pupil
from matching.models.statuses import ApprovalStatus
from matching.models.users import Role
from tests.e2e import verbs
from tests.e2e.browsing import DESKTOP, PHONE, check
from tests.e2e.conftest import PATIENCE_FOR_A_RUN_MS
from tests.factories import people, places


def rows(world, query) -> list:
    """What the database holds now."""
    with world.app.app_context():
        found = db.session.scalars(query).all()
        db.session.remove()
    return found


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no-scripts"])
def test_wishes_sent_by_a_double_click_are_sent_once(
    world, open_page, season, new_pupil, javascript
):
    page = open_page(world, PHONE, javascript=javascript)
    world.sign_in(page, new_pupil(*season.offers[:2]))
    before = len(rows(world, sa.select(Event.id).where(Event.to_status == "submitted")))
    verbs.open_at(page, "/eleve/voeux/envoyer")
    page.get_by_role("button", name="Envoyer mes vœux").dblclick()
    expect(page.get_by_role("heading", level=1, name=re.compile("^Bonjour"))).to_be_visible()
    check(page)
    sent = rows(world, sa.select(Event.id).where(Event.to_status == "submitted"))
    assert len(sent) - before == 2


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no-scripts"])
def test_a_company_approved_by_a_double_click_is_approved_once(
    world, open_page, season, javascript
):
    with world.app.app_context():
        company = places.company(name="Tôlerie fictive", status=ApprovalStatus.REGISTERED)
        places.site(company)
        people.adult(Role.COMPANY_MEMBER, company=company)
        company_id = company.id
        db.session.remove()
    page = open_page(world, DESKTOP, javascript=javascript)
    world.sign_in(page, season.coordinator)
    verbs.open_at(page, "/territoire/a-approuver")
    page.get_by_label("Je l’ai rappelée au numéro public").check()
    page.get_by_label("Note de l’appel").fill("Standard rappelé, M. Petit confirme.")
    page.get_by_role("button", name="Valider l’entreprise").dblclick()
    verbs.told(page, "Rien n’attend")
    check(page)
    told = sa.select(Event.to_status).where(
        Event.subject == "company", Event.subject_id == company_id
    )
    assert rows(world, told) == [ApprovalStatus.APPROVED]


def test_a_list_changed_in_another_tab_is_shown_as_it_is(world, open_page, season, new_pupil):
    first, second, third = season.offers[:3]
    tab = open_page(world, PHONE)
    world.sign_in(tab, new_pupil(first, second, third))
    stale = tab.context.new_page()
    for page in (tab, stale):
        verbs.open_at(page, "/eleve/voeux")
    verbs.move_wish(tab, third, "Monter")
    stale.get_by_role("button", name=f"Monter {second}", exact=True).click()
    verbs.told(stale, "Ta liste a changé entre-temps. La voici à jour.")
    assert verbs.wishes(stale) == [first, third, second]
    check(stale)


def test_a_sixth_wish_is_refused_with_what_to_do(world, open_page, season, new_pupil, screen):
    page = open_page(world, screen)
    world.sign_in(page, new_pupil(*season.offers[:5]))
    verbs.open_at(page, "/eleve/offres")
    page.locator("article", has_text=season.offers[5]).get_by_role("button", name="Ajouter").click()
    verbs.told(page, "Tu as déjà 5 vœux. Retires-en un pour ajouter cette offre.")
    check(page)
    verbs.open_at(page, "/eleve/voeux")
    assert verbs.wishes(page) == list(season.offers[:5])


def test_going_back_after_a_wish_shows_the_offers_as_they_are_now(
    world, open_page, season, new_pupil
):
    page = open_page(world, PHONE)
    world.sign_in(page, new_pupil())
    verbs.wish_for(page, season.offers[0])
    page.go_back()
    card = page.locator("article", has_text=season.offers[0])
    expect(card).to_contain_text("Ton vœu n° 1")
    expect(card.get_by_role("button")).to_have_count(0)


def test_a_wrong_file_is_answered_line_by_line_and_writes_nothing(world, open_page, season, screen):
    page = open_page(world, screen)
    world.sign_in(page, season.head)
    before = len(rows(world, sa.select(Pupil.id)))
    verbs.send_file(
        page, ["MARTIN;Léa;15/03/2012;3A", "DUBOIS;Noé;31/02/2012;3A", ";Zoé;01/01/2012;3A"]
    )
    verbs.told(page, "Rien n’a été importé")
    wrong = page.get_by_role("group", name=re.compile("^Ligne"))
    expect(wrong).to_have_count(2)
    expect(wrong.nth(0)).to_contain_text("Ligne 3 – DUBOIS Noé")
    expect(wrong.nth(0).get_by_label("Date de naissance")).to_have_value("31/02/2012")
    expect(wrong.nth(1)).to_contain_text("Ligne 4")
    expect(wrong.nth(1).get_by_label("Nom")).to_have_value("")
    assert len(rows(world, sa.select(Pupil.id))) == before


def test_homonym_communes_are_a_choice_and_never_a_guess(world, open_page, screen):
    page = open_page(world, screen)
    verbs.open_at(page, "/inscription/entreprise")
    typed = verbs.company_values(
        siret=places.siret(7000 + screen.width), email=f"{screen.name}@example.org"
    )
    verbs.fill(page, typed | {"Code postal": "01000", "Commune": "Saint-Denis"})
    verbs.press(page, "Inscrire mon entreprise")
    choice = page.get_by_role("group", name=re.compile("Quelle commune"))
    expect(choice.get_by_role("radio", checked=True)).to_have_count(0)
    choice.get_by_label("Saint-Denis-lès-Bourg (01)").check()
    verbs.press(page, "Inscrire mon entreprise")
    verbs.finish_registration(page, world, typed["Adresse électronique professionnelle"])
    verbs.told(page, re.compile("Saint-Denis-lès-Bourg"))


def test_a_trial_is_followed_without_scripts_and_published_once(
    world, open_page, season, new_pupil
):
    new_pupil()
    page = open_page(world, DESKTOP, javascript=False)
    world.sign_in(page, season.coordinator)
    verbs.open_at(page, f"/territoire/campagnes/{season.campaign}")
    verbs.press(page, "Fermer les vœux maintenant")
    page.get_by_role("button", name="Lancer un essai").dblclick()
    publish = page.get_by_role("button", name="Publier", exact=True)
    again = page.get_by_role("link", name="Actualiser la page")
    check(page)
    for _ in range(PATIENCE_FOR_A_RUN_MS // 500):
        if publish.count():
            break
        expect(page.get_by_role("progressbar")).to_be_visible()
        page.wait_for_timeout(500)
        with page.expect_navigation():
            again.click()
    check(page)
    late = page.context.new_page()
    verbs.open_at(late, page.url)

    publish.dblclick()
    verbs.told(page, re.compile("en premier|Cet essai est déjà publié"))
    check(page)
    published = rows(world, sa.select(Placement.pupil_id))
    assert len(published) == len(set(published)) == len(rows(world, sa.select(Pupil.id)))

    late.get_by_role("button", name="Publier", exact=True).click()
    verbs.told(late, "Cet essai est déjà publié.")
    check(late)
    assert len(rows(world, sa.select(Placement.id))) == len(published)

    late.go_back()
    verbs.told(late, re.compile("Cet essai a été publié"))
    expect(late.get_by_role("button", name="Publier", exact=True)).to_have_count(0)
