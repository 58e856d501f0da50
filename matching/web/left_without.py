"""Why the last published round left a pupil without a place, as the school reads it."""

from flask_babel import gettext as _

from matching.database import db
from matching.models.placements import Placement
from matching.models.pupils import Pupil
from matching.models.statuses import HOLDING
from matching.queries import match_runs
from matching.translated import Translated
from matching.web.filters import km

# As for the pupil: it does not tell whether he is kept apart from somebody.
LIMITS: Translated[str] = (
    "Il reste des places proches, mais le nombre d’élèves que les entreprises et les collèges y "
    "mettent ensemble est atteint."
)
WHY: Translated[dict[str, str]] = {
    "no_slot": "Aucune entreprise n’a proposé de place.",
    "no_week": "Aucune entreprise n’accueille pendant ses semaines.",
    "out_of_reach": "Aucune place de ses semaines n’est à moins de %(reach)s.",
    "no_link": "Aucune route ne mène aux places les plus proches.",
    "no_access": "Aucune place proche n’a l’accès dont l’élève a besoin.",
    "reserved_only": "Les places proches sont réservées à d’autres collèges.",
    "refused": "Les seules places proches ont été refusées, par l’entreprise ou par l’élève.",
    "held_by_others": "Les places proches étaient déjà prises avant cette répartition.",
    "class": "Les places proches sont allées à des élèves qui attendaient depuis un tour "
    "précédent.",
    "lottery": "Il y avait plus d’élèves que de places proches : le tirage au sort a départagé.",
    "total": "Les places proches sont allées à des élèves qui les avaient demandées en vœu.",
    "school_cap": LIMITS,
    "kept_apart": LIMITS,
    "host_cap": LIMITS,
}


def why_none(pupil: Pupil, placement: Placement | None) -> str | None:
    """One sentence; None while a placement holds, or before a round is published."""
    if placement is not None and placement.status in HOLDING:
        return None
    found = db.session.scalar(match_runs.published_result_of(pupil))
    if found is None or found.seat_id is not None:
        return None
    return str(_(WHY.get(found.reason, WHY["lottery"])) % {"reach": km(pupil.school.reach_km)})
