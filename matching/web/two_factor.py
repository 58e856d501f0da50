"""The second proof: asked at sign-in, set up and taken away in one's account."""

from typing import Any

import segno
from flask import Blueprint, current_app, flash, redirect, render_template, session, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from matching import clock
from matching.database import db
from matching.errors import RuleBroken
from matching.models.users import User
from matching.permissions import Permission
from matching.queries import users
from matching.rules import totp
from matching.services import two_factor
from matching.web.account import enter
from matching.web.forms.account import CodeForm, Present
from matching.web.guards import public, requires, signed_in
from matching.web.messages import sentence
from matching.web.own_account import is_theirs
from matching.web.refusals import explain

bp = Blueprint("two_factor", __name__)

HALF_LASTS_SECONDS = 600


@bp.route("/connexion/code", methods=["GET", "POST"])
@public
def ask() -> Response | tuple[str, int]:
    """The second half of a sign-in: who gave the right password gives a code."""
    user = half_signed_in()
    if user is None:
        return redirect(url_for("account.sign_in"))
    form = CodeForm()
    if form.validate_on_submit():
        try:
            if two_factor.check(user, form.code.data or ""):
                wanted = session["half"]["next"]
                return enter(user, wanted, proved_twice=True)
            form.add_error("code", sentence("code_wrong"))
        except RuleBroken as error:
            explain(form, error)
    page = render_template("account/second_code.html", form=form)
    return page, 422 if form.is_submitted() else 200


def half_signed_in() -> User | None:
    """Whose password was right a few minutes ago in this browser."""
    half = session.get("half")
    if not half or half["at"] + HALF_LASTS_SECONDS < clock.now().timestamp():
        return None
    return db.session.scalar(users.active(half["user"]))


@bp.get("/mon-compte/double-verification")
@requires(Permission.OWN_ACCOUNT)
def index() -> str:
    """Where it stands, and what comes next."""
    return draw()


@bp.post("/mon-compte/double-verification/commencer")
@requires(Permission.OWN_ACCOUNT)
def begin() -> Response:
    """Draw a secret and show it."""
    two_factor.begin(signed_in())
    return redirect(url_for(".index"), 303)


@bp.post("/mon-compte/double-verification")
@requires(Permission.OWN_ACCOUNT)
def confirm() -> tuple[str, int] | str | Response:
    """The first code of the phone; the codes for paper are shown this once."""
    form = CodeForm()
    if form.validate_on_submit():
        try:
            return show_codes(two_factor.confirm(signed_in(), form.code.data or ""))
        except RuleBroken as error:
            explain(form, error)
    return draw(code_form=form), 422


@bp.post("/mon-compte/double-verification/codes")
@requires(Permission.OWN_ACCOUNT)
def renew_codes() -> tuple[str, int] | str:
    """New codes for paper."""
    form = Present()
    if form.validate_on_submit() and is_theirs(form):
        try:
            return show_codes(two_factor.renew_codes(signed_in()))
        except RuleBroken as error:
            explain(form, error)
    return draw(renew_form=form), 422


@bp.post("/mon-compte/double-verification/retirer")
@requires(Permission.OWN_ACCOUNT)
def turn_off() -> Response | tuple[str, int]:
    """Take it away, unless the installation asks for it."""
    form = Present()
    if is_required() and two_factor.concerns(signed_in()):
        form.add_error(None, sentence("two_factor_required"))
    elif form.validate_on_submit() and is_theirs(form):
        two_factor.turn_off(signed_in())
        flash(_("La double vérification est retirée."), "success")
        return redirect(url_for("own_account.index"), 303)
    return draw(off_form=form), 422


def is_required() -> bool:
    """Does this installation ask coordinators and administrators for it?"""
    settings = current_app.config["SETTINGS"]
    return bool(settings.two_factor_required and not settings.demo)


def show_codes(codes: list[str]) -> str:
    """The codes for paper: this page is the only place where they can be read."""
    return render_template("account/recovery_codes.html", codes=codes)


def draw(**forms: Any) -> str:
    """The page, with a form that came back with errors."""
    user = signed_in()
    secret = two_factor.secret_of(user)
    shown = {"code_form": CodeForm, "renew_form": Present, "off_form": Present}
    return render_template(
        "account/two_factor.html",
        is_on=two_factor.is_on(user),
        left=two_factor.codes_left(user),
        required=is_required() and two_factor.concerns(user),
        typed=totp.as_typed(secret) if secret else None,
        qr=_qr(totp.uri(secret, user.email or "", "L’Établi")) if secret else None,
        **{name: forms.get(name) or kind(formdata=None) for name, kind in shown.items()},
    )


def _qr(address: str) -> Markup:
    drawing = segno.make(address, error="m", micro=False)
    svg = drawing.svg_inline(svgclass="qr", lineclass=None, border=2, scale=5, omitsize=False)
    return Markup(svg)  # noqa: S704 - drawn by segno from our own address
