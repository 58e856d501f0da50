"""A list as Pronote exports it, with ten mistakes: mended in the page, imported, undone."""

import re

import sqlalchemy as sa
from playwright.sync_api import expect

from matching.database import db
from matching.models.pupils import Pupil
from tests.e2e import verbs
from tests.e2e.browsing import DESKTOP, PHONE, check, picture
from tests.factories.pronote import FAULTS, pronote_file

FILE = {"name": "pronote.csv", "mimeType": "text/csv", "buffer": pronote_file()}


def pupils(world) -> int:
    """How many pupils the database holds."""
    with world.app.app_context():
        found = db.session.scalar(sa.select(sa.func.count(Pupil.id)))
        db.session.remove()
    return found


def test_ten_mistakes_of_a_pronote_file_are_mended_in_the_page(world, open_page, season):
    page = open_page(world, PHONE)
    world.sign_in(page, season.head)
    before = pupils(world)
    verbs.open_at(page, "/etablissement/import")
    page.get_by_label("Fichier des élèves").set_input_files(FILE)
    verbs.press(page, "Voir l’aperçu")
    verbs.told(page, "10\u00a0choses à corriger")
    picture(page, "file-to-mend", PHONE)
    for fault in FAULTS:
        line = page.get_by_role("group", name=re.compile(rf"^Ligne {fault.line}\b"))
        expect(line).to_contain_text(fault.told)
        if fault.heading:
            line.get_by_label(fault.heading, exact=True).fill(fault.right)
        else:
            line.get_by_label(fault.right).check()
    assert pupils(world) == before
    verbs.press(page, "Corriger ces lignes")
    expect(page.get_by_text("à ajouter").first).to_be_visible()
    picture(page, "file-mended", PHONE)
    verbs.press(page, "Enregistrer cet import")
    verbs.told(page, "Import enregistré")
    assert pupils(world) == before + 119

    verbs.open_at(page, "/etablissement/import")
    verbs.follow(page, "Défaire cet import")
    picture(page, "file-undone", PHONE)
    verbs.press(page, "Défaire cet import")
    verbs.told(page, "Import défait")
    assert pupils(world) == before


def test_columns_are_put_right_without_scripts(world, open_page, season):
    page = open_page(world, DESKTOP, javascript=False)
    world.sign_in(page, season.head)
    verbs.open_at(page, "/etablissement/import")
    text = "Petit nom;Nom;Né(e) le;Classe\nLéa;MARTIN;15/03/2012;3A\n"
    file = {"name": "a.csv", "mimeType": "text/csv", "buffer": text.encode()}
    page.get_by_label("Fichier des élèves").set_input_files(file)
    verbs.press(page, "Voir l’aperçu")
    verbs.told(page, "Cette colonne est obligatoire")
    page.get_by_label("Colonne A").select_option("Prénom")
    verbs.press(page, "Lire ainsi")
    verbs.told(page, "Nous n’avons rien gardé de la colonne")
    page.get_by_label("Fichier des élèves").set_input_files(file)
    verbs.press(page, "Lire ainsi")
    expect(page.get_by_role("button", name="Enregistrer cet import")).to_be_visible()
    check(page)
    verbs.press(page, "Annuler et effacer le fichier")
