"""The table of transitions: every status of every kind has its own row."""

import pytest

from matching.models import statuses
from matching.models.statuses import TRANSITIONS

KINDS = [
    statuses.ApprovalStatus,
    statuses.OfferStatus,
    statuses.ApplicationStatus,
    statuses.PlacementStatus,
    statuses.RunStatus,
]


@pytest.mark.parametrize("kind", KINDS)
def test_every_status_says_what_may_follow_and_only_its_own_kind(kind):
    table = TRANSITIONS[kind]
    assert list(table) == list(kind)
    assert {type(after) for following in table.values() for after in following} <= {kind}


def test_the_same_word_in_two_kinds_keeps_two_rows():
    offer = TRANSITIONS[statuses.OfferStatus][statuses.OfferStatus.SUBMITTED]
    wish = TRANSITIONS[statuses.ApplicationStatus][statuses.ApplicationStatus.SUBMITTED]
    assert statuses.OfferStatus.PUBLISHED in offer
    assert statuses.ApplicationStatus.READ_BY_SCHOOL in wish
    assert offer.isdisjoint(wish)
    assert TRANSITIONS[statuses.PlacementStatus][statuses.PlacementStatus.DONE] == frozenset()
