"""The e-mail address of an account: proved by a link, changed by another."""

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from matching import clock
from matching.database import db, transactional
from matching.errors import RuleBroken
from matching.models.account_links import AccountLink, LinkPurpose
from matching.models.users import User
from matching.services import account_links, accounts, mail, throttle

PURPOSES = (LinkPurpose.VERIFY_EMAIL, LinkPurpose.CHANGE_EMAIL)


@transactional
def ask_to_verify(user: User) -> None:
    """Send a link to the address of a new account, or once more.

    Raises TooManyAttempts when it was sent too often.
    """
    if user.email is None or user.email_verified_at is not None:
        return
    throttle.refuse(throttle.PROOFS, user.email)
    throttle.count(throttle.PROOFS, user.email)
    link, token = account_links.make(LinkPurpose.VERIFY_EMAIL, user, user.email)
    mail.write("verify_email", user, token=token, until=link.expires_at)


@transactional
def ask_to_change(user: User, email: str) -> None:
    """Send a link to a new address, and a word to the present one, which stays until then.

    An address that serves another account is written to all the same: its reader alone learns it.
    Raises RuleBroken ``email_same`` (field ``email``), or TooManyAttempts.
    """
    email = accounts.clean_email(email)
    if email == user.email:
        raise RuleBroken("email_same", field="email")
    throttle.refuse(throttle.PROOFS, user.email or "")
    throttle.count(throttle.PROOFS, user.email or "")
    link, token = account_links.make(LinkPurpose.CHANGE_EMAIL, user, email)
    mail.write_to_address(
        "new_email",
        email,
        user.locale,
        user,
        first_name=user.first_name,
        token=token,
        until=link.expires_at,
    )
    mail.write("email_changing", user)


def waiting(user: User) -> str | None:
    """The new address that waits for its proof, if any."""
    return db.session.scalar(
        sa.select(AccountLink.address).where(
            AccountLink.user_id == user.id,
            AccountLink.purpose == LinkPurpose.CHANGE_EMAIL,
            AccountLink.used_at.is_(None),
            AccountLink.expires_at > clock.now(),
        )
    )


def proved_by(token: str) -> str | None:
    """The address that this link proves, while it may serve."""
    link = account_links.find(token, *PURPOSES)
    return link.address if link else None


@transactional
def prove(token: str) -> User:
    """The reader of the address pressed the button: it is his, and the account's from now on.

    Raises RuleBroken ``link_dead``, or ``email_of_another`` when the new address has got an
    account of its own.
    """
    link = account_links.find(token, *PURPOSES)
    if link is None or link.user is None:
        raise RuleBroken("link_dead")
    user = link.user
    if link.purpose is LinkPurpose.CHANGE_EMAIL:
        _change(user, link.address)
    elif user.email != link.address:
        raise RuleBroken("link_dead")
    link.used_at = user.email_verified_at = clock.now()
    return user


def _change(user: User, address: str) -> None:
    former = user.email or ""
    if db.session.scalar(sa.select(User.id).where(User.email == address, User.id != user.id)):
        raise RuleBroken("email_of_another")
    user.email = address
    try:
        db.session.flush()
    except IntegrityError:  # somebody registers with it at this very moment
        raise RuleBroken("email_of_another") from None
    mail.write_to_address("email_changed", former, user.locale, user, first_name=user.first_name)
