"""The texts that the law asks for, what a school or a company accepts, help and contact."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.wrappers import Response

from matching.database import db
from matching.models.companies import Company
from matching.models.schools import School
from matching.models.users import User
from matching.permissions import Permission, can, memberships_of
from matching.queries import legal_texts as queries
from matching.rules.legal_texts import EDITIONS, LegalText, in_force
from matching.services import legal_texts
from matching.web.forms.legal import AcceptForm
from matching.web.guards import public, requires, signed_in
from matching.web.legal_summaries import summary

bp = Blueprint("legal", __name__)

# Title of each text, and what it is in one sentence.
WORDS = {
    LegalText.PRIVACY_PUPILS: (
        _l("Tes informations, en clair"),
        _l("Pour les élèves : ce que nous gardons de toi, qui le voit, et quand c’est effacé."),
    ),
    LegalText.PRIVACY_GUARDIANS: (
        _l("Les informations de votre enfant"),
        _l("Pour les parents et les responsables légaux."),
    ),
    LegalText.PRIVACY_COMPANIES: (
        _l("Vos informations d’adulte"),
        _l("Pour les entreprises, les collèges et les territoires."),
    ),
    LegalText.TERMS: (
        _l("Conditions d’utilisation"),
        _l("Ce que chacun promet en se servant de L’Établi."),
    ),
    LegalText.PROCESSING_CONTRACT: (
        _l("Contrat de traitement des données"),
        _l("Entre le collège, qui décide, et la fondation, qui agit pour lui."),
    ),
    LegalText.LEGAL_NOTICE: (
        _l("Mentions légales"),
        _l("Qui publie ce site, et qui l’héberge."),
    ),
    LegalText.ACCESSIBILITY: (
        _l("Accessibilité"),
        _l("Ce qui a été essayé, ce qui ne l’a pas été, et comment nous alerter."),
    ),
}


@bp.get("/textes")
@public
def index() -> str:
    """All the texts."""
    return render_template("legal/index.html", texts=[(text, *told(text)) for text in LegalText])


@bp.get("/textes/<text>")
@public
def text(text: str) -> str:
    """One text, in its edition in force."""
    if text not in set(LegalText):
        abort(404)
    which = LegalText(text)
    return render_template(f"legal/{text}.html", **shown(which))


def told(which: LegalText) -> tuple[str, str]:
    """The title and the sentence of a text, in the language of the page."""
    title, sentence = WORDS[which]
    return str(title), str(sentence)


def shown(which: LegalText) -> dict[str, Any]:
    """What the page of a text draws beside its words."""
    title, lead = told(which)
    return {
        "title": title,
        "lead": lead,
        "edition": in_force(which),
        "editions": EDITIONS[which],
        "operator": current_app.config["SETTINGS"].operator,
        "summary": summary(which),
        "in_french": in_french,
        "others": [(other, told(other)[0]) for other in LegalText if other != which],
    }


def in_french(words: Callable[[], str]) -> str:
    """The words of a text of the law, in the only language in which they bind."""
    with force_locale("fr"):
        return words()


@bp.get("/aide")
@public
def help_page() -> str:
    """Questions and answers, and whom to write to."""
    return render_template("legal/help.html", operator=current_app.config["SETTINGS"].operator)


@bp.route("/textes/a-accepter", methods=["GET", "POST"])
@requires(Permission.LEGAL_ACCEPT)
def accept() -> Response | tuple[str, int]:
    """The texts whose edition in force waits for a word of the school or of the company."""
    waiting = waiting_of(signed_in())
    form = AcceptForm()
    if form.validate_on_submit():
        for one in waiting:
            legal_texts.accept(signed_in(), one.party, seen=form.seen())
        flash(_("C’est noté, merci."), "success")
        return redirect(url_for("account.space"), 303)
    form.versions.data = form.written(text for one in waiting for text in one.mine)
    page = render_template(
        "legal/accept.html",
        form=form,
        waiting=waiting,
        mine=any(one.mine for one in waiting),
        told=told,
    )
    return page, 422 if form.is_submitted() else 200


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a school or a company still has to accept: by the person who looks, by its ``heads``."""

    party: School | Company
    mine: list[LegalText]
    theirs: list[LegalText]
    heads: list[str]


def waiting_of(user: User) -> list[Waiting]:
    """The schools and companies of the user that still have a text to accept."""
    found: dict[School | Company, Waiting] = {}
    for membership in memberships_of(user):
        party = membership.school or membership.company
        if party is None or party in found:
            continue
        texts = queries.to_accept(db.session(), party)
        mine = [one for one in texts if legal_texts.may_accept(user, party, one)]
        theirs = [one for one in texts if one not in mine]
        heads = []
        if theirs and isinstance(party, School):
            heads = [head.name for head in db.session.scalars(queries.heads_of(party))]
        if texts:
            found[party] = Waiting(party, mine, theirs, heads)
    return list(found.values())


def text_waits() -> bool:
    """For the frame of the spaces: does a text wait for this person, or for a head to invite?"""
    if not current_user.is_authenticated or not can(signed_in(), Permission.LEGAL_ACCEPT):
        return False
    return any(one.mine or not one.heads for one in waiting_of(signed_in()))
