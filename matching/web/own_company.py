"""The rows behind an address of the company space: the person's own, or a 404."""

from flask import abort

from matching.database import db
from matching.models.companies import Company, Site
from matching.models.offers import Offer
from matching.queries import companies, offers
from matching.web.guards import signed_in


def own_company() -> Company:
    """The company in which the person works."""
    return db.session.scalars(companies.visible_to(signed_in())).first() or abort(404)


def own_sites() -> list[Site]:
    """Its sites."""
    return list(db.session.scalars(companies.sites_visible_to(signed_in())))


def own_site(ref: str) -> Site:
    """One of them."""
    query = companies.sites_visible_to(signed_in()).where(Site.ref == ref)
    return db.session.scalar(query) or abort(404)


def own_offer(ref: str) -> Offer:
    """An offer of the company."""
    return db.session.scalar(offers.visible_to(signed_in()).where(Offer.ref == ref)) or abort(404)
