"""Colleagues: who works here, who is invited, and how an invitation is accepted."""

from flask import Blueprint, abort, flash, redirect, render_template, session, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from matching import clock
from matching.database import db
from matching.errors import RuleBroken
from matching.models.invitations import Invitation
from matching.models.users import User
from matching.permissions import Permission
from matching.queries import invitations as queries
from matching.services import invitations
from matching.web import places
from matching.web.account import enter
from matching.web.forgotten import dead_link
from matching.web.forms.account import InviteForm, JoinForm
from matching.web.guards import public, requires, signed_in
from matching.web.messages import sentence
from matching.web.refusals import explain

bp = Blueprint("team", __name__)


@bp.route("/equipe", methods=["GET", "POST"])
@requires(Permission.TEAM)
def index() -> Response | tuple[str, int]:
    """Colleagues of the place where the person works now, and the form to invite one more."""
    here = places_here(signed_in())
    form = InviteForm()
    form.role.choices = roles_of(signed_in(), here)
    if len(form.role.choices) == 1 and not form.is_submitted():
        form.role.data = form.role.choices[0][0]
    form.place.choices = [(ref, place.name) for ref, place in here.items()]
    if form.validate_on_submit():
        place = next(iter(here.values())) if len(here) == 1 else here.get(form.place.data or "")
        if place is None:
            abort(400)  # no page of ours offers it
        try:
            invitations.invite(
                signed_in(), place, email=form.email.data or "", role=form.chosen_role()
            )
        except RuleBroken as error:
            explain(form, error)
        else:
            flash(_("L’invitation est partie à %(email)s.", email=form.email.data), "success")
            return redirect(url_for(".index"), 303)
    waiting = queries.visible_to(signed_in()).where(queries.waiting(clock.now()))
    page = render_template(
        "account/team.html",
        form=form,
        colleagues=db.session.scalars(queries.colleagues_of(signed_in())).all(),
        waiting=db.session.scalars(waiting).all(),
        role_name=places.role_name,
    )
    return page, 422 if form.is_submitted() else 200


@bp.post("/equipe/invitations/<ref>/reprendre")
@requires(Permission.TEAM)
def revoke(ref: str) -> Response:
    """Take an invitation back."""
    query = queries.visible_to(signed_in()).where(Invitation.ref == ref)
    invitations.revoke(signed_in(), db.session.scalar(query) or abort(404))
    flash(_("L’invitation est reprise : son lien ne sert plus."), "success")
    return redirect(url_for(".index"), 303)


@bp.route("/invitation/<token>", methods=["GET", "POST"])
@public
def join(token: str) -> Response | str | tuple[str, int]:
    """What one is invited to, and how to accept: with a new account or with one's own."""
    invitation = invitations.find(token)
    if invitation is None:
        return dead_link(url_for("public.home"), _("Aller à l’accueil"))
    form = JoinForm()
    if not current_user.is_authenticated and form.validate_on_submit():
        try:
            user = invitations.accept_with_new_account(
                token,
                first_name=form.first_name.data or "",
                last_name=form.last_name.data or "",
                password=form.password.data or "",
            )
        except RuleBroken as error:
            explain(form, error)
        else:
            return welcome(user)
    page = render_template(
        "account/join.html",
        form=form,
        invitation=invitation,
        place=invitation.place.name if invitation.place else _("La fondation"),
        role=places.role_name(invitation.role),
        known=invitations.has_account(invitation),
        token=token,
    )
    return page, 422 if form.is_submitted() else 200


@bp.post("/invitation/<token>/accepter")
@public
def accept(token: str) -> Response | tuple[str, int]:
    """Accept with the account that is signed in."""
    if not current_user.is_authenticated:
        return redirect(url_for("account.sign_in", next=url_for(".join", token=token)), 303)
    try:
        membership = invitations.accept(token, signed_in())
    except RuleBroken as error:
        flash(sentence(error.code), "warning")
        return redirect(url_for("account.space"), 303)
    session["place"] = membership.place
    flash(_("Bienvenue ! Voici votre nouvel espace."), "success")
    return redirect(url_for("account.space"), 303)


def welcome(user: User) -> Response:
    """Sign in who has just joined."""
    answer = enter(user)
    flash(_("Bienvenue ! Votre compte est ouvert."), "success")
    return answer


def places_here(user: User) -> dict[str, invitations.Place]:
    """The school or company where the person works now, or each of his territories."""
    found: dict[str, invitations.Place] = {}
    for one in user.in_force:
        if one.territory is not None:
            # Territories have a public code instead of a reference.
            found[f"{one.territory.vintage}-{one.territory.code}"] = one.territory
        elif (place := one.school or one.company) is not None:
            found[place.ref] = place
    return found or abort(404)


def roles_of(user: User, here: dict[str, invitations.Place]) -> list[tuple[str, str]]:
    """What the person may offer, (value, words)."""
    offered = {role for place in here.values() for role in invitations.roles_to_offer(user, place)}
    return [(role.value, places.role_name(role)) for role in places.ROLES if role in offered]
