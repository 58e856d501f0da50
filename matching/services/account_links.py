"""Links that serve once: made, found, spent. The secret part is told only when it is made."""

import secrets
from datetime import timedelta

import sqlalchemy as sa

from matching import clock
from matching.database import db, transactional
from matching.keyed_hash import keyed_hash
from matching.models.account_links import AccountLink, LinkPurpose
from matching.models.users import User

LAST = {
    LinkPurpose.NEW_PASSWORD: timedelta(hours=1),
    LinkPurpose.VERIFY_EMAIL: timedelta(days=3),
    LinkPurpose.CHANGE_EMAIL: timedelta(days=1),
}


def new_token() -> str:
    """The secret part of a link, 192 bits."""
    return secrets.token_urlsafe(24)


def token_hash(token: str) -> str:
    """What is kept of it. It is long and random, so a fast keyed hash is enough."""
    return keyed_hash("link", token)


@transactional
def make(purpose: LinkPurpose, user: User, address: str) -> tuple[AccountLink, str]:
    """A link of this person and its secret part; an earlier one for the same purpose dies."""
    drop(user, purpose)
    token = new_token()
    row = AccountLink(
        purpose=purpose,
        user=user,
        token_hash=token_hash(token),
        address=address,
        expires_at=clock.now() + LAST[purpose],
    )
    db.session.add(row)
    db.session.flush()
    return row, token


def find(token: str, *purposes: LinkPurpose) -> AccountLink | None:
    """The link with this secret part, if it may still serve."""
    return db.session.scalar(
        sa.select(AccountLink)
        .join(User, User.id == AccountLink.user_id)
        .where(
            AccountLink.token_hash == token_hash(token),
            AccountLink.purpose.in_(purposes),
            AccountLink.used_at.is_(None),
            AccountLink.expires_at > clock.now(),
            User.blocked_at.is_(None),
        )
        .with_for_update(of=AccountLink)
    )


@transactional
def drop(user: User, *purposes: LinkPurpose) -> None:
    """The links of this person that wait, for these purposes or for any, serve no more."""
    db.session.execute(
        sa.delete(AccountLink).where(
            AccountLink.user_id == user.id,
            AccountLink.purpose.in_(purposes or tuple(LinkPurpose)),
            AccountLink.used_at.is_(None),
        )
    )


@transactional
def forget_old() -> None:
    """Links that can serve no more."""
    db.session.execute(sa.delete(AccountLink).where(AccountLink.expires_at <= clock.now()))
