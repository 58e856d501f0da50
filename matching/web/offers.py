"""A company writes an offer page by page, hands it in, pauses and closes it."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from matching.database import db, new_reference
from matching.errors import RuleBroken
from matching.models.offers import Offer
from matching.models.statuses import OfferStatus
from matching.permissions import Permission
from matching.queries import offers as offer_queries
from matching.rules.charter import CRITERIA
from matching.services import offers
from matching.web.forms.offers import PlaceForm, WeeksForm
from matching.web.forms.versioned import VersionedForm
from matching.web.guards import requires, signed_in
from matching.web.messages import sentence
from matching.web.offer_facts import facts_of
from matching.web.offer_form import PAGES, after, site_choices, steps, still_to_write
from matching.web.own_company import own_company, own_offer, own_site, own_sites
from matching.web.refusals import explain
from matching.web.week_choices import months_of

bp = Blueprint("offers", __name__)

ACTS: dict[str, tuple[Callable[..., None], str]] = {
    "envoyer": (offers.submit, _l("Votre offre est envoyée : un coordinateur va la relire.")),
    "pause": (offers.pause, _l("L’offre est en pause : elle n’est plus proposée.")),
    "reprise": (offers.resume, _l("L’offre est de nouveau proposée aux élèves.")),
    "fermeture": (offers.close, _l("L’offre est fermée.")),
}


@bp.route("/entreprise/offres/nouvelle", methods=["GET", "POST"])
@requires(Permission.COMPANY_OFFERS)
def new() -> Response | tuple[str, int]:
    """The first page: where, and which trade; a draft is born."""
    sites = own_sites()
    form = PlaceForm(ref=new_reference(), site=request.args.get("site"), version="1")
    form.site.choices = site_choices(sites)
    if form.validate_on_submit():
        site = own_site(form.site.data)
        try:
            offer = offers.start(
                signed_in(), site,
                title=form.title.data or "", sector=form.sector.data or "", ref=form.ref.data,
            )  # fmt: skip
            return redirect(url_for("offers.page", ref=offer.ref, slug="programme"), 303)
        except RuleBroken as error:
            explain(form, error)
    return draw(None, "lieu", form)


@bp.route(
    "/entreprise/offres/<ref>/<any(lieu, programme, horaires, semaines, accueil):slug>",
    methods=["GET", "POST"],
)
@requires(Permission.COMPANY_OFFERS)
def page(ref: str, slug: str) -> Response | tuple[str, int]:
    """One page of the form; a draft goes on to the next one."""
    offer, here = own_offer(ref), PAGES[slug]
    form = here.form(data=here.fill(offer) | {"version": str(offer.version)})
    if isinstance(form, PlaceForm):
        form.site.choices = site_choices(own_sites())
    if form.validate_on_submit():
        try:
            here.save(signed_in(), offer, form)
            return saved(offer, slug)
        except RuleBroken as error:
            if error.code == "offer_changed":  # sent again, it will replace what is stored
                form.version.data = str(offer.version)
                return draw(offer, slug, form, stale=True)
            explain(form, error)
    return draw(offer, slug, form)


def saved(offer: Offer, slug: str) -> Response:
    """Where to go after a page was saved."""
    following = after(slug)
    if offer.status == OfferStatus.DRAFT and following:
        return redirect(url_for("offers.page", ref=offer.ref, slug=following), 303)
    flash(_("C’est enregistré."), "success")
    return redirect(url_for("offers.show", ref=offer.ref), 303)


def draw(
    offer: Offer | None, slug: str, form: VersionedForm, *, stale: bool = False
) -> tuple[str, int]:
    """The page with its form; ``stale`` when a colleague was quicker."""
    code = 422 if form.errors or stale else 200
    html = render_template(
        f"company/offer_{PAGES[slug].template}.html",
        form=form,
        offer=offer,
        space=own_company().name,
        steps=steps(offer, slug, address_of(offer)) if offer else steps(None, slug, str),
        criteria=CRITERIA,
        months=months_of(offer) if offer and isinstance(form, WeeksForm) else {},
        stale=stale,
        live=offer is not None and offer.status in offer_queries.LIVE,
    )
    return html, code


def address_of(offer: Offer) -> Callable[[str], str]:
    """Slug → address of that page for this offer; "relire" is the offer itself."""

    def address(slug: str) -> str:
        if slug == "relire":
            return url_for("offers.show", ref=offer.ref)
        return url_for("offers.page", ref=offer.ref, slug=slug)

    return address


@bp.get("/entreprise/offres/<ref>")
@requires(Permission.COMPANY_OFFERS)
def show(ref: str) -> str:
    """The whole offer, what became of its seats, and what to do next."""
    offer = own_offer(ref)
    rows = db.session.execute(
        offer_queries.seat_states(offer.site.company_id, offer.school_year).where(
            Offer.id == offer.id
        )
    ).all()
    return render_template(
        "company/offer.html",
        facts=facts_of(offer),
        offer=offer,
        space=offer.site.company.name,
        steps=steps(offer, "relire", address_of(offer)),
        missing=still_to_write(offer),
        seats=rows[0] if rows else (offer.id, 0, 0, 0),
    )


@bp.post("/entreprise/offres/<ref>/<any(envoyer, pause, reprise, fermeture):act>")
@requires(Permission.COMPANY_OFFERS)
def act(ref: str, act: str) -> Response:
    """Hand in, pause, publish again, close."""
    offer = own_offer(ref)
    service, words = ACTS[act]
    try:
        service(signed_in(), offer, version=request.form.get("version", 0, type=int))
        flash(str(words), "success")
    except RuleBroken as error:
        flash(sentence(error.code, **error.values), "warning")
    return redirect(url_for("offers.show", ref=ref), 303)
