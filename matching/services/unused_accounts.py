"""Adults who have not signed in for two years: warned a month before, then forgotten.

The privacy notice promises it (reference: GDPR art. 5-1-e). A row without a name or an address
stays, for what the person signed, accepted or decided is held by others too.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from matching import clock
from matching.database import db, transactional
from matching.models.account_links import AccountLink
from matching.models.companies import Company
from matching.models.imports import ImportPreview
from matching.models.invitations import Invitation
from matching.models.mail import Mail
from matching.models.schools import ClassGroup
from matching.models.sign_ins import SignIn
from matching.models.users import Membership, User
from matching.services import accounts, mail, two_factor

KEPT = timedelta(days=730)
TOLD_BEFORE = timedelta(days=30)
AT_ONCE = 50  # people in one transaction; the next minute takes the next


@transactional
def warn() -> int:
    """Write to those who have a month left to sign in; how many."""
    now = clock.now()
    told = 0
    for user in _unused(now - KEPT + TOLD_BEFORE, User.end_told_at.is_(None)):
        user.end_told_at = now
        if user.is_active:
            mail.write(
                "account_ending", user, until=max(now + TOLD_BEFORE, user.last_seen_at + KEPT)
            )
        told += 1
    return told


@transactional
def erase() -> int:
    """Forget those who were warned a month ago and have not come; how many."""
    now = clock.now()
    gone = 0
    for user in _unused(now - KEPT, User.end_told_at <= now - TOLD_BEFORE):
        _erase(user)
        gone += 1
    return gone


def _unused(seen_before: datetime, which: sa.ColumnElement[bool]) -> Sequence[User]:
    return db.session.scalars(
        sa.select(User)
        .where(
            User.email.is_not(None),
            User.erased_at.is_(None),
            User.last_seen_at <= seen_before,
            which,
        )
        .order_by(User.last_seen_at, User.id)
        .limit(AT_ONCE)
        .with_for_update()
    ).all()


def _erase(user: User) -> None:
    now = clock.now()
    nobody = f"{user.ref}@erased.invalid"
    for table in (SignIn, AccountLink, Mail):
        db.session.execute(sa.delete(table).where(table.user_id == user.id))
    db.session.execute(sa.delete(Mail).where(Mail.address == user.email))
    db.session.execute(sa.delete(ImportPreview).where(ImportPreview.owner_id == user.id))
    db.session.execute(
        sa.update(Invitation).where(Invitation.email == user.email).values(email=nobody)
    )
    db.session.execute(
        sa.update(Membership)
        .where(Membership.user_id == user.id, Membership.ended_at.is_(None))
        .values(ended_at=now)
    )
    db.session.execute(
        sa.update(ClassGroup)
        .where(ClassGroup.class_teacher_id == user.id)
        .values(class_teacher_id=None)
    )
    # The note of the call that vetted a host may name the person.
    db.session.execute(
        sa.update(Company).where(Company.vetted_user_id == user.id).values(vetted_words="")
    )
    two_factor.forget(user)
    user.email, user.password_hash = nobody, accounts.hashed(secrets.token_urlsafe(24))
    user.first_name = user.last_name = ""
    user.phone = user.email_verified_at = None
    user.blocked_at = user.erased_at = now
