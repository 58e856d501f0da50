"""The coordinator's queue: schools, companies and offers that wait, the oldest first."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from matching.database import db
from matching.errors import RuleBroken
from matching.permissions import Permission
from matching.queries import approvals as queries
from matching.services import approvals
from matching.web.forms.approvals import AnswerForm
from matching.web.guards import requires, signed_in
from matching.web.messages import sentence
from matching.web.waiting_items import PER_PAGE, items_of, mail_domain

bp = Blueprint("approvals", __name__, url_prefix="/territoire/a-approuver")

KINDS = {"etablissements": "school", "entreprises": "company", "offres": "offer"}
TABS = (
    (None, _l("Tout")),
    ("etablissements", _l("Collèges")),
    ("entreprises", _l("Entreprises")),
    ("offres", _l("Offres")),
)
VISIBLE: dict[str, Callable[[Any], sa.Select[Any]]] = {
    "school": queries.schools_visible_to,
    "company": queries.companies_visible_to,
    "offer": queries.offers_visible_to,
}
DONE = {
    ("school", "oui"): _l("Le collège est validé : ses professeurs peuvent inscrire leurs élèves."),
    ("school", "non"): _l("Le collège est refusé ; vos mots lui sont transmis."),
    ("company", "oui"): _l("L’entreprise est validée : ses offres peuvent être publiées."),
    ("company", "non"): _l("L’entreprise est refusée ; vos mots lui sont transmis."),
    ("offer", "oui"): _l("L’offre est publiée : les élèves la voient."),
    ("offer", "non"): _l("L’offre est renvoyée à l’entreprise avec vos mots."),
}


@bp.get("")
@requires(Permission.TERRITORY_APPROVE)
def queue() -> str:
    """What waits."""
    return draw(request.args.get("genre"), request.args.get("page", 1, type=int))


@bp.post("/<any(etablissements, entreprises, offres):genre>/<ref>/<any(oui, non):answer>")
@requires(Permission.TERRITORY_APPROVE)
def answer(genre: str, ref: str, answer: str) -> Response | tuple[str, int]:
    """Let in or out, or say why not."""
    kind = KINDS[genre]
    query = VISIBLE[kind](signed_in())
    row = db.session.scalar(query.where(query.column_descriptions[0]["entity"].ref == ref))
    form = AnswerForm(prefix=ref)
    if row is None or not form.validate_on_submit():
        abort(404 if row is None else 400)
    try:
        decide(kind, row, answer, form)
    except RuleBroken as error:
        if error.field in form:
            form.add_error(error.field, sentence(error.code, **error.values))
            return draw(request.args.get("genre"), request.args.get("page", 1, type=int), form), 422
        flash(sentence(error.code, **error.values), "warning")
    else:
        flash(str(DONE[kind, answer]), "success")
    return redirect(back(), 303)


def decide(kind: str, row: Any, answer: str, form: AnswerForm) -> None:
    """Hand the answer to its service."""
    user, words = signed_in(), form.words.data or ""
    if kind == "offer" and answer == "oui":
        approvals.publish(user, row, version=form.seen_version())
    elif kind == "offer":
        approvals.give_back(user, row, version=form.seen_version(), words=words)
    elif answer == "oui":
        approvals.approve(user, row, form.check() if kind == "company" else None)
    else:
        approvals.refuse(user, row, words=words)


def back() -> str:
    """The list as it was being read."""
    return url_for(
        ".queue", genre=request.args.get("genre"), page=request.args.get("page", type=int)
    )


def draw(genre: str | None, page: int, answered: AnswerForm | None = None) -> str:
    """The queue, one page of one kind or of all; ``answered`` came back with an error."""
    genre = genre if genre in KINDS else None
    counts = dict(db.session.execute(queries.waiting_counts(signed_in())).all())
    counted = {name: counts.get(kind, 0) for name, kind in KINDS.items()}
    total = counted[genre] if genre else sum(counted.values())
    pages = max(1, -(-total // PER_PAGE))
    page = min(max(page, 1), pages)
    return render_template(
        "territory/queue.html",
        items=items_of(signed_in(), KINDS[genre] if genre else None, page, answered),
        total=total,
        page=page,
        pages=pages,
        genre=genre,
        sub_nav=[
            {
                "label": str(label),
                "url": url_for(".queue", genre=name),
                "count": counted[name] if name else sum(counted.values()),
                "current": name == genre,
            }
            for name, label in TABS
        ],
        mail_domain=mail_domain,
    )
