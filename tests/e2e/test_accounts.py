"""Accounts that heal, seen in the browser: each person alone, with the e-mails that they get."""

import re

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from matching import clock
from matching.database import db
from matching.models.users import Membership, Role, User
from matching.rules import totp
from matching.services import accounts
from tests.e2e import verbs
from tests.e2e.browsing import DESKTOP, PHONE, picture
from tests.factories import people, places

NEW_PASSWORD = "Genévrier-rouge-57"


@pytest.fixture
def head(world) -> User:
    """The head of a school, who knows a password."""
    return an_adult(world, Role.PRINCIPAL, school="Collège fictif du Lac")


def an_adult(world, role: Role, *, school: str = "") -> User:
    """Somebody with a role, whose password is that of the verbs."""
    with world.app.app_context():
        here = {"school": places.school(name=school)} if school else {}
        if role is Role.TERRITORY_COORDINATOR:
            here = {"territory": places.territory_of()}
        number = db.session.scalar(sa.select(sa.func.count(User.id)))
        email = f"adulte.{number}@example.org"
        user = accounts.create_adult(email, verbs.PASSWORD, "Dominique", "Vidal")
        db.session.add(Membership(user=user, role=role, **here))
        db.session.commit()
        db.session.refresh(user)
        db.session.expunge(user)
        db.session.remove()
    return user


def sign_out(page: Page) -> None:
    """Leave, as on a shared computer."""
    verbs.press(page, "Se déconnecter")


def test_a_forgotten_password_is_replaced_by_a_link(world, open_page, head):
    page = open_page(world, PHONE)
    verbs.open_at(page, "/connexion")
    verbs.follow(page, re.compile("Mot de passe oublié"))
    verbs.fill(page, {"Adresse électronique": head.email})
    verbs.press(page, "Recevoir un lien")
    verbs.told(page, "un lien lui est envoyé dans la minute")
    verbs.open_at(page, verbs.link_in_mail(world, head.email, "/mot-de-passe/"))
    picture(page, "new-password", PHONE)
    verbs.fill(page, {"Nouveau mot de passe": NEW_PASSWORD})
    verbs.press(page, "Changer de mot de passe")
    verbs.told(page, "Votre mot de passe est changé.")
    verbs.sign_in(page, head.email)  # with the old one
    verbs.told(page, "Adresse ou mot de passe inconnus.")
    verbs.fill(page, {"Mot de passe": NEW_PASSWORD})
    verbs.press(page, "Se connecter")
    expect(
        page.get_by_role("heading", level=1, name=re.compile("Mes classes|Collège"))
    ).to_be_visible()


def test_a_colleague_joins_by_an_invitation(world, open_page, head):
    page, other = open_page(world, DESKTOP), open_page(world, PHONE)
    world.sign_in(page, head.ref)
    verbs.open_at(page, "/mon-compte")
    verbs.follow(page, "Voir l’équipe")
    verbs.fill(page, {"Adresse électronique": "sam@example.org"})
    page.get_by_label("professeur").check()
    verbs.press(page, "Envoyer l’invitation")
    verbs.told(page, "L’invitation est partie à sam@example.org.")
    picture(page, "team", DESKTOP)
    verbs.open_at(other, verbs.link_in_mail(world, "sam@example.org", "/invitation/"))
    picture(other, "invitation", PHONE)
    verbs.fill(other, {"Prénom": "Sam", "Nom": "Petit", "Nouveau mot de passe": NEW_PASSWORD})
    verbs.press(other, "Ouvrir mon compte et accepter")
    verbs.told(other, "Bienvenue")
    verbs.open_at(page, "/equipe")
    verbs.told(page, "Sam Petit – professeur")


def test_a_lost_phone_is_replaced_by_a_code_on_paper(world, open_page):
    coordinator = an_adult(world, Role.TERRITORY_COORDINATOR)
    page = open_page(world, DESKTOP)
    verbs.sign_in(page, coordinator.email)
    verbs.open_at(page, "/mon-compte/double-verification")
    verbs.press(page, "Commencer")
    picture(page, "two-factor", DESKTOP)
    typed = page.locator("main code").inner_text().replace(" ", "")
    secret = totp.base64.b32decode(typed)
    step = totp.step_at(clock.now().timestamp())
    verbs.fill(page, {"Code": totp.code_of(secret, step)})
    verbs.press(page, "Vérifier et activer")
    codes = page.locator("main code").all_inner_texts()
    assert len(codes) == 10
    sign_out(page)
    verbs.sign_in(page, coordinator.email)
    verbs.fill(page, {"Code": "000-000"})
    verbs.press(page, "Continuer")
    verbs.told(page, "Ce code n’est pas le bon")
    verbs.fill(page, {"Code": codes[3]})
    verbs.press(page, "Continuer")
    expect(page.get_by_role("link", name="À approuver").first).to_be_visible()


def test_a_lost_card_is_made_again_and_dies(world, open_page, head):
    with world.app.app_context():
        school = db.session.get_one(User, head.id).memberships[0].school
        group = places.class_group(school, school_year=2026)
        pupil = people.pupil(group, first_name="Léa", last_name="Martin")
        pupil.user.login_name = "KTRM4W7P"
        ref = pupil.ref
        db.session.commit()
        db.session.remove()
    teacher, phone = open_page(world, DESKTOP), open_page(world, PHONE)
    world.sign_in(teacher, head.ref)
    cards = []
    for button in ("Faire sa carte", "Refaire sa carte"):
        verbs.open_at(teacher, f"/etablissement/eleves/{ref}")
        verbs.follow(teacher, button)
        verbs.press(teacher, "Faire une page à imprimer")
        name, code = teacher.locator(".login-card code").all_inner_texts()
        cards.append(verbs.Card("Léa", name, code))
    verbs.sign_in_with_card(phone, cards[0])
    verbs.told(phone, "Cet identifiant et ce code ne vont pas ensemble.")
    verbs.sign_in_with_card(phone, cards[1])
    verbs.told(phone, "Bonjour Léa")


def test_who_works_in_two_schools_switches_in_the_header(world, open_page, head):
    with world.app.app_context():
        other = places.school(name="Collège fictif du Bois")
        places.class_group(other, school_year=2026, name="3e Frêne")
        user = db.session.get_one(User, head.id)
        db.session.add(Membership(user=user, role=Role.CLASS_TEACHER, school=other))
        db.session.commit()
        db.session.remove()
    page = open_page(world, PHONE)
    world.sign_in(page, head.ref)
    verbs.open_at(page, "/etablissement")
    expect(page.get_by_text("3e Frêne")).to_have_count(0)
    verbs.follow(page, re.compile("^Changer d’espace"))
    picture(page, "places", PHONE)
    verbs.press(page, "Aller ici")
    verbs.told(page, "3e Frêne")
    expect(
        page.get_by_role("link", name=re.compile("maintenant Collège fictif du Bois"))
    ).to_be_visible()
