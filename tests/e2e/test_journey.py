"""The main job, from an empty database to confirmed places, as each person lives it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from matching.database import db
from matching.models.companies import Site
from matching.models.statuses import OfferStatus
from matching.models.users import Membership, Role
from matching.services import accounts
from tests.e2e import verbs
from tests.e2e.browsing import DESKTOP, PHONE, Screen, check, picture
from tests.e2e.conftest import PATIENCE_FOR_A_RUN_MS, World, running
from tests.factories import places

COORDINATOR = "coordination@example.org"
OFFERS = ("Mouler une pièce", "Régler une presse", "Dessiner un outil")
PUPILS = (
    "MARTIN;Léa;15/03/2012;3A",
    "N’DIAYE;Awa;02/09/2012;3A",
    "LE GOFF;Yanis;30/12/2011;3A",
)


@pytest.fixture(
    params=[("sqlite", PHONE), ("postgresql", DESKTOP)], ids=["phone-sqlite", "desktop-postgresql"]
)
def stage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[World, Screen]]:
    """An empty application and the screen that everybody has."""
    kind, screen = request.param
    with running(kind, tmp_path) as world:
        with world.app.app_context():
            user = accounts.create_adult(COORDINATOR, verbs.PASSWORD, "Dominique", "Vidal")
            db.session.add(
                Membership(
                    user=user, role=Role.TERRITORY_COORDINATOR, territory=places.territory_of()
                )
            )
            db.session.commit()
            db.session.remove()
        yield world, screen


def hand_in_two_more(world: World) -> None:
    """The other offers of the company, written without the browser."""
    with world.app.app_context():
        site = db.session.scalars(sa.select(Site)).one()
        for title in OFFERS[1:]:
            places.offer(
                site,
                title=title,
                status=OfferStatus.SUBMITTED,
                tutor_name="Claude Moulin",
                access="Bus 12.",
            )
        db.session.remove()


def test_three_pupils_reach_confirmed_places_from_an_empty_database(stage, open_page):
    world, screen = stage
    company, coordinator, teacher = (open_page(world, screen) for _ in range(3))
    lea, awa = open_page(world, screen), open_page(world, screen, javascript=False)

    # The company promises places.
    verbs.open_at(company, "/")
    picture(company, "home", screen)
    verbs.register_company(company)
    verbs.post_offer(company, OFFERS[0])
    hand_in_two_more(world)
    verbs.open_at(company, "/entreprise")
    picture(company, "company-board", screen)

    verbs.sign_in(coordinator, COORDINATOR)
    verbs.open_at(coordinator, "/territoire/a-approuver")
    picture(coordinator, "queue", screen)
    pressed = verbs.approve_everything(coordinator)
    assert pressed == ["Valider l’entreprise"] + ["Publier l’offre"] * 3

    # The teacher prepares the class.
    verbs.register_school(teacher)
    verbs.choose_week(teacher)
    verbs.send_file(teacher, PUPILS)
    verbs.told(teacher, "Rien n’est encore écrit.")
    verbs.press(teacher, "Enregistrer cet import")
    verbs.told(teacher, "Import enregistré : 3 élèves ajoutés")
    cards = verbs.print_cards(teacher)
    assert set(cards) == {"Léa", "Awa", "Yanis"}

    # The coordinator lets the school in and opens the campaign.
    assert verbs.approve_everything(coordinator) == ["Valider le collège"]
    verbs.open_campaign(coordinator)

    # Two pupils choose; for Awa no script runs.
    for page, name, first in ((lea, "Léa", OFFERS[0]), (awa, "Awa", OFFERS[1])):
        verbs.sign_in_with_card(page, cards[name])
        verbs.choose_interests(page, "Automobile et cycles")
        for title in OFFERS:
            verbs.wish_for(page, title)
        verbs.open_at(page, "/eleve/offres")
        picture(page, f"offers-{name}", screen)
        verbs.open_at(page, "/eleve/voeux")
        while verbs.wishes(page)[0] != first:
            verbs.move_wish(page, first, "Monter")
        picture(page, f"wishes-{name}", screen)
        verbs.send_wishes(page)

    # The teacher reads.
    verbs.open_at(teacher, "/etablissement")
    verbs.follow(teacher, "3A")
    picture(teacher, "class-board", screen)
    verbs.follow(teacher, "MARTIN Léa")
    expect(teacher.locator(".wishes h3")).to_have_text([OFFERS[0], OFFERS[1], OFFERS[2]])
    verbs.press(teacher, "J’ai lu ces vœux")
    verbs.told(teacher, "les vœux de Léa sont lus")

    # The coordinator closes the wishes, tries, and publishes.
    verbs.follow(coordinator, "Campagnes")
    verbs.follow(coordinator, "Campagne de l’essai")
    verbs.press(coordinator, "Fermer les vœux maintenant")
    verbs.press(coordinator, "Lancer un essai")
    expect(coordinator.get_by_role("progressbar")).to_be_visible()
    publish = coordinator.get_by_role("button", name="Publier", exact=True)
    expect(publish).to_be_enabled(timeout=PATIENCE_FOR_A_RUN_MS)
    check(coordinator)
    picture(coordinator, "run", screen)
    publish.click()
    verbs.told(coordinator, "3 propositions sont parties.")
    check(coordinator)

    # The school looks first, then pupils and company say yes.
    verbs.follow(teacher, "Propositions")
    verbs.press(teacher, "Oui aux 3 propositions de la classe 3A")
    verbs.told(teacher, "Oui noté pour 3 élèves.")
    yanis = open_page(world, screen)
    verbs.sign_in_with_card(yanis, cards["Yanis"])
    for page in (lea, awa, yanis):
        verbs.open_at(page, "/eleve/stage")
        verbs.press(page, "Oui, j’y vais")
    verbs.open_at(company, "/entreprise")
    verbs.follow(company, "Élèves proposés")
    for _ in cards:
        verbs.press(company, re.compile("^Accueillir "), exact=False)

    # Everybody sees it confirmed, with the reason and the distance.
    for page, wished in ((lea, OFFERS[0]), (awa, OFFERS[1])):
        verbs.open_at(page, "/eleve/stage")
        verbs.told(page, "C’est confirmé")
        expect(page.get_by_role("heading", name=wished)).to_be_visible()
        verbs.told(page, re.compile("vœu n° 1|premier vœu"))
        verbs.told(page, re.compile(r"\b12\skm"))
    picture(lea, "placement", screen)
    verbs.follow(teacher, "Mes classes")
    verbs.follow(teacher, "3A")
    expect(teacher.locator("tbody .tag", has_text="Confirmé")).to_have_count(3)
    verbs.follow(teacher, "MARTIN Léa")
    verbs.told(teacher, "C’est son vœu n° 1.")
    verbs.told(teacher, re.compile(r"À\s12\skm\sdu\scollège"))
    expect(company.locator(".card .tag", has_text="Confirmé")).to_have_count(3)
    verbs.told(company, re.compile(r"à\s12\skm"))
    verbs.open_at(coordinator, "/territoire")
    verbs.follow(coordinator, "Campagne de l’essai")
    picture(coordinator, "campaign", screen)
    expect(coordinator.locator(".figures div", has_text="confirmées").locator("dd")).to_have_text(
        "3"
    )
