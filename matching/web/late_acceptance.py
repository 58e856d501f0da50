"""After publication: pupils left without a place, whom a host may take on a free seat."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from matching.database import db
from matching.geography.communes import gazetteer
from matching.models.offers import Offer
from matching.models.pupils import Pupil
from matching.models.statuses import OfferStatus
from matching.permissions import Permission
from matching.queries import left_without
from matching.rules.sectors import sector
from matching.services import late_acceptance
from matching.web.guards import requires, signed_in
from matching.web.own_company import own_offer

bp = Blueprint("late_acceptance", __name__)

MOST_SHOWN = 30


@bp.get("/entreprise/offres/<ref>/eleves-sans-place")
@requires(Permission.COMPANY_SPACE)
def index(ref: str) -> str:
    """The nearest of them: a commune and interests, no name before the school's yes."""
    offer = published(ref)
    found = late_acceptance.candidates(offer)
    return render_template(
        "company/left_without.html",
        offer=offer,
        space=offer.site.company.name,
        total=len(found),
        shown=[
            {
                "ref": one.pupil.ref,
                "commune": _commune(one.pupil),
                "interests": [
                    _(known.label) for key in one.pupil.interests if (known := sector(key))
                ],
                "week": one.week,
                "km": one.distance_m / 1000,
            }
            for one in found[:MOST_SHOWN]
        ],
    )


@bp.post("/entreprise/offres/<ref>/eleves-sans-place/<pupil_ref>")
@requires(Permission.COMPANY_PLACEMENT_ANSWER)
def accept(ref: str, pupil_ref: str) -> Response:
    """Propose a free seat to this pupil; the school looks next."""
    offer = published(ref)
    pupil = db.session.scalar(
        left_without.around(offer.site, offer.school_year).where(Pupil.ref == pupil_ref)
    )
    if pupil is None:
        flash(_("Cet élève vient d’avoir une place ailleurs."), "warning")
    else:
        late_acceptance.accept(signed_in(), offer, pupil)
        flash(_("Merci ! Le collège de cet élève regarde votre proposition."), "success")
    return redirect(url_for("late_acceptance.index", ref=ref), 303)


def published(ref: str) -> Offer:
    """An offer of the company that pupils may be given."""
    offer = own_offer(ref)
    return offer if offer.status is OfferStatus.PUBLISHED else abort(404)


def _commune(pupil: Pupil) -> str:
    found = gazetteer().by_code(pupil.commune_code or pupil.school.commune_code)
    return found.name if found else ""
