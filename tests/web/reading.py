"""What tests type into a page, and what they read in it and in a row after a request."""

import re

import sqlalchemy as sa

from matching.database import db
from matching.models.events import Event
from matching.models.pupils import Pupil

HOSTILE = "<script>alert(1)</script>'\"\x00\x07 %s {{ 7*7 }} \u202e"


def now(row):
    """The row as the last request left it."""
    db.session.refresh(row)
    return row


def how_many_pupils(session) -> int:
    """Of every school."""
    return session.scalar(sa.select(sa.func.count()).select_from(Pupil))


def how_many_events(session) -> int:
    """Changes on record."""
    return session.scalar(sa.select(sa.func.count()).select_from(Event))


def last_event(session) -> Event:
    """The change that was recorded last."""
    return session.scalars(sa.select(Event).order_by(Event.id.desc()).limit(1)).one()


def forms(page: str, path: str) -> list[tuple[str, dict[str, str]]]:
    """(address, hidden fields) of each form whose address ends so: what a press would send."""
    found = re.findall(rf'<form[^>]*action="([^"]*{path})"[^>]*>(.*?)</form>', page, re.DOTALL)
    fields = r'<input type="hidden" name="(\w+)" value="([^"]*)"'
    return [(address, dict(re.findall(fields, inside))) for address, inside in found]


def hidden(page: str, name: str) -> str:
    """The value that a field of the page came with."""
    return re.search(rf'name="{name}"[^>]*value="([^"]+)"', page)[1]
