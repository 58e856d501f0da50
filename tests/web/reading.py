"""What tests read in a page, and in a row after a request."""

import re

from matching.database import db


def now(row):
    """The row as the last request left it."""
    db.session.refresh(row)
    return row


def forms(page: str, path: str) -> list[tuple[str, dict[str, str]]]:
    """(address, hidden fields) of each form whose address ends so: what a press would send."""
    found = re.findall(rf'<form[^>]*action="([^"]*{path})"[^>]*>(.*?)</form>', page, re.DOTALL)
    fields = r'<input type="hidden" name="(\w+)" value="([^"]*)"'
    return [(address, dict(re.findall(fields, inside))) for address, inside in found]
