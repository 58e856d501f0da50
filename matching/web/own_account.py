"""An adult's own account: address, password, open sessions."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from matching.database import db
from matching.errors import RuleBroken, TooManyAttempts
from matching.permissions import Permission, can
from matching.queries import sign_ins as sign_in_queries
from matching.services import accounts, addresses, passwords, sign_ins, two_factor
from matching.web import places
from matching.web.forms.account import ChangeAddressForm, ChangePasswordForm, Present
from matching.web.guards import requires, signed_in
from matching.web.messages import sentence
from matching.web.refusals import explain

bp = Blueprint("own_account", __name__, url_prefix="/mon-compte")


@bp.get("")
@requires(Permission.OWN_ACCOUNT)
def index() -> str:
    """All that one may see and change of one's account."""
    user = signed_in()
    return render_template(
        "account/own.html",
        user=user,
        waiting=addresses.waiting(user),
        roles=[
            (places.name_of(one), places.role_name(one.role))
            for one in places.places_of(user).values()
        ],
        has_team=can(user, Permission.TEAM),
        two_factor=two_factor.is_on(user),
        sessions=db.session.scalars(sign_in_queries.open_of(user, sign_ins.oldest())).all(),
        here=session.get("sign_in"),
    )


@bp.route("/mot-de-passe", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT)
def password() -> Response | tuple[str, int]:
    """Change the password; other sessions end."""
    form = ChangePasswordForm()
    if form.validate_on_submit() and is_theirs(form):
        try:
            passwords.change(signed_in(), form.password.data or "", keep=session.get("sign_in", ""))
        except RuleBroken as error:
            explain(form, error)
        else:
            flash(_("Votre mot de passe est changé, vos autres appareils déconnectés."), "success")
            return redirect(url_for(".index"), 303)
    return draw("account/change_password.html", form=form)


@bp.route("/adresse", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT)
def address() -> Response | tuple[str, int]:
    """Ask for another e-mail address, which a link will prove."""
    form = ChangeAddressForm()
    if form.validate_on_submit() and is_theirs(form):
        try:
            addresses.ask_to_change(signed_in(), form.email.data or "")
        except RuleBroken as error:
            explain(form, error)
        else:
            flash(_("Un lien est parti à la nouvelle adresse : ouvrez-le pour finir."), "success")
            return redirect(url_for(".index"), 303)
    return draw("account/change_address.html", form=form)


@bp.post("/confirmer")
@requires(Permission.OWN_ACCOUNT)
def verify() -> Response:
    """Send the link that proves the address once more."""
    addresses.ask_to_verify(signed_in())
    flash(_("Un lien est parti à votre adresse : ouvrez-le pour la confirmer."), "success")
    return redirect(url_for(".index"), 303)


@bp.post("/sessions/<ref>/fermer")
@requires(Permission.OWN_ACCOUNT)
def end_session(ref: str) -> Response:
    """Close one session of one's own."""
    if not sign_ins.end(signed_in(), ref):
        abort(404)
    flash(_("Cet appareil est déconnecté."), "success")
    return redirect(url_for(".index"), 303)


@bp.post("/sessions/fermer")
@requires(Permission.OWN_ACCOUNT)
def end_others() -> Response:
    """Close every session but this one."""
    sign_ins.end_all(signed_in(), but=session.get("sign_in", ""))
    flash(_("Vos autres appareils sont déconnectés."), "success")
    return redirect(url_for(".index"), 303)


def is_theirs(form: Present) -> bool:
    """Is the present password right? Failures count as at sign-in."""
    try:
        user = accounts.authenticate(
            signed_in().email or "", form.current.data or "", address=request.remote_addr or ""
        )
    except TooManyAttempts as error:
        form.add_error("current", sentence(error.code, **error.values))
        return False
    if user is None:
        form.add_error("current", sentence("password_wrong"))
    return user is not None


def draw(template: str, **values: Any) -> tuple[str, int]:
    """A page with a form, which may have come back with errors."""
    return render_template(template, **values), 422 if values["form"].is_submitted() else 200
