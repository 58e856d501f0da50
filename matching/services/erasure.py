"""What the privacy notices promise to forget, and when."""

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa

from matching import clock
from matching.database import db, transactional
from matching.models.events import Event
from matching.models.imports import ImportPreview, PupilImport
from matching.models.offers import Offer
from matching.models.placements import Placement
from matching.models.pupils import Pupil
from matching.models.users import User

LAST_DAY = (8, 31)  # month and day of the end of a school year's data
JOURNAL_KEPT = timedelta(days=365)
TUTORS_KEPT = 2  # school years after that of the offer
AT_ONCE = 500  # numbers in one statement


@transactional
def erase_ended_years() -> int:
    """Delete the pupils of the school years that have ended, with their guardians and accounts.

    From 31 August on nothing of them is left but placements that count: territory, distance, rank,
    no person (GDPR art. 5-1-e). Returns how many pupils were deleted.
    """
    year = clock.school_year()
    today = clock.today()
    last = year if (today.month, today.day) == LAST_DAY else year - 1
    gone = sa.select(Pupil.id).where(Pupil.school_year <= last)
    accounts = db.session.scalars(sa.select(Pupil.user_id).where(Pupil.school_year <= last)).all()
    db.session.execute(
        sa.update(Placement)
        .where(Placement.pupil_id.in_(gone))
        .values(ended_words="", school_answered_by_id=None, host_answered_by_id=None)
    )
    for model in (ImportPreview, PupilImport):
        db.session.execute(sa.delete(model).where(model.school_year <= last))
    db.session.execute(sa.delete(Pupil).where(Pupil.school_year <= last))
    for first in range(0, len(accounts), AT_ONCE):
        _delete_accounts(accounts[first : first + AT_ONCE])
    return len(accounts)


@transactional
def forget_tutors() -> None:
    """The person named in an offer is forgotten two years after its school year."""
    db.session.execute(
        sa.update(Offer)
        .where(Offer.school_year < clock.school_year() - TUTORS_KEPT, Offer.tutor_name != "")
        .values(tutor_name="")
    )


@transactional
def forget_old_events() -> None:
    """The journal of changes is kept for a year."""
    db.session.execute(sa.delete(Event).where(Event.at < clock.now() - JOURNAL_KEPT))


def _delete_accounts(ids: Sequence[int]) -> None:
    db.session.execute(sa.update(Event).where(Event.actor_id.in_(ids)).values(actor_id=None))
    db.session.execute(
        sa.update(Placement)
        .where(Placement.pupil_answered_by_id.in_(ids))
        .values(pupil_answered_by_id=None)
    )
    db.session.execute(sa.delete(User).where(User.id.in_(ids)))
