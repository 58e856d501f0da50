"""Fictional companies with their members and sites."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from matching.database import db
from matching.demo import names
from matching.demo.adults import Post, hire
from matching.demo.places import Ground
from matching.demo.plan import (
    CAMPAIGNS,
    NATIONAL_COMPANIES,
    TERRITORIES,
    CampaignPlan,
    chance,
    reference,
)
from matching.demo.rows import insert
from matching.geography.communes import Commune
from matching.models.companies import Company, Site, VettedHow
from matching.models.statuses import ApprovalStatus
from matching.models.users import Membership, Role
from matching.rules.sectors import SECTOR_KEYS

# What is made in the country, roughly: metal, machines and food more often than the rest.
_WEIGHTS = {"metal": 5, "machines": 4, "food": 4, "chemistry": 3, "electronics": 3, "automotive": 3}
_FAR_FROM_THE_SEA = {"ti-8424", "ti-8420", "ti-4414", "ti-3209", "ti-3207", "ti-1105"}


@dataclass(frozen=True, slots=True)
class PlantedSite:
    """A site, its company, and the ground on which it stands."""

    id: int
    company_id: int
    member_id: int
    sector: str
    ground: Ground
    commune: Commune
    campaign: str | None


@dataclass(frozen=True, slots=True)
class _Draft:
    sector: str
    where: list[tuple[Ground, Commune]]
    campaign: str | None


def siret(number: int, site: int = 1) -> str:
    """A well-formed SIRET whose SIREN begins with 0, which is never issued."""
    return _with_key(_with_key(f"{number:08d}") + f"{site:04d}")


def _with_key(digits: str) -> str:
    """Add the last digit that Luhn's rule asks for."""
    doubled = [int(d) * (2 if at % 2 == 0 else 1) for at, d in enumerate(reversed(digits))]
    return digits + str(-sum(d - 9 if d > 9 else d for d in doubled) % 10)


def plant(grounds: dict[str, Ground], now: datetime) -> list[PlantedSite]:
    """Insert the companies, to be approved once somebody can; return their sites, in order."""
    source = chance("companies")
    drafts = [*_local(grounds, source), *_national(grounds, source)]
    title = _titles(source)
    companies = [
        {
            "ref": reference(source),
            "siren": siret(number)[:9],
            "name": title(draft.sector),
            "status": ApprovalStatus.REGISTERED,
            "created_at": now - timedelta(days=source.randint(75, 100)),
        }
        for number, draft in enumerate(drafts, start=1)
    ]
    company_ids = insert(Company, companies)
    members = hire(
        source,
        [Post(Role.COMPANY_MEMBER, company_id=company_id) for company_id in company_ids],
        now - timedelta(days=74),
    )
    sites, stands = [], []
    for number, (company_id, draft, member) in enumerate(
        zip(company_ids, drafts, members, strict=True), start=1
    ):
        for rank, (ground, commune) in enumerate(draft.where, start=1):
            sites.append(
                {
                    "ref": reference(source),
                    "company_id": company_id,
                    "siret": siret(number, rank),
                    "name": "Site principal" if rank == 1 else f"Site n°\u00a0{rank}",
                    "address": names.street(source),
                    **ground.columns(commune),
                }
            )
            stands.append((company_id, member, draft.sector, ground, commune, draft.campaign))
    ids = insert(Site, sites)
    return [PlantedSite(site_id, *stand) for site_id, stand in zip(ids, stands, strict=True)]


def approve(vetted_by: int, now: datetime) -> None:
    """Let the planted companies in: somebody of the foundation rang each of them."""
    person = (
        sa.select(sa.func.min(Membership.user_id))
        .where(Membership.company_id == Company.id)
        .scalar_subquery()
    )
    db.session.execute(
        sa.update(Company)
        .where(Company.status == ApprovalStatus.REGISTERED)
        .values(
            status=ApprovalStatus.APPROVED,
            vetted_how=VettedHow.CALL_BACK,
            vetted_words="Rappel au standard de l’entreprise, fonction confirmée (fictif)",
            vetted_user_id=person,
            vetted_by_id=vetted_by,
            vetted_at=now - timedelta(days=73),
        )
        .execution_options(synchronize_session=False)
    )


def _local(grounds: dict[str, Ground], source: random.Random) -> Iterator[_Draft]:
    """The companies of the twelve territories, with one or two sites."""
    for campaign in CAMPAIGNS:
        for number in range(campaign.companies):
            ground = grounds[campaign.territories[number % len(campaign.territories)]]
            count = 2 if source.random() < 0.25 else 1
            where = [(ground, _commune(ground, source)) for _ in range(count)]
            yield _Draft(_sector(campaign, ground.code, number, source), where, campaign.key)


def _national(grounds: dict[str, Ground], source: random.Random) -> Iterator[_Draft]:
    """A few companies with a site in each of the other territories."""
    others = [code for code in sorted(grounds) if code not in TERRITORIES]
    source.shuffle(others)
    for number in range(NATIONAL_COMPANIES):
        mine = others[number::NATIONAL_COMPANIES]
        where = [(grounds[code], grounds[code].towns[0]) for code in mine]
        yield _Draft(SECTOR_KEYS[number % len(SECTOR_KEYS)], where, None)


def _commune(ground: Ground, source: random.Random) -> Commune:
    if ground.villages and source.random() < 0.15:
        return source.choice(ground.villages)
    return ground.town(source)


def _sector(campaign: CampaignPlan, code: str, number: int, source: random.Random) -> str:
    """Every sector comes up, the usual ones more often; boats only near the sea."""
    if campaign.key == "enough" and number % 4 == 0:
        return "ships"
    known = [key for key in SECTOR_KEYS if not (key == "ships" and code in _FAR_FROM_THE_SEA)]
    return source.choices(known, [_WEIGHTS.get(key, 1) for key in known])[0]


def _titles(source: random.Random) -> Callable[[str], str]:
    """Names of companies, none twice, each saying that it is fictional."""
    taken: set[str] = set()

    def title(sector: str) -> str:
        while True:
            trade = source.choice(names.TRADES[sector])
            found = f"{trade} {source.choice(names.COMPANY_NAMES)} (fictive)"
            if found not in taken:
                taken.add(found)
                return found

    return title
