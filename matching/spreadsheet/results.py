"""What the matcher answered, in the words of the folder: the lines of placements.csv and of
unplaced.csv."""

from collections import Counter
from dataclasses import dataclass

from matching.engine.problem import Problem
from matching.engine.solution import Reason, Solution
from matching.spreadsheet.folder import Folder
from matching.spreadsheet.reasons import WHY_UNPLACED


@dataclass(frozen=True, slots=True, order=True)
class Placement:
    """`distance` in tens of metres; `rank` 0 when the place is not a wish."""

    pupil: str
    offer: str
    week: str
    distance: int
    rank: int
    same_territory: bool
    reserved_seat: bool


@dataclass(frozen=True, slots=True, order=True)
class Unplaced:
    """`reason` is the engine's code in lower case, `detail` a sentence."""

    pupil: str
    reason: str
    detail: str


def placements(folder: Folder, problem: Problem, solution: Solution) -> list[Placement]:
    """The placed pupils, in order of key."""
    found = []
    for row, pupil in enumerate(folder.pupils):
        if solution.slot[row] < 0:
            continue
        slot = folder.offers[solution.slot[row]]
        territory = pupil.place.territory
        found.append(
            Placement(
                pupil=pupil.pupil,
                offer=slot.offer,
                week=problem.weeks[solution.week[row]],
                distance=int(solution.distance[row]),
                rank=int(solution.rank[row]),
                same_territory=bool(territory) and territory == slot.place.territory,
                reserved_seat=bool(solution.reserved_seat[row]),
            )
        )
    return found


def unplaced(folder: Folder, solution: Solution) -> list[Unplaced]:
    """The pupils without a place, in order of key."""
    return [
        why_not(pupil.pupil, Reason(int(solution.reason[row])))
        for row, pupil in enumerate(folder.pupils)
        if solution.slot[row] < 0
    ]


def why_not(pupil: str, reason: Reason) -> Unplaced:
    return Unplaced(pupil, reason.name.lower(), WHY_UNPLACED[reason])


def shared_lines(folder: Folder, problem: Problem, solution: Solution) -> dict[str, str]:
    """Pupil → key of his line, where several lines of his offer serve his week: an offer and a
    week do not say which seat he has then."""
    lines = lines_by_week(folder, problem)
    found = {}
    for row, pupil in enumerate(folder.pupils):
        if solution.slot[row] >= 0:
            slot = folder.offers[solution.slot[row]]
            if lines[slot.offer, problem.weeks[solution.week[row]]] > 1:
                found[pupil.pupil] = slot.key
    return found


def lines_by_week(folder: Folder, problem: Problem) -> Counter[tuple[str, str]]:
    """(offer, week) → how many lines serve it."""
    return Counter(
        (slot.offer, week) for slot in folder.offers for week in problem.weeks if slot.open_in(week)
    )
