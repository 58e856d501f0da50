"""E-mails are rows: written with the change that they tell, sent afterwards by a job."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matching import clock
from matching.database import Base, UtcDateTime, enum_column, new_reference
from matching.models.users import User


class MailStatus(StrEnum):
    """Where an e-mail is. ``kept``: no mail server is set, the outbox page is all there is."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    KEPT = "kept"


class Mail(Base):
    """One e-mail to one address. Its words may carry a secret link: they go once it is sent."""

    __tablename__ = "mail"
    __table_args__ = (
        sa.Index("ix_mail_status_due_at", "status", "due_at"),
        sa.CheckConstraint(
            "status IN ('sent', 'failed') OR (text IS NOT NULL AND html IS NOT NULL)", name="words"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_reference)
    # The folder of templates/emails that says it.
    name: Mapped[str] = mapped_column(sa.String(40))
    # Nobody, when the address has no account yet.
    user_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("user.id", ondelete="CASCADE"), index=True
    )
    address: Mapped[str] = mapped_column(sa.String(254))
    locale: Mapped[str] = mapped_column(sa.String(5))
    subject: Mapped[str] = mapped_column(sa.String(200))
    text: Mapped[str | None] = mapped_column(sa.Text)
    html: Mapped[str | None] = mapped_column(sa.Text)
    status: Mapped[MailStatus] = mapped_column(enum_column(MailStatus))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now, index=True)
    # Not to be sent, or taken up again, before.
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    # The kind of the last failure; never what the server said, which may quote the address.
    failure: Mapped[str | None] = mapped_column(sa.String(80))

    user: Mapped[User | None] = relationship()
