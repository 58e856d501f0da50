"""Pupils proposed to a company: the host reads the least, and says yes or no."""

from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from matching.database import db
from matching.errors import RuleBroken, Stale
from matching.geography.communes import gazetteer
from matching.models.offers import Offer, Seat
from matching.models.placements import Placement
from matching.models.pupils import Pupil
from matching.models.statuses import HOLDING, PlacementStatus
from matching.permissions import Permission
from matching.queries import placements as queries
from matching.rules.sectors import sector
from matching.services import placements
from matching.web.forms.company import AnswerForm
from matching.web.guards import requires, signed_in
from matching.web.messages import sentence
from matching.web.own_company import own_company
from matching.web.refusals import explain

bp = Blueprint("proposals", __name__)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a host may read: a first name and an initial while the proposal lives, no name after."""

    placement: Placement
    offer: Offer
    name: str | None
    commune: str
    interests: list[str]
    form: AnswerForm

    @property
    def km(self) -> float | None:
        """From the pupil's commune to the site."""
        metres = self.placement.distance_m
        return None if metres is None else metres / 1000


@bp.get("/entreprise/propositions")
@requires(Permission.COMPANY_SPACE)
def index() -> str:
    """Proposals that the school has said yes to."""
    return draw()


@bp.post("/entreprise/propositions/<ref>")
@requires(Permission.COMPANY_PLACEMENT_ANSWER)
def answer(ref: str) -> Response | tuple[str, int]:
    """Yes, or no with a reason."""
    query = queries.visible_to_host(signed_in()).where(Placement.ref == ref)
    placement = db.session.scalar(query) or abort(404)
    form = AnswerForm(prefix=ref)
    if form.validate_on_submit():
        yes = form.answer.data == "yes"
        try:
            placements.answer_as_host(
                signed_in(), placement, yes, version=form.seen_version(),
                reason=form.reason.data or "", words=form.words.data or "",
            )  # fmt: skip
            flash(_("Merci, votre oui est noté.") if yes else _("Votre refus est noté."), "success")
            return redirect(url_for("proposals.index"), 303)
        except Stale as error:
            flash(sentence(error.code, **error.values), "warning")
            return redirect(url_for("proposals.index"), 303)
        except RuleBroken as error:
            explain(form, error)
    return draw(form), 422


def draw(answered: AnswerForm | None = None) -> str:
    """The page; ``answered`` is the form that came with an error, if any."""
    rows = db.session.scalars(
        queries.visible_to_host(signed_in()).options(
            joinedload(Placement.pupil).joinedload(Pupil.school),
            joinedload(Placement.seat).joinedload(Seat.offer).joinedload(Offer.site),
        )
    )
    proposals = [proposal_of(row, answered) for row in rows]
    waiting, agreed, ended = [], [], []
    for one in proposals:
        if one.placement.status not in HOLDING:
            ended.append(one)
        elif one.placement.status == PlacementStatus.PROPOSED and one.placement.host_answer is None:
            waiting.append(one)
        else:
            agreed.append(one)
    return render_template(
        "company/proposals.html",
        space=own_company().name,
        waiting=waiting,
        agreed=agreed,
        ended=ended,
        answered=answered,
    )


def proposal_of(placement: Placement, answered: AnswerForm | None) -> Proposal:
    """What the host may read of this placement, with the form to answer."""
    pupil, seat = placement.pupil, placement.seat
    if seat is None:
        raise ValueError("a host sees placements on its seats only")
    form = AnswerForm(formdata=None, prefix=placement.ref, version=str(placement.version))
    if answered is not None and answered.version.name == form.version.name:
        answered.version.data = str(placement.version)
        form = answered
    alive = placement.status in HOLDING
    code = (pupil.commune_code or pupil.school.commune_code) if pupil else ""
    commune = gazetteer().by_code(code)
    named = [_(found.label) for key in (pupil.interests if pupil else []) if (found := sector(key))]
    return Proposal(
        placement=placement,
        offer=seat.offer,
        name=pupil.short_name if pupil and alive else None,
        commune=commune.name if commune else "",
        interests=named if alive else [],
        form=form,
    )
