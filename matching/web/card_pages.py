"""Login cards as they are printed: name, code, and a QR code that fills the name in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import segno
from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup

from matching.models.pupils import Pupil
from matching.models.schools import ClassGroup
from matching.rules.cards import display_code
from matching.services.cards import Card


@dataclass(frozen=True, slots=True)
class PrintedCard:
    """The words and the drawing of a card."""

    pupil: Pupil
    login_name: str
    code: str
    qr: Markup


def printed(cards: Iterable[Card]) -> list[PrintedCard]:
    """Each card with its QR code, which holds the login name and never the code."""
    return [
        PrintedCard(
            card.pupil,
            display_code(card.login_name),
            display_code(card.code),
            _qr(url_for("account.pupil_sign_in", nom=card.login_name, _external=True)),
        )
        for card in cards
    ]


def by_class(pupils: Sequence[Pupil]) -> list[tuple[str, list[Pupil]]]:
    """The pupils, already in this order, under the name of their class."""
    return [(name, list(rows)) for name, rows in groupby(pupils, lambda row: row.class_group.name)]


def tabs(of_class: ClassGroup | None, classes: Sequence[ClassGroup]) -> list[dict[str, Any]]:
    """All the classes, then each."""
    return [
        {
            "label": group.name if group else _("Toutes les classes"),
            "url": url_for("login_cards.choose", classe=group.ref if group else None),
            "current": group is of_class,
        }
        for group in (None, *classes)
    ]


def _qr(address: str) -> Markup:
    drawing = segno.make(address, error="m", micro=False)
    svg = drawing.svg_inline(svgclass="qr", lineclass=None, border=2, omitsize=True)
    return Markup(svg)  # noqa: S704 - drawn by segno from our own address
