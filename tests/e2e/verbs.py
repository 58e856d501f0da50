"""What people do in the browser, one function for each: the tests read as their story."""

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from playwright.sync_api import Locator, Page, expect

from matching.database import db
from matching.models.mail import Mail
from matching.rules.identifiers import uai_key
from tests.e2e.browsing import check
from tests.e2e.conftest import World
from tests.factories import places

PASSWORD = "Tilleul-bleu-42"
WEEK = places.WEEK
SIRET = places.siret(4242)
UAI = "0019901" + uai_key("0019901")  # Ain; no school has it


@dataclass(frozen=True, slots=True)
class Card:
    """What is printed on a pupil's card."""

    name: str
    login_name: str
    code: str


def fill(page: Page, values: dict[str, str]) -> None:
    """Type each value in the field of this label; a required one ends with an asterisk."""
    for label, value in values.items():
        page.get_by_label(re.compile(rf"^{re.escape(label)}(\s*\*)?$")).fill(value)


def press(page: Page, name: str | re.Pattern[str], *, exact: bool = True) -> None:
    """Press the button of this name, then look at the page that comes."""
    go(page, page.get_by_role("button", name=name, exact=exact).first)


def follow(page: Page, name: str | re.Pattern[str], *, exact: bool = True) -> None:
    """Follow the first link of this name, then look where it leads."""
    go(page, page.get_by_role("link", name=name, exact=exact).first)


def go(page: Page, way: Locator) -> None:
    """Click, wait for the page that comes, and look at it."""
    with page.expect_navigation():
        way.click()
    check(page)


def open_at(page: Page, path: str) -> None:
    """Open this address and look at the page."""
    page.goto(path)
    check(page)


def told(page: Page, words: str | re.Pattern[str]) -> None:
    """The page says so."""
    expect(page.get_by_text(words).first).to_be_visible()


def sign_in(page: Page, email: str) -> None:
    """Sign in as an adult."""
    open_at(page, "/connexion")
    fill(page, {"Adresse électronique": email, "Mot de passe": PASSWORD})
    press(page, "Se connecter")


def sign_in_with_card(page: Page, card: Card) -> None:
    """Sign in as a pupil, with what the card says."""
    open_at(page, "/connexion/eleve")
    fill(page, {"Ton identifiant": card.login_name, "Ton code": card.code})
    press(page, "Entrer")


def company_values(*, siret: str = SIRET, email: str = "rh@example.org") -> dict[str, str]:
    """What is typed to register a company at Oyonnax."""
    return {
        "SIRET du site": siret,
        "Nom de l’entreprise": "Plasturgie fictive du Lange",
        "Nom du site": "Usine d’Oyonnax",
        "Adresse": "12 rue de l’Essai",
        "Code postal": "01100",
        "Commune": "Oyonnax",
        "Prénom": "Sacha",
        "Nom": "Moulin",
        "Adresse électronique professionnelle": email,
        "Téléphone": "04 65 71 00 01",
    }


def register_company(page: Page, world: World) -> None:
    """A company and its first site, at Oyonnax."""
    open_at(page, "/inscription/entreprise")
    values = company_values()
    fill(page, values)
    press(page, "Inscrire mon entreprise")
    finish_registration(page, world, values["Adresse électronique professionnelle"])


def finish_registration(page: Page, world: World, email: str) -> None:
    """Open the letter, choose a password, accept the texts."""
    told(page, f"Un courriel part à {email}")
    open_at(page, link_in_mail(world, email, "/inscription/confirmer/"))
    fill(page, {"Nouveau mot de passe": PASSWORD})
    page.get_by_label("J’ai lu ces textes").check()
    press(page, "Confirmer l’inscription")
    told(page, "Votre inscription est confirmée.")


def link_in_mail(world: World, address: str, part: str) -> str:
    """The path of the last link of this kind written to this address; a job may be writing it."""
    for _ in range(100):
        with world.app.app_context():
            query = sa.select(Mail.text).where(Mail.address == address).order_by(Mail.id.desc())
            found = re.search(
                rf"https?://[^/\s]+({part}\S+)", db.session.scalars(query).first() or ""
            )
            db.session.remove()
        if found:
            return found[1]
        time.sleep(0.1)
    raise LookupError(part)


def post_offer(page: Page, title: str, *, week: str = WEEK, seats: int = 2) -> None:
    """The five pages of the form, then the offer is handed in."""
    open_at(page, "/entreprise")
    follow(page, "Écrire une offre")
    fill(page, {"Titre de l’offre": title})
    page.get_by_label("Univers").select_option(index=1)
    press(page, "Enregistrer et continuer")
    fill(page, {"Ce que l’élève verra": "Les presses, le bureau d’études et le laboratoire."})
    fill(page, {"Ce que l’élève fera": "Observer, interroger, tenir un carnet."})
    press(page, "Enregistrer et continuer")
    press(page, "Enregistrer et continuer")  # the usual hours
    page.locator(f"#week-{week}").check()
    fill(page, {"Nombre de places": str(seats)})
    press(page, "Enregistrer et continuer")
    fill(page, {"Tuteur ou tutrice": "Dominique Ferrand, régleuse"})
    fill(page, {"Comment venir": "Bus 12, arrêt Zone industrielle ; on déjeune au réfectoire."})
    page.get_by_label("Le lieu est accessible").check()
    press(page, "Enregistrer et continuer")
    press(page, "Envoyer au coordinateur")
    told(page, "Votre offre est envoyée")


def approve_everything(page: Page) -> list[str]:
    """Say yes to all that waits, the oldest first; returns what was pressed."""
    open_at(page, "/territoire/a-approuver")
    yes = page.get_by_role("button", name=re.compile(r"^(Valider|Publier) "), disabled=False)
    pressed = []
    while yes.count():
        pressed.append(yes.first.inner_text().strip())
        form = page.locator("form", has=yes.first)
        if form.get_by_role("radio").count():
            form.get_by_label("Je l’ai rappelée au numéro public").check()
            form.get_by_label("Note de l’appel").fill("Standard rappelé, M. Petit confirme.")
        go(page, yes.first)
    told(page, "Rien n’attend")
    return pressed


def register_school(
    page: Page, world: World, *, uai: str = UAI, email: str = "prof@example.org"
) -> None:
    """A public collège at Nantua, thirteen kilometres from Oyonnax."""
    open_at(page, "/inscription/etablissement")
    fill(
        page,
        {
            "Code UAI du collège": uai,
            "Nom du collège": "Collège fictif du Lac",
            "Adresse": "3 rue de l’Essai",
            "Code postal": "01130",
            "Commune": "Nantua",
            "Prénom": "Andrea",
            "Nom": "Perrin",
            "Adresse électronique professionnelle": email,
        },
    )
    page.get_by_label("public", exact=True).check()
    page.get_by_label("Chef d’établissement ou adjoint").check()
    press(page, "Inscrire mon collège")
    finish_registration(page, world, email)


def choose_week(page: Page, week: str = WEEK) -> None:
    """The whole school leaves that week."""
    open_at(page, "/etablissement/semaines")
    form = page.locator("form", has=page.locator(f'input[name=week][value="{week}"]'))
    month = page.locator("details", has=form)
    if month.get_attribute("open") is None:
        month.locator("summary").click()
    go(page, form.get_by_role("button"))


def send_file(page: Page, lines: Sequence[str], *, name: str = "3A.csv") -> None:
    """Send a file of pupils, as a spreadsheet saves it."""
    open_at(page, "/etablissement/import")
    content = "\r\n".join(("Nom;Prénom;Date de naissance;Classe", *lines)) + "\r\n"
    page.get_by_label("Fichier des élèves").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": content.encode("utf-8-sig")}
    )
    press(page, "Voir l’aperçu")


def print_cards(page: Page) -> dict[str, Card]:
    """Make a card for everybody who has none; first name → card, as read off the sheet."""
    open_at(page, "/etablissement")
    others = page.locator(".more-actions > summary")
    if others.is_visible():  # folded on a phone
        others.click()
    follow(page, "Imprimer des cartes")
    press(page, "Faire une page à imprimer")
    cards = {}
    for card in page.locator(".login-card").all():
        name = card.get_by_role("heading").inner_text()
        login_name, code = card.locator("code").all_inner_texts()
        cards[name.split()[0]] = Card(name, login_name, code)
    return cards


def open_campaign(page: Page, name: str = "Campagne de l’essai") -> None:
    """A campaign over the coordinator's only territory, open from today."""
    open_at(page, "/territoire")
    follow(page, "Ouvrir une campagne")
    fill(
        page,
        {
            "Nom de la campagne": name,
            "Les vœux ouvrent le": "2026-11-16",
            "Les vœux ferment le soir du": "2026-12-04",
        },
    )
    press(page, "Ouvrir la campagne")
    told(page, "La campagne est ouverte.")


def choose_interests(page: Page, *names: str) -> None:
    """Tick some sectors."""
    open_at(page, "/eleve/interets")
    for name in names:
        page.get_by_label(name, exact=True).check()
    press(page, "Garder mes univers")
    told(page, "Tes univers sont gardés.")


def wish_for(page: Page, title: str) -> None:
    """Put this offer at the end of the list."""
    open_at(page, "/eleve/offres")
    go(page, page.locator("article", has_text=title).get_by_role("button", name="Ajouter"))
    told(page, re.compile(f"« {title} » est ton vœu"))


def wishes(page: Page) -> list[str]:
    """The titles of the list, in order, as the page shows them."""
    return page.locator(".wishes .wish-title").all_inner_texts()


def move_wish(page: Page, title: str, way: str) -> None:
    """Press « Monter » or « Descendre » beside this wish."""
    page.get_by_role("button", name=f"{way} {title}", exact=True).click()
    expect(page.locator("#wish-status")).to_contain_text(title)
    check(page)


def send_wishes(page: Page) -> None:
    """Read the list once more and send it."""
    open_at(page, "/eleve/voeux")
    follow(page, "Relire et envoyer")
    press(page, "Envoyer mes vœux")
    told(page, "Tes vœux sont envoyés à ton collège.")
