"""A run's report in the words of its page: reason codes become sentences, counts become charts."""

from typing import Any

from flask_babel import gettext as _

from matching.database import db
from matching.geography.communes import gazetteer
from matching.models.match_runs import MatchRun
from matching.models.territories import Territory
from matching.services.locations import VINTAGE
from matching.services.match_runs import TOO_LARGE
from matching.translated import Translated
from matching.web.filters import km, number, percent
from matching.web.unplaced_map import UnplacedMap, unplaced_map

REASONS: Translated[dict[str, str]] = {
    "no_slot": "aucune place proposée",
    "no_week": "aucune place dans leurs semaines",
    "no_access": "aucune place accessible",
    "no_link": "aucune place reliée par la route",
    "out_of_reach": "aucune place à portée",
    "reserved_only": "seulement des places réservées à d’autres",
    "refused": "refus entre l’élève et l’entreprise",
    "held_by_others": "places déjà tenues",
    "class": "priorité à ceux qui attendaient déjà",
    "lottery": "tirage au sort",
    "total": "meilleur total ailleurs",
    "school_cap": "limite par collège atteinte",
    "kept_apart": "élèves que leur collège ne place pas ensemble",
    "host_cap": "limite de l’entreprise atteinte",
}
SMALL_COUNT = 5
PHASES: Translated[dict[str, str]] = {
    "queued": "En attente de son tour",
    "reading": "Lecture des élèves et des places",
    "pairs": "Recherche des paires possibles",
    "who": "Qui peut être placé ?",
    "where": "Où, au mieux ?",
    "explaining": "Écriture des raisons",
    "verifying": "Contrôle indépendant",
    "done": "Terminé",
}
PROPERTIES_TOLD = 40
LEVELS: Translated[dict[str, str]] = {
    "placed": "élèves placés",
    "wishes": "vœux exaucés",
    "ranks": "somme des rangs des vœux exaucés (moins, c’est mieux)",
    "sectors": "autres élèves dans un secteur qu’ils ont choisi",
    "territory": "élèves dans le territoire de leur établissement",
    "distance": "distance totale, en dizaines de mètres",
    "ties": "départage publié des ex æquo",
}
CHANGES: Translated[dict[tuple[str, str], str]] = {
    ("pupil", "added"): "élève ajouté",
    ("pupil", "removed"): "élève retiré",
    ("pupil", "changed"): "élève modifié (vœux, semaine, réponse…)",
    ("offer", "added"): "offre ajoutée",
    ("offer", "removed"): "offre retirée",
    ("offer", "changed"): "offre modifiée (places, semaines…)",
}


def phase(name: str) -> str:
    """What the run is doing."""
    return str(_(PHASES.get(name, PHASES["queued"])))


def too_large(run: MatchRun) -> dict[str, str] | None:
    """The gigabytes that a refused run would need, and those that there are."""
    told, *sizes = (run.failure or "").split(" ")
    if told != TOO_LARGE:
        return None
    needed, most = (number(float(size), 1) for size in sizes)
    return {"needed": needed, "most": most}


def change(kind: str, what: str, name: str) -> str:
    """One line of the list that explains a refused publication."""
    return f"{_(CHANGES[kind, what])} – {name}"


def result(run: MatchRun) -> dict[str, Any]:
    """What the result page draws."""
    report = run.report or {}
    placed, pupils = report["placed"], report["pupils"]
    return {
        "figures": _figures(report, placed, pupils),
        "ranks": _ranks(report),
        "territories": _territories(report),
        "unplaced": _unplaced(report),
        "lacking": [_lacking(line) for line in report["lacking"]],
        "levels": [(_(LEVELS.get(name, name)), value) for name, value in report["levels"]],
        "checked": report["checked"],
        "seconds": report["seconds"],
    }


def _figures(report: dict[str, Any], placed: int, pupils: int) -> list[dict[str, Any]]:
    first = report["by_rank"].get("1", 0)
    wished = sum(count for rank, count in report["by_rank"].items() if rank != "0")
    median = report["median_m"]
    return [
        {
            "value": pupils,
            "label": _("élèves"),
            "note": _("dont %(n)s avec vœux", n=number(report["with_wishes"])),
        },
        {"value": placed, "label": _("placés"), "note": percent(placed / max(pupils, 1))},
        {
            "value": wished,
            "label": _("vœux exaucés"),
            "note": _("dont %(n)s au rang 1", n=number(first)),
        },
        {"value": report["unplaced"], "label": _("sans place")},
        {
            "value": "–" if median is None else km(median / 1000),
            "label": _("distance médiane"),
        },
    ]


def _ranks(report: dict[str, Any]) -> list[dict[str, Any]]:
    by_rank = report["by_rank"]
    rows = [
        {"label": _("Vœu %(n)s", n=rank), "value": by_rank.get(str(rank), 0)}
        for rank in range(1, 6)
    ]
    rows.append({"label": _("Hors vœux"), "value": by_rank.get("0", 0)})
    rows.append({"label": _("Sans place"), "value": report["unplaced"], "tone": "spark"})
    return rows


def _territories(report: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "label": _territory_name(line["territory_id"]),
            "value": line["placed"],
            "total": line["pupils"],
            "note": f"({percent(line['placed'] / max(line['pupils'], 1))})",
        }
        for line in report["by_territory"]
    ]


def _unplaced(report: dict[str, Any]) -> list[dict[str, Any]]:
    """The territories of unplaced pupils, the most first: a map and a line for each commune."""
    lines = report["unplaced_by_commune"]
    most = max((line["unplaced"] or 0 for line in lines), default=0)
    found = [
        (area["pupils"] - area["placed"], area["territory_id"], there)
        for area in report["by_territory"]
        if (there := [line for line in lines if line.get("territory_id") == area["territory_id"]])
    ]
    if lines and "territory_id" not in lines[0]:  # a trial of before territories were noted
        found = [(report["unplaced"], None, lines)]
    return [
        {
            "name": _territory_name(territory_id),
            "total": _how_many(total),
            "map": _map_of(territory_id, there, most),
            "communes": [_commune(line) for line in there],
        }
        for total, territory_id, there in sorted(found, key=lambda one: -one[0])
    ]


def _how_many(unplaced: int) -> str:
    if unplaced < SMALL_COUNT:
        return str(_("moins de 5 élèves sans place"))
    return str(_("%(n)s élèves sans place", n=number(unplaced)))


def _map_of(area: int | None, lines: list[dict[str, Any]], most: int) -> UnplacedMap | None:
    territory = area and db.session.get(Territory, area)
    homes = [(gazetteer().by_code(line["commune_code"]), line["unplaced"]) for line in lines]
    known = [(home, count) for home, count in homes if home]
    code = territory.code if territory and territory.vintage == VINTAGE else ""
    return unplaced_map(known, code, most) if known else None


def _lacking(line: dict[str, Any]) -> tuple[str, int, int | str, int, int, int]:
    """Territory, pupils, unplaced, seats, empty seats, offers where one more seat places one."""
    unplaced = line["unplaced"]
    return (
        _territory_name(line["territory_id"]),
        line["pupils"],
        _("moins de 5") if 0 < unplaced < SMALL_COUNT else unplaced,
        line["seats"],
        line["empty"],
        line["would_place"],
    )


def _territory_name(territory_id: int | None) -> str:
    territory = territory_id and db.session.get(Territory, territory_id)
    return territory.name if territory else _("Hors territoire")


def _commune(line: dict[str, Any]) -> tuple[str, str, str]:
    """Name, number and reasons of one commune; small counts stay masked."""
    commune = gazetteer().by_code(line["commune_code"])
    few = _("moins de 5")
    # One small count could be had by subtraction from the others: then none is shown.
    masked = line["unplaced"] is None or None in line["reasons"].values()
    reasons = ", ".join(
        _(REASONS.get(code, code)) if masked else f"{_(REASONS.get(code, code))} ({count})"
        for code, count in line["reasons"].items()
    )
    name = f"{commune.name} ({commune.departement})" if commune else line["commune_code"]
    return name, few if line["unplaced"] is None else str(line["unplaced"]), reasons
