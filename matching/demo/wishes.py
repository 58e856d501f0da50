"""Ranked wishes: what is near, what people talk about, and what one likes."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from matching.demo.offers import PlantedOffer
from matching.demo.plan import CAMPAIGNS, SEED, CampaignPlan, chance
from matching.demo.pupils import PlantedPupil
from matching.demo.rows import insert_silently
from matching.engine.distance import distances
from matching.models.applications import MAX_WISHES, Application
from matching.models.statuses import ApplicationStatus

FADES_OVER = 700.0  # tens of metres at which an offer is wished e times less
LIKED = 4.0  # how many times more an offer of a sector that the pupil named
DRAFTS = 0.16  # share of pupils who have prepared wishes, while wishes are open
_COUNTS = np.array([0.1, 0.16, 0.3, 0.2, 0.24])  # of one, two… five wishes
_MESSAGES = (
    "J’aime démonter et remonter des objets, je voudrais voir comment on fait pour de vrai.",
    "Ma tante travaille dans ce métier et m’en parle souvent.",
    "Je ne connais pas du tout et j’aimerais découvrir.",
    "Je voudrais savoir quelles études il faut faire pour travailler chez vous.",
)


def plant(pupils: list[PlantedPupil], offers: list[PlantedOffer], now: datetime) -> int:
    """Insert the wishes of every campaign; return how many."""
    rows: list[dict[str, Any]] = []
    for campaign in CAMPAIGNS:
        own = [pupil for pupil in pupils if pupil.group.school.campaign is campaign]
        theirs = [offer for offer in offers if offer.site.campaign == campaign.key]
        rows += _of_campaign(campaign, own, theirs, now)
    insert_silently(Application, rows)
    return len(rows)


def _of_campaign(
    campaign: CampaignPlan,
    pupils: list[PlantedPupil],
    offers: list[PlantedOffer],
    now: datetime,
) -> list[dict[str, Any]]:
    draw = np.random.default_rng([SEED, *campaign.key.encode()])
    source = chance(f"wishes of {campaign.key}")
    still_open = campaign.wishes_end > 0
    numbers = np.array([offer.id for offer in offers])
    accessible = np.array([offer.accessible for offer in offers])
    weights = _Weights(offers)
    rows = []
    for pupil in pupils:
        at = draw.random()
        drafting = still_open and campaign.wishing <= at < campaign.wishing + DRAFTS
        if at >= campaign.wishing and not drafting:
            continue
        weight = weights.of(pupil)
        if pupil.needs_access:
            weight = np.where(accessible, weight, 0.0)
        count = min(int(draw.choice(MAX_WISHES, p=_COUNTS)) + 1, int((weight > 0).sum()))
        # The largest keys u^(1/w) are a draw without replacement with these weights.
        keys = np.full(len(offers), -np.inf)
        keys[weight > 0] = np.log(draw.random(int((weight > 0).sum()))) / weight[weight > 0]
        chosen = np.argsort(-keys)[:count]
        sent = now - timedelta(days=max(1, 2 - campaign.wishes_end), hours=source.randint(0, 200))
        status = ApplicationStatus.SUBMITTED
        if drafting:
            status = ApplicationStatus.DRAFT
        elif source.random() < (0.3 if still_open else 0.9):
            status = ApplicationStatus.READ_BY_SCHOOL
        rows += [
            {
                "pupil_id": pupil.id,
                "offer_id": int(numbers[offer]),
                "rank": rank,
                "message": source.choice(_MESSAGES) if source.random() < 0.06 else "",
                "status": status,
                "created_at": sent - timedelta(hours=2),
                "submitted_at": None if drafting else sent,
            }
            for rank, offer in enumerate(chosen, start=1)
        ]
    return rows


class _Weights:
    """How much each offer draws each pupil; 0 for one out of reach or in other weeks."""

    def __init__(self, offers: Sequence[PlantedOffer]) -> None:
        self._lats = np.array([offer.site.commune.lat for offer in offers])
        self._lons = np.array([offer.site.commune.lon for offer in offers])
        self._popularity = np.array([offer.popularity for offer in offers])
        self._weeks = [set(offer.weeks) for offer in offers]
        self._by_sector: dict[str, Any] = defaultdict(lambda: np.zeros(len(offers), dtype=bool))
        for at, offer in enumerate(offers):
            self._by_sector[offer.site.sector][at] = True
        self._near: dict[tuple[str, int, tuple[str, ...]], Any] = {}

    def of(self, pupil: PlantedPupil) -> Any:
        """(offers,) weights."""
        group = pupil.group
        key = (pupil.home.code, group.school.reach_km, group.weeks)
        if key not in self._near:
            away = distances(
                np.array([pupil.home.lat]), np.array([pupil.home.lon]), self._lats, self._lons
            )
            shared = np.array([not known.isdisjoint(group.weeks) for known in self._weeks])
            possible = shared & (away <= group.school.reach_km * 100)
            self._near[key] = np.where(possible, self._popularity * np.exp(-away / FADES_OVER), 0.0)
        weight = self._near[key]
        for sector in pupil.interests:
            weight = np.where(self._by_sector[sector], weight * LIKED, weight)
        return weight
