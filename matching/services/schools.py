"""A school registers, and says how far its pupils may go."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from matching import clock
from matching.database import db, transactional
from matching.errors import RuleBroken, Stale
from matching.geography.communes import gazetteer
from matching.models import events
from matching.models.schools import ClassGroup, PriorityEducation, School
from matching.models.statuses import ApprovalStatus
from matching.models.users import SCHOOL_ROLES, Membership, Role, User
from matching.queries import settings
from matching.rules.identifiers import clean, departement_of_uai, postcode_problem, uai_problem
from matching.rules.school_calendar import MIN_WEEKDAYS, free_weekdays, zone_of
from matching.rules.settings import SettingKey
from matching.services import accounts, legal_texts, locations

MAX_REACH_KM = 100
# Schools of these islands keep the numbers that they had in Guadeloupe.
_NUMBERED_IN_GUADELOUPE = {"977", "978"}


@dataclass(frozen=True, slots=True)
class SchoolDetails:
    """What a person types of a school; ``commune_code`` is picked among homonyms, if any."""

    uai: str
    name: str
    address: str
    postcode: str
    commune: str
    public: bool
    priority_education: PriorityEducation
    commune_code: str = ""


@transactional
def register(
    details: SchoolDetails,
    *,
    role: Role,
    first_name: str,
    last_name: str,
    email: str,
    password: str,
) -> User:
    """Open a school and the account of the adult who registers it; a coordinator approves later.

    The adult has accepted the texts in force: this is written down.

    Raises RuleBroken as ``check`` and ``accounts.create_adult``.
    """
    if role not in SCHOOL_ROLES:
        raise ValueError(f"not a role in a school: {role}")
    columns = check(details)
    user = accounts.create_adult(email, password, first_name, last_name)
    reach_km = settings.value(db.session(), SettingKey.REACH_KM)
    school = School(**columns, reach_km=reach_km)
    db.session.add(school)
    _flush_known_once(school.uai)
    db.session.add(Membership(user=user, role=role, school=school))
    events.record(school, ApprovalStatus.REGISTERED, actor_id=user.id)
    legal_texts.accept(user, school)
    return user


@transactional
def amend(user: User, school: School, details: SchoolDetails) -> None:
    """Correct what was registered; after a refusal, the coordinators look again.

    Days that are holidays in the new commune are taken out of the weeks chosen. Raises RuleBroken
    ``school_fixed`` once a coordinator has approved or blocked the school, ``whole_school_only``,
    or as ``register``.
    """
    refuse_part_of_school(user)
    lock(school)
    if school.status not in (ApprovalStatus.REGISTERED, ApprovalStatus.REFUSED):
        raise RuleBroken("school_fixed")
    for column, value in check(details, but=school.id).items():
        setattr(school, column, value)
    _flush_known_once(school.uai)
    for window in list(school.windows):
        free = free_weekdays(school.holiday_zone, window.week)
        window.weekdays = "".join(day for day in window.weekdays if int(day) in free)
        if len(window.weekdays) < MIN_WEEKDAYS:
            school.windows.remove(window)
            db.session.delete(window)
    if school.status is ApprovalStatus.REFUSED:
        events.move(school, ApprovalStatus.REGISTERED, actor_id=user.id)


@transactional
def change_reach(user: User, school: School, *, reach_km: int, seen: int) -> None:
    """Set how far pupils may be placed, in km; ``seen`` is the reach that the page showed.

    Raises RuleBroken ``reach_range``, ``whole_school_only``, or Stale ``reach_changed``.
    """
    refuse_part_of_school(user)
    if not 1 <= reach_km <= MAX_REACH_KM:
        raise RuleBroken("reach_range", field="reach_km", most=MAX_REACH_KM)
    lock(school)
    if school.reach_km not in (seen, reach_km):
        raise Stale("reach_changed", field="reach_km", reach_km=school.reach_km)
    school.reach_km = reach_km


def lock(school: School) -> None:
    """Hold the school's row until the end of the transaction, freshly read.

    What concerns several classes or pupils at once takes this lock first.
    """
    db.session.refresh(school, with_for_update=True)


def refuse_closed(school: School) -> None:
    """Raise RuleBroken ``school_closed`` for a school that was refused or blocked."""
    if school.status in (ApprovalStatus.REFUSED, ApprovalStatus.BLOCKED):
        raise RuleBroken("school_closed")


def sees_whole_school(user: User) -> bool:
    """False for a class teacher who has classes of his own: he sees those only."""
    whole = (Role.PRINCIPAL, Role.SCHOOL_CLERK)
    if any(one.role in whole for one in user.in_force):
        return True
    own = sa.select(ClassGroup.id).where(
        ClassGroup.class_teacher_id == user.id, ClassGroup.school_year == clock.school_year()
    )
    return db.session.scalar(own.limit(1)) is None


def refuse_part_of_school(user: User) -> None:
    """Raise RuleBroken ``whole_school_only`` for a person who sees only some classes."""
    if not sees_whole_school(user):
        raise RuleBroken("whole_school_only")


def check(details: SchoolDetails, but: int | None = None) -> dict[str, Any]:
    """The columns of a school from what was typed; ``but`` is the school that has them already.

    Raises RuleBroken: a code of ``uai_problem``, ``school_registered`` or ``uai_elsewhere`` (field
    ``uai``), ``postcode_format``, or those of ``locations.locate``.
    """
    uai = clean(details.uai)
    if problem := uai_problem(uai):
        raise RuleBroken(problem, field="uai")
    if db.session.scalar(sa.select(School.id).where(School.uai == uai, School.id != (but or 0))):
        raise RuleBroken("school_registered", field="uai", uai=uai)
    if wrong := postcode_problem(details.postcode):
        raise RuleBroken(wrong, field="postcode")
    place = locations.locate(
        postcode=clean(details.postcode),
        commune=details.commune,
        commune_code=details.commune_code,
    )
    found = gazetteer().by_code(place.commune_code)
    departement = found.departement if found else ""
    if not _numbered_there(uai, departement):
        raise RuleBroken("uai_elsewhere", field="uai", departement=departement)
    zone = zone_of(departement)
    if zone is None:
        raise RuleBroken("commune_unknown", field="commune", commune=details.commune)
    return {
        "uai": uai,
        "name": details.name,
        "address": details.address,
        "public": details.public,
        "priority_education": details.priority_education,
        "holiday_zone": zone,
        **{column: getattr(place, column) for column in place.__slots__},
    }


def _flush_known_once(uai: str) -> None:
    try:
        db.session.flush()
    except IntegrityError:  # a colleague registers at the same second
        raise RuleBroken("school_registered", field="uai", uai=uai) from None


def _numbered_there(uai: str, departement: str) -> bool:
    numbered = departement_of_uai(uai)
    if departement in _NUMBERED_IN_GUADELOUPE:
        return numbered in {departement, "971"}
    return numbered == departement
