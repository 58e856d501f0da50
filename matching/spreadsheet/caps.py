"""Caps in the folder: the columns of offers.csv and pupils.csv, for the matcher and back."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from matching.engine.caps import OFF, Caps
from matching.engine.columns import Fault as EngineFault
from matching.engine.solution import CapPrices
from matching.spreadsheet import cells
from matching.spreadsheet.faults import Fault
from matching.spreadsheet.read import Row

MOST = 10_000
KINDS = ("apart", "school", "school_total", "open", "at_once", "slot", "total")  # as in CapPrices


@dataclass(frozen=True, slots=True)
class Limits:
    """The caps of one line of offers.csv; None where nothing is typed."""

    at_once: int | None  # of this line, in one week
    most_of_a_school: int | None  # of this line, in one week
    offer_total: int | None  # of all lines of the offer
    school_total: int | None  # of one school, over all lines of the offer
    host: str
    host_total: int | None  # of all lines of the host


COLUMNS = ("at_once", "most_of_a_school", "offer_total", "school_total", "host_total")


def read_limits(row: Row) -> Limits | None:
    """What a line says about caps, None when it says nothing."""
    values = {name: cells.integer(row, name, 0, MOST) if row[name] else None for name in COLUMNS}
    host = row["host"]
    if values["host_total"] is not None and not host:
        raise row.refuse("host", "l’accueillant auquel s’applique le plafond « host_total »")
    if not host and all(value is None for value in values.values()):
        return None
    return Limits(host=host, **values)


@dataclass(frozen=True, slots=True)
class Line:
    """What caps need to know of a line of offers.csv."""

    key: str
    offer: str
    number: int
    limits: Limits


def disagreements(lines: Iterable[Line]) -> Iterator[Fault]:
    """Lines of one offer, or of one host, that do not say the same of all of them."""
    of_offer: dict[tuple[str, str], tuple[object, int]] = {}
    for line in lines:
        limits = line.limits
        said: list[tuple[str, str, object]] = [("host", line.offer, limits.host or None)]
        said += [
            (name, line.offer, getattr(limits, name)) for name in ("offer_total", "school_total")
        ]
        said.append(("host_total", limits.host, limits.host_total))
        for column, of, value in said:
            if value is None:
                continue
            first, number = of_offer.setdefault((column, of), (value, line.number))
            if first != value:
                expected = f"« {first} », comme à la ligne {number}"
                yield Fault("offers.csv", line.number, column, str(value), expected)


class Numbered:
    """The caps of a folder as the matcher numbers them."""

    def __init__(self, lines: list[Line | None], pupils: list[tuple[str, str]]) -> None:
        """`lines`: those of offers.csv that say something, in the order of the slots. `pupils`:
        school and set kept apart of each, "" for none.
        """
        self.lines = lines
        self.sets = sorted({one for one in pupils if one[1]})
        self.totals: list[tuple[str, str]] = []  # ("offer" or "host", its name)
        self.limits: list[tuple[int, int]] = []
        members: dict[tuple[str, str], list[int]] = {}
        limits: dict[tuple[str, str], tuple[int, int]] = {}
        for slot, line in enumerate(lines):
            if line is None:
                continue
            said = line.limits
            for name, value, school in (
                (("offer", line.offer), said.offer_total, said.school_total),
                (("host", said.host), said.host_total, None),
            ):
                if name[1]:
                    members.setdefault(name, []).append(slot)
                    before = limits.get(name, (OFF, OFF))
                    limits[name] = (
                        before[0] if value is None else value,
                        before[1] if school is None else school,
                    )
        self.totals = sorted(name for name, limit in limits.items() if limit != (OFF, OFF))
        number = {one: place for place, one in enumerate(self.sets)}
        rows = [(t, slot) for t, name in enumerate(self.totals) for slot in members[name]]
        self.caps = Caps(
            at_once=_column(lines, "at_once"),
            of_a_school=_column(lines, "most_of_a_school"),
            apart=np.array([number.get(one, OFF) for one in pupils], dtype=np.int32),
            total=np.array([limits[name][0] for name in self.totals], dtype=np.int32),
            total_of_a_school=np.array([limits[name][1] for name in self.totals], dtype=np.int32),
            member_total=np.array([total for total, _ in rows], dtype=np.int32),
            member_slot=np.array([slot for _, slot in rows], dtype=np.int32),
        )

    def told(self, fault: EngineFault, pupil_lines: list[int]) -> Fault:
        """A fault of the matcher's caps, as a fault of the files: caps that cross."""
        column = fault.field.removeprefix("caps.")
        if column == "apart":
            return Fault(
                "pupils.csv", pupil_lines[fault.row], column, self._set_of(fault), MIXED_SET
            )
        if column in ("at_once", "of_a_school"):
            line = self.lines[fault.row]
            name = "at_once" if column == "at_once" else "most_of_a_school"
            if line is not None and getattr(line.limits, name) is None:
                name = "school_total"
        else:
            name = "offer_total" if column == "total" else "school_total"
            line = self._line_of_total(fault.row)
        value = "" if line is None else str(getattr(line.limits, name))
        return Fault(
            "offers.csv", 0 if line is None else line.number, name, value, CROSSING[column]
        )

    def _line_of_total(self, total: int) -> Line | None:
        slots = self.caps.member_slot[self.caps.member_total == total].tolist()
        return min(
            (line for line in (self.lines[slot] for slot in slots) if line is not None),
            key=lambda line: line.number,
            default=None,
        )

    def _set_of(self, fault: EngineFault) -> str:
        return self.sets[int(self.caps.apart[fault.row])][1]


CROSSING = {
    "at_once": "aucun plafond « à la fois » sur une ligne de plusieurs semaines qui a des places "
    "réservées : ces deux limites se croisent",
    "of_a_school": "un plafond par collège sur une ligne sans place réservée, ou des collèges dont "
    "tous les élèves ont le droit à ces places, ou aucun : sinon ces deux limites se croisent",
    "total": "des totaux dont l’un contient l’autre",
    "total_of_a_school": "un plafond par collège sur chaque ligne (most_of_a_school) : sur toute "
    "l’offre, un collège qui peut venir plusieurs semaines croise les places de chaque semaine",
}
MIXED_SET = (
    "des élèves à séparer qui ont tous droit aux mêmes places réservées : sinon leur plafond "
    "croise ces places"
)


def prices_as_json(
    numbered: Numbered, keys: list[str], schools: list[str], weeks: list[str], told: CapPrices
) -> list[list[list[Any]]]:
    """Per level, rows [kind, slot or total, week, school or set, price]; prices of 0 left out."""
    levels: list[list[list[Any]]] = []
    for prices in told.prices:
        rows = []
        for at in np.flatnonzero(prices).tolist():
            kind, slot, team = int(told.kind[at]), int(told.slot[at]), int(told.team[at])
            week = int(told.week[at])
            place = " ".join(numbered.totals[slot]) if KINDS[kind] == "total" else keys[slot]
            if KINDS[kind] == "apart":
                who = " ".join(numbered.sets[team])
            else:
                who = "" if team < 0 else schools[team]
            rows.append(
                [KINDS[kind], place, weeks[week] if week >= 0 else "", who, int(prices[at])]
            )
        levels.append(sorted(rows))
    return levels


def prices_from_json(
    numbered: Numbered,
    keys: list[str],
    schools: list[str],
    weeks: list[str],
    levels: list[list[list[Any]]],
) -> CapPrices:
    """Reads the same back; raises KeyError, TypeError or ValueError when it is not one."""
    slot_of = {key: at for at, key in enumerate(keys)}
    total_of = {" ".join(name): at for at, name in enumerate(numbered.totals)}
    school_of = {name: at for at, name in enumerate(schools)} | {"": -1}
    set_of = {" ".join(one): at for at, one in enumerate(numbered.sets)}
    week_of = {week: at for at, week in enumerate(weeks)} | {"": -1}
    found: dict[tuple[int, int, int, int], dict[int, int]] = {}
    for level, rows in enumerate(levels):
        for kind, place, week, who, price in rows:
            if type(price) is not int:
                raise TypeError(kind)
            number = KINDS.index(kind)
            slot = total_of[place] if kind == "total" else slot_of[place]
            team = set_of[who] if kind == "apart" else school_of[who]
            found.setdefault((number, slot, week_of[week], team), {})[level] = price
    prices = np.zeros((len(levels), len(found)), dtype=np.int64)
    for column, by_level in enumerate(found.values()):
        for level, price in by_level.items():
            prices[level, column] = price
    names = np.array(list(found), dtype=np.int64).reshape(-1, 4).T
    return CapPrices(
        names[0].astype(np.int8), names[1].astype(np.int32), names[2].astype(np.int8),
        names[3].astype(np.int32), prices,
    )  # fmt: skip


def _column(lines: list[Line | None], name: str) -> Any:
    values = [None if line is None else getattr(line.limits, name) for line in lines]
    return np.array([OFF if value is None else value for value in values], dtype=np.int32)
