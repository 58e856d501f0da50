"""What typography does, in the language of the page: for the views, and as Jinja filters."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask

from matching import typography
from matching.geography.communes import gazetteer
from matching.i18n import language
from matching.rules.identifiers import display_siret
from matching.rules.phones import display_phone

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
        kwargs.setdefault("language", language())
        return filter_(*args, **kwargs)

    return localized


typo = in_the_page_language(typography.typo)
number = in_the_page_language(typography.number)
km = in_the_page_language(typography.km)
percent = in_the_page_language(typography.percent)
plural = in_the_page_language(typography.plural)
day = in_the_page_language(typography.day)
short_day = in_the_page_language(typography.short_day)
moment = in_the_page_language(typography.moment)
hour = in_the_page_language(typography.hour)
week = in_the_page_language(typography.week)


def init_app(app: Flask) -> None:
    """Give the filters to the templates."""
    for filter_ in (typo, number, km, percent, plural, day, short_day, moment, hour, week):
        app.jinja_env.filters[filter_.__name__] = filter_
    app.jinja_env.filters["commune"] = commune
    app.jinja_env.filters["siret"] = display_siret
    app.jinja_env.filters["phone"] = display_phone
