"""Territories, schools with classes, companies with sites, offers with seats.

Everything stands at Oyonnax (Ain) unless told otherwise: a commune of a territory of 2023.
"""

import itertools

import sqlalchemy as sa

from matching import clock
from matching.database import db
from matching.geography.communes import gazetteer
from matching.models.companies import Company, Pledge, Site, VettedHow
from matching.models.offers import Offer, OfferWeek, Seat
from matching.models.schools import ClassGroup, PlacementWindow, School
from matching.models.statuses import ApprovalStatus, OfferStatus
from matching.models.territories import Territory
from matching.models.users import User
from matching.services import locations

YEAR = 2026
WEEK = "2027-W05"
OYONNAX = "01283"

_numbers = itertools.count(1)


def territory_of(commune_code: str = OYONNAX) -> Territory:
    """The territory whose campaigns this commune joins."""
    place = locations.at_commune(gazetteer().by_code(commune_code))
    return db.session.get(Territory, place.attached_territory_id)


def _place(commune_code: str) -> dict:
    place = locations.at_commune(gazetteer().by_code(commune_code))
    return {name: getattr(place, name) for name in place.__slots__}


def uai(number: int) -> str:
    """A well-formed UAI of no département: 096 does not exist."""
    digits = f"096{number:04d}"
    return digits + "ABCDEFGHJKLMNPRSTUVWXYZ"[int(digits) % 23]


def siret(number: int) -> str:
    """A well-formed SIRET whose SIREN begins with 0, which is never issued."""
    siren = _with_luhn(f"{number:08d}")
    return _with_luhn(siren + "0001")


def _with_luhn(digits: str) -> str:
    doubled = [int(d) * (2 if i % 2 == 0 else 1) for i, d in enumerate(reversed(digits))]
    total = sum(d - 9 if d > 9 else d for d in doubled)
    return digits + str(-total % 10)


def school(commune_code: str = OYONNAX, **values) -> School:
    """An approved school."""
    number = next(_numbers)
    row = School(
        uai=values.pop("uai", uai(number)),
        name=values.pop("name", f"Collège fictif {number}"),
        holiday_zone=values.pop("holiday_zone", "A"),
        status=values.pop("status", ApprovalStatus.APPROVED),
        **(_place(commune_code) | values),
    )
    db.session.add(row)
    db.session.commit()
    return row


def class_group(of: School | None = None, *, weeks=(WEEK,), **values) -> ClassGroup:
    """A class whose school leaves in ``weeks``."""
    of = of or school()
    row = ClassGroup(
        school=of,
        school_year=values.pop("school_year", YEAR),
        name=values.pop("name", f"3e {next(_numbers)}"),
        **values,
    )
    db.session.add(row)
    known = {window.week for window in of.windows if window.class_group_id is None}
    for week in weeks:
        if week not in known:
            db.session.add(PlacementWindow(school=of, school_year=row.school_year, week=week))
    db.session.commit()
    return row


def company(**values) -> Company:
    """An approved company."""
    number = next(_numbers)
    if values.get("status", ApprovalStatus.APPROVED) == ApprovalStatus.APPROVED:
        values = _vetted() | values
    row = Company(
        siren=values.pop("siren", siret(number)[:9]),
        name=values.pop("name", f"Atelier fictif {number}"),
        status=values.pop("status", ApprovalStatus.APPROVED),
        **values,
    )
    db.session.add(row)
    db.session.commit()
    return row


def _vetted() -> dict:
    """How the person of an approved company was vetted: the same person for all of them."""
    by = db.session.scalar(sa.select(User).where(User.email == "vetting@example.org"))
    if by is None:
        by = User(email="vetting@example.org", password_hash="not-a-hash", last_name="Vérif")
        db.session.add(by)
        db.session.flush()
    return {
        "vetted_how": VettedHow.CALL_BACK,
        "vetted_words": "Rappel au standard.",
        "vetted_user_id": by.id,
        "vetted_by_id": by.id,
        "vetted_at": clock.now(),
    }


def pledge(of: Company, pupils: int, school_year: int = YEAR) -> Pledge:
    """What the company promised."""
    row = Pledge(company=of, school_year=school_year, pupils=pupils)
    db.session.add(row)
    db.session.commit()
    return row


def site(of: Company | None = None, commune_code: str = OYONNAX, **values) -> Site:
    """A site of a company."""
    number = next(_numbers)
    row = Site(
        company=of or company(),
        siret=values.pop("siret", siret(number)),
        name=values.pop("name", f"Site fictif {number}"),
        address=values.pop("address", f"{number} rue de l’Essai"),
        **(_place(commune_code) | values),
    )
    db.session.add(row)
    db.session.commit()
    return row


def offer(at: Site | None = None, *, weeks=(WEEK,), seats: int = 2, any_week=False, **values):
    """A published offer: ``seats`` for each week, or in all when any week will do."""
    reserved_for = values.pop("reserved_for", None)
    row = Offer(
        site=at or site(),
        school_year=values.pop("school_year", YEAR),
        title=values.pop("title", "Découvrir l’atelier"),
        sector=values.pop("sector", next(iter(_sectors()))),
        what_you_see=values.pop("what_you_see", "Les machines et ceux qui les conduisent."),
        what_you_do=values.pop("what_you_do", "Observer, poser des questions, tenir un carnet."),
        status=values.pop("status", OfferStatus.PUBLISHED),
        **values,
    )
    row.weeks = [OfferWeek(week=week) for week in weeks]
    for week in (None,) if any_week else weeks:
        row.seats += [Seat(week=week, reserved_for=reserved_for) for _ in range(seats)]
    db.session.add(row)
    db.session.commit()
    return row


def _sectors():
    from matching.rules.sectors import SECTORS

    return [sector.key for sector in SECTORS]


def all_territories() -> list[Territory]:
    """Every territory of 2023."""
    return list(db.session.scalars(sa.select(Territory).where(Territory.vintage == 2023)))
