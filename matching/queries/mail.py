"""E-mails, as those who may read them see them."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Select

from matching.models.mail import Mail, MailStatus
from matching.models.users import User


def everything() -> Select[Mail]:
    """Every e-mail, the newest first."""
    return sa.select(Mail).order_by(Mail.created_at.desc(), Mail.id.desc())


def addressed_to(user: User) -> Select[Mail]:
    """The e-mails to this person, the newest first."""
    return everything().where(Mail.user_id == user.id)


def due(now: datetime) -> Select[int]:
    """Numbers of the e-mails to send now: those that wait, and those whose sender died."""
    return (
        sa.select(Mail.id)
        .where(Mail.status.in_((MailStatus.WAITING, MailStatus.SENDING)), Mail.due_at <= now)
        .order_by(Mail.due_at, Mail.id)
    )


def still_here(user: User, name: str, since: datetime) -> Select[Mail]:
    """An e-mail of this kind to this person that has not left yet, if it is recent."""
    return (
        addressed_to(user)
        .where(
            Mail.name == name,
            Mail.status.in_((MailStatus.WAITING, MailStatus.KEPT)),
            Mail.created_at > since,
        )
        .limit(1)
    )
