"""The login cards of a school: whose to print, and the sheet itself."""

from datetime import datetime

from flask import Blueprint, abort, current_app, render_template, request, url_for
from werkzeug.wrappers import Response

from matching.errors import RuleBroken
from matching.models.pupils import Pupil
from matching.models.schools import ClassGroup
from matching.permissions import Permission
from matching.services import cards as card_service
from matching.web import card_pages, card_sheet
from matching.web.forms.enrolment import CardsForm
from matching.web.guards import requires, signed_in
from matching.web.own_school import own_class, own_classes, own_pupil, own_pupils, own_school
from matching.web.refusals import explain

bp = Blueprint("login_cards", __name__, url_prefix="/etablissement/cartes")


@bp.get("")
@requires(Permission.SCHOOL_ENROL)
def choose() -> str:
    """Pupils without a card are ticked; the others on request; one alone, when he lost his."""
    of_class = chosen_class()
    pupils = pupils_of(of_class)
    alone = len(pupils) == 1 and "eleve" in request.args
    without = {row.ref for row in pupils if alone or row.card_issued_at is None}
    return choice_page(CardsForm(), of_class, pupils, without)


@bp.post("")
@requires(Permission.SCHOOL_ENROL)
def make() -> str | Response | tuple[str, int]:
    """New codes. The answer is the sheet itself: it is the only place where they can be read."""
    of_class, form = chosen_class(), CardsForm()
    pupils = pupils_of(of_class)
    wanted = set(form.pupils.data or ())
    chosen = [row for row in pupils if row.ref in wanted]
    if not form.validate_on_submit():
        abort(400)
    try:
        made = card_service.issue(signed_in(), own_school(), chosen, seen=moment(form))
    except RuleBroken as error:
        explain(form, error)
        return choice_page(form, of_class, pupils, wanted), 422
    return sheet(card_pages.printed(made), as_pdf=request.form.get("format") == "pdf")


def sheet(cards: list[card_pages.PrintedCard], *, as_pdf: bool) -> str | Response:
    """The cards as a PDF or as a page; as a page too where no PDF can be made."""
    address = url_for("account.pupil_sign_in", _external=True).split("://", 1)[1]
    if as_pdf:
        try:
            body = card_sheet.pdf(cards, address)
        except card_sheet.SheetFailed:
            current_app.logger.exception("the sheet of cards could not be made")
        else:
            headers = {
                "Content-Disposition": 'attachment; filename="cartes.pdf"',
                "Cache-Control": "no-store",  # the codes are nobody else's
            }
            return Response(body, mimetype="application/pdf", headers=headers)
    return render_template("school/cards.html", cards=cards, address=address)


def choice_page(
    form: CardsForm, of_class: ClassGroup | None, pupils: list[Pupil], ticked: set[str]
) -> str:
    """The page of choice."""
    return render_template(
        "school/choose_cards.html",
        form=form,
        of_class=of_class,
        views=card_pages.tabs(of_class, own_classes()),
        groups=card_pages.by_class(pupils),
        newest=card_service.newest(pupils),
        ticked=ticked,
    )


def chosen_class() -> ClassGroup | None:
    """The class that the address names, or none for all."""
    ref = request.args.get("classe", "")
    return own_class(ref) if ref else None


def pupils_of(of_class: ClassGroup | None) -> list[Pupil]:
    """The pupils that the person sees, of this class or of all; or the one that is named."""
    if ref := request.args.get("eleve", ""):
        return [own_pupil(ref)]
    return [row for row in own_pupils() if of_class in (None, row.class_group)]


def moment(form: CardsForm) -> datetime | None:
    """When the newest card of the page was made; 400 for what no page of ours sends."""
    if not form.seen.data:
        return None
    try:
        found = datetime.fromisoformat(form.seen.data)
    except ValueError:
        abort(400)
    return found if found.tzinfo else abort(400)
