"""The people whom a visitor may become with one click, listed for the sign-in page."""

import json
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Select

from matching.config import Settings
from matching.database import db
from matching.demo.waiting import Unfinished
from matching.models.applications import Application
from matching.models.campaigns import Campaign, CampaignTerritory
from matching.models.companies import Company
from matching.models.match_runs import RunResult
from matching.models.offers import Offer, Seat
from matching.models.placements import Placement
from matching.models.pupils import Pupil
from matching.models.schools import ClassGroup, School
from matching.models.statuses import HOLDING, PlacementStatus
from matching.models.users import Membership, Role, User
from matching.web.demo_people import FILE

PUPILS, SCHOOLS, COMPANIES = "Élèves", "Collèges", "Entreprises"
TERRITORIES, FOUNDATION = "Territoires", "Fondation"


def write(
    settings: Settings,
    campaign_ids: dict[str, int],
    coordinators: dict[str, int],
    unfinished: Unfinished,
) -> None:
    """Choose the people and write their list into the instance, all or nothing."""
    people = [
        *_pupils(campaign_ids),
        *_school_people(campaign_ids, unfinished),
        *_company_people(unfinished),
        *_coordinators(campaign_ids, coordinators),
    ]
    fresh = settings.instance / f"{FILE}.new"
    fresh.write_text(json.dumps(people, ensure_ascii=False, indent=1), encoding="utf-8")
    fresh.replace(settings.instance / FILE)


def _person(user_id: int, group: str, label: str, hint: str) -> dict[str, str]:
    user = db.session.get_one(User, user_id)
    return {"ref": user.ref, "group": group, "label": label or user.name, "hint": hint}


def _first(query: Select[Any]) -> Any:
    """The first row, which the world is made to have."""
    found = db.session.execute(query.limit(1)).first()
    if found is None:
        raise LookupError("the demonstration has nobody to show here")
    return found[0]


def _pupils(campaign_ids: dict[str, int]) -> list[dict[str, str]]:
    proposed = sa.select(Pupil).join(Placement, Placement.pupil_id == Pupil.id)
    to_answer = _first(
        proposed.where(
            Placement.status == PlacementStatus.PROPOSED,
            Placement.school_answer.is_(True),
            Placement.pupil_answer.is_(None),
            Placement.rank == 1,
        ).order_by(Placement.answer_before.desc(), Placement.id)
    )
    confirmed = _first(
        proposed.where(
            Placement.status == PlacementStatus.CONFIRMED, Placement.rank.is_not(None)
        ).order_by(Placement.rank.desc(), Placement.id)
    )
    held = sa.select(Placement.pupil_id).where(Placement.status.in_(HOLDING))
    unplaced = _first(
        sa.select(Pupil)
        .join(RunResult, RunResult.pupil_id == Pupil.id)
        .join(Application, Application.pupil_id == Pupil.id)
        .where(RunResult.seat_id.is_(None), Pupil.id.not_in(held))
        .group_by(Pupil.id)
        .order_by(sa.func.count().desc(), Pupil.id)
    )
    return [
        _pupil(newcomer(campaign_ids), "Ses vœux sont à faire : choisir des offres et les ranger."),
        _pupil(to_answer, "Une proposition l’attend : pourquoi celle-ci, à quelle distance."),
        _pupil(confirmed, "Son stage est confirmé par les trois."),
        _pupil(unplaced, "Aucune place au premier tour : la raison, et la suite."),
    ]


def newcomer(campaign_ids: dict[str, int]) -> Pupil:
    """A pupil without any wish yet, where wishes are still open."""
    wishing = sa.select(Application.pupil_id)
    found: Pupil = _first(
        _in_campaign(sa.select(Pupil).join(School), campaign_ids["open"])
        .where(Pupil.id.not_in(wishing), Pupil.needs_access.is_(False), School.reach_km >= 20)
        .order_by(Pupil.id)
    )
    return found


def _pupil(pupil: Pupil, hint: str) -> dict[str, str]:
    label = f"{pupil.short_name}, {pupil.class_group.name}"
    return _person(pupil.user_id, PUPILS, label, hint)


def _school_people(campaign_ids: dict[str, int], unfinished: Unfinished) -> list[dict[str, str]]:
    to_look_at = _first(
        sa.select(ClassGroup)
        .join(Pupil, Pupil.class_group_id == ClassGroup.id)
        .join(Placement, Placement.pupil_id == Pupil.id)
        .where(Placement.status == PlacementStatus.PROPOSED, Placement.school_answer.is_(None))
        .group_by(ClassGroup.id)
        .order_by(sa.func.count().desc(), ClassGroup.id)
    )
    wishing = newcomer(campaign_ids).class_group
    head = _first(
        sa.select(Membership.user_id).where(
            Membership.school_id == to_look_at.school_id, Membership.role == Role.PRINCIPAL
        )
    )
    return [
        _teacher(wishing, "Les vœux sont ouverts : cartes à imprimer, vœux à relire."),
        _teacher(to_look_at, "Des propositions attendent son regard."),
        _person(head, SCHOOLS, "", f"Direction. {to_look_at.school.name}, toutes les classes."),
        _person(
            unfinished.empty_school_head_id,
            SCHOOLS,
            "",
            "Direction d’un collège qui commence : ni classe ni élève.",
        ),
    ]


def _teacher(group: ClassGroup, hint: str) -> dict[str, str]:
    if group.class_teacher_id is None:
        raise LookupError("a class of the demonstration without a teacher")
    return _person(group.class_teacher_id, SCHOOLS, "", f"Enseigne en {group.name}. {hint}")


def _company_people(unfinished: Unfinished) -> list[dict[str, str]]:
    user_id = _first(
        sa.select(Offer.created_by_id)
        .join(Seat, Seat.offer_id == Offer.id)
        .join(Placement, Placement.seat_id == Seat.id)
        .where(
            Placement.status == PlacementStatus.PROPOSED,
            Placement.school_answer.is_(True),
            Placement.host_answer.is_(None),
        )
        .group_by(Offer.created_by_id)
        .order_by(sa.func.count().desc(), Offer.created_by_id)
    )
    return [
        _person(user_id, COMPANIES, "", f"{_company(user_id)} Des élèves à accueillir."),
        _person(
            unfinished.returned_to_id,
            COMPANIES,
            "",
            f"{_company(unfinished.returned_to_id)} Une offre renvoyée, à compléter.",
        ),
    ]


def _company(user_id: int) -> str:
    return f"{_first(_companies_of(user_id))}."


def _companies_of(user_id: int) -> Select[Any]:
    return (
        sa.select(Company.name)
        .join(Membership, Membership.company_id == Company.id)
        .where(Membership.user_id == user_id)
    )


def _coordinators(campaign_ids: dict[str, int], adults: dict[str, int]) -> list[dict[str, str]]:
    hints = {
        "published": "Campagne publiée, réponses en cours, et des inscriptions à approuver.",
        "short": "Campagne prête, trop peu de places : lancer un essai.",
        "enough": "Campagne prête, assez de places : lancer, puis publier.",
        "open": "Campagne ouverte : les vœux arrivent.",
    }
    names = {
        row.id: row.name for row in db.session.scalars(sa.select(Campaign).order_by(Campaign.id))
    }
    return [
        *(
            _person(adults[key], TERRITORIES, "", f"{names[campaign_ids[key]]}. {hint}")
            for key, hint in hints.items()
        ),
        _person(
            adults["foundation"], FOUNDATION, "", "Tous les territoires, toutes les campagnes."
        ),
    ]


def _in_campaign(query: Select[Any], campaign_id: int) -> Select[Any]:
    territories = sa.select(CampaignTerritory.territory_id).where(
        CampaignTerritory.campaign_id == campaign_id
    )
    return query.where(School.attached_territory_id.in_(territories))
