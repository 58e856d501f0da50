"""Fictional pupils with their cards, interests and, for a few, guardians."""

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from matching.demo import names
from matching.demo.classes import PlantedClass
from matching.demo.plan import chance, reference
from matching.demo.rows import insert, insert_silently
from matching.geography.communes import Commune
from matching.models.pupils import Guardian, Pupil
from matching.models.users import User
from matching.rules.cards import new_card_code, new_login_name
from matching.rules.sectors import SECTOR_KEYS
from matching.services.accounts import card_hash
from matching.services.enrolment import PupilDetails, identity_of

LIVING_ELSEWHERE = 0.3  # share of pupils whose school entered another commune of residence
LIVING_FAR_AWAY = 0.006  # boarders: nothing of the heart of the territory is within their reach
NEEDING_ACCESS = 0.02
WITH_GUARDIANS = 0.12
WITH_INTERESTS = 0.86
# What a class of fourteen-year-olds names first, roughly.
_LIKED = {"health": 4, "digital": 4, "aerospace": 3, "automotive": 3, "food": 3, "research": 2}
_LIKES = [_LIKED.get(key, 1) for key in SECTOR_KEYS]


@dataclass(frozen=True, slots=True)
class PlantedPupil:
    """A pupil as the wishes need to know him: home, class, interests."""

    id: int
    user_id: int
    home: Commune
    group: PlantedClass
    interests: tuple[str, ...]
    needs_access: bool


def plant(classes: list[PlantedClass], school_year: int, now: datetime) -> list[PlantedPupil]:
    """Insert the pupils of the classes with their accounts; return them in order."""
    source = chance("pupils")
    seats = [group for group in classes for _ in range(group.pupils)]
    user_ids = insert(User, _accounts(source, len(seats), now - timedelta(days=60)))
    known: set[tuple[int, str]] = set()
    rows: list[dict[str, Any]] = []
    drafts = []
    for group, user_id in zip(seats, user_ids, strict=True):
        details = _somebody_else(source, group, school_year, known)
        home = _home(source, group)
        interests = _interests(source)
        rows.append(
            {
                "ref": reference(source),
                "lottery_reference": reference(source),
                "user_id": user_id,
                "school_id": group.school.id,
                "class_group_id": group.id,
                "school_year": school_year,
                "first_name": details.first_name,
                "last_name": details.last_name,
                "birth_date": details.birth_date,
                "identity": identity_of(details),
                "commune_code": None if home is group.school.commune else home.code,
                "needs_access": details.needs_access,
                "card_issued_at": now - timedelta(days=58),
                "interests": list(interests),
                "created_at": now - timedelta(days=60),
            }
        )
        drafts.append((user_id, home, group, interests, details.needs_access))
    ids = insert(Pupil, rows)
    insert_silently(Guardian, _guardians(source, ids, rows))
    return [PlantedPupil(number, *draft) for number, draft in zip(ids, drafts, strict=True)]


def _accounts(source: random.Random, count: int, created_at: datetime) -> list[dict[str, Any]]:
    """Login names, and hashes of codes that are told to nobody: a teacher prints new cards."""
    taken: set[str] = set()
    rows: list[dict[str, Any]] = []
    while len(rows) < count:
        login_name = new_login_name(source)
        if login_name in taken:
            continue
        taken.add(login_name)
        rows.append(
            {
                "ref": reference(source),
                "login_name": login_name,
                "code_hash": card_hash(login_name, new_card_code(source)),
                "created_at": created_at,
            }
        )
    return rows


def _somebody_else(
    source: random.Random, group: PlantedClass, school_year: int, known: set[tuple[int, str]]
) -> PupilDetails:
    """A name and a birth date that nobody in this school has together."""
    while True:
        first_name, last_name = names.pupil(source)
        # Fourteen in the calendar year in which the school year begins; one in ten is older.
        year = school_year - 14 - (source.random() < 0.1)
        details = PupilDetails(
            last_name=last_name,
            first_name=first_name,
            birth_date=date(year, 1, 1) + timedelta(days=source.randrange(365)),
            needs_access=source.random() < NEEDING_ACCESS,
        )
        key = (group.school.id, identity_of(details))
        if key not in known:
            known.add(key)
            return details


def _home(source: random.Random, group: PlantedClass) -> Commune:
    """Mostly the school's commune, or one near it; for a few, a far one of the territory."""
    ground = group.school.ground
    if ground.remote and source.random() < LIVING_FAR_AWAY:
        return source.choice(ground.remote)
    if source.random() > LIVING_ELSEWHERE:
        return group.school.commune
    around = (*ground.towns, *ground.villages)
    return source.choices(around, [one.population**0.5 + 1 for one in around])[0]


def _interests(source: random.Random) -> tuple[str, ...]:
    """None to four sectors, in the order in which they were ticked."""
    if source.random() > WITH_INTERESTS:
        return ()
    drawn = source.choices(SECTOR_KEYS, _LIKES, k=source.choice((1, 2, 2, 3, 3, 4)))
    return tuple(dict.fromkeys(drawn))


def _guardians(
    source: random.Random, pupil_ids: list[int], rows: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    found = []
    for pupil_id, row in zip(pupil_ids, rows, strict=True):
        if source.random() > WITH_GUARDIANS:
            continue
        for position in range(1, source.choice((2, 2, 3))):
            first_name, _ = names.adult(source)
            found.append(
                {
                    "pupil_id": pupil_id,
                    "position": position,
                    "first_name": first_name,
                    "last_name": row["last_name"],
                    "email": f"famille.{row['ref']}.{position}@example.org",
                    # ARCEP keeps these numbers for fiction.
                    "phone": f"+336399{source.randint(80_000, 89_999)}",
                }
            )
    return found
