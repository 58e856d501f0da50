"""The end of a registration: what follows the form, and the link of the letter."""

from flask import Blueprint, flash, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from matching.errors import RuleBroken
from matching.models.registrations import Registered, Registration
from matching.models.users import Role
from matching.rules.identifiers import display_siret
from matching.rules.legal_texts import ACCEPTED_BY_COMPANIES, ACCEPTED_BY_SCHOOLS, LegalText
from matching.services import registrations
from matching.web import legal
from matching.web.account import enter
from matching.web.forgotten import dead_link
from matching.web.forms.account import FinishForm
from matching.web.guards import public
from matching.web.refusals import explain

bp = Blueprint("registration", __name__)


@bp.route("/inscription/confirmer/<token>", methods=["GET", "POST"])
@public
def finish(token: str) -> Response | str | tuple[str, int]:
    """Choose a password and accept the texts: the school or the company is made."""
    held = registrations.held_by(token)
    if held is None:
        return dead_link(url_for("account.sign_in"), _("Se connecter"))
    form = FinishForm()
    if form.validate_on_submit():
        try:
            user = registrations.finish(token, form.password.data or "")
        except RuleBroken as error:
            explain(form, error)
        else:
            answer = enter(user)
            flash(_("Votre inscription est confirmée. Voici la suite."), "success")
            return answer
    page = render_template("account/finish_registration.html", form=form, **told(held))
    return page, 422 if form.is_submitted() else 200


def told(held: Registration) -> dict[str, object]:
    """What the page recalls of what was typed, and the texts to accept."""
    school = held.kind is Registered.SCHOOL
    place = held.details["school"] if school else held.details
    wanted = ACCEPTED_BY_SCHOOLS if school else ACCEPTED_BY_COMPANIES
    binds = not school or held.details["role"] == Role.PRINCIPAL
    mine = [text for text in wanted if binds or text is not LegalText.PROCESSING_CONTRACT]
    return {
        "email": held.email,
        "place": place["name"],
        "number": _("UAI %(uai)s", uai=place["uai"])
        if school
        else _("SIRET %(siret)s", siret=display_siret(place["siret"])),
        "person": f"{held.details['first_name']} {held.details['last_name']}",
        "texts": [(text, legal.told(text)[0]) for text in mine],
        "left_to_head": not binds,
    }


def asked(email: str) -> str:
    """The page after the form: the same whether the address has an account or not."""
    return render_template("account/registration_sent.html", email=email)
