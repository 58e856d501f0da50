"""Language of a page: the account's, else the session's, else French; and its catalogue.

French is the source. English is read from its catalogue, ``messages.po``, once per process.
"""

from functools import cache
from io import BytesIO

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import has_request_context, session
from flask_babel import Babel, Domain, get_locale
from flask_login import current_user

from matching.paths import PACKAGE

LANGUAGES = {"fr": "Français", "en": "English"}
CATALOGUE = PACKAGE / "translations" / "en" / "LC_MESSAGES" / "messages.po"


def chosen_locale() -> str:
    """The language in which to answer this request."""
    if current_user and current_user.is_authenticated and current_user.locale in LANGUAGES:
        return str(current_user.locale)
    kept = session.get("locale") if has_request_context() else None
    return kept if kept in LANGUAGES else "fr"


def language() -> str:
    """The language of what is being written, "fr" or "en"; French outside a request."""
    locale = get_locale()
    return "en" if locale and locale.language == "en" else "fr"


class French(NullTranslations):
    """The words of the sources; none and one are singular."""

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """One of the two forms, for this number."""
        return msgid1 if abs(n) < 2 else msgid2

    ungettext = ngettext


@cache
def english() -> Translations:
    """The English catalogue."""
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="en")
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)


class Catalogues(Domain):  # type: ignore[misc] # Flask-Babel has no types
    """What gettext looks into."""

    def get_translations(self) -> NullTranslations:
        """The catalogue of the language of the page."""
        return english() if language() == "en" else French()


class Languages(Babel):  # type: ignore[misc] # same
    """Flask-Babel with these catalogues."""

    domain_instance = Catalogues()
