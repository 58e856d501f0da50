"""Names of holidays, as the calendars give them, in the language of the page."""

from flask_babel import gettext

from matching.translated import Translated

NAMES: Translated[tuple[str, ...]] = (
    "Abolition de l’esclavage",
    "Armistice",
    "Arrivée de l’Évangile",
    "Ascension",
    "Assomption",
    "Fête de Victor Schoelcher",
    "Fête de la Citoyenneté",
    "Fête de la Victoire",
    "Fête du Territoire",
    "Fête du Travail",
    "Fête nationale",
    "Jour de l’an",
    "Lundi de Pentecôte",
    "Lundi de Pâques",
    "Matāri’i",
    "Mi-Carême",
    "Noël",
    "Saint Pierre Chanel",
    "Saint-Étienne",
    "Saints Pierre et Paul",
    "Toussaint",
    "Vendredi saint",
    "Pont de l’Ascension",
    "Vacances de Noël",
    "Vacances de la Toussaint",
    "Vacances de printemps",
    "Vacances d’hiver",
    "Vacances d’été",
)


def holiday_name(name: str) -> str:
    """The name of a public or school holiday."""
    return str(gettext(name.replace("'", "’")))
