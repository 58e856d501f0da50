"""Login cards. Codes are kept as a hash only: a new card is a new code, and the old card dies."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from matching import clock
from matching.database import db, transactional
from matching.errors import RuleBroken, Stale
from matching.models.pupils import Pupil
from matching.models.schools import School
from matching.models.users import User
from matching.services import accounts, schools


@dataclass(frozen=True, slots=True)
class Card:
    """What is printed: the code exists nowhere else."""

    pupil: Pupil
    login_name: str
    code: str


@transactional
def issue(
    user: User, school: School, chosen: Sequence[Pupil], *, seen: datetime | None
) -> list[Card]:
    """New codes for these pupils of the school, in this order; their former cards open no more.

    ``seen`` is ``newest`` as the page of choice showed it. Raises RuleBroken ``cards_none``,
    ``school_closed``, or Stale ``cards_changed`` when some of these pupils got a card since then:
    the second of two clicks, or a colleague at work.
    """
    schools.refuse_closed(school)
    if not chosen:
        raise RuleBroken("cards_none", field="pupils")
    schools.lock(school)
    rows = list(
        db.session.scalars(
            sa.select(Pupil)
            .where(Pupil.id.in_([pupil.id for pupil in chosen]), Pupil.school_id == school.id)
            .order_by(Pupil.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )
    latest = newest(rows)
    if latest is not None and (seen is None or latest > seen):
        raise Stale("cards_changed", field="pupils")
    now = clock.now()
    for pupil in rows:
        pupil.card_issued_at = now
    return [
        Card(pupil, pupil.user.login_name or "", accounts.new_code(pupil.user)) for pupil in chosen
    ]


def newest(pupils: Sequence[Pupil]) -> datetime | None:
    """When the last card of these pupils was made."""
    return max((one.card_issued_at for one in pupils if one.card_issued_at), default=None)
