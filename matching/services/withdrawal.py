"""Where nobody meets a minor any more, nothing may wait for an answer: proposals are taken back.

A confirmed placement is an agreement between people: the coordinators see it, and decide.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from matching.database import db, transactional
from matching.models import events
from matching.models.companies import Company, Site
from matching.models.placements import Party, Placement
from matching.models.schools import School
from matching.models.statuses import PlacementStatus
from matching.models.users import User
from matching.queries import placements
from matching.services import notices


def hold_proposals(party: School | Company | Site) -> Sequence[Placement]:
    """The proposals of its pupils or seats that wait for an answer, held before ``party`` is.

    Whoever answers holds the placement first, then the company: so does whoever blocks.
    """
    return db.session.scalars(
        sa.select(Placement)
        .where(placements.of_party(party), Placement.status == PlacementStatus.PROPOSED)
        .order_by(Placement.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


@transactional
def withdraw_proposals(actor: User, party: School | Company | Site) -> int:
    """End them and free their seats; those who had read them are told. How many there were."""
    reason = f"{party.__tablename__}_blocked"
    ended = hold_proposals(party)
    for one in ended:
        one.version += 1
        one.ended_by, one.ended_reason = Party.COORDINATOR, reason
        events.move(one, PlacementStatus.CANCELLED, actor_id=actor.id, why=reason)
    if isinstance(party, School):
        notices.hosts_lose_proposals([one for one in ended if one.school_answer])
    else:
        notices.schools_lose_proposals(ended)
    return len(ended)
