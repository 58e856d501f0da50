"""Proposals as a school reads them: why this place, what is waited for, in plain sentences."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from matching.models.placements import Origin, Party, Placement
from matching.models.pupils import Pupil
from matching.models.statuses import PlacementStatus
from matching.rules.sectors import sector
from matching.web.filters import km

WORDS = {
    "found_elsewhere": _l("L’élève a trouvé un stage ailleurs"),
    "too_far": _l("C’est trop loin, ou sans transport"),
    "not_suitable": _l("Ce stage ne convient pas à cet élève"),
    "week_changed": _l("La semaine de stage a changé"),
    "no_transport": _l("L’élève n’a pas de moyen d’y aller"),
    "not_interested": _l("L’élève préfère autre chose"),
    "no_tutor": _l("Personne ne peut accueillir l’élève cette semaine-là"),
    "activity_changed": _l("L’activité du site a changé"),
    "site_closed": _l("Le site est fermé cette semaine-là"),
    "no_answer": _l("Le délai est passé sans réponse"),
    "school_blocked": _l("Le collège est suspendu"),
    "company_blocked": _l("L’entreprise est suspendue"),
    "site_blocked": _l("Le site a été trouvé dangereux"),
    "other": _l("Une autre raison"),
}
WHO = {
    Party.SCHOOL: _l("votre collège"),
    Party.PUPIL: _l("l’élève"),
    Party.HOST: _l("l’entreprise"),
    Party.COORDINATOR: _l("le coordinateur"),
    Party.NOBODY: _l("personne : le délai est passé"),
}


def why(placement: Placement) -> list[str]:
    """Short sentences, the decisive one first."""
    if placement.origin is Origin.OUTSIDE:
        reasons = [_("Stage trouvé en dehors de la plateforme.")]
    elif placement.origin is Origin.HOST:
        reasons = [_("L’entreprise propose d’accueillir cet élève, encore sans place.")]
    elif placement.rank:
        reasons = [_("C’est son vœu n° %(rank)s.", rank=placement.rank)]
    else:
        reasons = [_without_wish(placement)]
    if placement.distance_m is not None:
        away = km(placement.distance_m / 1000)
        lives = placement.pupil is not None and placement.pupil.commune_code
        if placement.distance_m == 0:
            told = _("Dans sa commune.") if lives else _("Dans la commune du collège.")
        else:
            told = _("À %(km)s de sa commune.") if lives else _("À %(km)s du collège.")
        reasons.append(told % {"km": away})
    if placement.reserved_seat:
        reasons.append(_("Place réservée à des collèges comme le vôtre."))
    if placement.same_territory:
        reasons.append(_("Dans le territoire du collège."))
    return reasons


def _without_wish(placement: Placement) -> str:
    offered = placement.seat and sector(placement.seat.offer.sector)
    if placement.reason == "sector" and offered:
        return str(
            _(
                "Aucun vœu n’a pu être suivi ; univers choisi par l’élève : %(sector)s.",
                sector=_(offered.label),
            )
        )
    return str(
        _("Ni vœu ni univers choisi n’a pu être suivi : c’est une place proche encore libre.")
    )


def sorted_out(placements: Sequence[Placement]) -> dict[str, Any]:
    """To look at, by class; waiting for the others; agreed; ended."""
    to_look: list[Placement] = []
    waiting: list[Placement] = []
    agreed: list[Placement] = []
    ended: list[Placement] = []
    for one in placements:
        if one.status is not PlacementStatus.PROPOSED:
            kept = (PlacementStatus.CONFIRMED, PlacementStatus.SIGNED, PlacementStatus.DONE)
            (agreed if one.status in kept else ended).append(one)
        elif one.school_answer is None:
            to_look.append(one)
        else:
            waiting.append(one)
    to_look.sort(key=lambda one: _pupil(one).class_group.name)
    by_class = groupby(to_look, lambda one: _pupil(one).class_group.name)
    return {
        "to_look": [(name, list(rows)) for name, rows in by_class],
        "waiting": waiting,
        "agreed": agreed,
        "ended": ended,
    }


def _pupil(placement: Placement) -> Pupil:
    if placement.pupil is None:
        raise ValueError("a school sees the placements of its pupils only")
    return placement.pupil
