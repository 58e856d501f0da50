"""Published offers with their weeks and seats, and the promises that they keep."""

import random
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from matching.demo import names
from matching.demo.calendar import some_weeks
from matching.demo.companies import PlantedSite
from matching.demo.plan import (
    CAMPAIGNS,
    SEATS_ELSEWHERE,
    CampaignPlan,
    chance,
    reference,
    shares,
)
from matching.demo.programmes import ANYWHERE, PROGRAMMES, Programme
from matching.demo.rows import insert, insert_silently
from matching.models.companies import Pledge
from matching.models.events import Event
from matching.models.offers import Offer, OfferWeek, Seat
from matching.models.statuses import OfferStatus
from matching.rules.charter import CRITERION_KEYS

# Start, end, minutes for lunch: at most six hours a day before fifteen (matching.rules.hours).
_HOURS = (
    (time(9), time(16), 60), (time(9), time(16), 60), (time(8, 30), time(15, 30), 60),
    (time(9), time(15, 30), 45), (time(8, 30), time(15), 45), (time(10), time(17), 60),
)  # fmt: skip
_WEEKDAYS = ("12345",) * 12 + ("1234", "1245", "2345")
_ACCESS = (
    "L’arrêt de bus est à 5 minutes à pied. Apporte ton repas, il y a une salle pour déjeuner.",
    "La gare est à 12 minutes à pied. La cantine est ouverte aux élèves, 4 euros le repas.",
    "Deux lignes de bus passent devant l’entrée. On t’attend à l’accueil le premier jour.",
    "Le site est sur une piste cyclable et un garage à vélos ferme à clé. Apporte ton repas.",
    "Une navette part du centre-ville à 8 h 20. La cantine est gratuite pour les élèves.",
)
_STEP_FREE = " Le parcours de visite se fait sans marche et des toilettes adaptées sont proches."


@dataclass(frozen=True, slots=True)
class PlantedOffer:
    """What pupils choose among."""

    id: int
    site: PlantedSite
    weeks: tuple[str, ...]
    accessible: bool
    popularity: float


@dataclass(frozen=True, slots=True)
class SeatPlan:
    """``count`` each week, or in all when any of the weeks will do."""

    weeks: tuple[str, ...]
    count: int
    any_week: bool

    @property
    def total(self) -> int:
        return self.count if self.any_week else self.count * len(self.weeks)


def plant(
    sites: list[PlantedSite], weeks: dict[str, list[str]], school_year: int, now: datetime
) -> list[PlantedOffer]:
    """Insert the offers of every site; ``weeks`` are those of each territory, by code."""
    source = chance("offers")
    chosen: list[tuple[PlantedSite, SeatPlan]] = []
    for campaign in CAMPAIGNS:
        own = [site for site in sites if site.campaign == campaign.key]
        # Each site has an offer, and some have several.
        hosts = own + source.choices(own, k=campaign.offers - len(own))
        plans = _plans(source, [weeks[site.ground.code] for site in hosts], campaign)
        chosen += zip(hosts, plans, strict=True)
    others = [site for site in sites if site.campaign is None]
    counts = shares(SEATS_ELSEWHERE, [source.random() for _ in others])
    chosen += [
        (site, SeatPlan(some_weeks(source, weeks[site.ground.code], 3), count, any_week=True))
        for site, count in zip(others, counts, strict=True)
    ]
    return _insert(chosen, source, school_year, now)


def _plans(source: random.Random, weeks: list[list[str]], campaign: CampaignPlan) -> list[SeatPlan]:
    """Seats for as many offers as there are lists of weeks, those of the campaign in all."""
    mean = campaign.seats / len(weeks)
    plans: list[SeatPlan | None] = []
    for known in weeks:
        if source.random() < campaign.flexible:
            plans.append(None)  # any week: these take what the others leave
            continue
        mine = some_weeks(source, known, source.choice((3, 4, 4, 5)))
        count = max(1, round(source.gauss(mean / len(mine), 0.8)))
        plans.append(SeatPlan(mine, count, any_week=False))
    flexible = [at for at, plan in enumerate(plans) if plan is None]
    left = campaign.seats - sum(plan.total for plan in plans if plan)
    counts = iter(shares(left, [source.uniform(0.3, 1.7) for _ in flexible], least=2))
    return [
        plan or SeatPlan(some_weeks(source, known, 5), next(counts), any_week=True)
        for plan, known in zip(plans, weeks, strict=True)
    ]


def _insert(
    chosen: list[tuple[PlantedSite, SeatPlan]],
    source: random.Random,
    school_year: int,
    now: datetime,
) -> list[PlantedOffer]:
    told: dict[int, list[Programme]] = {}
    rows = [
        offer_row(source, site, _programme(source, site, told.setdefault(site.company_id, [])))
        | {
            "school_year": school_year,
            "status": OfferStatus.PUBLISHED,
            "created_at": now - timedelta(days=source.randint(52, 72)),
        }
        for site, _seats in chosen
    ]
    ids = insert(Offer, rows)
    pledged: dict[int, int] = defaultdict(int)
    weeks, seats, found = [], [], []
    for offer_id, row, (site, plan) in zip(ids, rows, chosen, strict=True):
        weeks += [{"offer_id": offer_id, "week": week} for week in plan.weeks]
        seats += seat_rows(offer_id, plan, *_reserved(source, plan))
        pledged[site.company_id] += plan.total
        popularity = source.lognormvariate(0, 0.7)
        found.append(PlantedOffer(offer_id, site, plan.weeks, bool(row["accessible"]), popularity))
    insert_silently(OfferWeek, weeks)
    insert_silently(Seat, seats)
    insert_silently(
        Pledge,
        [
            {"company_id": company, "school_year": school_year, "pupils": count}
            for company, count in pledged.items()
        ],
    )
    insert_silently(Event, [_approved(number, row) for number, row in zip(ids, rows, strict=True)])
    return found


def offer_row(source: random.Random, site: PlantedSite, programme: Programme) -> dict[str, Any]:
    """The columns of an offer, but its status and dates."""
    starts_at, ends_at, lunch = source.choice(_HOURS)
    accessible = source.random() < 0.4
    kept = set(source.sample(CRITERION_KEYS, source.randint(5, len(CRITERION_KEYS))))
    kept |= {"tutor", "safety", "no_chores"}
    return {
        "ref": reference(source),
        "site_id": site.id,
        "title": programme.title,
        "sector": site.sector,
        "what_you_see": programme.see,
        "what_you_do": programme.do,
        "weekdays": source.choice(_WEEKDAYS),
        "starts_at": starts_at,
        "ends_at": ends_at,
        "break_minutes": lunch,
        "accessible": accessible,
        "access": source.choice(_ACCESS) + (_STEP_FREE if accessible else ""),
        "gear": programme.gear,
        "tutor_name": " ".join(names.adult(source)),
        "charter": [key for key in CRITERION_KEYS if key in kept],
        "created_by_id": site.member_id,
    }


def seat_rows(
    offer_id: int, plan: SeatPlan, reserved: int = 0, reserved_for: str | None = None
) -> list[dict[str, Any]]:
    """The seats of an offer, the reserved ones first in each week."""
    return [
        {
            "offer_id": offer_id,
            "week": week,
            "reserved_for": reserved_for if number < reserved else None,
        }
        for week in ((None,) if plan.any_week else plan.weeks)
        for number in range(plan.count)
    ]


def _programme(source: random.Random, site: PlantedSite, told: list[Programme]) -> Programme:
    """A programme of the sector that the company does not offer yet, if there is one left."""
    known = PROGRAMMES[site.sector]
    choice = [one for one in known if one not in told] or [
        one for one in ANYWHERE if one not in told
    ]
    found = source.choice(choice or known)
    told.append(found)
    return found


def _reserved(source: random.Random, plan: SeatPlan) -> tuple[int, str | None]:
    """A seat or two for priority education, in one offer out of ten."""
    if plan.count < 2 or source.random() > 0.1:
        return 0, None
    return max(1, plan.count // 4), "rep_plus" if source.random() < 0.3 else "rep"


def _approved(offer_id: int, row: dict[str, Any]) -> dict[str, Any]:
    return {
        "at": row["created_at"] + timedelta(days=2),
        "subject": "offer",
        "subject_id": offer_id,
        "from_status": OfferStatus.SUBMITTED,
        "to_status": OfferStatus.PUBLISHED,
    }
