"""A rule said no: the sentence goes next to the field that it is about."""

from collections.abc import Mapping
from typing import Any

from matching.errors import RuleBroken
from matching.web import filters
from matching.web.forms.base import Form
from matching.web.forms.commune import CommuneForm
from matching.web.messages import sentence


def explain(form: Form, error: RuleBroken) -> None:
    """Write on the form what ``error`` says; homonyms of a commune become a choice.

    The value ``problems``, (field, code) pairs, tells of several things at once.
    """
    for field, code in error.values.get("problems", [(error.field, error.code)]):
        form.add_error(field, sentence(code, **in_words(error.values)))
    if isinstance(form, CommuneForm):
        form.offer_choice(error)


def in_words(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of an error, weeks as people say them; ``when`` puts one into brackets."""
    told = dict(values)
    if "weeks" in values:
        told["weeks"] = ", ".join(week_words(week) for week in values["weeks"])
    week = values.get("week")
    told["when"] = f" ({week_words(week)})" if week else ""
    if week:
        told["week"] = week_words(week)
    return told


def week_words(week: str) -> str:
    """The days of a week; what was typed, when it is no week."""
    try:
        return filters.week(week)
    except ValueError:
        return week
