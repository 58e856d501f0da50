"""Why this place, or why none: the codes of the matcher in words, with local numbers."""

from flask_babel import gettext as _

from matching.database import db
from matching.models.placements import Origin, Placement
from matching.models.pupils import Pupil
from matching.models.statuses import HOLDING
from matching.queries import match_runs, pupil_offers
from matching.rules.sectors import sector
from matching.translated import Translated
from matching.web.filters import km, number, plural
from matching.web.next_step import Situation

FARTHEST_KM = 100  # how far to look for the nearest free place, beyond the school's reach

# One sentence for three reasons: it must not tell whether a pupil is kept apart from somebody.
LIMITS = ("school_cap", "kept_apart", "host_cap")
# To the pupil, then to the school.
NOTHING: Translated[dict[str, str]] = {
    "no_slot": "Aucune entreprise n’a proposé de place dans cette campagne.",
    "no_week": "Aucune entreprise n’accueille d’élève pendant tes semaines de stage.",
    "out_of_reach": "Aucune place de tes semaines n’est à moins de %(reach)s de %(home)s.",
    "no_link": "Les places les plus proches ne sont pas reliées à ta commune par la route.",
    "no_access": "Aucune des places proches n’a l’accès dont tu as besoin.",
    "reserved_only": "Toutes les places proches sont réservées à d’autres collèges.",
    "refused": "Les seules places proches sont celles que l’entreprise ou toi avez refusées.",
    "held_by_others": "Toutes les places proches étaient déjà prises avant cette répartition.",
    "class": "Toutes les places proches sont allées à des élèves qui attendaient depuis un tour "
    "précédent.",
    "lottery": "Il y avait plus d’élèves que de places autour de toi : le tirage au sort, le même "
    "pour tous, a départagé.",
    "total": "Les places proches sont allées à des élèves qui les avaient demandées en vœu.",
    "limits": "Il reste des places près de toi, mais les entreprises et les collèges disent "
    "combien d’élèves peuvent y être ensemble, et ce nombre est atteint.",
}
WHY_NONE: Translated[dict[str, str]] = {
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
    "limits": "Il reste des places proches, mais le nombre d’élèves que les entreprises et les "
    "collèges y mettent ensemble est atteint.",
}


def why_here(placement: Placement, pupil: Pupil) -> list[str]:
    """Short sentences, the decisive one first."""
    if placement.origin is not Origin.RUN:
        reasons = [_("L’entreprise t’accueille en dehors de la répartition.")]
    elif placement.rank == 1:
        reasons = [_("C’était ton premier vœu.")]
    elif placement.rank:
        reasons = [_("C’était ton vœu n° %(rank)s.", rank=placement.rank)]
    else:
        reasons = [_without_wish(placement)]
    if placement.reserved_seat:
        reasons.append(_("C’est une place réservée à des collèges comme le tien."))
    if placement.distance_m is not None:
        reasons.append(_how_far(placement.distance_m, pupil))
    if placement.same_territory:
        reasons.append(_("Elle est dans le territoire de ton collège."))
    return reasons


def _without_wish(placement: Placement) -> str:
    offered = placement.seat and sector(placement.seat.offer.sector)
    if placement.reason == "held":
        return str(_("Cette place était déjà la tienne."))
    if placement.reason == "sector" and offered:
        told = _(
            "Aucun de tes vœux ne pouvait t’être donné ; cette offre est dans un univers que tu as "
            "choisi, « %(sector)s ».",
            sector=_(offered.label),
        )
    else:
        told = _(
            "Aucun de tes vœux ni de tes univers ne pouvait t’être donné ; c’est la place qui fait "
            "faire à tous le moins de kilomètres."
        )
    return str(told)


def why_nothing(pupil: Pupil, now: Situation) -> list[str]:
    """Short sentences: the reason, how many places were near, where the nearest free one is."""
    if now.result is None:
        return []
    campaign = now.result.run.campaign
    reach = km(pupil.school.reach_km)
    reasons = [_(told(NOTHING, now.result.reason)) % {"reach": reach, "home": _home(pupil)}]
    near = pupil_offers.find_for(db.session(), pupil, campaign, held_too=True)
    if near:
        reasons.append(
            _(
                "À moins de %(reach)s de %(home)s, dans tes semaines, il y a %(seats)s dans "
                "%(offers)s.",
                reach=reach,
                home=_home(pupil),
                seats=plural(sum(one.free for one in near), _("place"), _("places")),
                offers=plural(len(near), _("offre"), _("offres")),
            )
        )
    around = now.result.detail
    if now.result.reason in ("lottery", "class") and around.get("last_turn"):
        reasons.append(
            _(
                "Dans l’ordre de passage, tu as le numéro %(turn)s. La dernière personne servie "
                "sur ces places avait le numéro %(last)s.",
                turn=number(around["turn"]),
                last=number(around["last_turn"]),
            )
        )
    free = pupil_offers.find_for(db.session(), pupil, campaign, beyond_km=FARTHEST_KM)
    if free and free[0].metres is not None:
        away = km(free[0].metres / 1000)
        reasons.append(_("Aujourd’hui, la place libre la plus proche est à %(away)s.", away=away))
    return reasons


def why_none(pupil: Pupil, placement: Placement | None) -> str | None:
    """One sentence for the school; None while a placement holds, or before a round is published."""
    if placement is not None and placement.status in HOLDING:
        return None
    found = db.session.scalar(match_runs.published_result_of(pupil))
    if found is None or found.seat_id is not None:
        return None
    return str(_(told(WHY_NONE, found.reason)) % {"reach": km(pupil.school.reach_km)})


def told(sentences: dict[str, str], reason: str) -> str:
    """The sentence of a reason of the matcher."""
    return sentences.get("limits" if reason in LIMITS else reason, sentences["lottery"])


def _how_far(metres: int, pupil: Pupil) -> str:
    if metres == 0:
        return str(
            _("Elle est dans ta commune.")
            if pupil.commune_code
            else _("Elle est dans la commune de ton collège.")
        )
    return str(_("Elle est à %(away)s de %(home)s.", away=km(metres / 1000), home=_home(pupil)))


def _home(pupil: Pupil) -> str:
    return str(_("ta commune") if pupil.commune_code else _("ton collège"))
