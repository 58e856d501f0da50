"""A pupil's wishes, as the pupil sees them. The adults' side is in ``queries.pupils``."""

import sqlalchemy as sa
from sqlalchemy import Select
from sqlalchemy.orm import joinedload

from matching.models.applications import Application
from matching.models.companies import Site
from matching.models.offers import Offer
from matching.models.pupils import Pupil
from matching.models.statuses import LIVE_APPLICATIONS
from matching.models.users import User


def visible_to(user: User) -> Select[Application]:
    """Every wish of this pupil, whatever became of it, the preferred first."""
    return (
        sa.select(Application)
        .join(Pupil, Pupil.id == Application.pupil_id)
        .where(Pupil.user_id == user.id)
        .order_by(Application.rank, Application.id)
        .options(joinedload(Application.offer).joinedload(Offer.site).joinedload(Site.company))
    )


def live(pupil: Pupil) -> Select[Application]:
    """The wishes that count, in the order in which they are ranked."""
    return (
        sa.select(Application)
        .where(Application.pupil_id == pupil.id, Application.status.in_(LIVE_APPLICATIONS))
        .order_by(Application.rank, Application.id)
        .options(joinedload(Application.offer).joinedload(Offer.site).joinedload(Site.company))
    )
