"""Links of e-mails: a forgotten password, an address to prove.

Opening a link changes nothing, for mail programs open links before people do; its button does.
"""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from matching.errors import RuleBroken, TooManyAttempts
from matching.services import addresses, passwords
from matching.web.forms.account import AddressForm, ButtonForm, NewPasswordForm
from matching.web.guards import public
from matching.web.messages import sentence
from matching.web.refusals import explain

bp = Blueprint("forgotten", __name__)


@bp.route("/mot-de-passe-oublie", methods=["GET", "POST"])
@public
def ask() -> str | tuple[str, int]:
    """Ask for a link. The answer is the same whether the address has an account or not."""
    form = AddressForm()
    if form.validate_on_submit():
        try:
            passwords.ask_new(form.email.data or "", address=request.remote_addr or "")
        except TooManyAttempts:
            abort(429)
        return render_template("account/forgotten_sent.html", email=form.email.data)
    page = render_template("account/forgotten.html", form=form)
    return page, 422 if form.is_submitted() else 200


@bp.route("/mot-de-passe/<token>", methods=["GET", "POST"])
@public
def choose(token: str) -> Response | str | tuple[str, int]:
    """Choose the new password."""
    if passwords.owner(token) is None:
        return dead_link(url_for("forgotten.ask"), _("Demander un nouveau mot de passe"))
    form = NewPasswordForm()
    if form.validate_on_submit():
        try:
            passwords.choose(token, form.password.data or "")
        except RuleBroken as error:
            explain(form, error)
        else:
            flash(_("Votre mot de passe est changé. Connectez-vous avec le nouveau."), "success")
            return redirect(url_for("account.sign_in"), 303)
    page = render_template("account/new_password.html", form=form)
    return page, 422 if form.is_submitted() else 200


@bp.route("/adresse/<token>", methods=["GET", "POST"])
@public
def prove(token: str) -> Response | str | tuple[str, int]:
    """Prove that one reads an address."""
    email = addresses.proved_by(token)
    if email is None:
        return dead_link(url_for("own_account.index"), _("Ouvrir mon compte"))
    if ButtonForm().validate_on_submit():
        try:
            addresses.prove(token)
        except RuleBroken as error:
            flash(sentence(error.code), "warning")
        else:
            flash(_("Merci, votre adresse est confirmée."), "success")
        return redirect(url_for("account.space"), 303)
    return render_template("account/prove_address.html", email=email)


def dead_link(url: str, label: str) -> tuple[str, int]:
    """The page of a link that serves no more: what to do instead."""
    return render_template("account/dead_link.html", url=url, label=label), 410
