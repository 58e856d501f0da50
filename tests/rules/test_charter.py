"""The ten promises of the quality charter."""

import pytest

from matching.rules import charter


def test_there_are_ten_promises_with_their_own_keys() -> None:
    assert len(set(charter.CRITERION_KEYS)) == charter.MAX_SCORE == 10


def test_each_promise_counts_once() -> None:
    assert charter.score([]) == 0
    assert charter.score(["tutor", "safety", "tutor"]) == 2
    assert charter.score(charter.CRITERION_KEYS) == 10


def test_a_promise_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="free_lunch"):
        charter.score(["tutor", "free_lunch"])


def test_what_is_missing_follows_the_order_of_the_charter() -> None:
    kept = set(charter.CRITERION_KEYS) - {"open_to_all", "tutor"}
    assert [criterion.key for criterion in charter.missing(kept)] == ["tutor", "open_to_all"]
