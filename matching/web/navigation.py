"""The links of every page: sections by role, account, footer. The templates only draw them."""

from typing import Any

from flask import Flask, current_app, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from matching.i18n import LANGUAGES, language
from matching.permissions import Permission, can, is_pupil
from matching.rules.legal_texts import LegalText
from matching.web import foundation_pages, legal, places
from matching.web.guards import signed_in

Section = tuple[str, Any, str]  # endpoint, label, icon

SECTIONS: dict[Permission, tuple[Section, ...]] = {
    Permission.PUPIL_SPACE: (
        ("pupil.board", _l("Accueil"), "house"),
        ("pupil.offers", _l("Offres"), "search"),
        ("pupil.wishes", _l("Mes vœux"), "star"),
        ("pupil.placement", _l("Mon stage"), "calendar"),
    ),
    Permission.SCHOOL_SPACE: (
        ("school.board", _l("Mes classes"), "users"),
        ("school_placements.index", _l("Propositions"), "calendar-check"),
        ("school_settings.weeks", _l("Semaines"), "calendar"),
        ("school_settings.settings", _l("Réglages"), "settings"),
    ),
    Permission.COMPANY_SPACE: (
        ("company.board", _l("Mes offres"), "factory"),
        ("proposals.index", _l("Élèves proposés"), "users"),
    ),
    Permission.FOUNDATION_SPACE: (
        ("foundation.board", _l("Fondation"), "building-2"),
        ("territory.board", _l("Campagnes"), "flag"),
        ("approvals.queue", _l("À approuver"), "clipboard-check"),
        ("changes.index", _l("Journal"), "history"),
    ),
    Permission.TERRITORY_SPACE: (
        ("territory.board", _l("Campagnes"), "flag"),
        ("approvals.queue", _l("À approuver"), "clipboard-check"),
    ),
}
FOOTER: tuple[tuple[str, LegalText | None, Any], ...] = (
    ("legal.help_page", None, _l("Aide et contact")),
    ("legal.index", None, _l("Vie privée et conditions")),
    ("legal.text", LegalText.LEGAL_NOTICE, _l("Mentions légales")),
    # The law asks for these words on the home page, and there is no audit yet.
    ("legal.text", LegalText.ACCESSIBILITY, _l("Accessibilité : non conforme")),
    ("public.credits", None, _l("Sources et crédits")),
)
VISITOR: tuple[Section, ...] = (
    ("public.home", _l("Accueil"), "house"),
    ("public.offers", _l("Offres"), "search"),
    ("account.pupil_sign_in", _l("J’ai mon code"), "key-round"),
)


def init_app(app: Flask) -> None:
    """Give every template its links."""

    @app.context_processor
    def links() -> dict[str, Any]:
        signed = current_user.is_authenticated
        return {
            "lang": language(),
            "nav": [link(*item) for item in sections()],
            "home_url": url_for("public.home"),
            "account": {
                # The login name is half of a card: not for shoulders to read.
                "name": _("Mon espace") if is_pupil(signed_in()) else signed_in().name,
                "url": url_for("account.space"),
                "switch": switch(),
                "settings_url": None if is_pupil(signed_in()) else url_for("own_account.index"),
                "logout_url": url_for("account.sign_out"),
            }
            if signed
            else None,
            "login_url": None if signed else url_for("account.sign_in"),
            "demo_banner": _(
                "Démonstration : les personnes, les établissements et les entreprises sont fictifs."
            )
            if current_app.config["SETTINGS"].demo
            else None,
            "outbox_url": url_for("outbox.index") if current_app.config["SETTINGS"].demo else None,
            "languages": LANGUAGES,
            "footer_links": [
                {"url": url_for(endpoint, text=text), "label": str(label)}
                for endpoint, text, label in FOOTER
            ],
            "text_waits": legal.text_waits,
            "foundation_tabs": foundation_pages.tabs,
        }


def switch() -> dict[str, str] | None:
    """Where the person works now, for who has several places."""
    user = signed_in()
    if user.acting_in is None:
        return None
    here = places.places_of(user)[user.acting_in]
    return {"url": url_for("account.choose_place"), "name": places.name_of(here)}


def sections() -> tuple[Section, ...]:
    """The links of the person who looks."""
    if current_user.is_authenticated:
        for permission, items in SECTIONS.items():
            if can(signed_in(), permission):
                return items
    return VISITOR


def link(endpoint: str, label: Any, icon: str) -> dict[str, Any]:
    """One link, marked when it is the page of this request."""
    return {
        "url": url_for(endpoint),
        "label": str(label),
        "icon": icon,
        "current": request.endpoint == endpoint,
    }
