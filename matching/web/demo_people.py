"""The people whom a visitor of a demonstration may become, listed by the loader of the demo."""

import json
import re
from dataclasses import dataclass

from flask_babel import gettext

from matching.config import Settings
from matching.translated import Translated

FILE = "demo-people.json"
# What ``demo/people.py`` says of them, sentence by sentence; names stay as they are.
SENTENCES: Translated[tuple[str, ...]] = (
    "Élèves",
    "Collèges",
    "Entreprises",
    "Territoires",
    "Fondation",
    "Ses vœux sont à faire : choisir des offres et les ranger.",
    "Une proposition l’attend : pourquoi celle-ci, à quelle distance.",
    "Son stage est confirmé par les trois.",
    "Aucune place au premier tour : la raison, et la suite.",
    "Les vœux sont ouverts : cartes à imprimer, vœux à relire.",
    "Des propositions attendent son regard.",
    "Direction.",
    "Direction d’un collège qui commence : ni classe ni élève.",
    "Des élèves à accueillir.",
    "Une offre renvoyée, à compléter.",
    "Campagne publiée, réponses en cours, et des inscriptions à approuver.",
    "Campagne prête, trop peu de places : lancer un essai.",
    "Campagne prête, assez de places : lancer, puis publier.",
    "Campagne ouverte : les vœux arrivent.",
    "Tous les territoires, toutes les campagnes.",
)


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """``group`` is a role, ``label`` who it is, ``hint`` what there is to see."""

    ref: str
    group: str
    label: str
    hint: str


def demo_people(settings: Settings) -> dict[str, list[DemoPerson]]:
    """The people by group, in the order of the file; nobody outside a demonstration."""
    path = settings.instance / FILE
    if not settings.demo or not path.is_file():
        return {}
    groups: dict[str, list[DemoPerson]] = {}
    for row in json.loads(path.read_text(encoding="utf-8")):
        person = DemoPerson(**row | {"group": said(row["group"]), "hint": said(row["hint"])})
        groups.setdefault(person.group, []).append(person)
    return groups


def said(text: str) -> str:
    """The same in the language of the page."""
    return " ".join(_said(sentence) for sentence in re.split(r"(?<=\.) ", text))


def _said(sentence: str) -> str:
    if taught := re.fullmatch(r"Enseigne en (.+)\.", sentence):
        return str(gettext("Enseigne en %(name)s.", name=taught[1]))
    if led := re.fullmatch(r"(.+), toutes les classes\.", sentence):
        return str(gettext("%(school)s, toutes les classes.", school=led[1]))
    return str(gettext(sentence)) if sentence in SENTENCES else sentence
