"""Fictional collèges and those who lead them."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from matching.demo import names
from matching.demo.adults import Post, hire
from matching.demo.places import Ground
from matching.demo.plan import CAMPAIGNS, CampaignPlan, chance, reference, shares
from matching.demo.rows import insert
from matching.geography.communes import Commune
from matching.models.schools import PriorityEducation, School
from matching.models.statuses import ApprovalStatus
from matching.models.users import Role
from matching.rules.identifiers import uai_key

SMALLEST = 40  # pupils of the last year of collège
_PRIORITY = (
    *(PriorityEducation.NONE,) * 8, *(PriorityEducation.REP,) * 3, PriorityEducation.REP_PLUS,
)  # fmt: skip
_REACH = (20, 20, 20, 20, 20, 25, 18, 30)


@dataclass(frozen=True, slots=True)
class PlantedSchool:
    """A school, and how many pupils its classes will hold."""

    id: int
    campaign: CampaignPlan
    ground: Ground
    commune: Commune
    reach_km: int
    pupils: int


def plant(grounds: dict[str, Ground], now: datetime) -> list[PlantedSchool]:
    """Insert the approved collèges with their staff; return them in order."""
    source = chance("schools")
    rows: list[dict[str, Any]] = []
    drafts = []
    for campaign in CAMPAIGNS:
        weights = [source.uniform(0.5, 1.6) for _ in range(campaign.schools)]
        for number, size in enumerate(shares(campaign.pupils, weights, SMALLEST)):
            ground = grounds[campaign.territories[number % len(campaign.territories)]]
            commune = ground.town(source)
            row = school_row(len(rows) + 1, ground, commune, source)
            created_at = now - timedelta(days=source.randint(70, 100))
            rows.append(row | {"status": ApprovalStatus.APPROVED, "created_at": created_at})
            drafts.append((campaign, ground, commune, row["reach_km"], size))
    ids = insert(School, rows)
    hire_staff(source, ids, now - timedelta(days=70))
    return [PlantedSchool(school_id, *draft) for school_id, draft in zip(ids, drafts, strict=True)]


def school_row(
    number: int, ground: Ground, commune: Commune, source: random.Random
) -> dict[str, Any]:
    """The columns of the ``number``-th collège, but its status and date."""
    name = names.SCHOOL_NAMES[number % len(names.SCHOOL_NAMES)].replace("-", " ")
    return {
        "ref": reference(source),
        "uai": uai(number),
        "name": f"Collège {name} (fictif)",
        "address": names.street(source),
        "public": source.random() < 0.85,
        "priority_education": source.choice(_PRIORITY),
        "holiday_zone": ground.zone,
        "reach_km": source.choice(_REACH),
        **ground.columns(commune),
    }


def uai(number: int) -> str:
    """A well-formed UAI of no département: 096 does not exist."""
    digits = f"096{number:04d}"
    return digits + uai_key(digits)


def hire_staff(source: random.Random, school_ids: list[int], at: datetime) -> list[int]:
    """A head for each school, and a clerk in one out of six; return the heads."""
    heads = hire(source, [Post(Role.PRINCIPAL, school_id=number) for number in school_ids], at)
    clerks = [number for number in school_ids if source.random() < 1 / 6]
    hire(source, [Post(Role.SCHOOL_CLERK, school_id=number) for number in clerks], at)
    return heads
