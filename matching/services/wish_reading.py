"""The school reads the wishes of a pupil, and says so."""

from collections.abc import Collection

import sqlalchemy as sa

from matching.database import db, transactional
from matching.errors import Stale
from matching.models import events
from matching.models.applications import Application
from matching.models.pupils import Pupil
from matching.models.statuses import ApplicationStatus
from matching.models.users import User


@transactional
def mark_read(user: User, pupil: Pupil, *, seen: Collection[str]) -> int:
    """Mark as read the wishes whose references the page showed; return how many were not yet.

    Raises Stale ``wishes_read_changed`` when the pupil has sent others meanwhile: nobody may mark
    as read what he has not seen. A second click marks nothing more.
    """
    waiting = db.session.scalars(
        sa.select(Application)
        .where(Application.pupil_id == pupil.id, Application.status == ApplicationStatus.SUBMITTED)
        .order_by(Application.rank, Application.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    if any(wish.ref not in seen for wish in waiting):
        raise Stale("wishes_read_changed")
    for wish in waiting:
        events.move(wish, ApplicationStatus.READ_BY_SCHOOL, actor_id=user.id)
    return len(waiting)
