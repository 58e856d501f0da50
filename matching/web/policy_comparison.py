"""Trials of the three policies side by side, in the words of the coordinator's page."""

from collections.abc import Callable, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from matching.models.campaigns import Policy
from matching.models.match_runs import MatchRun
from matching.models.statuses import RunStatus
from matching.translated import Translated
from matching.web.filters import km, number, percent

UNDER_WAY = (RunStatus.QUEUED, RunStatus.RUNNING)
SMALL_COUNT = 5
TENS_IN_KM = 100
NAMES: Translated[dict[Policy, str]] = {
    Policy.FAIR: "Équitable",
    Policy.BEST_TOTAL: "Meilleur total",
    Policy.CANNOT_BE_GAMED: "Sans calcul possible",
}
PROMISES: Translated[dict[Policy, str]] = {
    Policy.FAIR: "La classe de service puis le tirage au sort disent qui est placé ; les vœux, "
    "le territoire et la distance disent où.",
    Policy.BEST_TOTAL: "Les vœux comptent aussi pour dire qui est placé.",
    Policy.CANNOT_BE_GAMED: "Changer l’ordre de ses vœux, ou en cacher un, n’aide jamais.",
}


def comparison(trials: Sequence[MatchRun]) -> dict[str, Any]:
    """What the page shows of the trials of a round, which come the newest first.

    ``same_data`` is false when what the newest finished trials read has changed between them.
    """
    done = {policy: _newest(trials, policy, (RunStatus.DONE,)) for policy in Policy}
    under_way = [run for policy in Policy if (run := _newest(trials, policy, UNDER_WAY))]
    compared = {
        policy: run for policy, run in done.items() if run and (run.report or {}).get("measures")
    }
    complete = len(compared) == len(Policy)
    measured = {policy: (run.report or {})["measures"] for policy, run in compared.items()}
    return {
        "under_way": under_way,
        "share": _share(done, under_way),
        "runs": compared,
        "rows": _rows(measured) if complete else [],
        "prices": {policy: _price(measured, policy) for policy in Policy} if complete else {},
        "same_data": len({run.input_digest for run in compared.values()}) <= 1,
    }


def _newest(
    trials: Sequence[MatchRun], policy: Policy, statuses: tuple[RunStatus, ...]
) -> MatchRun | None:
    found = (run for run in trials if run.policy is policy and run.status in statuses)
    return next(found, None)


def _share(done: dict[Policy, MatchRun | None], under_way: list[MatchRun]) -> int:
    """Hundredths done of all that was asked for together."""
    waited = {run.policy for run in under_way}
    finished = sum(1 for policy, run in done.items() if run and policy not in waited)
    running = sum(run.progress for run in under_way if run.status is RunStatus.RUNNING)
    return round(100 * (finished + running) / len(Policy))


def _rows(measured: dict[Policy, dict[str, Any]]) -> list[tuple[str, ...]]:
    """Name of a figure, then its value for each policy."""
    figures: list[tuple[str, Callable[[dict[str, Any]], str]]] = [
        (_("Élèves placés"), lambda m: number(m["placed"])),
        (_("Vœux exaucés"), lambda m: number(sum(m["by_rank"]))),
        (_("Premiers vœux exaucés"), lambda m: number(m["by_rank"][0])),
        (_("Rang moyen des vœux exaucés"), _mean_rank),
        (_("Placés parmi les élèves avec vœux"), lambda m: percent(m["placed_with_wishes"])),
        (_("Placés parmi les élèves sans vœu"), lambda m: percent(m["placed_without_wishes"])),
        (_("Placés parmi les élèves prioritaires (REP, REP+…)"), _entitled),
        (_("Placés parmi le quart le plus proche des places"), lambda m: percent(m["placed_near"])),
        (
            _("Placés parmi le quart le plus éloigné des places"),
            lambda m: percent(m["placed_remote"]),
        ),
        (_("Dans le territoire de l’établissement"), lambda m: number(m["in_territory"])),
        (_("Distance moyenne"), lambda m: km(m["mean_distance"] / TENS_IN_KM)),
        (_("Dix-neuf élèves sur vingt à moins de"), lambda m: km(m["distance_95"] / TENS_IN_KM)),
        (
            _("Élèves qui voient un de leurs vœux donné à quelqu’un qui passait après eux"),
            lambda m: percent(m["envious"]),
        ),
    ]
    return [(label, *(tell(measured[policy]) for policy in Policy)) for label, tell in figures]


def _mean_rank(measures: dict[str, Any]) -> str:
    by_rank = measures["by_rank"]
    honoured = sum(by_rank)
    total = sum(rank * count for rank, count in enumerate(by_rank, start=1))
    return number(total / honoured, 1) if honoured else "–"


def _entitled(measures: dict[str, Any]) -> str:
    """A share of very few pupils would tell of persons."""
    if measures["entitled"] < SMALL_COUNT:
        return str(_("moins de 5 élèves"))
    return percent(measures["placed_entitled"])


def _price(measured: dict[Policy, dict[str, Any]], policy: Policy) -> str:
    """What a policy costs or brings beside `fair`, in a sentence."""
    fair, other = measured[Policy.FAIR], measured[policy]
    if policy is Policy.FAIR:
        return str(_("La règle de départ : les deux autres lui sont comparées."))
    more = sum(other["by_rank"]) - sum(fair["by_rank"])
    if more == 0:
        return str(_("Autant de vœux exaucés que la règle équitable."))
    if more > 0:
        told = ngettext(
            "%(num)d vœu exaucé de plus ; des élèves sans vœu, %(other)s ont une place au lieu de "
            "%(fair)s.",
            "%(num)d vœux exaucés de plus ; des élèves sans vœu, %(other)s ont une place au lieu "
            "de %(fair)s.",
            more,
            other=percent(other["placed_without_wishes"]),
            fair=percent(fair["placed_without_wishes"]),
        )
    else:
        told = ngettext(
            "%(num)d vœu exaucé de moins ; %(other)s des élèves voient un de leurs vœux donné à "
            "quelqu’un qui passait après eux, au lieu de %(fair)s.",
            "%(num)d vœux exaucés de moins ; %(other)s des élèves voient un de leurs vœux donné à "
            "quelqu’un qui passait après eux, au lieu de %(fair)s.",
            -more,
            other=percent(other["envious"]),
            fair=percent(fair["envious"]),
        )
    return str(told)
