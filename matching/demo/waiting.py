"""What waits for a coordinator, and what is not finished: a school, a company, four offers."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from matching.database import db
from matching.demo import names
from matching.demo.adults import Post, hire
from matching.demo.companies import PlantedSite, siret
from matching.demo.offers import SeatPlan, offer_row, seat_rows
from matching.demo.places import Ground
from matching.demo.plan import CAMPAIGNS, WAITING_SEATS, chance, reference
from matching.demo.programmes import ANYWHERE
from matching.demo.rows import insert, insert_silently
from matching.demo.schools import hire_staff, school_row
from matching.models.companies import Company, Pledge, Site
from matching.models.events import Event
from matching.models.offers import Offer, OfferWeek, Seat
from matching.models.schools import School
from matching.models.statuses import ApprovalStatus, OfferStatus
from matching.models.users import Role

RETURNED_BECAUSE = (
    "Le programme dit ce que l’élève voit, mais pas ce qu’il fait chaque jour. Pouvez-vous ajouter "
    "deux activités, et préciser si l’atelier bruyant se visite avec un casque\u202f?"
)


@dataclass(frozen=True, slots=True)
class Unfinished:
    """Numbers of the rows that the sign-in page points to."""

    empty_school_head_id: int
    returned_to_id: int


def plant(
    grounds: dict[str, Ground],
    sites: list[PlantedSite],
    weeks: dict[str, list[str]],
    school_year: int,
    now: datetime,
) -> Unfinished:
    """Insert them; the offers belong to companies of the published campaign."""
    source = chance("waiting")
    published, *_others, still_open = CAMPAIGNS
    here, there = grounds[published.territories[0]], grounds[still_open.territories[0]]
    number = sum(campaign.schools for campaign in CAMPAIGNS) + 2
    _school(here, ApprovalStatus.REGISTERED, number, source, now - timedelta(days=3))
    head = _school(there, ApprovalStatus.APPROVED, number + 1, source, now - timedelta(days=30))
    _company(here, source, now - timedelta(days=1))
    hosts = {site.company_id: site for site in sites if site.ground.code == here.code}
    first, second, third, fourth = list(hosts.values())[:4]
    for site, status, count in (
        (first, OfferStatus.SUBMITTED, 6),
        (second, OfferStatus.SUBMITTED, 4),
        (third, OfferStatus.RETURNED, WAITING_SEATS - 10),
        (fourth, OfferStatus.DRAFT, 0),
    ):
        plan = SeatPlan(tuple(weeks[here.code][:3]), count, any_week=True)
        _offer(site, status, plan, source, school_year, now)
    return Unfinished(empty_school_head_id=head, returned_to_id=third.member_id)


def _school(
    ground: Ground, status: ApprovalStatus, number: int, source: random.Random, at: datetime
) -> int:
    """A school without pupils; return its head."""
    row = school_row(number, ground, ground.towns[-1], source)
    (school_id,) = insert(School, [row | {"status": status, "created_at": at}])
    (head,) = hire_staff(source, [school_id], at)
    insert_silently(Event, [_event("school", school_id, ApprovalStatus.REGISTERED, at)])
    return head


def _company(ground: Ground, source: random.Random, at: datetime) -> None:
    """A company that has just registered; it has promised nothing yet."""
    number = siret(9001)
    name = f"Atelier {names.COMPANY_NAMES[0]} et filles (fictif)"
    (company_id,) = insert(
        Company,
        [
            {
                "ref": reference(source),
                "siren": number[:9],
                "name": name,
                "status": ApprovalStatus.REGISTERED,
                "created_at": at,
            }
        ],
    )
    insert_silently(
        Site,
        [
            {
                "ref": reference(source),
                "company_id": company_id,
                "siret": number,
                "name": name,
                "address": names.street(source),
                **ground.columns(ground.towns[0]),
            }
        ],
    )
    hire(source, [Post(Role.COMPANY_MEMBER, company_id=company_id)], at)
    insert_silently(Event, [_event("company", company_id, ApprovalStatus.REGISTERED, at)])


def _offer(
    site: PlantedSite,
    status: OfferStatus,
    plan: SeatPlan,
    source: random.Random,
    school_year: int,
    now: datetime,
) -> None:
    """An offer that pupils do not see yet; its seats are part of what its company promised."""
    at = now - timedelta(days=source.randint(1, 3), hours=source.randint(0, 9))
    row = offer_row(source, site, source.choice(ANYWHERE)) | {
        "school_year": school_year,
        "status": status,
        "returned_because": RETURNED_BECAUSE if status is OfferStatus.RETURNED else None,
        "created_at": at,
    }
    if status is OfferStatus.DRAFT:
        row |= {"what_you_do": "", "gear": "", "charter": []}
    (offer_id,) = insert(Offer, [row])
    insert_silently(OfferWeek, [{"offer_id": offer_id, "week": week} for week in plan.weeks])
    insert_silently(Seat, seat_rows(offer_id, plan))
    if status is not OfferStatus.DRAFT:
        insert_silently(Event, [_event("offer", offer_id, OfferStatus.SUBMITTED, at)])
    if status is OfferStatus.RETURNED:
        insert_silently(
            Event,
            [
                _event("offer", offer_id, status, at + timedelta(hours=5))
                | {"from_status": OfferStatus.SUBMITTED, "why": RETURNED_BECAUSE}
            ],
        )
    db.session.execute(
        sa.update(Pledge)
        .where(Pledge.company_id == site.company_id, Pledge.school_year == school_year)
        .values(pupils=Pledge.pupils + plan.count)
    )


def _event(subject: str, number: int, to: Any, at: datetime) -> dict[str, Any]:
    return {"at": at, "subject": subject, "subject_id": number, "to_status": to}
