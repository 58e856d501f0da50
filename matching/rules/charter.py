"""The quality charter: ten things that a host promises for a discovery internship.

They follow the State's model agreement of 2024 and its advice to hosts. One point each.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from matching.translated import Translated


@dataclass(frozen=True, slots=True)
class Criterion:
    """One promise: its key, the box to tick, and a line that explains it."""

    key: str
    label: Translated[str]
    hint: Translated[str]


CRITERIA: tuple[Criterion, ...] = (
    Criterion(
        "tutor",
        "Un tuteur et son remplaçant sont nommés",
        "Ils ont le temps d’accompagner l’élève et savent ce qu’il a le droit de faire.",
    ),
    Criterion(
        "programme",
        "Le programme de chaque jour est envoyé deux semaines avant",
        "L’élève et sa famille savent où aller, qui les attend et ce qui est prévu.",
    ),
    Criterion(
        "three_jobs",
        "L’élève rencontre au moins trois métiers",
        "À l’atelier comme au bureau.",
    ),
    Criterion(
        "safety",
        "Le premier jour commence par l’accueil et la sécurité",
        "Visite du site, consignes, et équipement de protection fourni.",
    ),
    Criterion(
        "contact_person",
        "Une personne de confiance est présentée à l’élève",
        "Il sait à qui parler en cas de gêne, de harcèlement ou de violence.",
    ),
    Criterion(
        "meals_hours",
        "Les repas et les horaires sont écrits à l’avance",
        "Où l’on déjeune, à quel prix, et à quelle heure la journée se termine.",
    ),
    Criterion(
        "observation_task",
        "L’élève a une mission d’observation",
        "Par exemple une grille d’entretien, ou le parcours d’une pièce à suivre.",
    ),
    Criterion(
        "feedback",
        "Le dernier jour, un bilan de quinze minutes",
        "Observer, communiquer, comprendre, s’impliquer : on en parle avec l’élève.",
    ),
    Criterion(
        "no_chores",
        "Ni photocopies, ni café, ni production",
        "Un élève de 3e observe, questionne, essaie sous surveillance ; il ne travaille pas.",
    ),
    Criterion(
        "open_to_all",
        "L’offre est ouverte à tous",
        "Une part est réservée à l’éducation prioritaire, ou le poste est accessible.",
    ),
)
CRITERION_KEYS = tuple(criterion.key for criterion in CRITERIA)
MAX_SCORE = len(CRITERIA)


def score(kept: Iterable[str]) -> int:
    """The number of different promises kept, 0 to 10. ValueError on a key that does not exist."""
    promises = set(kept)
    unknown = promises.difference(CRITERION_KEYS)
    if unknown:
        raise ValueError(f"not in the charter: {', '.join(sorted(unknown))}")
    return len(promises)


def missing(kept: Iterable[str]) -> tuple[Criterion, ...]:
    """The promises still to make, in the order of the charter."""
    promises = set(kept)
    return tuple(criterion for criterion in CRITERIA if criterion.key not in promises)
