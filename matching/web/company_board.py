"""What the board of a company shows: figures of its promise, offers with their seats, next step."""

from dataclasses import dataclass, replace

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import Select

from matching import clock
from matching.database import db
from matching.models.companies import Company
from matching.models.offers import Offer
from matching.models.placements import Placement
from matching.models.statuses import ApprovalStatus, OfferStatus, PlacementStatus
from matching.queries import companies, offers
from matching.queries import placements as placement_queries
from matching.web.guards import signed_in


@dataclass(frozen=True, slots=True)
class Figures:
    """Pupils promised, seats published, of which proposed and agreed by all three."""

    promised: int = 0
    published: int = 0
    proposed: int = 0
    agreed: int = 0


@dataclass(frozen=True, slots=True)
class OfferSeats:
    """One offer and the states of its seats."""

    offer: Offer
    seats: int
    proposed: int
    agreed: int

    @property
    def free(self) -> int:
        """Seats that nobody holds."""
        return self.seats - self.proposed - self.agreed


@dataclass(frozen=True, slots=True)
class NextStep:
    """The one thing to do now."""

    title: str
    text: str
    url: str | None = None
    action: str | None = None


@dataclass(frozen=True, slots=True)
class Board:
    """Everything on the page."""

    year: int
    figures: Figures
    offers: list[OfferSeats]
    to_answer: int
    next_step: NextStep


def board_of(company: Company) -> Board:
    """Read the board of this company for the present school year."""
    year = clock.school_year()
    states = {
        offer_id: (seats, proposed, agreed)
        for offer_id, seats, proposed, agreed in db.session.execute(
            offers.seat_states(company.id, year)
        )
    }
    mine = db.session.scalars(
        offers.visible_to(signed_in()).where(
            Offer.school_year == year, Offer.site.has(company_id=company.id)
        )
    )
    rows = [OfferSeats(offer, *states.get(offer.id, (0, 0, 0))) for offer in mine]
    pledge = db.session.scalar(companies.pledge_of(company, year))
    figures = Figures(
        promised=pledge.pupils if pledge else 0,
        published=sum(row.seats for row in rows if row.offer.status in offers.LIVE),
        proposed=sum(row.proposed for row in rows),
        agreed=sum(row.agreed for row in rows),
    )
    to_answer = len(db.session.scalars(_to_answer()).all())
    board = Board(year, figures, rows, to_answer, NextStep("", ""))
    return replace(board, next_step=_next_step(company, board))


def _to_answer() -> Select[Placement]:
    return placement_queries.visible_to_host(signed_in()).where(
        Placement.status == PlacementStatus.PROPOSED, Placement.host_answer.is_(None)
    )


def _next_step(company: Company, board: Board) -> NextStep:
    """The most pressing thing first: pupils who wait, then texts to mend, then what is missing."""
    if board.to_answer:
        return NextStep(
            _("Des élèves attendent votre réponse"),
            _("Leur collège a dit oui. À vous de dire si vous les accueillez."),
            url_for("proposals.index"),
            _("Répondre"),
        )
    for status, title, text, action in (
        (
            OfferStatus.RETURNED,
            _("Une offre est à reprendre"),
            _("Le coordinateur demande une correction avant de la publier."),
            _("Reprendre l’offre"),
        ),
        (
            OfferStatus.DRAFT,
            _("Un brouillon vous attend"),
            _("Terminez votre offre, puis envoyez-la au coordinateur."),
            _("Terminer l’offre"),
        ),
    ):
        for row in board.offers:
            if row.offer.status == status:
                return NextStep(title, text, url_for("offers.show", ref=row.offer.ref), action)
    if not any(row.offer.status != OfferStatus.CLOSED for row in board.offers):
        return NextStep(
            _("Écrivez votre première offre"),
            _("Ce que l’élève verra et fera, les semaines, les horaires : dix minutes suffisent."),
            url_for("offers.new"),
            _("Écrire une offre"),
        )
    return _nothing_pressing(company, board)


def _nothing_pressing(company: Company, board: Board) -> NextStep:
    waiting = any(row.offer.status == OfferStatus.SUBMITTED for row in board.offers)
    if waiting or company.status == ApprovalStatus.REGISTERED:
        return NextStep(
            _("Un coordinateur relit votre dossier"),
            _("Vous n’avez rien à faire. Vos offres paraîtront dès qu’il aura dit oui."),
        )
    left = board.figures.promised - board.figures.published
    if left > 0:
        return NextStep(
            _("Il reste des places à publier"),
            _("Vous avez promis plus d’élèves que vous n’offrez de places. Une autre offre ?"),
            url_for("offers.new"),
            _("Écrire une offre"),
        )
    return NextStep(
        _("Tout est prêt"),
        _("Les élèves choisissent leurs vœux. Vous verrez ici ceux qui vous sont proposés."),
    )
