"""The words of one offer."""

from dataclasses import dataclass

GLOVES_AND_SHOES = (
    "Chaussures de sécurité, lunettes et gilet te sont prêtés. Viens en pantalon long, "
    "cheveux attachés."
)
CLEAN_ROOM = "Blouse, charlotte et surchaussures te sont prêtées. Pas de bijoux ni de vernis."
OUTDOORS = "Prévois un vêtement de pluie et des chaussures fermées. Casque et gilet sont prêtés."
ORDINARY = "Aucune tenue particulière. Viens avec un carnet et de quoi écrire."


@dataclass(frozen=True, slots=True)
class Programme:
    """``see`` and ``do`` are what the pupil sees and does, ``gear`` how to dress."""

    title: str
    see: str
    do: str
    gear: str
