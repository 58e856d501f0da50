"""What a pupil needs in order to take part, and what a site can offer: never a diagnosis.

The list is closed on purpose: free text would collect health data that nobody may keep.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AccessNeed:
    """One need: its key, the pupil's side of it and the host's."""

    key: str
    label: str
    facility: str


ACCESS_NEEDS: tuple[AccessNeed, ...] = (
    AccessNeed("step_free", "Accès sans marche", "Le parcours se fait sans marche"),
    AccessNeed("lift", "Ascenseur", "Un ascenseur dessert les étages visités"),
    AccessNeed("adapted_toilets", "Toilettes adaptées", "Des toilettes adaptées sont proches"),
    AccessNeed("seated", "Pouvoir rester assis", "Les activités peuvent se suivre assis"),
    AccessNeed("quiet_room", "Lieu calme", "Un lieu calme est libre à tout moment"),
    AccessNeed("low_noise", "Peu de bruit", "Le parcours évite les ateliers bruyants"),
    AccessNeed("escort", "Accompagnant", "Un accompagnant (AESH) peut rester avec l’élève"),
    AccessNeed("written_cues", "Consignes écrites", "Les consignes sont aussi données par écrit"),
    AccessNeed("large_print", "Gros caractères", "Les documents existent en gros caractères"),
    AccessNeed("sign_language", "Langue des signes", "Une personne connaît la langue des signes"),
    AccessNeed("short_days", "Horaires allégés", "Les journées peuvent être raccourcies"),
)
ACCESS_KEYS = tuple(need.key for need in ACCESS_NEEDS)
