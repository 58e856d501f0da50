"""Language of a page: the account's, else the session's, else French."""

from flask import session
from flask_login import current_user

LANGUAGES = ("fr", "en")


def chosen_locale() -> str:
    """The language in which to answer this request."""
    if current_user and current_user.is_authenticated and current_user.locale in LANGUAGES:
        return str(current_user.locale)
    kept = session.get("locale")
    return kept if kept in LANGUAGES else "fr"
