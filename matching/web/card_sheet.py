"""The sheet of login cards as a PDF: eight on an A4 page, with our own fonts and no network."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _

from matching import paths
from matching.web.card_pages import PrintedCard

TEMPLATE = paths.TEMPLATES / "documents" / "login_cards.typ"
FONTS = paths.DATA / "fonts"
# Each line of a code holds two of its groups: the eye goes back and forth to a keyboard.
GROUPS = 2
SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)  # the same cards give the same bytes


class SheetFailed(Exception):  # noqa: N818 - it describes the sheet
    """The PDF cannot be made here; the page to print still can."""


def pdf(cards: Sequence[PrintedCard], address: str) -> bytes:
    """The cards in this order; `address` is where a pupil signs in. Raises SheetFailed."""
    return compiled(words(cards, address), format="pdf", pdf_standards=["ua-1"])


def words(cards: Sequence[PrintedCard], address: str) -> dict[str, object]:
    """All that the sheet says, as its template reads it."""
    locale = get_locale()
    return {
        "lang": locale.language if locale else "fr",
        "title": _("Cartes de connexion"),
        "address": address,
        "words": {
            "login": _("Ton identifiant"),
            "code": _("Ton code secret"),
            "qr": _("Adresse où entrer, avec ton identifiant"),
        },
        "cards": [_card(card) for card in cards],
    }


def compiled(data: dict[str, object], **options: Any) -> bytes:
    """The sheet in the format of ``options``; the same words give the same bytes."""
    import typst  # here, because its compiler is large and few requests need it

    try:
        made = typst.compile(
            str(TEMPLATE),
            root=str(paths.TEMPLATES),
            font_paths=[str(FONTS)],
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(data)},
            timestamp=int(SOME_DAY.timestamp()),
            **options,
        )
    except (typst.TypstError, RuntimeError, OSError) as error:
        raise SheetFailed(str(error)) from error
    return bytes(made)


def _card(card: PrintedCard) -> dict[str, object]:
    groups = card.code.split("-")
    lines = ["-".join(groups[at : at + GROUPS]) for at in range(0, len(groups), GROUPS)]
    return {
        "name": f"{card.pupil.first_name} {card.pupil.last_name}",
        "class": card.pupil.class_group.name,
        "login": card.login_name,
        "code": lines,
        "qr": str(card.qr),
    }
