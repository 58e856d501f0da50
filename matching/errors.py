"""What the services say when a rule of the product forbids something.

RuleBroken            a rule said no; the page shows the sentence of its code
├── Stale             the page was older than the data; reload and look again
└── TooManyAttempts   throttled; wait
"""

from typing import Any


class RuleBroken(Exception):  # noqa: N818 - it is a rule that was broken, not a program
    """A rule of the product said no. Nothing was written.

    ``code`` names the sentence in ``matching/web/messages.py``; ``field`` is the form field
    concerned, if any; the other values fill the sentence.
    """

    def __init__(self, code: str, *, field: str | None = None, **values: Any) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.values = values


class Stale(RuleBroken):
    """What the person saw has changed since."""


class TooManyAttempts(RuleBroken):
    """Wrong codes or passwords too often; the caller must wait."""
