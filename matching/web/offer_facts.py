"""What an offer comes to: seats, weeks, promises, and whether pupils may be sent there."""

from dataclasses import dataclass

from matching.models.offers import Offer
from matching.models.statuses import ApprovalStatus
from matching.rules.charter import CRITERIA, Criterion, score
from matching.rules.sectors import SECTORS, Sector, sector
from matching.services.seats import SeatPlan, plan_of


@dataclass(frozen=True, slots=True)
class OfferFacts:
    """Beside the columns of an offer, what its readers ask for."""

    plan: SeatPlan
    at_site: int | None  # most pupils at the site, over all its offers
    seats: int
    score: int
    promises: list[tuple[Criterion, bool]]
    sector: Sector
    company_approved: bool
    blocked: bool


def facts_of(offer: Offer) -> OfferFacts:
    """Needs the seats, the weeks and the site of the offer."""
    return OfferFacts(
        plan=plan_of(offer),
        at_site=offer.site.most_pupils,
        seats=sum(seat.closed_at is None for seat in offer.seats),
        score=score(offer.charter),
        promises=[(one, one.key in offer.charter) for one in CRITERIA],
        sector=sector(offer.sector) or SECTORS[-1],
        company_approved=offer.site.company.status == ApprovalStatus.APPROVED,
        blocked=offer.site.blocked_by_inspection,
    )
