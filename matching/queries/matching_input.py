"""From the tables to the matcher's question: numbers and references, never a name.

Every row gets a fingerprint, so that publication can say what has changed since a run.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from matching.engine import lottery
from matching.engine.problem import Fixed, Pairs, Policy, Problem, Pupils, Slots, Wishes
from matching.geography.communes import gazetteer
from matching.models.campaigns import Campaign
from matching.models.campaigns import Policy as CampaignPolicy
from matching.models.companies import Site
from matching.models.offers import Offer
from matching.models.pupils import Pupil
from matching.models.schools import PriorityEducation, School
from matching.queries import campaigns
from matching.queries import matching_rows as rows
from matching.queries.fingerprints import fingerprints
from matching.queries.matching_caps import Total, caps_of
from matching.rules.sectors import SECTOR_KEYS

# Numbered in the order in which a folder numbers them: under caps it may decide which of his weeks
# a pupil gets, and both doors must give the same one.
NUMBERED_SECTORS = tuple(sorted(SECTOR_KEYS))


@dataclass(frozen=True, slots=True)
class MatchingInput:
    """The problem, and how to come back from its row numbers to ours."""

    problem: Problem
    pupil_ids: tuple[int, ...]
    slots: tuple[rows.SlotRows, ...]
    fixed_seats: dict[int, int]  # pupil id → seat id that he holds
    totals: tuple[Total, ...]  # what each of the problem's totals is of
    fingerprints: dict[str, str]  # "pupil:<lottery reference>" or "slot:<key>" → 16 digits

    @property
    def digest(self) -> str:
        """One fingerprint of all that the run uses, but for the policy: trials are compared."""
        lines = [f"{name}={value}" for name, value in sorted(self.fingerprints.items())]
        lines.append(str(self.problem.seed))
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def matching_input(
    session: Session, campaign: Campaign, policy: CampaignPolicy | None = None
) -> MatchingInput:
    """Read what the matcher needs to place the pupils of ``campaign``, by its policy or another."""
    offers = session.execute(
        campaigns.offers_of(campaign).with_only_columns(
            Offer.id, Offer.ref, Offer.sector, Offer.weekdays, Offer.accessible,
            Site.lat, Site.lon, Site.commune_code, Site.territory_id, Site.id.label("site_id"),
            Site.ref.label("site_ref"), Site.most_pupils,
            Offer.most_at_once, Offer.most_of_a_school, Offer.most_in_all,
        )
    ).all()  # fmt: skip
    pupils = session.execute(
        campaigns.pupils_of(campaign).with_only_columns(
            Pupil.id, Pupil.lottery_reference, Pupil.class_group_id,
            Pupil.commune_code, Pupil.needs_access, Pupil.interests, Pupil.school_id,
            Pupil.kept_apart,
            School.lat, School.lon, School.commune_code.label("school_commune"),
            School.territory_id, School.reach_km, School.priority_education, School.uai,
        )
    ).all()  # fmt: skip
    held = rows.holding(session)
    slots = rows.slots(session, [offer.id for offer in offers], {o.id: o.ref for o in offers}, held)
    slot_of_seat = _by_seat(slots)
    # A pupil who holds a seat that takes no part here is placed already: he is not in the question.
    pupils = [one for one in pupils if one.id not in held or held[one.id][0] in slot_of_seat]
    slots = rows.without_seats_of_others(slots, held, {one.id for one in pupils})
    slot_of_seat = _by_seat(slots)
    windows = rows.windows(session, campaign.school_year)
    weeks_of = {one.id: windows(one.school_id, one.class_group_id) for one in pupils}
    weeks = sorted(
        {week for found in weeks_of.values() for week in found}
        | {week for slot in slots for week in slot.weeks}
    )
    row_of = {one.id: number for number, one in enumerate(pupils)}
    slots_of_offer: dict[int, list[int]] = defaultdict(list)
    for number, slot in enumerate(slots):
        slots_of_offer[slot.offer_id].append(number)

    wished = rows.wishes(session, row_of, slots_of_offer, slots, weeks_of)
    refused = rows.refused(session, row_of, slots_of_offer)
    refused += rows.too_few_days(pupils, offers, weeks_of, slots_of_offer, row_of)
    fixed = [
        (row_of[pupil_id], slot_of_seat[seat], seat in slots[slot_of_seat[seat]].reserved_seats,
         weeks.index(week))
        for pupil_id, (seat, week) in sorted(held.items())
        if pupil_id in row_of and seat in slot_of_seat and week in weeks
    ]  # fmt: skip
    served_first = rows.served_first(session, campaign)
    link_groups = _Numbers()
    entitlements = _Numbers()
    tables = _Tables(weeks, link_groups, entitlements)
    slot_table = tables.slots(slots, {offer.id: offer for offer in offers})
    pupil_table = tables.pupils(campaign, pupils, weeks_of, served_first)
    caps, totals = caps_of(session, slots, offers, pupils, campaign.school_year)
    problem = Problem(
        weeks=weeks,
        slots=slot_table,
        pupils=pupil_table,
        wishes=Wishes(*_columns(wished, np.int32, np.int32, np.int8)),
        refused=Pairs(*_columns(sorted(set(refused)), np.int32, np.int32)),
        fixed=Fixed(*_columns(fixed, np.int32, np.int32, np.bool_, np.int8)),
        caps=caps,
        seed=campaign.seed,
        policy=Policy((policy or campaign.policy).value),
    )
    return MatchingInput(
        problem=problem,
        pupil_ids=tuple(one.id for one in pupils),
        slots=tuple(slots),
        fixed_seats={pupil: seat for pupil, (seat, _week) in held.items() if pupil in row_of},
        totals=totals,
        fingerprints=fingerprints(problem, slots),
    )


def _by_seat(slots: Sequence[rows.SlotRows]) -> dict[int, int]:
    """Seat id → row of its slot."""
    return {
        seat: number
        for number, slot in enumerate(slots)
        for seat in (*slot.open_seats, *slot.reserved_seats)
    }


class _Numbers:
    """Give each name a number, in the order in which names are first seen."""

    def __init__(self) -> None:
        self.known: dict[str, int] = {}

    def __getitem__(self, name: str) -> int:
        return self.known.setdefault(name, len(self.known))


class _Tables:
    """Make the engine's tables from our rows."""

    def __init__(self, weeks: list[str], link_groups: _Numbers, entitlements: _Numbers) -> None:
        self.bit = {week: 1 << number for number, week in enumerate(weeks)}
        self.link_groups = link_groups
        self.entitlements = entitlements
        # Sectors that nobody offers decide nothing: they must not tell two pupils apart.
        self.sectors: set[str] = set()

    def link_group(self, commune_code: str) -> int:
        commune = gazetteer().by_code(commune_code)
        return self.link_groups[commune.link_group if commune else commune_code]

    def mask(self, weeks: Iterable[str]) -> int:
        return sum(self.bit[week] for week in set(weeks))

    def slots(self, slots: Sequence[rows.SlotRows], offers: dict[int, Any]) -> Slots:
        of = [offers[slot.offer_id] for slot in slots]
        self.sectors = set(NUMBERED_SECTORS) & {offer.sector for offer in of}
        numbers = _Numbers()
        reserved_for = [
            self.entitlements[slot.reserved_for] if slot.reserved_for else -1 for slot in slots
        ]
        return Slots(
            keys=[slot.key for slot in slots],
            offers=np.array([numbers[offer.ref] for offer in of], np.int32),
            weeks=np.array([self.mask(slot.weeks) for slot in slots], np.uint64),
            seats=np.array(
                [len(slot.open_seats) + len(slot.reserved_seats) for slot in slots], np.int32
            ),
            reserved=np.array([len(slot.reserved_seats) for slot in slots], np.int32),
            reserved_for=np.array(reserved_for, np.int16),
            lat=np.array([offer.lat for offer in of], np.float64),
            lon=np.array([offer.lon for offer in of], np.float64),
            territory=np.array([_or_none(offer.territory_id) for offer in of], np.int32),
            sector=np.array(
                [
                    NUMBERED_SECTORS.index(o.sector) if o.sector in NUMBERED_SECTORS else -1
                    for o in of
                ],
                np.int16,
            ),
            accessible=np.array([offer.accessible for offer in of], np.bool_),
            link_group=np.array([self.link_group(offer.commune_code) for offer in of], np.int32),
        )

    def pupils(
        self,
        campaign: Campaign,
        pupils: Sequence[Any],
        weeks_of: dict[int, dict[str, str]],
        served_first: set[int],
    ) -> Pupils:
        points = [_point(one) for one in pupils]
        return Pupils(
            # Ties are broken by these keys, so they are as random as the lottery, and public.
            keys=[one.lottery_reference for one in pupils],
            lottery=lottery.draws(campaign.seed, [one.lottery_reference for one in pupils]),
            lat=np.array([point[0] for point in points], np.float64),
            lon=np.array([point[1] for point in points], np.float64),
            weeks=np.array([self.mask(weeks_of[one.id]) for one in pupils], np.uint64),
            reach=np.array([one.reach_km * 100 for one in pupils], np.int32),
            class_of_service=np.array([one.id in served_first for one in pupils], np.int16),
            entitlements=np.array(
                [
                    sum(
                        1 << self.entitlements.known[code]
                        for code in entitlements_of(one.priority_education, one.uai)
                        if code in self.entitlements.known
                    )
                    for one in pupils
                ],
                np.uint64,
            ),
            school=np.array([one.school_id for one in pupils], np.int32),
            territory=np.array([_or_none(one.territory_id) for one in pupils], np.int32),
            sectors=np.array(
                [
                    sum(
                        1 << NUMBERED_SECTORS.index(key)
                        for key in self.sectors & set(one.interests)
                    )
                    for one in pupils
                ],
                np.uint64,
            ),
            needs_access=np.array([one.needs_access for one in pupils], np.bool_),
            link_group=np.array([self.link_group(point[2]) for point in points], np.int32),
        )


def entitlements_of(priority_education: PriorityEducation, uai: str) -> set[str]:
    """The reserved seats to which a school's pupils are entitled; REP+ holds what REP holds."""
    held = {uai}
    if priority_education is not PriorityEducation.NONE:
        held.add(PriorityEducation.REP.value)
    if priority_education is PriorityEducation.REP_PLUS:
        held.add(PriorityEducation.REP_PLUS.value)
    return held


def _point(pupil: Any) -> tuple[float, float, str]:
    """The commune of residence if the school entered it, else the school's commune."""
    if pupil.commune_code:
        commune = gazetteer().by_code(pupil.commune_code)
        if commune is not None:
            return commune.lat, commune.lon, commune.code
    return pupil.lat, pupil.lon, pupil.school_commune


def _or_none(number: int | None) -> int:
    return -1 if number is None else number


def _columns(rows: Sequence[tuple[Any, ...]], *kinds: Any) -> list[Any]:
    return [np.array([row[place] for row in rows], dtype=kind) for place, kind in enumerate(kinds)]
