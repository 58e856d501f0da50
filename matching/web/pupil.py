"""The pupil's space: what to do next, interests, offers, wishes, the placement."""

from collections.abc import Iterable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from matching.database import db
from matching.errors import RuleBroken
from matching.models.applications import MAX_WISHES, Application
from matching.models.offers import Offer
from matching.models.placements import Placement
from matching.models.pupils import Pupil
from matching.permissions import Permission
from matching.queries import placements as placement_rows
from matching.queries import pupil_offers, search
from matching.queries.applications import visible_to
from matching.rules.sectors import SECTORS, sector
from matching.services import applications, placements
from matching.services import interests as interest_choices
from matching.web import offer_map
from matching.web.forms.pupil import AnswerForm, InterestsForm, MessageForm, MoveForm
from matching.web.forms.search import PupilSearchForm, kilometres
from matching.web.guards import requires, signed_in
from matching.web.messages import sentence
from matching.web.next_step import LINE, Situation, situation_of
from matching.web.offer_pages import offer_page
from matching.web.public import offer_details
from matching.web.reasons import why_here, why_nothing

bp = Blueprint("pupil", __name__, url_prefix="/eleve")

STEPS_OF_KM = (2, 5, 10, 15, 20, 30, 40, 60, 80, 100)


def own_pupil() -> Pupil:
    """The pupil who is signed in; once the data are erased, nobody."""
    return db.session.scalar(pupil_offers.pupil_of(signed_in())) or abort(404)


def own_wish(ref: str) -> Application:
    """One of the pupil's wishes; somebody else's is not found."""
    return db.session.scalar(visible_to(signed_in()).where(Application.ref == ref)) or abort(404)


def own_offer(pupil: Pupil, ref: str) -> Offer:
    """A published offer of the pupil's campaign that could suit him, free seats or none."""
    campaign = applications.open_campaign(pupil)
    windows = pupil_offers.windows_of(db.session(), pupil)
    offers = pupil_offers.offers_for(pupil, campaign, windows)
    return db.session.scalar(offers.where(Offer.ref == ref)) or abort(404)


@bp.get("")
@requires(Permission.PUPIL_SPACE)
def board() -> str:
    """What to do next, in one plate."""
    pupil = own_pupil()
    now = situation_of(pupil)
    return render_template(
        "pupil/board.html", pupil=pupil, now=now, line=LINE, most=MAX_WISHES, sector_of=sector
    )


@bp.route("/interets", methods=["GET", "POST"])
@requires(Permission.PUPIL_WISHES)
def interests() -> Response | str | tuple[str, int]:
    """The sectors that draw the pupil."""
    pupil = own_pupil()
    form = InterestsForm(sectors=pupil.interests)
    if form.validate_on_submit():
        try:
            interest_choices.choose(signed_in(), pupil, sectors=form.sectors.data or [])
        except RuleBroken as error:
            form.add_error(error.field, sentence(error.code, **error.values))
        else:
            flash(_("Tes univers sont gardés."), "success")
            return redirect(url_for("pupil.board"), 303)
    page = render_template(
        "pupil/interests.html", form=form, sectors=SECTORS, most=interest_choices.MAX_INTERESTS
    )
    return page, 422 if form.is_submitted() else 200


@bp.get("/offres")
@requires(Permission.PUPIL_SPACE)
def offers() -> str | tuple[str, int]:
    """The offers that the pupil may wish for, nearest first."""
    pupil = own_pupil()
    now = situation_of(pupil)
    weeks = pupil_offers.windows_of(db.session(), pupil)
    form = asked(pupil, weeks)
    valid = form.validate()
    found = found_offers(pupil, now, form) if valid else []
    page = offer_page(found, form.kept() if valid else {})
    wished = {wish.offer_id: wish for wish in now.wishes}
    listed = render_template(
        "pupil/offers.html", form=form, page=page, now=now, pupil=pupil, wished=wished,
        weeks=weeks, sector_of=sector, most=MAX_WISHES,
        map_url=url_for("pupil.offers_map", **form.kept()) if found else None,
    )  # fmt: skip
    return listed, 200 if valid else 422


@bp.get("/offres/carte")
@requires(Permission.PUPIL_SPACE)
def offers_map() -> Response:
    """The same offers, gathered for the map; nothing of the pupil is on it."""
    pupil = own_pupil()

    def find() -> list[search.Found]:
        form = asked(pupil, pupil_offers.windows_of(db.session(), pupil))
        return found_offers(pupil, situation_of(pupil), form) if form.validate() else []

    return offer_map.answer(find, "pupil.offer", who=pupil.ref)


def asked(pupil: Pupil, weeks: Iterable[str]) -> PupilSearchForm:
    """The filters of the address; distances go as far as the school allows."""
    reach = pupil.school.reach_km
    form = PupilSearchForm(request.args, km=str(reach))
    form.km.choices = kilometres([*(step for step in STEPS_OF_KM if step < reach), reach])
    form.offer_weeks(weeks)
    return form


def found_offers(pupil: Pupil, now: Situation, form: PupilSearchForm) -> list[search.Found]:
    """What the filters leave."""
    return pupil_offers.find_for(
        db.session(),
        pupil,
        now.campaign,
        km=int(form.km.data or pupil.school.reach_km),
        week=form.week.data or None,
        sector=form.sector.data or None,
        accessible=form.accessible.data,
    )


@bp.get("/offres/<ref>")
@requires(Permission.PUPIL_SPACE)
def offer(ref: str) -> str:
    """One offer, with its distance and the button to wish for it."""
    pupil = own_pupil()
    row = own_offer(pupil, ref)
    now = situation_of(pupil)
    found = pupil_offers.find_for(db.session(), pupil, now.campaign, only=[row.id])
    wish = next((wish for wish in now.wishes if wish.offer_id == row.id), None)
    return render_template(
        "pupil/offer.html", **offer_details(row), found=found[0] if found else None, wish=wish,
        now=now,
    )  # fmt: skip


@bp.get("/voeux")
@requires(Permission.PUPIL_WISHES)
def wishes() -> str:
    """The ranked list; after a move, a line says the new rank."""
    pupil = own_pupil()
    now = situation_of(pupil)
    wanted = [wish.offer_id for wish in now.wishes]
    found = pupil_offers.find_for(db.session(), pupil, now.campaign, only=wanted)
    touched = visible_to(signed_in()).where(Application.ref == request.args.get("voeu", ""))
    wish = db.session.scalar(touched)
    return render_template(
        "pupil/wishes.html",
        now=now,
        pupil=pupil,
        found={one.offer_id: one for one in found},
        moved=wish if wish in now.wishes else None,
        gone=wish if wish not in now.wishes else None,
        most=MAX_WISHES,
    )


@bp.post("/voeux/ajouter/<ref>")
@requires(Permission.PUPIL_WISHES)
def add_wish(ref: str) -> Response:
    """Put an offer at the end of the list."""
    pupil = own_pupil()
    wish = applications.add(signed_in(), pupil, own_offer(pupil, ref))
    flash(
        _("« %(title)s » est ton vœu n° %(rank)s.", title=wish.offer.title, rank=wish.rank),
        "success",
    )
    return redirect(url_for("pupil.wishes"), 303)


@bp.post("/voeux/<ref>/deplacer")
@requires(Permission.PUPIL_WISHES)
def move_wish(ref: str) -> Response:
    """Move a wish up or down, by one with a button, farther by dragging it."""
    form = MoveForm()
    if not form.validate() or not 1 <= abs(form.step.data) < MAX_WISHES:
        abort(400)
    applications.move(signed_in(), own_wish(ref), step=form.step.data, seen=form.seen.data or 0)
    return redirect(url_for("pupil.wishes", voeu=ref, _anchor=f"voeu-{ref}"), 303)


@bp.post("/voeux/<ref>/retirer")
@requires(Permission.PUPIL_WISHES)
def withdraw_wish(ref: str) -> Response:
    """Take a wish back."""
    applications.withdraw(signed_in(), own_wish(ref))
    return redirect(url_for("pupil.wishes", voeu=ref), 303)


@bp.route("/voeux/<ref>/message", methods=["GET", "POST"])
@requires(Permission.PUPIL_WISHES)
def wish_message(ref: str) -> Response | tuple[str, int]:
    """Say in a few words why this offer."""
    wish = own_wish(ref)
    form = MessageForm(message=wish.message)
    if form.validate_on_submit():
        try:
            applications.write_message(signed_in(), wish, message=form.message.data or "")
        except RuleBroken as error:
            form.add_error(error.field, sentence(error.code, **error.values))
        else:
            flash(_("Ton message est gardé."), "success")
            return redirect(url_for("pupil.wishes"), 303)
    page = render_template(
        "pupil/wish_message.html", form=form, wish=wish, longest=applications.MAX_MESSAGE
    )
    return page, 422 if form.is_submitted() else 200


@bp.route("/voeux/envoyer", methods=["GET", "POST"])
@requires(Permission.PUPIL_WISHES)
def send_wishes() -> Response | str:
    """Read the list once more, then send it."""
    pupil = own_pupil()
    if request.method == "POST":
        sent = applications.send(signed_in(), pupil)
        flash(_("Tes vœux sont envoyés à ton collège."), "success" if sent else "message")
        return redirect(url_for("pupil.board"), 303)
    now = situation_of(pupil)
    if not now.drafts:
        return redirect(url_for("pupil.wishes"))
    return render_template("pupil/send.html", now=now, pupil=pupil)


@bp.get("/stage")
@requires(Permission.PUPIL_SPACE)
def placement() -> str:
    """The proposal, its state, and why this place or none."""
    pupil = own_pupil()
    form = AnswerForm(formdata=None)
    return placement_page(pupil, form)


@bp.post("/stage/<ref>")
@requires(Permission.PUPIL_PLACEMENT_ANSWER)
def answer(ref: str) -> Response | tuple[str, int]:
    """Yes, or no with a reason."""
    pupil = own_pupil()
    rows = placement_rows.of_pupil(pupil).where(Placement.ref == ref)
    row = db.session.scalar(rows) or abort(404)
    form = AnswerForm()
    if not form.validate():
        return placement_page(pupil, form), 422
    try:
        placements.answer_as_pupil(
            signed_in(), row, form.answer.data == "yes", version=form.version.data or 0,
            reason=form.reason.data or "", words=form.words.data or "",
        )  # fmt: skip
    except RuleBroken as error:  # answered already, too late, changed: the page says how it stands
        flash(sentence(error.code, **error.values), "error")
    return redirect(url_for("pupil.placement"), 303)


def placement_page(pupil: Pupil, form: AnswerForm) -> str:
    """The page of the placement, with the form as it stands."""
    now = situation_of(pupil)
    row = now.placement
    offer = row.seat.offer if row is not None and row.seat is not None else None
    return render_template(
        "pupil/placement.html",
        now=now,
        row=row,
        offer=offer,
        form=form,
        why=why_here(row, pupil) if row is not None else [],
        nothing=why_nothing(pupil, now) if now.step == "unplaced" else [],
    )
