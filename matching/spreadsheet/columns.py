"""The files of the door and their columns, with every heading that is understood.

A heading is compared without accents, case, spaces or punctuation, so `max_km`, `Max km` and
`MAX-KM` are one heading. The first name of a column is its name in the code and in messages about
a column that is missing.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    also: tuple[str, ...] = ()
    needed: bool = False


@dataclass(frozen=True, slots=True)
class File:
    """`needed`: the folder must hold it. `filled`: once there, it must have a row."""

    name: str
    columns: tuple[Column, ...]
    needed: bool = False
    filled: bool = False


OFFER = Column(
    "offer",
    (
        "offre", "offer id", "id offre", "code offre", "identifiant offre",
        "identifiant de l'offre", "référence offre", "référence de l'offre", "réf offre",
        "numéro offre", "n° offre",
    ),
    needed=True,
)  # fmt: skip
PUPIL = Column(
    "pupil",
    (
        "élève", "pupil id", "student", "student id", "id élève", "code élève",
        "identifiant élève", "identifiant de l'élève", "référence élève", "référence de l'élève",
        "réf élève", "numéro élève", "n° élève",
    ),
    needed=True,
)  # fmt: skip
WEEK = Column("week", ("semaine", "semaine iso", "iso week", "semaine du stage"))
PLACE = (
    Column("postcode", ("code postal", "cp", "postal code", "zip", "zip code")),
    Column("commune", ("ville", "nom de la commune", "localité", "city", "town", "municipality")),
    Column("lat", ("latitude",)),
    Column("lon", ("longitude", "lng", "long")),
)
TERRITORY = Column("territory", ("territoire", "territoire d'industrie", "TI"))

OFFERS = File(
    "offers.csv",
    (
        OFFER,
        *PLACE,
        Column(
            "seats",
            ("places", "nombre de places", "nb places", "nb de places", "capacité", "capacity"),
            needed=True,
        ),
        Column("week", (*WEEK.also, "semaines", "weeks")),
        Column(
            "reserved",
            ("réservées", "réservé", "places réservées", "nb places réservées",
             "nombre de places réservées", "reserved seats"),
        ),
        Column(
            "reserved_for",
            ("réservées à", "réservé à", "réservées pour", "réservé pour", "places réservées à",
             "places réservées pour", "droit demandé", "public réservé"),
        ),
        Column("sector", ("secteur", "secteur d'activité", "domaine")),
        TERRITORY,
        Column(
            "accessible",
            ("accessibilité", "accessible PMR", "PMR", "accessible en fauteuil", "wheelchair"),
        ),
        Column("at_once", ("à la fois", "élèves à la fois", "au plus à la fois", "most at once")),
        Column(
            "most_of_a_school",
            ("même collège", "par collège", "élèves du même collège", "au plus du même collège"),
        ),
        Column("offer_total", ("total de l'offre", "total offre", "élèves en tout")),
        Column("school_total", ("même collège en tout", "total par collège")),
        Column("host", ("accueillant", "entreprise", "hôte", "company")),
        Column("host_total", ("total de l'accueillant", "total de l'entreprise")),
    ),
    needed=True,
    filled=True,
)  # fmt: skip
PUPILS = File(
    "pupils.csv",
    (
        PUPIL,
        *PLACE,
        Column("weeks", ("semaines", "semaines possibles", "week", *WEEK.also, "disponibilités")),
        Column(
            "max_km",
            ("km max", "km maximum", "distance max", "distance max km", "distance maximale",
             "distance maximale km", "rayon", "rayon km", "reach", "reach km", "max distance"),
        ),
        Column(
            "class_of_service",
            ("classe de service", "priorité", "priority", "ordre de service", "service class"),
        ),
        Column("entitled", ("droits", "droit", "ayant droit", "entitlements", "entitlement")),
        Column("school", ("collège", "établissement", "école", "UAI", "code UAI", "RNE")),
        TERRITORY,
        Column(
            "sectors",
            ("secteurs", "secteur", "secteurs souhaités", "sector", "intérêts",
             "centres d'intérêt", "interests", "domaines"),
        ),
        Column(
            "needs_access",
            ("besoin d'accès", "besoin d'accessibilité", "accès nécessaire", "accès adapté",
             "accessibilité", "PMR", "mobilité réduite", "fauteuil", "wheelchair"),
        ),
        Column("apart", ("à séparer", "séparés", "groupe à séparer", "keep apart")),
    ),
    needed=True,
    filled=True,
)  # fmt: skip
WISHES = File(
    "wishes.csv",
    (
        PUPIL,
        OFFER,
        Column(
            "rank",
            ("rang", "rang du vœu", "ordre", "ordre du vœu", "vœu", "numéro du vœu", "n° du vœu",
             "n° vœu", "choix", "preference", "préférence"),
            needed=True,
        ),
        WEEK,
    ),
)  # fmt: skip
ACCEPTED = File(
    "accepted.csv",
    (PUPIL, OFFER, WEEK, Column("reserved_seat", ("place réservée", "réservée", "reserved"))),
)
REFUSED = File("refused.csv", (PUPIL, OFFER))
TRAVEL = File(
    "travel.csv",
    (
        PUPIL,
        OFFER,
        Column(
            "km",
            ("distance", "distance km", "kilomètres", "trajet", "trajet km", "kilometres"),
            needed=True,
        ),
    ),
    filled=True,
)
PLACEMENTS = File(
    "placements.csv",
    (
        PUPIL,
        OFFER,
        Column("week", needed=True),
        Column("km", needed=True),
        Column("rank", needed=True),
        Column("same_territory", needed=True),
        Column("reserved_seat", needed=True),
    ),
    needed=True,
)
UNPLACED = File(
    "unplaced.csv",
    (PUPIL, Column("reason", needed=True), Column("detail", needed=True)),
    needed=True,
)
REPORT = "report.json"

INPUTS = (OFFERS, PUPILS, WISHES, ACCEPTED, REFUSED, TRAVEL)
RESULTS = (PLACEMENTS.name, UNPLACED.name, REPORT)
