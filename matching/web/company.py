"""The company space: registration, board, sites and pledge."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from matching.database import db
from matching.errors import RuleBroken
from matching.models.companies import Site
from matching.permissions import Permission
from matching.queries import approvals as approval_queries
from matching.services import companies, registrations, throttle
from matching.web import filters, registration
from matching.web.company_board import board_of
from matching.web.forms.company import (
    KnownSiteForm,
    OwnSiteForm,
    PledgeForm,
    RegisterForm,
    SiteForm,
)
from matching.web.guards import limited, public, requires, signed_in
from matching.web.own_company import own_company, own_site
from matching.web.refusals import explain

bp = Blueprint("company", __name__)


@bp.route("/inscription/entreprise", methods=["GET", "POST"])
@public
@limited(throttle.REGISTRATIONS)
def register() -> Response | str | tuple[str, int]:
    """A company, its first site and its first adult, who then opens a letter."""
    if current_user.is_authenticated:
        return redirect(url_for("account.space"), 303)
    form = RegisterForm()
    if form.validate_on_submit():
        try:
            registrations.ask_for_company(**form.company_values())
        except RuleBroken as error:
            explain(form, error)
        else:
            return registration.asked(form.email.data or "")
    return render_template("company/register.html", form=form), 422 if form.errors else 200


@bp.get("/entreprise")
@requires(Permission.COMPANY_SPACE)
def board() -> str:
    """What was promised, what became of it, and what to do next."""
    found = board_of(own_company())
    promised = found.figures.promised
    return draw_board(PledgeForm(data={"pupils": promised or None}))


@bp.post("/entreprise/promesse")
@requires(Permission.COMPANY_OFFERS)
def pledge() -> Response | tuple[str, int]:
    """Promise so many pupils for this school year."""
    form = PledgeForm()
    if form.validate_on_submit():
        try:
            companies.pledge(signed_in(), own_company(), pupils=form.pupils.data or 0)
            flash(_("Votre promesse est notée. Merci !"), "success")
            return redirect(url_for("company.board"), 303)
        except RuleBroken as error:
            explain(form, error)
    return draw_board(form), 422


def draw_board(form: PledgeForm) -> str:
    """The board, with the form of the pledge as it was typed."""
    company = own_company()
    words = db.session.scalar(approval_queries.last_words("company", company.id, company.status))
    return render_template(
        "company/board.html",
        company=company,
        space=company.name,
        board=board_of(company),
        reason=words,
        form=form,
    )


@bp.post("/entreprise/nouvelle-demande")
@requires(Permission.COMPANY_OFFERS)
def apply_again() -> Response:
    """After a refusal: ask the coordinators to look again."""
    companies.apply_again(signed_in(), own_company())
    flash(_("Votre demande est repartie : un coordinateur va la regarder."), "success")
    return redirect(url_for("company.board"), 303)


@bp.route("/entreprise/sites/nouveau", methods=["GET", "POST"])
@requires(Permission.COMPANY_OFFERS)
def new_site() -> Response | tuple[str, int]:
    """One more site."""
    form = SiteForm()
    if form.validate_on_submit():
        try:
            site = companies.add_site(
                signed_in(), own_company(), siret=form.siret.data or "", **form.site_values()
            )
            flash(_("Le site « %(name)s » est ajouté.", name=site.name), "success")
            return redirect(url_for("company.board"), 303)
        except RuleBroken as error:
            explain(form, error)
    return draw_site(form, None)


@bp.route("/entreprise/sites/<ref>", methods=["GET", "POST"])
@requires(Permission.COMPANY_OFFERS)
def edit_site(ref: str) -> Response | tuple[str, int]:
    """Correct a site."""
    site = own_site(ref)
    known = {"postcode": site.postcode, "commune": filters.commune(site.commune_code)}
    form = OwnSiteForm(
        site_name=site.name, address=site.address, most_pupils=site.most_pupils, **known
    )
    if form.validate_on_submit():
        values = form.site_values()
        if known.items() <= values.items():  # not asked again which of the homonyms it is
            values["commune_code"] = site.commune_code
        try:
            companies.amend_site(signed_in(), site, **values)
            flash(_("Le site est corrigé."), "success")
            return redirect(url_for("company.board"), 303)
        except RuleBroken as error:
            explain(form, error)
    return draw_site(form, site)


def draw_site(form: KnownSiteForm, site: Site | None) -> tuple[str, int]:
    """The form of a site, new when ``site`` is None."""
    company = own_company()
    html = render_template(
        "company/site.html", form=form, site=site, company=company, space=company.name
    )
    return html, 422 if form.errors else 200
