"""E-mails: written in the transaction of what they tell, sent by a job that only knows a number.

Without a mail server the rows stay ``kept``, to be read on the outbox page.
"""

import smtplib
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol

import sqlalchemy as sa

from matching import clock
from matching.database import db, on_commit, transactional
from matching.jobs import queue
from matching.letters import letter
from matching.models.mail import Mail, MailStatus
from matching.models.users import User
from matching.queries import mail as mails

MOST_ATTEMPTS = 10  # with ever longer waits: seventeen hours in all
SENDER_MAY_TAKE = timedelta(minutes=10)
ROWS_LAST = timedelta(days=90)


class Transport(Protocol):
    """What carries an e-mail away: ``smtp.SmtpServer``, or a list in tests."""

    def send(self, address: str, subject: str, text: str, html: str) -> None:
        """Raises OSError when it could not."""


_transport: Transport | None = None


def use_transport(transport: Transport | None) -> None:
    """Choose how e-mails leave; None: they do not, the outbox page shows them."""
    global _transport
    _transport = transport


@transactional
def write(name: str, user: User, *, wait: timedelta = timedelta(0), **values: Any) -> Mail:
    """Write the e-mail ``name`` to an adult, in this adult's language."""
    if user.email is None:
        raise ValueError("pupils have no e-mail address")
    return _write(
        name, user.email, user.locale, user, wait, {"first_name": user.first_name} | values
    )


@transactional
def write_to_address(
    name: str, address: str, locale: str, user: User | None = None, **values: Any
) -> Mail:
    """Write to an address that is not, or not yet, the one of an account."""
    return _write(name, address, locale, user, timedelta(0), {"first_name": ""} | values)


def _write(
    name: str,
    address: str,
    locale: str,
    user: User | None,
    wait: timedelta,
    values: dict[str, Any],
) -> Mail:
    words = letter(name, locale, **values)
    row = Mail(
        name=name,
        user=user,
        address=address,
        locale=locale,
        subject=words.subject[:200],
        text=words.text,
        html=words.html,
        status=MailStatus.KEPT if _transport is None else MailStatus.WAITING,
        due_at=clock.now() + wait,
    )
    db.session.add(row)
    db.session.flush()
    if _transport is not None and not wait:
        on_commit(partial(queue.enqueue, "send_mail", row.id))
    return row


def send(mail_id: int) -> None:
    """Send one e-mail, if it is due and nobody else is at it."""
    # The network is waited for outside of any transaction.
    if _transport is None:
        return
    taken = _take(mail_id)
    if taken is None:
        return
    try:
        _transport.send(*taken)
    except OSError as error:
        _failed(mail_id, error)
    else:
        _sent(mail_id)


def send_due() -> None:
    """Send what waits: e-mails that were to be gathered first, or whose job was lost."""
    if _transport is not None:
        for mail_id in db.session.scalars(mails.due(clock.now())).all():
            send(mail_id)


@transactional
def forget_old() -> None:
    """Rows are not kept longer than a season."""
    db.session.execute(sa.delete(Mail).where(Mail.created_at < clock.now() - ROWS_LAST))


@transactional
def _take(mail_id: int) -> tuple[str, str, str, str] | None:
    """Mark the row as being sent; address, subject, text and HTML, or None when it is not ours."""
    now = clock.now()
    mine = db.session.execute(
        sa.update(Mail)
        .where(Mail.id == mail_id, Mail.id.in_(mails.due(now).order_by(None)))
        .values(status=MailStatus.SENDING, attempts=Mail.attempts + 1, due_at=now + SENDER_MAY_TAKE)
        .execution_options(synchronize_session=False)
    )
    if not mine.rowcount:  # type: ignore[attr-defined] # an update has one
        return None
    row = db.session.get_one(Mail, mail_id, populate_existing=True)
    return row.address, row.subject, row.text or "", row.html or ""


@transactional
def _sent(mail_id: int) -> None:
    row = db.session.get_one(Mail, mail_id)
    row.status, row.sent_at, row.failure = MailStatus.SENT, clock.now(), None
    row.text = row.html = None


@transactional
def _failed(mail_id: int, error: OSError) -> None:
    row = db.session.get_one(Mail, mail_id)
    row.failure = type(error).__name__
    if row.attempts >= MOST_ATTEMPTS or _is_final(error):
        row.status = MailStatus.FAILED
        row.text = row.html = None
    else:
        row.status, row.due_at = MailStatus.WAITING, _next_try(row.attempts)


def _next_try(attempts: int) -> datetime:
    return clock.now() + timedelta(minutes=2**attempts)


def _is_final(error: OSError) -> bool:
    """Did the server refuse this very address for good?"""
    if not isinstance(error, smtplib.SMTPRecipientsRefused):
        return False
    return all(code >= 500 for code, _words in error.recipients.values())
