"""Attempts are counted in a table: the count holds across processes and machines."""

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from matching import clock
from matching.database import db, transactional
from matching.errors import TooManyAttempts
from matching.keyed_hash import keyed_hash
from matching.models.sign_ins import Attempt


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many attempts within a time, for each account or address."""

    name: str
    most: int
    within: timedelta


# CNIL, délibération 2022-100: 50 bits are enough for a password once failures are throttled.
PASSWORD = Limit("password", 10, timedelta(minutes=15))
CARD = Limit("card", 10, timedelta(minutes=15))
SECOND_CODE = Limit("second_code", 10, timedelta(minutes=15))
# Generous: the thirty phones of a class share one address.
ADDRESS = Limit("address", 100, timedelta(minutes=15))
LINKS = Limit("links", 5, timedelta(hours=1))
PROOFS = Limit("proofs", 5, timedelta(hours=1))
LINKS_OF_ADDRESS = Limit("links_of_address", 30, timedelta(hours=1))
REGISTRATIONS = Limit("registrations", 60, timedelta(hours=1))
REGISTRATIONS_OF_EMAIL = Limit("registrations_of_email", 5, timedelta(hours=1))
INVITATIONS = Limit("invitations", 50, timedelta(days=1))

LONGEST = timedelta(days=1)


def refuse(limit: Limit, who: str) -> None:
    """Raise TooManyAttempts (``too_many_attempts``, value ``minutes``) while too many are fresh."""
    now = clock.now()
    fresh = db.session.scalars(
        sa.select(Attempt.at)
        .where(Attempt.key == _key(limit, who), Attempt.at > now - limit.within)
        .order_by(Attempt.at.desc())
        .limit(limit.most)
    ).all()
    if len(fresh) >= limit.most:
        wait = fresh[-1] + limit.within - now
        raise TooManyAttempts("too_many_attempts", minutes=int(wait.total_seconds() // 60) + 1)


@transactional
def count(limit: Limit, who: str) -> None:
    """Write one attempt down; those that no longer count are forgotten."""
    now = clock.now()
    key = _key(limit, who)
    db.session.execute(
        sa.delete(Attempt).where(Attempt.key == key, Attempt.at <= now - limit.within)
    )
    db.session.add(Attempt(key=key, at=now))


@transactional
def forget_old() -> None:
    """Attempts that count nowhere any more."""
    db.session.execute(sa.delete(Attempt).where(Attempt.at <= clock.now() - LONGEST))


def _key(limit: Limit, who: str) -> str:
    return keyed_hash("throttle", limit.name, who)
