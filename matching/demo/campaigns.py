"""Four campaigns and those who coordinate them."""

import random
from datetime import datetime, timedelta

from matching.demo.adults import Post, hire
from matching.demo.places import Ground
from matching.demo.plan import CAMPAIGNS, chance, reference
from matching.demo.rows import insert, insert_silently
from matching.models.campaigns import Campaign, CampaignTerritory, Policy
from matching.models.users import Role

ANSWER_DAYS = 15  # the longest clock: a demonstration stays open on a desk for days
LOTTERY_BITS = 48


def plant(
    grounds: dict[str, Ground], school_year: int, now: datetime
) -> tuple[dict[str, int], dict[str, int]]:
    """Insert the campaigns, their coordinators and the foundation.

    Return the numbers of the campaigns by key, and of the adults by the same keys and "foundation".
    """
    source = chance("campaigns")
    places = {
        plan.key: tuple(grounds[code].row_id for code in plan.territories) for plan in CAMPAIGNS
    }
    posts = [Post(Role.TERRITORY_COORDINATOR, territory_ids=ids) for ids in places.values()]
    people = hire(source, [*posts, Post(Role.FOUNDATION_ADMIN)], now - timedelta(days=90))
    coordinators = dict(zip([*places, "foundation"], people, strict=True))
    campaign_ids = insert(
        Campaign,
        [
            {
                "ref": reference(source),
                "name": plan.name,
                "school_year": school_year,
                "policy": Policy.FAIR,
                "seed": _seed(source),
                "wishes_open_at": now - timedelta(days=50),
                "wishes_close_at": now + timedelta(days=plan.wishes_end),
                "answer_days": ANSWER_DAYS,
                "opened_by_id": coordinators[plan.key],
                "created_at": now - timedelta(days=60),
            }
            for plan in CAMPAIGNS
        ],
    )
    insert_silently(
        CampaignTerritory,
        [
            {"campaign_id": campaign_id, "territory_id": row_id, "school_year": school_year}
            for campaign_id, plan in zip(campaign_ids, CAMPAIGNS, strict=True)
            for row_id in places[plan.key]
        ],
    )
    return dict(zip(places, campaign_ids, strict=True)), coordinators


def _seed(source: random.Random) -> int:
    return source.getrandbits(LOTTERY_BITS)
