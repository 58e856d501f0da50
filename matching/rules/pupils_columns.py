"""The columns of a file of pupils: ours, and how SIECLE, Pronote and Pix call the same things."""

import functools
import itertools
from collections.abc import Sequence
from datetime import date

from matching.rules.file_reading import fold, fold_losing_accents
from matching.rules.safe_csv import csv_bytes
from matching.translated import Translated

# Key of the column → its heading in our template, in the order of the template.
HEADINGS: Translated[dict[str, str]] = {
    "last_name": "Nom",
    "first_name": "Prénom",
    "birth_date": "Date de naissance",
    "class_name": "Classe",
    "guardian1_last_name": "Responsable 1 nom",
    "guardian1_first_name": "Responsable 1 prénom",
    "guardian1_email": "Responsable 1 e-mail",
    "guardian1_phone": "Responsable 1 téléphone",
    "guardian2_last_name": "Responsable 2 nom",
    "guardian2_first_name": "Responsable 2 prénom",
    "guardian2_email": "Responsable 2 e-mail",
    "guardian2_phone": "Responsable 2 téléphone",
    "commune": "Commune de résidence",
    "postcode": "Code postal",
    "access_needs": "Besoins d’accès",
}
REQUIRED = ("last_name", "first_name", "birth_date", "class_name")
FULL_NAME = "full_name"  # one column with "MARTIN Léa" may stand for the two names
# How a column is called where the file gives it no heading.
NAMES = HEADINGS | {FULL_NAME: "Nom et prénom"}

_SYNONYMS: dict[str, tuple[str, ...]] = {
    "last_name": (
        *("Nom de famille", "Nom élève", "Nom de l’élève", "Nom de naissance", "Patronyme"),
    ),
    "first_name": ("Prénoms", "Prénom 1", "Premier prénom", "Prénom élève", "Prénom de l’élève"),
    FULL_NAME: ("Élève", "Élèves", "Nom et prénom", "Nom prénom", "Nom complet"),
    "birth_date": (
        *("Date de naissance (jj/mm/aaaa)", "Date naissance", "Naissance"),
        *("Né(e) le", "Né le", "Née le", "Né(e)", "Date nais.", "Date de naiss.", "DDN"),
    ),
    "class_name": (
        *("Division", "Classe / division", "Division (classe)", "Nom de la classe", "Div."),
        "Libellé classe",
    ),
    "commune": ("Commune", "Ville", "Ville de résidence", "Commune résidence"),
    "postcode": ("CP", "Code postal de résidence"),
    "access_needs": ("Besoins accès", "Accessibilité", "Aménagements", "Besoins"),
}
_GUARDIAN_WORDS = {
    "guardian1": (
        *("responsable 1", "responsable", "responsable légal 1", "responsable légal"),
        *("repr. légal", "repr. légal 1", "représentant légal", "représentant légal 1"),
        *("resp. légal", "resp. légal 1", "parent 1"),
    ),
    "guardian2": (
        *("responsable 2", "autre responsable", "responsable légal 2", "autre responsable légal"),
        *("autre repr. légal", "repr. légal 2", "autre représentant légal", "représentant légal 2"),
        *("autre resp. légal", "resp. légal 2", "parent 2"),
    ),
}
_GUARDIAN_CELLS = {
    "last_name": ("nom", "nom de famille"),
    "first_name": ("prénom",),
    "email": ("e-mail", "courriel", "mail", "adresse e-mail", "mél"),
    "phone": ("téléphone", "tél.", "portable", "téléphone portable", "mobile"),
}

# Clearly nobody: the import refuses this very row and asks to delete it.
EXAMPLE_NAME = ("EXEMPLE", "Camille")
EXAMPLE_BIRTH_DATE = date(2012, 3, 15)
_EXAMPLE_ROW = (
    *(*EXAMPLE_NAME, "15/03/2012", "3A"),
    *("EXEMPLE", "Dominique", "dominique.exemple@example.org", "06 39 98 00 01"),
    *("EXEMPLE", "Sacha", "sacha.exemple@example.org", "06 39 98 00 02"),
    *("Oyonnax", "01100", "Accès sans marche, Lieu calme"),
)


def column_of(heading: str) -> str | None:
    """The key of the column under this heading, None when we do not keep it."""
    return _keys_by_heading().get(fold(heading))


def known_columns(headings: Sequence[str]) -> int:
    """How many different columns of ours these headings name."""
    return len({column_of(heading) for heading in headings} - {None})


def template_csv() -> bytes:
    """Our template: the headings and one row about a fictional pupil."""
    return csv_bytes(list(HEADINGS.values()), [_EXAMPLE_ROW])


@functools.cache
def _keys_by_heading() -> dict[str, str]:
    written = list(HEADINGS.items())
    written += [(key, heading) for key, found in _SYNONYMS.items() for heading in found]
    for guardian, cell in itertools.product(_GUARDIAN_WORDS, _GUARDIAN_CELLS):
        for who, what in itertools.product(_GUARDIAN_WORDS[guardian], _GUARDIAN_CELLS[cell]):
            written += [
                (f"{guardian}_{cell}", text)
                for text in (f"{who} {what}", f"{what} {who}", f"{what} du {who}")
            ]
    # Headings whose accents were lost come second: they never hide a heading written in full.
    damaged = {fold_losing_accents(heading): key for key, heading in written}
    return damaged | {fold(heading): key for key, heading in written}
