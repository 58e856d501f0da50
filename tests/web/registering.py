"""The second half of a registration: the letter is read and its link finished."""

import sqlalchemy as sa

from matching import tasks  # noqa: F401 - the queue finds its jobs there
from matching.database import db
from matching.models.mail import Mail
from matching.services import registrations

PASSWORD = "Trois rabots neufs 7"


def link() -> str:
    """The path of the link in the last letter."""
    registrations.answer_waiting()
    text = db.session.scalars(sa.select(Mail.text).order_by(Mail.id.desc())).first()
    return next(line for line in text.splitlines() if "/confirmer/" in line).partition(":8000")[2]


def finish(client, **changes):
    """Open the link of the last letter, choose the password and accept."""
    return client.post(link(), data={"password": PASSWORD, "accepted": "y"} | changes)
