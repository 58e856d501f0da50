"""From the lines of a folder to the arrays of the matcher.

Slots are the lines of offers.csv and pupils those of pupils.csv, both in order of key, so a row
number of the answer is a line number of the sorted folder.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.engine.columns import ProblemInvalid
from matching.engine.lottery import draws
from matching.engine.problem import Fixed, Pairs, Policy, Problem, Pupils, Slots, Travel, Wishes
from matching.spreadsheet.faults import FolderRefused
from matching.spreadsheet.folder import Folder
from matching.spreadsheet.offers import OfferRow
from matching.spreadsheet.pairs import WishRow
from matching.spreadsheet.pupils import PupilRow

ANY_WEEK = ""  # the only week of a folder where no line names one


class Numbers:
    """Numbers for names, in the order of the names."""

    def __init__(self, names: Iterable[str]) -> None:
        self.of = {name: number for number, name in enumerate(sorted(set(names) - {""}))}

    def number(self, name: str) -> int:
        """−1 for no name, and for a name that has no number."""
        return self.of.get(name, -1)

    def bits(self, names: Iterable[str]) -> int:
        return sum(1 << self.of[name] for name in set(names) if name in self.of)


@dataclass(frozen=True, slots=True)
class Words:
    """The numbers given to the words of a folder."""

    weeks: list[str]
    entitlements: Numbers
    sectors: Numbers
    territories: Numbers
    links: Numbers

    def week_set(self, weeks: Iterable[str]) -> int:
        """Bits of these weeks; of every week of the folder when there are none."""
        chosen = set(weeks)
        return sum(1 << n for n, week in enumerate(self.weeks) if not chosen or week in chosen)


def problem_from(folder: Folder, *, policy: Policy, seed: int) -> Problem:
    """The question that `folder` asks. `seed` fits 64 bits.

    Raises:
        FolderRefused: its caps cross.
    """
    lines: list[OfferRow | PupilRow] = [*folder.offers, *folder.pupils]
    words = Words(
        weeks=folder.weeks() or [ANY_WEEK],
        entitlements=Numbers(folder.entitlements()),
        sectors=Numbers(folder.sectors()),
        territories=Numbers(line.place.territory for line in lines),
        links=Numbers(line.place.link_group for line in lines),
    )
    pupil = {row.pupil: number for number, row in enumerate(folder.pupils)}
    slots: dict[str, list[int]] = {}
    for number, row in enumerate(folder.offers):
        slots.setdefault(row.offer, []).append(number)
    capped = folder.caps()
    refused = Pairs(
        _array([pupil[name] for name, offer in folder.refused for _ in slots[offer]], np.int32),
        _array([slot for _, offer in folder.refused for slot in slots[offer]], np.int32),
    )
    try:
        return Problem(
            weeks=words.weeks,
            slots=_slots(folder.offers, words),
            pupils=_pupils(folder.pupils, words, seed),
            wishes=_wishes(folder, pupil),
            refused=refused,
            fixed=_fixed(folder, pupil, words),
            travel=_travel(folder, pupil, slots),
            caps=None if capped is None else capped.caps,
            seed=seed,
            policy=policy,
        )
    except ProblemInvalid as wrong:
        of_caps = [fault for fault in wrong.faults if fault.field.startswith("caps.")]
        if capped is None or not of_caps:
            raise
        lines_of_pupils = [row.line for row in folder.pupils]
        told = {capped.told(fault, lines_of_pupils) for fault in of_caps}
        raise FolderRefused(sorted(told, key=lambda fault: (fault.file, fault.line))) from wrong


def ranks(folder: Folder) -> dict[tuple[str, str], int]:
    """(pupil, key of a slot) → rank of the wish, for the slots that can serve a wish.

    A wish for a week wins over a wish for the whole offer; of two weeks that one slot can serve,
    the better rank counts. A week that the pupil does not have serves nothing.
    """
    lines: dict[str, list[OfferRow]] = {}
    for row in folder.offers:
        lines.setdefault(row.offer, []).append(row)
    pupils = {row.pupil: row for row in folder.pupils}
    general: dict[tuple[str, str], int] = {}
    by_week: dict[tuple[str, str], int] = {}
    for wish in folder.wishes:
        for slot in served(wish, pupils[wish.pupil], lines[wish.offer]):
            pair = wish.pupil, slot.key
            if wish.week:
                by_week[pair] = min(wish.rank, by_week.get(pair, wish.rank))
            else:
                general[pair] = wish.rank
    return general | by_week


def served(wish: WishRow, pupil: PupilRow, slots: list[OfferRow]) -> list[OfferRow]:
    """The slots, among those of the offer, that a wish is for."""
    if not wish.week:
        return slots
    return [slot for slot in slots if slot.open_in(wish.week) and pupil.free_in(wish.week)]


def _slots(rows: list[OfferRow], words: Words) -> Slots:
    offers = Numbers(row.offer for row in rows)
    return Slots(
        keys=[row.key for row in rows],
        offers=_array([offers.number(row.offer) for row in rows], np.int32),
        weeks=_array([words.week_set(row.weeks) for row in rows], np.uint64),
        seats=_array([row.seats for row in rows], np.int32),
        reserved=_array([row.reserved for row in rows], np.int32),
        reserved_for=_array(
            [words.entitlements.number(row.reserved_for) for row in rows], np.int16
        ),
        lat=_array([row.place.lat for row in rows], np.float64),
        lon=_array([row.place.lon for row in rows], np.float64),
        territory=_array([words.territories.number(row.place.territory) for row in rows], np.int32),
        sector=_array([words.sectors.number(row.sector) for row in rows], np.int16),
        accessible=_array([row.accessible for row in rows], np.bool_),
        link_group=_array([words.links.number(row.place.link_group) for row in rows], np.int32),
    )


def _pupils(rows: list[PupilRow], words: Words, seed: int) -> Pupils:
    schools = Numbers(row.school for row in rows)
    return Pupils(
        keys=[row.pupil for row in rows],
        lottery=draws(seed, [row.pupil for row in rows]),
        lat=_array([row.place.lat for row in rows], np.float64),
        lon=_array([row.place.lon for row in rows], np.float64),
        weeks=_array([words.week_set(row.weeks) for row in rows], np.uint64),
        reach=_array([row.reach for row in rows], np.int32),
        class_of_service=_array([row.class_of_service for row in rows], np.int16),
        entitlements=_array([words.entitlements.bits(row.entitled) for row in rows], np.uint64),
        school=_array([schools.number(row.school) for row in rows], np.int32),
        territory=_array([words.territories.number(row.place.territory) for row in rows], np.int32),
        sectors=_array([words.sectors.bits(row.sectors) for row in rows], np.uint64),
        needs_access=_array([row.needs_access for row in rows], np.bool_),
        link_group=_array([words.links.number(row.place.link_group) for row in rows], np.int32),
    )


def _wishes(folder: Folder, pupil: dict[str, int]) -> Wishes:
    slot = {row.key: number for number, row in enumerate(folder.offers)}
    found = ranks(folder)
    return Wishes(
        _array([pupil[name] for name, _ in found], np.int32),
        _array([slot[key] for _, key in found], np.int32),
        _array(list(found.values()), np.int8),
    )


def _fixed(folder: Folder, pupil: dict[str, int], words: Words) -> Fixed:
    slot = {row.key: number for number, row in enumerate(folder.offers)}
    week = {name: number for number, name in enumerate(words.weeks)}
    return Fixed(
        _array([pupil[held.pupil] for held in folder.held], np.int32),
        _array([slot[held.slot] for held in folder.held], np.int32),
        _array([held.reserved for held in folder.held], np.bool_),
        _array([week[held.week] if held.week else -1 for held in folder.held], np.int8),
    )


def _travel(folder: Folder, pupil: dict[str, int], slots: dict[str, list[int]]) -> Travel | None:
    if folder.travel is None:
        return None
    rows = [
        (pupil[name], slot, distance)
        for (name, offer), distance in sorted(folder.travel.items())
        for slot in slots[offer]
    ]
    table = np.array(rows, dtype=np.int32).reshape(-1, 3)
    return Travel(table[:, 0], table[:, 1], table[:, 2])


def _array(values: list[Any], kind: Any) -> NDArray[Any]:
    return np.array(values, dtype=kind)
