"""A list of 120 fictional pupils as Pronote exports it, with ten mistakes of ten kinds."""

from dataclasses import dataclass
from itertools import product

HEADINGS = (
    "Nom;Prénom;Né(e) le;Sexe;Classe;INE;Lieu de naissance;Responsable légal 1 nom;"
    "Responsable légal 1 courriel;Responsable légal 1 portable;CP;Ville"
)
LAST_NAMES = (
    *("ABADIE", "BÉRARD", "CHAPUIS", "DE LA TOUR", "ÉTIENNE", "FOURNEL", "GÉRIN", "HUMBERT"),
    *("IMBERT", "JOUVE", "KERVELLA", "LEÇON"),
)
FIRST_NAMES = (
    *("Aïcha", "Basile", "Chloé", "Driss", "Élodie", "Fanny", "Gaël", "Hanaé", "Inès", "Jean-Paul"),
)
INE = "{number:09}FF"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is planted on a line: under a heading, what the page says, and what mends it.

    Without a heading the answer of this label is chosen.
    """

    line: int
    heading: str
    wrong: str
    told: str
    right: str
    place: int = -1


FAULTS = (
    Fault(7, "Prénom", "", "Cette case est obligatoire", "Manon", 1),
    Fault(15, "Né(e) le", "31/02/2012", "Une date qui existe", "28/02/2012", 2),
    Fault(23, "Né(e) le", "12 mars 2012", "Une date comme 15/03/2012", "12/03/2012", 2),
    Fault(34, "Né(e) le", "04/05/2002", "de 10 à 18 ans", "04/05/2012", 2),
    Fault(41, "Nom", "D0UBLET", "Un nom", "DOUBLET", 0),
    Fault(56, "Responsable légal 1 courriel", "parent@", "Une adresse", "parent@example.org", 8),
    Fault(63, "Responsable légal 1 portable", "0639", "Un numéro", "06 39 98 00 63", 9),
    Fault(78, "Classe", "", "Cette case est obligatoire", "3E C", 4),
    Fault(90, "", "", "déjà à la ligne 12", "Laisser cette ligne de côté"),
    Fault(101, "Ville", "Oyonax-sur-Lange", "Plusieurs communes sont possibles", "Oyonnax", 11),
)


def pronote_lines() -> list[list[str]]:
    """The cells of each pupil, the mistakes in their places; the first is on line 2."""
    lines = []
    for number, (last, first) in enumerate(product(LAST_NAMES, FIRST_NAMES)):
        born = f"{number % 28 + 1:02}/{number % 12 + 1:02}/2012"
        school_class = f"3E {'ABCDE'[number // 24]}"
        pupil = [last, first, born, "FM"[number % 2], school_class, INE.format(number=number)]
        guardian = [last, f"parent{number}@example.org", f"06 39 98 {number:04}"]
        lines.append([*pupil, "Lyon", *guardian, "01100", "Oyonnax"])
    for fault in FAULTS:
        if fault.heading:
            lines[fault.line - 2][fault.place] = fault.wrong
    lines[90 - 2] = list(lines[12 - 2])
    return lines


def pronote_file() -> bytes:
    """The file, as a French Windows saves it."""
    text = "\r\n".join([HEADINGS, *(";".join(cells) for cells in pronote_lines())])
    return text.encode("cp1252")
