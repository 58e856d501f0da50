"""Errors become pages that say what to do."""

import traceback

from flask import Flask, Response, flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from matching.database import db
from matching.errors import RuleBroken
from matching.translated import Translated
from matching.web.messages import sentence
from matching.web.refusals import in_words

PAGES: Translated[dict[int, tuple[str, str]]] = {
    400: ("Cette demande est incomplète", "Revenez en arrière, rechargez la page et recommencez."),
    403: ("Cette page n’est pas pour vous", "Revenez à l’accueil ou changez de compte."),
    404: (
        "Page introuvable",
        "L’adresse est peut-être mal écrite, ou la page n’existe plus. Revenez à l’accueil.",
    ),
    405: ("Cette page s’ouvre autrement", "Revenez en arrière et utilisez le bouton de la page."),
    413: (
        "Ce fichier est trop lourd",
        "Enregistrez-le en CSV, sans image ni mise en forme : 2 Mo au plus.",
    ),
    429: ("Trop d’essais", "Attendez quelques minutes, puis recommencez."),
    500: (
        "Quelque chose s’est cassé chez nous",
        "Rien n’a été enregistré. Réessayez dans un instant ; si cela continue, écrivez-nous.",
    ),
}


def init_app(app: Flask) -> None:
    """Register the handlers."""

    @app.errorhandler(RuleBroken)
    def rule_broken(error: RuleBroken) -> BaseResponse:
        # The page that asked is shown again, with the reason; nothing was written.
        flash(sentence(error.code, **in_words(error.values)), "error")
        back = request.referrer if request.referrer and _same_host(request.referrer) else "/"
        return redirect(back, 303)

    @app.errorhandler(CSRFError)
    def stale_form(_error: CSRFError) -> tuple[str, int]:
        return (
            page(_("La page est restée ouverte trop longtemps"), PAGES[400][1], 400),
            400,
        )

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Response | tuple[str, int]:
        code = error.code or 500
        if code < 400:
            return error.get_response()  # type: ignore[return-value] # a redirect
        title, what_to_do = PAGES.get(code, PAGES[500])
        return page(title, what_to_do, code), code

    @app.errorhandler(Exception)
    def crashed(error: Exception) -> tuple[str, int]:
        # Where, not what: a database's message may quote the row that it refused.
        steps = "".join(traceback.format_tb(error.__traceback__))
        app.logger.error("%s in %s\n%s", type(error).__name__, request.endpoint, steps)
        db.session.rollback()
        return page(*PAGES[500], 500), 500


def page(title: str, what_to_do: str, code: int) -> str:
    """The error page."""
    return render_template("errors/error.html", heading=title, text=what_to_do, code=code)


def _same_host(url: str) -> bool:
    return url.startswith(request.host_url)
