"""What the matcher is asked is what the tables say."""

import sqlalchemy as sa

from matching.models.schools import PlacementWindow
from matching.queries.matching_input import matching_input
from tests.factories import campaigns, people, places


def of_days(session, days: str):
    """A pupil whose school lets him go on these days only."""
    pupil = people.pupil(places.class_group())
    session.execute(
        sa.update(PlacementWindow)
        .where(PlacementWindow.school_id == pupil.school_id)
        .values(weekdays=days)
    )
    session.commit()
    return pupil


def test_a_pupil_and_an_offer_with_fewer_than_three_days_in_common_never_meet(session) -> None:
    first, last = of_days(session, "1234"), of_days(session, "345")
    offers = {days: places.offer(weekdays=days) for days in ("123", "2345", "345", "12345")}
    of = campaigns.campaign()
    given = matching_input(session, of)
    refused = given.problem.refused
    pairs = {
        (given.pupil_ids[pupil], given.slots[slot].offer_id)
        for pupil, slot in zip(refused.pupil.tolist(), refused.slot.tolist(), strict=True)
    }
    assert pairs == {(first.id, offers["345"].id), (last.id, offers["123"].id)}
