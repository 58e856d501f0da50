"""report.json: what was asked, what came out, and the proof."""

import tomllib
from collections import Counter
from importlib.metadata import version as installed_version
from typing import Any

import numpy as np

from matching.engine.problem import Problem
from matching.engine.solution import Certificate, Solution
from matching.paths import ROOT
from matching.spreadsheet.caps import prices_as_json, prices_from_json
from matching.spreadsheet.folder import Folder, sha256
from matching.spreadsheet.reach import unreachable_wishes
from matching.spreadsheet.results import Placement, placements, shared_lines

SEAT_KINDS = ("open", "reserved")  # the two rows of a certificate's tables


def report(folder: Folder, problem: Problem, solution: Solution) -> dict[str, Any]:
    """The whole report. Kilometres are exact to the metre; the 95th percentile is the smallest
    distance that at least 95 % of the placed pupils do not exceed."""
    placed = placements(folder, problem, solution)
    return {
        "policy": str(problem.policy),
        "seed": problem.seed,
        "version": version(),
        "input_sha256": sha256(folder),
        "pupils": len(folder.pupils),
        "seats": sum(slot.seats for slot in folder.offers),
        "placed": len(placed),
        "unplaced": len(folder.pupils) - len(placed),
        "held": len(folder.held),
        "levels": [{"name": level.name, "value": level.value} for level in solution.levels],
        "km": kilometres([placement.distance for placement in placed]),
        "same_territory": sum(placement.same_territory for placement in placed),
        "reserved_seats": sum(placement.reserved_seat for placement in placed),
        "wishes": _wishes(folder, placed),
        "lines": shared_lines(folder, problem, solution),
        "certificate": certificate_as_json(folder, problem, solution.certificate),
    }


def kilometres(distances: list[int]) -> dict[str, float | None]:
    """Median, mean and 95th percentile of tens of metres, in km; None when nobody is placed."""
    if not distances:
        return {"median": None, "mean": None, "p95": None}
    ordered = sorted(distances)
    count = len(ordered)
    middle = ordered[(count - 1) // 2] + ordered[count // 2]
    mean = (sum(ordered) * 20 + count) // (2 * count)  # metres, rounded half up
    return {
        "median": middle * 5 / 1000,
        "mean": mean / 1000,
        "p95": ordered[-(-95 * count // 100) - 1] / 100,
    }


def version() -> str:
    """Of the checkout that runs, else of the installed package."""
    project = ROOT / "pyproject.toml"
    if project.is_file():
        return str(tomllib.loads(project.read_text("utf-8"))["project"]["version"])
    return installed_version("letabli")


def _wishes(folder: Folder, placed: list[Placement]) -> dict[str, Any]:
    ranks = Counter(placement.rank for placement in placed if placement.rank)
    return {
        "pupils": len({wish.pupil for wish in folder.wishes}),
        "honoured": ranks.total(),
        "by_rank": {str(rank): ranks[rank] for rank in sorted(ranks)},
        "unreachable": [
            {
                "pupil": pupil,
                "offer": offer,
                "week": week,
                "rank": rank,
                "reason": reason.name.lower(),
            }
            for pupil, offer, week, rank, reason in unreachable_wishes(folder)
        ],
    }


def certificate_as_json(
    folder: Folder, problem: Problem, certificate: Certificate | None
) -> dict[str, Any] | None:
    """The prices that prove it: level → open or reserved → key of slot; those of 0 left out. Under
    caps also level → caps (caps.py).
    """
    if certificate is None:
        return None
    keys = [slot.key for slot in folder.offers]

    def by_kind(table: Any) -> dict[str, dict[str, int]]:
        return {
            kind: {keys[at]: int(table[row, at]) for at in np.flatnonzero(table[row])}
            for row, kind in enumerate(SEAT_KINDS)
        }

    told: dict[str, Any] = {
        level: by_kind(prices)
        for level, prices in zip(certificate.levels, certificate.prices, strict=True)
    }
    capped = folder.caps()
    if certificate.caps is not None and capped is not None:
        weeks = list(problem.weeks)
        rows = prices_as_json(capped, keys, folder.schools(), weeks, certificate.caps)
        for level, prices in zip(certificate.levels, rows, strict=True):
            told[level]["caps"] = prices
    return told


def certificate_from_json(folder: Folder, problem: Problem, given: Any) -> Certificate:
    """Reads the same back.

    Raises:
        KeyError, TypeError, ValueError, OverflowError, AttributeError: when it is not one.
    """
    at = {slot.key: number for number, slot in enumerate(folder.offers)}
    levels = tuple(given)
    prices = np.zeros((len(levels), 2, len(at)), dtype=np.int64)
    for level, name in enumerate(levels):
        if given[name].keys() != {*SEAT_KINDS, *(["caps"] if problem.caps is not None else [])}:
            raise ValueError(name)
        for row, kind in enumerate(SEAT_KINDS):
            for key, price in given[name][kind].items():
                if type(price) is not int:  # numpy would cut 1.5 down to 1
                    raise TypeError(key)
                prices[level, row, at[key]] = price
    capped = folder.caps()
    if problem.caps is None or capped is None:
        return Certificate(levels=levels, prices=prices)
    keys, weeks = [slot.key for slot in folder.offers], list(problem.weeks)
    rows = [given[name]["caps"] for name in levels]
    caps = prices_from_json(capped, keys, folder.schools(), weeks, rows)
    return Certificate(levels=levels, prices=prices, caps=caps)
