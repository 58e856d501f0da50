"""The lines of wishes.csv, refused.csv and travel.csv: a pupil and an offer in each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from matching.spreadsheet import cells
from matching.spreadsheet.faults import Fault, LineRefused
from matching.spreadsheet.offers import OfferRow
from matching.spreadsheet.read import Row, Table

MOST_WISHES = 5
LAST_RANK = 5

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Names:
    """What the two main files name: every pupil, and every offer with its good lines."""

    pupils: set[str]
    offers: set[str]
    weeks: dict[str, list[OfferRow]]

    def pair(self, row: Row) -> tuple[str, str]:
        """The pupil and the offer of a line, both known."""
        pupil, offer = cells.key(row, "pupil"), cells.key(row, "offer")
        if pupil not in self.pupils:
            raise row.refuse("pupil", "un élève du fichier pupils.csv")
        if offer not in self.offers:
            raise row.refuse("offer", "une offre du fichier offers.csv")
        return pupil, offer

    def week(self, row: Row, offer: str) -> str:
        """The week of a line, `""` when empty; one of the offer's weeks."""
        week = cells.week(row, "week")
        lines = self.weeks.get(offer, [])
        if week and lines and not any(line.open_in(week) for line in lines):
            known = " ".join(sorted({name for line in lines for name in line.weeks}))
            raise row.refuse("week", f"une semaine de cette offre ({known})")
        return week


@dataclass(frozen=True, slots=True, order=True)
class WishRow:
    """`week` empty: the wish is for every week of the offer."""

    pupil: str
    offer: str
    week: str
    rank: int


def read_wishes(table: Table, names: Names) -> tuple[list[WishRow], list[Fault]]:
    """The wishes in order, at most five offers a pupil, and a fault for each bad line."""
    seen: set[tuple[str, str, str]] = set()
    offers: dict[str, set[str]] = {}

    def wish(row: Row) -> WishRow:
        pupil, offer = names.pair(row)
        found = WishRow(
            pupil, offer, names.week(row, offer), cells.integer(row, "rank", 1, LAST_RANK)
        )
        if (pupil, offer, found.week) in seen:
            raise row.refuse("offer", "un seul vœu d’un élève pour une offre et une semaine")
        mine = offers.setdefault(pupil, set())
        if offer not in mine and len(mine) == MOST_WISHES:
            raise row.refuse("offer", f"{MOST_WISHES} offres au plus parmi les vœux d’un élève")
        seen.add((pupil, offer, found.week))
        mine.add(offer)
        return found

    wishes, faults = _each(table, wish)
    return sorted(wishes), faults


def read_refused(table: Table, names: Names) -> tuple[set[tuple[str, str]], list[Fault]]:
    """The pairs that must never be; saying one twice is harmless."""
    pairs, faults = _each(table, names.pair)
    return set(pairs), faults


def read_travel(table: Table, names: Names) -> tuple[dict[tuple[str, str], int], list[Fault]]:
    """(pupil, offer) → tens of metres."""
    distances: dict[tuple[str, str], int] = {}

    def distance(row: Row) -> None:
        pair = names.pair(row)
        length = cells.tens_of_metres(row, "km", zero=True)
        if pair in distances:
            raise row.refuse("offer", "une seule distance par élève et par offre")
        distances[pair] = length

    _, faults = _each(table, distance)
    return distances, faults


def _each(table: Table, read: Callable[[Row], Found]) -> tuple[list[Found], list[Fault]]:
    found: list[Found] = []
    faults: list[Fault] = []
    for row in table.rows:
        try:
            found.append(read(row))
        except LineRefused as refusal:
            faults.append(refusal.fault)
    return found, faults
