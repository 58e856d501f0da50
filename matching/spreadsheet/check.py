"""`letabli verify`: is this answer right for this folder? Says so without the solver.

First the files against each other, line by line (every pupil once, the distance, the rank and the
flags as the folder has them); then the rules and the proof, by `engine.verify`; last the figures
of the report. Each failure is one sentence.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from matching.engine.problem import Policy, Problem
from matching.engine.solution import Level, Reason, Solution
from matching.engine.verify import verify
from matching.spreadsheet.answer import Answer, read_answer
from matching.spreadsheet.faults import FolderRefused, spaced
from matching.spreadsheet.folder import Folder, sha256
from matching.spreadsheet.offers import OfferRow
from matching.spreadsheet.problem import problem_from, ranks
from matching.spreadsheet.reach import as_the_crow_flies, distances_of
from matching.spreadsheet.reasons import WHY_UNPLACED
from matching.spreadsheet.report import certificate_from_json, report, version
from matching.spreadsheet.results import Placement, why_not
from matching.spreadsheet.write import km


def failures(folder: Folder, out: Path) -> list[str]:
    """What is wrong with the answer in `out`; nothing when it is right."""
    return [spaced(sentence) for sentence in _failures(folder, out)]


def _failures(folder: Folder, out: Path) -> list[str]:
    try:
        answer = read_answer(out)
    except FolderRefused as refused:
        return [str(fault) for fault in refused.faults]
    found = list(_question(folder, answer.report))
    if found:
        return found
    try:
        problem = problem_from(
            folder, policy=Policy(answer.report["policy"]), seed=answer.report["seed"]
        )
    except FolderRefused as refused:
        return [str(fault) for fault in refused.faults]
    found = list(_pupils(folder, answer))
    slots = _slots(folder, problem, answer)
    found += list(_lines(folder, answer, slots))
    if found:
        return found
    try:
        solution = _solution(folder, problem, answer, slots)
    except (KeyError, TypeError, ValueError, OverflowError, AttributeError):
        return ["report.json : la preuve (levels, certificate) est abîmée."]
    found = [
        f"Propriété non tenue « {failure.property} » : {failure.detail}."
        for failure in verify(problem, solution).failures
    ]
    return found or list(_figures(report(folder, problem, solution), answer.report))


def _question(folder: Folder, given: dict[str, Any]) -> Iterator[str]:
    """The answer must be to this folder, by this version, with a policy and a seed."""
    if given.get("version") != version():
        yield (
            f"report.json : résultat de la version {given.get('version')!r}, "
            f"contrôlé ici par la version {version()!r}."
        )
    if given.get("input_sha256") != sha256(folder):
        yield "report.json : ce résultat vient d’un autre dossier, ou le dossier a changé depuis."
    if given.get("policy") not in list(Policy):
        yield f"report.json : politique inconnue {given.get('policy')!r}."
    seed = given.get("seed")
    if type(seed) is not int or not 0 <= seed < 2**64:
        yield f"report.json : graine {seed!r}, attendu un nombre entier de 0 à 2^64 - 1."


def _pupils(folder: Folder, answer: Answer) -> Iterator[str]:
    """Every pupil of the folder must be in one of the two files, once."""
    placed = Counter(placement.pupil for placement in answer.placements)
    listed = placed + Counter(line.pupil for line in answer.unplaced)
    known = {pupil.pupil for pupil in folder.pupils}
    for pupil in sorted(known - listed.keys()):
        yield f"Élève « {pupil} » : ni dans placements.csv ni dans unplaced.csv."
    for pupil in sorted(listed.keys() - known):
        yield f"Élève « {pupil} » : absent de pupils.csv."
    for pupil in sorted(pupil for pupil in listed if listed[pupil] > 1):
        yield f"Élève « {pupil} » : {listed[pupil]} lignes dans les résultats, attendu une seule."


def _slots(folder: Folder, problem: Problem, answer: Answer) -> dict[str, OfferRow]:
    """The line of offers.csv on which each placed pupil sits; unknown ones are left out."""
    serving: dict[tuple[str, str], list[OfferRow]] = {}
    for slot in folder.offers:
        for week in problem.weeks:
            if slot.open_in(week):
                serving.setdefault((slot.offer, week), []).append(slot)
    lines = answer.report.get("lines")
    chosen = lines if isinstance(lines, dict) else {}
    found = {}
    for placement in answer.placements:
        slots = serving.get((placement.offer, placement.week), [])
        if len(slots) > 1:
            slots = [slot for slot in slots if slot.key == chosen.get(placement.pupil)]
        if slots:
            found[placement.pupil] = slots[0]
    return found


def _lines(folder: Folder, answer: Answer, slots: dict[str, OfferRow]) -> Iterator[str]:
    """The distance, the rank, the flags and the reasons must be those of the folder."""
    pupils = {pupil.pupil: pupil for pupil in folder.pupils}
    rank_of = ranks(folder)
    sure = [line for line in answer.placements if line.pupil in pupils and line.pupil in slots]
    held = {held.pupil for held in folder.held}
    pairs = [(pupils[line.pupil], slots[line.pupil]) for line in sure]
    for line in answer.placements:
        if line.pupil in pupils and line.pupil not in slots:
            yield _wrong(
                line.pupil,
                "offre et semaine",
                f"{line.offer} {line.week}".strip(),
                "une ligne d’offers.csv",
            )
    for line, (pupil, slot), distance in zip(sure, pairs, distances_of(folder, pairs), strict=True):
        if distance is None and line.pupil not in held:
            yield _wrong(line.pupil, "offre", line.offer, "une paire de travel.csv")
        expected = as_the_crow_flies(pupil, slot) if distance is None else distance
        if line.distance != expected:
            yield _wrong(line.pupil, "km", km(line.distance), km(expected))
        rank = rank_of.get((line.pupil, slot.key), 0)
        if line.rank != rank:
            yield _wrong(line.pupil, "rang", str(line.rank or ""), str(rank or "rien"))
        same = pupil.place.territory == slot.place.territory != ""
        if line.same_territory != same:
            yield _wrong(
                line.pupil, "même territoire", str(int(line.same_territory)), str(int(same))
            )
    for unplaced in answer.unplaced:
        reason = Reason.__members__.get(unplaced.reason.upper())
        if reason not in WHY_UNPLACED or unplaced != why_not(unplaced.pupil, reason):
            yield _wrong(unplaced.pupil, "raison", unplaced.reason, "une raison et sa phrase")


def _wrong(pupil: str, column: str, found: str, expected: str) -> str:
    return f"Élève « {pupil} », {column} : trouvé « {found} », attendu {expected}."


def _solution(
    folder: Folder, problem: Problem, answer: Answer, slots: dict[str, OfferRow]
) -> Solution:
    """The answer as the arrays that the matcher gave."""
    size = len(folder.pupils)
    row = {pupil.pupil: number for number, pupil in enumerate(folder.pupils)}
    slot_row = {slot.key: number for number, slot in enumerate(folder.offers)}
    week_number = {name: number for number, name in enumerate(problem.weeks)}
    held = {held.pupil for held in folder.held}
    slot = np.full(size, -1, dtype=np.int32)
    reserved_seat = np.zeros(size, dtype=np.bool_)
    week = np.full(size, -1, dtype=np.int8)
    distance = np.full(size, -1, dtype=np.int32)
    rank = np.zeros(size, dtype=np.int8)
    reason = np.zeros(size, dtype=np.int8)
    for line in answer.placements:
        at, seat = row[line.pupil], slots[line.pupil]
        slot[at] = slot_row[seat.key]
        reserved_seat[at] = line.reserved_seat
        week[at] = week_number[line.week]
        distance[at] = line.distance
        rank[at] = line.rank
        in_sector = seat.sector in folder.pupils[at].sectors
        reason[at] = Reason.HELD if line.pupil in held else _why(line, in_sector=in_sector)
    for unplaced in answer.unplaced:
        reason[row[unplaced.pupil]] = Reason[unplaced.reason.upper()]
    return Solution(
        slot=slot,
        reserved_seat=reserved_seat,
        week=week,
        distance=distance,
        rank=rank,
        reason=reason,
        levels=tuple(_level(**level) for level in answer.report["levels"]),
        certificate=certificate_from_json(folder, problem, answer.report["certificate"]),
        policy=problem.policy,
        seed=problem.seed,
    )


def _level(*, name: Any, value: Any) -> Level:
    if type(name) is not str or type(value) is not int:
        raise TypeError(name)
    return Level(name, value)


def _why(line: Placement, *, in_sector: bool) -> Reason:
    if line.rank:
        return Reason.WISH
    if in_sector:
        return Reason.SECTOR
    return Reason.TERRITORY if line.same_territory else Reason.DISTANCE


def _figures(expected: dict[str, Any], given: dict[str, Any]) -> Iterator[str]:
    """The report must have these entries and no other."""
    for name in sorted(expected.keys() | given.keys()):
        if name in ("levels", "certificate"):  # proved by the engine
            continue
        if name not in given:
            yield f"report.json : « {name} » manque."
        elif name not in expected:
            yield f"report.json : « {name} » n’a rien à y faire."
        elif given[name] != expected[name]:
            yield f"report.json, « {name} » : trouvé {given[name]!r}, attendu {expected[name]!r}."
