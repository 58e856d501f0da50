"""Jinja filters: what typography does, in the language of the page."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask
from flask_babel import get_locale

from matching.geography.communes import gazetteer
from matching.rules.identifiers import display_siret
from matching.rules.phones import display_phone
from matching.typography import (
    day,
    hour,
    km,
    moment,
    number,
    percent,
    plural,
    short_day,
    typo,
    week,
)

__all__ = [
    "commune",
    "day",
    "hour",
    "in_the_page_language",
    "init_app",
    "km",
    "moment",
    "number",
    "percent",
    "plural",
    "short_day",
    "typo",
    "week",
]


def commune(code: str) -> str:
    """The name of a commune from its INSEE code; the code when the gazetteer lost it."""
    found = gazetteer().by_code(code)
    return found.name if found else code


def in_the_page_language(filter_: Callable[..., str]) -> Callable[..., str]:
    """The same filter, in the language of the request."""

    @wraps(filter_)
    def localized(*args: Any, **kwargs: Any) -> str:
        locale = get_locale()
        kwargs.setdefault("language", "en" if locale and locale.language == "en" else "fr")
        return filter_(*args, **kwargs)

    return localized


def init_app(app: Flask) -> None:
    """Give the filters to the templates."""
    for filter_ in (typo, number, km, percent, plural, day, short_day, moment, hour, week):
        app.jinja_env.filters[filter_.__name__] = in_the_page_language(filter_)
    app.jinja_env.filters["commune"] = commune
    app.jinja_env.filters["siret"] = display_siret
    app.jinja_env.filters["phone"] = display_phone
