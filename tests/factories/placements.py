"""Pupils who hold a seat."""

from matching.database import db
from matching.models.placements import Origin, Placement
from matching.models.statuses import PlacementStatus
from tests.factories import people, places


def placement(seat, *, pupil=None, **values) -> Placement:
    """A proposal of this seat, nobody having answered; the pupil is new unless given."""
    row = Placement(
        pupil=pupil or people.pupil(places.class_group()),
        seat=seat,
        origin=values.pop("origin", Origin.RUN),
        status=values.pop("status", PlacementStatus.PROPOSED),
        week=values.pop("week", seat.week or places.WEEK),
        reason=values.pop("reason", "lottery"),
        **values,
    )
    db.session.add(row)
    db.session.commit()
    return row
