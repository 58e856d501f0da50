"""The sectors that draw a pupil."""

import pytest

from matching.errors import RuleBroken
from matching.rules.sectors import SECTOR_KEYS
from matching.services import interests
from tests.factories import people, places


def test_interests_are_kept_in_the_order_in_which_they_were_ticked(session):
    pupil = people.pupil(places.class_group())
    interests.choose(pupil.user, pupil, sectors=["wood", "metal", "wood"])
    session.refresh(pupil)
    assert pupil.interests == ["wood", "metal"]
    interests.choose(pupil.user, pupil, sectors=[])
    assert pupil.interests == []


@pytest.mark.parametrize(
    ("sectors", "code"),
    [(SECTOR_KEYS[:6], "interests_too_many"), (["wood", "piracy"], "sector_unknown")],
)
def test_too_many_or_unknown_sectors_change_nothing(session, sectors, code):
    pupil = people.pupil(places.class_group(), interests=["wood"])
    with pytest.raises(RuleBroken) as refused:
        interests.choose(pupil.user, pupil, sectors=sectors)
    assert (refused.value.code, refused.value.field) == (code, "sectors")
    session.refresh(pupil)
    assert pupil.interests == ["wood"]
