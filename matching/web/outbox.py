"""The outbox: the e-mails that were written, for the foundation and in a demonstration.

Without a mail server it is the only place where they can be read, and the foundation then is the
postman. In a demonstration each person sees the e-mails addressed to him, and a visitor all of
them, so that every link can be followed.
"""

import sqlalchemy as sa
from flask import Blueprint, abort, current_app, render_template, request
from flask_login import current_user
from werkzeug.wrappers import Response

from matching.database import db
from matching.models.mail import Mail
from matching.permissions import runs_the_foundation
from matching.queries import mail as mails
from matching.web.guards import public, signed_in

bp = Blueprint("outbox", __name__, url_prefix="/courrier")

PER_PAGE = 20


@bp.get("")
@public
def index() -> Response | str:
    """The e-mails that the person may see, the newest first."""
    if (query := visible()) is None:
        return to_sign_in()
    total = db.session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    pages = max(1, -(-total // PER_PAGE))
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    return render_template(
        "account/outbox.html",
        mails=db.session.scalars(query.limit(PER_PAGE).offset((page - 1) * PER_PAGE)).all(),
        readable=readable(),
        everything=sees_everything(),
        sends=current_app.config["SETTINGS"].smtp is not None
        and not current_app.config["SETTINGS"].demo,
        page=page,
        pages=pages,
    )


@bp.get("/<ref>")
@public
def show(ref: str) -> Response | str:
    """One e-mail, as plain text with its links."""
    if visible() is None:
        return to_sign_in()
    return render_template("account/mail.html", mail=found(ref))


@bp.get("/<ref>/html")
@public
def html(ref: str) -> Response | str:
    """The same as a mail program shows it."""
    if visible() is None:
        return to_sign_in()
    return found(ref).html or abort(404)


def found(ref: str) -> Mail:
    """An e-mail whose words are still there and may be read; what was sent keeps none."""
    query = visible()
    row = db.session.scalar(query.where(Mail.ref == ref)) if query is not None else None
    if row is None or row.text is None or not readable():
        abort(404)
    return row


def visible() -> sa.Select[Mail] | None:
    """What the person may see; None for a visitor of a real installation."""
    if sees_everything():
        return mails.everything()
    return mails.addressed_to(signed_in()) if current_user.is_authenticated else None


def sees_everything() -> bool:
    """The foundation does, and the visitor of a demonstration."""
    if current_user.is_authenticated:
        return runs_the_foundation(signed_in())
    return bool(current_app.config["SETTINGS"].demo)


def readable() -> bool:
    """May the words be read here? A link that proves an address is read at that address only."""
    return sees_everything() or bool(current_app.config["SETTINGS"].demo)


def to_sign_in() -> Response:
    """The sign-in page, then back."""
    return current_app.login_manager.unauthorized()  # type: ignore[attr-defined,no-any-return] # Flask-Login's
