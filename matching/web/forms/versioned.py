"""A form that knows which version of a row its page showed."""

import re

from wtforms import HiddenField

from matching.web.forms.base import Form


class VersionedForm(Form):
    """Carries the version of a row, so that a stale page is answered politely."""

    version = HiddenField()

    def seen_version(self) -> int:
        """The version that the page showed; 0, which no row has, when it was tampered with."""
        return number_shown(self.version.data) or 0


def number_shown(text: str | None) -> int | None:
    """A number that the page itself carried; None when it was tampered with."""
    return int(text) if text and re.fullmatch("[0-9]{1,9}", text) else None
