"""A form that knows which version of a row its page showed."""

from wtforms import HiddenField

from matching.web.forms.base import Form


class VersionedForm(Form):
    """Carries the version of a row, so that a stale page is answered politely."""

    version = HiddenField()

    def seen_version(self) -> int:
        """The version that the page showed; 0, which no row has, when it was tampered with."""
        typed = self.version.data or ""
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0
