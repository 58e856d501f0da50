"""The lines of accepted.csv: pupils who already hold a seat, which no run may move.

Distance, access, island and list of trips do not matter here, for somebody already said yes. What
cannot be true is refused: a week that the pupil or the offer does not have, more pupils than
seats, a pair that refused.csv forbids.
"""

from collections import Counter
from dataclasses import dataclass

from matching.spreadsheet import cells
from matching.spreadsheet.faults import Fault, LineRefused
from matching.spreadsheet.offers import OfferRow
from matching.spreadsheet.pairs import Names
from matching.spreadsheet.pupils import PupilRow
from matching.spreadsheet.read import Row, Table


@dataclass(frozen=True, slots=True, order=True)
class Held:
    """`slot` is the key of a line of offers.csv; `week` is empty when any of its weeks will do;
    `reserved` says that the seat is one of those kept."""

    pupil: str
    slot: str
    week: str
    reserved: bool


@dataclass(slots=True)
class _Seats:
    """Seats already taken, by key of slot."""

    reserved: Counter[str]
    all: Counter[str]

    def kept_seat_for(self, slot: OfferRow, pupil: PupilRow, *, told: bool | None) -> bool | None:
        """Whether the seat left for this pupil is one of those kept; None when none is left.

        `told` is what the line says. Otherwise who is entitled takes a reserved seat first.
        """
        kept_left = slot.reserved - self.reserved[slot.key]
        open_left = slot.seats - slot.reserved - (self.all[slot.key] - self.reserved[slot.key])
        entitled = slot.reserved_for in pupil.entitled if told is None else told
        if entitled and kept_left > 0:
            return True
        return False if open_left > 0 and not told else None

    def take(self, slot: OfferRow, *, reserved: bool) -> None:
        self.all[slot.key] += 1
        self.reserved[slot.key] += reserved


def read_accepted(
    table: Table, names: Names, pupils: dict[str, PupilRow], refused: set[tuple[str, str]]
) -> tuple[list[Held], list[Fault]]:
    """The seats held, in order of pupil, and a fault for each bad line."""
    seats = _Seats(Counter(), Counter())
    held: dict[str, Held] = {}
    faults: list[Fault] = []
    # By pupil, so that the order of the lines cannot decide who sits where.
    for row in sorted(table.rows, key=lambda row: (row["pupil"], row.line)):
        try:
            pupil, offer = names.pair(row)
            week = names.week(row, offer)
            if pupil in held:
                raise row.refuse("pupil", "un élève accepté une seule fois")
            if (pupil, offer) in refused:
                raise row.refuse("offer", "une offre que refused.csv n’interdit pas à cet élève")
            if pupil in pupils and offer in names.weeks:
                held[pupil] = _hold(row, pupils[pupil], names.weeks[offer], week, seats)
        except LineRefused as refusal:
            faults.append(refusal.fault)
    return sorted(held.values()), sorted(faults, key=lambda fault: fault.line)


def _hold(row: Row, pupil: PupilRow, lines: list[OfferRow], week: str, seats: _Seats) -> Held:
    if week and not pupil.free_in(week):
        raise row.refuse("week", f"une semaine de cet élève ({' '.join(pupil.weeks)})")
    if week:
        slots = [slot for slot in lines if slot.open_in(week)]
    else:
        slots = [slot for slot in lines if _share_a_week(slot, pupil)]
    if not slots:
        raise row.refuse("offer", "une offre ouverte pendant une semaine de cet élève")
    if not week and len(slots) > 1:
        raise row.refuse("week", "la semaine acceptée, car cette offre a plusieurs lignes")
    # Seats of that very week before seats of any week, which can still serve elsewhere.
    slots.sort(key=lambda slot: (not slot.weeks, len(slot.weeks), slot.weeks))
    told = cells.flag(row, "reserved_seat") if row["reserved_seat"] else None
    for slot in slots:
        kept_seat = seats.kept_seat_for(slot, pupil, told=told)
        if kept_seat is not None:
            seats.take(slot, reserved=kept_seat)
            return Held(pupil.pupil, slot.key, week, kept_seat)
    places = sum(slot.seats for slot in slots)
    reserved = sum(slot.reserved for slot in slots)
    kept = f", dont {reserved} réservée{'s' if reserved > 1 else ''}" if reserved else ""
    expected = f"pas plus d’élèves acceptés que de places ({places}{kept})"
    raise row.refuse("offer", expected)


def _share_a_week(slot: OfferRow, pupil: PupilRow) -> bool:
    return not slot.weeks or any(pupil.free_in(week) for week in slot.weeks)
