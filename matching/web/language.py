"""The language switch of the footer: kept by this browser, and by the account when there is one."""

from urllib.parse import urlsplit, urlunsplit

from flask import Blueprint, current_app, redirect, request, session, url_for
from flask_login import current_user
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from matching.extensions import csrf
from matching.i18n import LANGUAGES
from matching.services import accounts
from matching.web.guards import public, signed_in

bp = Blueprint("language", __name__)


@bp.post("/langue")
@csrf.exempt  # type: ignore[untyped-decorator] # Flask-WTF has no types
@public
def choose() -> Response:
    """Speak this language from now on, on the page that asked.

    No token: a page that is only read sets no cookie, and SameSite keeps accounts from other sites.
    """
    code = request.form.get("langue", "")
    if code in LANGUAGES:
        session["locale"] = code
        if current_user.is_authenticated:
            accounts.choose_language(signed_in(), code)
    return redirect(came_from() or url_for("public.home"), 303)


def came_from() -> str | None:
    """The page of this site that asked, when a reader may open it: some only take a form."""
    told = urlsplit(request.referrer or "")
    if told.netloc != request.host:
        return None
    try:
        current_app.url_map.bind("").match(told.path, method="GET")
    except HTTPException:
        return None
    return urlunsplit(("", "", told.path, told.query, ""))
