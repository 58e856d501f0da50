"""Sessions are rows: they can be listed, and ended from elsewhere."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from matching import clock
from matching.database import db, transactional
from matching.models.sign_ins import SignIn
from matching.models.users import User
from matching.queries import sign_ins

LAST = timedelta(days=30)


@transactional
def start(user: User, device: str) -> SignIn:
    """Open a session for this person, who has just proved who he is."""
    user.last_seen_at, user.end_told_at = clock.now(), None
    row = SignIn(user_id=user.id, device=device[:60])
    db.session.add(row)
    db.session.flush()
    return row


def person(user_ref: str, sign_in_ref: str) -> User | None:
    """Whose session this is, while it is open."""
    return db.session.scalar(sign_ins.person_of(user_ref, sign_in_ref, oldest()))


@transactional
def end(user: User, ref: str) -> bool:
    """Close one session of this person; False when it was closed already, or is another's."""
    return _end(SignIn.user_id == user.id, SignIn.ref == ref)


@transactional
def end_all(user: User, *, but: str = "") -> None:
    """Close the sessions of this person, but the one named."""
    _end(SignIn.user_id == user.id, SignIn.ref != but)


@transactional
def forget_old() -> None:
    """Sessions that can open nothing any more."""
    db.session.execute(sa.delete(SignIn).where(SignIn.created_at <= oldest()))


def oldest() -> datetime:
    """Sessions begun before have run out."""
    return clock.now() - LAST


def _end(*which: sa.ColumnElement[bool]) -> bool:
    ended = db.session.execute(
        sa.update(SignIn)
        .where(*which, SignIn.ended_at.is_(None))
        .values(ended_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    return bool(ended.rowcount)  # type: ignore[attr-defined] # an update has one
