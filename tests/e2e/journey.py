"""The main job, from an empty database to confirmed places, as each person lives it."""

import re
from collections.abc import Callable

import sqlalchemy as sa
from playwright.sync_api import Page, expect

from matching.database import db
from matching.models.companies import Site
from matching.models.statuses import OfferStatus
from matching.models.users import Membership, Role
from matching.services import accounts
from tests.e2e import verbs
from tests.e2e.browsing import Screen, check, picture
from tests.e2e.conftest import PATIENCE_FOR_A_RUN_MS, World
from tests.factories import places

COORDINATOR = "coordination@example.org"
OFFERS = ("Mouler une pièce", "Régler une presse", "Dessiner un outil")
PUPILS = (
    "MARTIN;Léa;15/03/2012;3A",
    "N’DIAYE;Awa;02/09/2012;3A",
    "LE GOFF;Yanis;30/12/2011;3A",
)


def open_the_territory(world: World) -> None:
    """All that is there before the story: a coordinator."""
    with world.app.app_context():
        user = accounts.create_adult(COORDINATOR, verbs.PASSWORD, "Dominique", "Vidal")
        db.session.add(
            Membership(user=user, role=Role.TERRITORY_COORDINATOR, territory=places.territory_of())
        )
        db.session.commit()
        db.session.remove()


def hand_in_two_more(world: World) -> None:
    """The other offers of the company, written without the browser."""
    with world.app.app_context():
        site = db.session.scalars(sa.select(Site)).one()
        for title in OFFERS[1:]:
            places.offer(
                site,
                title=title,
                status=OfferStatus.SUBMITTED,
                tutor_name="Sacha Moulin",
                access="Bus 12.",
            )
        db.session.remove()


class Journey:
    """Everybody's browser, and what each does in turn."""

    def __init__(self, world: World, screen: Screen, open_page: Callable[..., Page]) -> None:
        self.world, self.screen, self.open_page = world, screen, open_page
        self.company, self.coordinator, self.teacher, self.lea = (
            open_page(world, screen) for _ in range(4)
        )
        self.awa = open_page(world, screen, javascript=False)
        self.cards: dict[str, verbs.Card] = {}

    def play(self) -> None:
        """From a company's first offer to three places that everybody has said yes to."""
        open_the_territory(self.world)
        self.places_are_promised_and_published()
        self.a_class_is_prepared()
        self.pupils_choose_and_the_teacher_reads()
        self.a_trial_is_published()
        self.everybody_says_yes()
        self.everybody_sees_it_confirmed()

    def keep(self, page: Page, name: str) -> None:
        """Keep a picture, when pictures are asked for."""
        picture(page, name, self.screen)

    def places_are_promised_and_published(self) -> None:
        """The company writes an offer, the coordinator lets it in."""
        verbs.open_at(self.company, "/")
        self.keep(self.company, "home")
        verbs.register_company(self.company, self.world)
        verbs.post_offer(self.company, OFFERS[0])
        hand_in_two_more(self.world)
        verbs.open_at(self.company, "/entreprise")
        self.keep(self.company, "company-board")
        verbs.sign_in(self.coordinator, COORDINATOR)
        verbs.open_at(self.coordinator, "/territoire/a-approuver")
        self.keep(self.coordinator, "queue")
        pressed = verbs.approve_everything(self.coordinator)
        assert pressed == ["Valider l’entreprise"] + ["Publier l’offre"] * 3

    def a_class_is_prepared(self) -> None:
        """The teacher enrols and prints cards, the coordinator opens the campaign."""
        verbs.register_school(self.teacher, self.world)
        verbs.choose_week(self.teacher)
        verbs.send_file(self.teacher, PUPILS)
        verbs.told(self.teacher, "Rien n’est encore écrit.")
        verbs.press(self.teacher, "Enregistrer cet import")
        verbs.told(self.teacher, "Import enregistré : 3 élèves ajoutés")
        self.cards = verbs.print_cards(self.teacher)
        assert set(self.cards) == {"Léa", "Awa", "Yanis"}
        assert verbs.approve_everything(self.coordinator) == ["Valider le collège"]
        verbs.open_campaign(self.coordinator)

    def pupils_choose_and_the_teacher_reads(self) -> None:
        """Léa and Awa rank three wishes; for Awa no script runs. Yanis sends none."""
        for page, name, first in ((self.lea, "Léa", OFFERS[0]), (self.awa, "Awa", OFFERS[1])):
            verbs.sign_in_with_card(page, self.cards[name])
            verbs.choose_interests(page, "Automobile et cycles")
            for title in OFFERS:
                verbs.wish_for(page, title)
            verbs.open_at(page, "/eleve/offres")
            self.keep(page, f"offers-{name}")
            verbs.open_at(page, "/eleve/voeux")
            while verbs.wishes(page)[0] != first:
                verbs.move_wish(page, first, "Monter")
            self.keep(page, f"wishes-{name}")
            verbs.send_wishes(page)
        verbs.open_at(self.teacher, "/etablissement")
        verbs.follow(self.teacher, "3A")
        self.keep(self.teacher, "class-board")
        verbs.follow(self.teacher, "MARTIN Léa")
        expect(self.teacher.locator(".wishes h3")).to_have_text(list(OFFERS))
        verbs.press(self.teacher, "J’ai lu ces vœux")
        verbs.told(self.teacher, "les vœux de Léa sont lus")

    def a_trial_is_published(self) -> None:
        """The coordinator closes the wishes, tries, follows the progress, publishes."""
        page = self.coordinator
        verbs.follow(page, "Campagnes")
        verbs.follow(page, "Campagne de l’essai")
        verbs.press(page, "Fermer les vœux maintenant")
        verbs.press(page, "Lancer un essai")
        expect(page.get_by_role("progressbar")).to_be_visible()
        publish = page.get_by_role("button", name="Publier", exact=True)
        expect(publish).to_be_enabled(timeout=PATIENCE_FOR_A_RUN_MS)
        check(page)
        self.keep(page, "run")
        verbs.go(page, publish)
        verbs.told(page, "3 propositions sont parties.")

    def everybody_says_yes(self) -> None:
        """The school first, then the pupils and the company."""
        verbs.follow(self.teacher, "Propositions")
        verbs.press(self.teacher, "Oui aux 3 propositions de la classe 3A")
        verbs.told(self.teacher, "Oui noté pour 3 élèves.")
        yanis = self.open_page(self.world, self.screen)
        verbs.sign_in_with_card(yanis, self.cards["Yanis"])
        for page in (self.lea, self.awa, yanis):
            verbs.open_at(page, "/eleve/stage")
            verbs.press(page, "Oui, j’y vais")
        verbs.open_at(self.company, "/entreprise")
        verbs.follow(self.company, "Élèves proposés")
        for _ in self.cards:
            verbs.press(self.company, re.compile("^Accueillir "), exact=False)

    def everybody_sees_it_confirmed(self) -> None:
        """With the reason and the distance, each on their own page."""
        for page, wished in ((self.lea, OFFERS[0]), (self.awa, OFFERS[1])):
            verbs.open_at(page, "/eleve/stage")
            verbs.told(page, "C’est confirmé")
            expect(page.get_by_role("heading", name=wished)).to_be_visible()
            verbs.told(page, "C’était ton premier vœu.")
            verbs.told(page, "Elle est à 12 km de ton collège.")
        self.keep(self.lea, "placement")
        verbs.follow(self.teacher, "Mes classes")
        verbs.follow(self.teacher, "3A")
        expect(self.teacher.locator("tbody .tag", has_text="Confirmé")).to_have_count(3)
        verbs.follow(self.teacher, "MARTIN Léa")
        verbs.told(self.teacher, "C’est son vœu n° 1.")
        verbs.told(self.teacher, "À 12 km du collège.")
        expect(self.company.locator(".card .tag", has_text="Confirmé")).to_have_count(3)
        verbs.told(self.company, "Nantua, à 12 km")
        verbs.open_at(self.coordinator, "/territoire")
        verbs.follow(self.coordinator, "Campagne de l’essai")
        self.keep(self.coordinator, "campaign")
        confirmed = self.coordinator.locator(".figures div", has_text="confirmées").locator("dd")
        expect(confirmed).to_have_text("3")
