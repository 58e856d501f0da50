"""The words of e-mails: one folder a kind in ``templates/emails``, in the reader's language.

Each folder holds ``subject.txt``, ``text.txt`` and ``html.html``. Addresses are absolute, on
LETABLI_BASE_URL: an e-mail is not written inside the request of its reader.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import jinja2
from flask_babel import force_locale, gettext, ngettext

from matching import paths
from matching.typography import day, moment, plural, typo

_site = "http://127.0.0.1:8000"


@dataclass(frozen=True, slots=True)
class Letter:
    """What an e-mail says, as plain text and as HTML."""

    subject: str
    text: str
    html: str


def use_site(address: str) -> None:
    """Take the address of this installation, ``https://host`` without a slash at the end."""
    global _site
    _site = address.rstrip("/")


def site() -> str:
    """The address of this installation."""
    return _site


def letter(name: str, locale: str, /, **values: Any) -> Letter:
    """The e-mail ``name`` in this language, "fr" or "en"; needs an application context.

    Raises jinja2.UndefinedError when a value that the templates ask for is missing.
    """
    templates = _templates(locale)
    with force_locale(locale):
        subject, text, html = (
            templates.get_template(f"emails/{name}/{part}").render(
                site=_site, lang=locale, **values
            )
            for part in ("subject.txt", "text.txt", "html.html")
        )
    # A new line in a subject would begin another header.
    return Letter(" ".join(subject.split()), text.strip() + "\n", html)


@cache
def _templates(locale: str) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(paths.TEMPLATES),
        autoescape=jinja2.select_autoescape(("html",)),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_callables(  # type: ignore[attr-defined] # by the extension
        lambda text: typo(gettext(text), locale), ngettext, newstyle=True
    )
    environment.filters["moment"] = lambda value: moment(value, locale)
    environment.filters["day"] = lambda value: day(value, locale)
    environment.filters["plural"] = lambda count, one, many: plural(count, one, many, locale)
    return environment
