"""Passwords hashed at their full cost: what the time of an answer and an old hash tell."""

import statistics
import time

from argon2 import PasswordHasher

from matching.services import accounts
from tests.factories import people

PASSWORD = "Trois rabots neufs 7"


def test_a_refusal_takes_as_long_whether_the_account_exists_or_not(session):
    people.adult(email="lou.martin@example.org", password_hash=accounts.hashed(PASSWORD))

    def spent(email: str) -> float:
        start = time.perf_counter()
        accounts.authenticate(email, "certainly wrong")
        return time.perf_counter() - start

    # Alternate, so that a busy machine slows both alike.
    pairs = [(spent("lou.martin@example.org"), spent("nobody@example.org")) for _ in range(5)]
    known, unknown = (statistics.median(times) for times in zip(*pairs, strict=True))
    assert 0.5 < known / unknown < 2
    assert not accounts._hasher.check_needs_rehash(accounts._NOBODY)


def test_an_account_made_with_older_parameters_is_hashed_anew_at_sign_in(session):
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    user = people.adult(email="old@example.org", password_hash=weak)
    assert accounts.authenticate("old@example.org", PASSWORD).id == user.id
    assert user.password_hash != weak
    assert accounts.authenticate("old@example.org", PASSWORD).id == user.id
