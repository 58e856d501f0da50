"""A list of offers, page by page."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request, url_for

from matching.database import db
from matching.models.offers import Offer
from matching.queries import search
from matching.queries.search import Found

PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class OfferPage:
    """One page: the offers with what was found about them; ``url`` lacks only a page number."""

    items: list[tuple[Offer, Found]]
    total: int
    page: int
    pages: int
    url: str


def offer_page(found: Sequence[Found], kept: dict[str, str]) -> OfferPage:
    """The page that the address asks for; a number out of range shows the nearest page."""
    pages = max(1, -(-len(found) // PER_PAGE))
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    part = found[(page - 1) * PER_PAGE : page * PER_PAGE]
    offers = {
        offer.id: offer
        for offer in db.session.scalars(search.shown([one.offer_id for one in part]))
    }
    address = url_for(str(request.endpoint), **kept)  # type: ignore[arg-type] # only our filters
    return OfferPage(
        items=[(offers[one.offer_id], one) for one in part],
        total=len(found),
        page=page,
        pages=pages,
        url=f"{address}{'&' if kept else '?'}page=",
    )
