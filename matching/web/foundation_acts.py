"""One page for each change of the foundation: what it does, then why, then it is done."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from matching.database import db
from matching.errors import RuleBroken
from matching.models.campaigns import Campaign
from matching.models.companies import Company, Site
from matching.models.schools import School
from matching.models.territories import Territory
from matching.models.users import Membership, Role, User
from matching.permissions import Permission
from matching.queries import foundation as queries
from matching.services import foundation
from matching.web.filters import typo
from matching.web.forms.foundation import ROLE_WORDS, RoleForm, WhyForm, territory_choices
from matching.web.foundation_pages import membership_key
from matching.web.guards import requires, signed_in
from matching.web.refusals import explain

bp = Blueprint("foundation_acts", __name__, url_prefix="/fondation")


@dataclass(frozen=True, slots=True)
class Act:
    """What a page says and does: ``title`` has the hole ``name``."""

    title: Any
    effect: Any
    run: Callable[..., None]
    done: Any


_BLOCK_PARTY = _l(
    "Ses personnes gardent leur compte, mais ne rencontrent plus aucun élève : ses offres et ses "
    "élèves quittent la recherche et les prochains essais. Les propositions sans réponse sont "
    "retirées et leurs places rendues ; les stages confirmés attendent une décision des "
    "coordinateurs."
)
_UNBLOCK_PARTY = _l("Tout redevient comme avant le blocage.")

ACTS: dict[tuple[str, str], Act] = {
    ("personnes", "bloquer"): Act(
        _l("Bloquer le compte de %(name)s"),
        _l("Cette personne est déconnectée et ne peut plus entrer. Ses rôles restent."),
        foundation.block_user,
        _l("Le compte est bloqué."),
    ),
    ("personnes", "debloquer"): Act(
        _l("Débloquer le compte de %(name)s"),
        _l("Cette personne peut de nouveau se connecter, avec les rôles qu’elle a gardés."),
        foundation.unblock_user,
        _l("Le compte est débloqué."),
    ),
    ("personnes", "second-facteur"): Act(
        _l("Retirer la double vérification de %(name)s"),
        _l(
            "Son mot de passe suffira pour entrer, et ses appareils sont déconnectés. Assurez-vous "
            "d’abord, par un autre moyen, que c’est bien cette personne qui le demande."
        ),
        foundation.drop_second_factor,
        _l("La double vérification est retirée."),
    ),
    ("colleges", "bloquer"): Act(
        _l("Bloquer %(name)s"), _BLOCK_PARTY, foundation.block, _l("Le collège est bloqué.")
    ),
    ("colleges", "debloquer"): Act(
        _l("Débloquer %(name)s"), _UNBLOCK_PARTY, foundation.unblock, _l("Le collège est débloqué.")
    ),
    ("entreprises", "bloquer"): Act(
        _l("Bloquer %(name)s"), _BLOCK_PARTY, foundation.block, _l("L’entreprise est bloquée.")
    ),
    ("entreprises", "debloquer"): Act(
        _l("Débloquer %(name)s"),
        _UNBLOCK_PARTY,
        foundation.unblock,
        _l("L’entreprise est débloquée."),
    ),
    ("sites", "signaler"): Act(
        _l("Signaler le site %(name)s"),
        _l(
            "L’inspection du travail y a constaté un danger : aucune convention ne peut être "
            "signée (Code du travail, article L4153-2). Les offres du site quittent la recherche "
            "et les prochains essais, les propositions sans réponse sont retirées, les stages "
            "confirmés attendent une décision des coordinateurs."
        ),
        lambda actor, row, why: foundation.flag_site(actor, row, flagged=True, why=why),
        _l("Le site est signalé : ses offres ne se voient plus."),
    ),
    ("sites", "lever"): Act(
        _l("Lever le signalement du site %(name)s"),
        _l("Les offres publiées du site reviennent dans la recherche."),
        lambda actor, row, why: foundation.flag_site(actor, row, flagged=False, why=why),
        _l("Le signalement est levé."),
    ),
    ("campagnes", "fermer"): Act(
        _l("Fermer la campagne %(name)s"),
        _l(
            "Elle ne s’ouvre plus : ni vœux, ni essais, ni publication. Ses territoires peuvent "
            "entrer dans une autre campagne."
        ),
        foundation.close_campaign,
        _l("La campagne est fermée."),
    ),
}
FIND: dict[str, tuple[Callable[[], Any], Any, str]] = {
    "personnes": (queries.adults, User, "foundation.person"),
    "colleges": (queries.schools, School, "foundation.school"),
    "entreprises": (queries.companies, Company, "foundation.company"),
    "sites": (queries.sites, Site, "foundation.site"),
    "campagnes": (queries.campaigns, Campaign, "foundation.campaigns"),
}


@bp.route("/<kind>/<ref>/<act>", methods=["GET", "POST"])
@requires(Permission.FOUNDATION_CHANGE)
def change(kind: str, ref: str, act: str) -> Response | tuple[str, int]:
    """Ask why, then do it."""
    if (kind, act) not in ACTS:
        abort(404)
    query, table, endpoint = FIND[kind]
    row = db.session.scalar(query().where(table.ref == ref)) or abort(404)
    wanted = ACTS[kind, act]
    back = url_for(endpoint, ref=None if kind == "campagnes" else ref)
    return ask_why(
        str(wanted.title) % {"name": row.name},
        str(wanted.effect),
        lambda why: wanted.run(signed_in(), row, why=why),
        str(wanted.done),
        back,
    )


@bp.route("/personnes/<ref>/roles/<key>/retirer", methods=["GET", "POST"])
@requires(Permission.FOUNDATION_CHANGE)
def end_role(ref: str, key: str) -> Response | tuple[str, int]:
    """End a role that somebody holds today."""
    person = own_person(ref)
    held = [one for one in person.memberships if one.ended_at is None]
    row: Membership = next((one for one in held if membership_key(one) == key), None) or abort(404)
    where = row.school or row.company or row.territory
    place = f" – {where.name}" if where else ""
    return ask_why(
        _("Retirer un rôle à %(name)s", name=person.name),
        f"{ROLE_WORDS[row.role]}{place}. "
        + _("La personne garde son compte ; le rôle reste dans l’historique."),
        lambda why: foundation.end_role(signed_in(), row, why=why),
        _("Le rôle est retiré."),
        url_for("foundation.person", ref=ref),
    )


@bp.route("/personnes/<ref>/roles/donner", methods=["GET", "POST"])
@requires(Permission.FOUNDATION_CHANGE)
def give_role(ref: str) -> Response | tuple[str, int]:
    """Give an adult one more role."""
    person = own_person(ref)
    form = RoleForm(territory=request.args.get("territoire", ""), role=request.args.get("role"))
    every = db.session.scalars(queries.territories().with_only_columns(Territory)).all()
    form.territory.choices = territory_choices([(one.code, one.name) for one in every])
    if form.validate_on_submit():
        role = Role(form.role.data)
        try:
            foundation.give_role(
                signed_in(), person, role, where=place_told(form, role), why=form.why.data or ""
            )
        except RuleBroken as error:
            explain(form, error)
        else:
            flash(_("Le rôle est donné."), "success")
            return redirect(url_for("foundation.person", ref=ref), 303)
    page = render_template("foundation/give_role.html", form=form, person=person)
    return page, 422 if form.is_submitted() else 200


def place_told(form: RoleForm, role: Role) -> School | Company | Territory | None:
    """The school, company or territory that the form names for this role, if there is one."""
    number = "".join((form.where.data or "").split()).upper()
    wanted = foundation.place_of(role)
    if wanted is School:
        return db.session.scalar(queries.schools().where(School.uai == number))
    if wanted is Company:
        return db.session.scalar(queries.companies().where(Company.siren == number[:9]))
    if wanted is Territory:
        rows = queries.territories().where(Territory.code == form.territory.data)
        return db.session.scalar(rows.with_only_columns(Territory))
    return None


def own_person(ref: str) -> User:
    """An adult; a pupil is not found."""
    return db.session.scalar(queries.adults().where(User.ref == ref)) or abort(404)


def ask_why(
    title: str, effect: str, run: Callable[[str], None], done: str, back: str
) -> Response | tuple[str, int]:
    """The page that asks for a reason; when it is given, the change is made."""
    form = WhyForm()
    if form.validate_on_submit():
        try:
            run(form.why.data or "")
        except RuleBroken as error:
            explain(form, error)
        else:
            flash(done, "success")
            return redirect(back, 303)
    page = render_template(
        "foundation/why.html", form=form, title=title, effect=typo(effect), back=back
    )
    return page, 422 if form.is_submitted() else 200
