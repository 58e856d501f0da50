"""A password that was forgotten or is to change.

What is asked for an address is written down and looked up by a job: the page answers the same, in
the same time, whether an account has this address or not.
"""

from functools import partial

import sqlalchemy as sa

from matching import clock
from matching.database import db, on_commit, transactional
from matching.errors import RuleBroken, TooManyAttempts
from matching.jobs import queue
from matching.models.account_links import AccountLink, LinkPurpose
from matching.models.users import User
from matching.rules.passwords import password_problem
from matching.services import account_links, accounts, mail, sign_ins, throttle


@transactional
def ask_new(email: str, *, address: str) -> None:
    """Somebody at this network address has forgotten the password of ``email``.

    Raises TooManyAttempts when this network address asks too often. For one e-mail address, what
    is asked too often is answered the same and not followed.
    """
    throttle.refuse(throttle.LINKS_OF_ADDRESS, address)
    throttle.count(throttle.LINKS_OF_ADDRESS, address)
    email = accounts.clean_email(email)
    try:
        throttle.refuse(throttle.LINKS, email)
    except TooManyAttempts:
        return
    throttle.count(throttle.LINKS, email)
    purpose = LinkPurpose.NEW_PASSWORD
    row = AccountLink(
        purpose=purpose, address=email, expires_at=clock.now() + account_links.LAST[purpose]
    )
    db.session.add(row)
    db.session.flush()
    on_commit(partial(queue.enqueue, "answer_forgotten_password", row.id))


@transactional
def answer(link_id: int) -> None:
    """Look up what was asked: write to the person, or forget it. Answering twice is the same."""
    asked = db.session.get(AccountLink, link_id, with_for_update=True)
    if asked is None or asked.token_hash is not None:
        return
    user = db.session.scalar(
        sa.select(User).where(User.email == asked.address, User.blocked_at.is_(None))
    )
    db.session.delete(asked)
    if user is not None and user.email is not None:
        link, token = account_links.make(LinkPurpose.NEW_PASSWORD, user, user.email)
        mail.write("new_password", user, token=token, until=link.expires_at)


@transactional
def answer_waiting() -> None:
    """Answer what a lost job left."""
    waiting = sa.select(AccountLink.id).where(AccountLink.token_hash.is_(None))
    for link_id in db.session.scalars(waiting.order_by(AccountLink.id)).all():
        answer(link_id)


def owner(token: str) -> User | None:
    """Whose password this link may change."""
    link = account_links.find(token, LinkPurpose.NEW_PASSWORD)
    return link.user if link else None


@transactional
def choose(token: str, password: str) -> User:
    """Set the password of the link's owner, who reads the address. Every session ends.

    Raises RuleBroken ``link_dead``, or a code of ``rules.passwords`` (field ``password``).
    """
    link = account_links.find(token, LinkPurpose.NEW_PASSWORD)
    if link is None or link.user is None:
        raise RuleBroken("link_dead")
    user = link.user
    _set(user, password)
    link.used_at = clock.now()
    # Whoever has the mailbox has the account: no other link of before may undo this.
    account_links.drop(user)
    if user.email == link.address and user.email_verified_at is None:
        user.email_verified_at = clock.now()
    sign_ins.end_all(user)
    return user


@transactional
def change(user: User, password: str, *, keep: str) -> None:
    """Change one's own password; the other sessions end, ``keep`` goes on.

    Raises RuleBroken: a code of ``rules.passwords`` (field ``password``).
    """
    _set(user, password)
    account_links.drop(user)
    sign_ins.end_all(user, but=keep)


def _set(user: User, password: str) -> None:
    if problem := password_problem(password, user.email or ""):
        raise RuleBroken(problem, field="password")
    user.password_hash = accounts.hashed(password)
    mail.write("password_changed", user)
