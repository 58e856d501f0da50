"""A company registers, adds sites, and promises places for a school year."""

from dataclasses import asdict

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from matching import clock
from matching.database import db, transactional
from matching.errors import RuleBroken, Stale
from matching.models import events
from matching.models.companies import Company, Pledge, Site
from matching.models.offers import Offer
from matching.models.statuses import ApprovalStatus, OfferStatus
from matching.models.users import Membership, Role, User
from matching.queries import companies, settings
from matching.rules import limits
from matching.rules.identifiers import clean, postcode_problem, siren_of, siret_problem
from matching.rules.settings import SettingKey
from matching.services import accounts, legal_texts, locations


@transactional
def register(
    *,
    siret: str,
    name: str,
    site_name: str,
    address: str,
    postcode: str,
    commune: str,
    commune_code: str = "",
    first_name: str,
    last_name: str,
    email: str,
    password: str,
    phone: str | None = None,
) -> User:
    """Write a company, its first site and its first adult; return this adult.

    The adult has accepted the texts in force: this is written down.
    The company stays ``registered`` until a coordinator approves it. Raises RuleBroken as
    ``check`` and ``accounts.create_adult``.
    """
    number, place = check(
        siret=siret, postcode=postcode, commune=commune, commune_code=commune_code, address=address
    )
    user = accounts.create_adult(email, password, first_name, last_name, phone)
    company = Company(siren=siren_of(number), name=name)
    company.sites = [Site(siret=number, name=site_name, address=address, **asdict(place))]
    db.session.add(company)
    try:
        db.session.flush()
    except IntegrityError:  # a colleague sent the same form at the same moment
        raise RuleBroken("company_known", field="siret") from None
    db.session.add(Membership(user=user, role=Role.COMPANY_MEMBER, company=company))
    events.record(company, ApprovalStatus.REGISTERED, actor_id=user.id)
    legal_texts.accept(user, company)
    return user


def check(
    *, siret: str, postcode: str, commune: str, commune_code: str, address: str
) -> tuple[str, locations.Place]:
    """The number and the place of a company that may register.

    Raises RuleBroken ``siret_format`` or ``siret_key``, ``company_known`` when the SIREN is
    registered already, ``postcode_format``, or what ``locations.locate`` raises.
    """
    number = _checked_siret(siret)
    if db.session.scalar(sa.select(Company.id).where(Company.siren == siren_of(number))):
        raise RuleBroken("company_known", field="siret")
    return number, _located(postcode, commune, commune_code, address)


@transactional
def apply_again(actor: User, company: Company) -> None:
    """After a refusal the company mended what was asked; the coordinators look again."""
    if company.status in (ApprovalStatus.APPROVED, ApprovalStatus.BLOCKED):
        raise Stale("status_changed")
    if company.status != ApprovalStatus.REGISTERED:
        events.move(company, ApprovalStatus.REGISTERED, actor_id=actor.id)


@transactional
def add_site(
    actor: User,
    company: Company,
    *,
    siret: str,
    name: str,
    address: str,
    postcode: str,
    commune: str,
    commune_code: str = "",
) -> Site:
    """Add a site of the same company.

    Raises RuleBroken: ``siret_format``, ``siret_key``, ``siret_other_company`` when the first nine
    digits are not the company's, ``site_known``, or what ``locations.locate`` raises.
    """
    number = _checked_siret(siret)
    if siren_of(number) != company.siren:
        raise RuleBroken("siret_other_company", field="siret", siren=company.siren)
    if db.session.scalar(sa.select(Site.id).where(Site.siret == number)):
        raise RuleBroken("site_known", field="siret")
    place = _located(postcode, commune, commune_code, address)
    site = Site(company=company, siret=number, name=name, address=address, **asdict(place))
    db.session.add(site)
    try:
        db.session.flush()
    except IntegrityError:  # a colleague sent the same form at the same moment
        raise RuleBroken("site_known", field="siret") from None
    return site


@transactional
def amend_site(
    actor: User,
    site: Site,
    *,
    name: str,
    address: str,
    postcode: str,
    commune: str,
    commune_code: str = "",
    most_pupils: int | None = None,
) -> Site:
    """Correct a site. The commune is fixed once an offer of the site has left its author.

    A SIRET belongs to one address: a site that moves gets another number, and is another site.
    ``most_pupils`` counts a school year over all its offers; pupils who hold a seat keep it, even
    where they are more. Raises RuleBroken ``site_has_offers``, ``limit_number``, or what
    ``locations.locate`` raises.
    """
    _refuse_limit(most_pupils)
    place = _located(postcode, commune, commune_code, address)
    if place.commune_code != site.commune_code and _has_offers(site):
        raise RuleBroken("site_has_offers", field="commune")
    site.name, site.address, site.most_pupils = name, address, most_pupils
    for column, value in asdict(place).items():
        setattr(site, column, value)
    return site


@transactional
def pledge(actor: User, company: Company, *, pupils: int, school_year: int | None = None) -> Pledge:
    """Promise so many pupils for a school year, the present one unless told otherwise.

    Raises RuleBroken ``pledge_number`` outside 1 to what the foundation allows, and Stale
    ``company_not_allowed`` when
    the company was refused or blocked.
    """
    most = settings.value(db.session(), SettingKey.MOST_PLEDGED)
    if not 1 <= pupils <= most:
        raise RuleBroken("pledge_number", field="pupils", most=most)
    # Two colleagues may promise at once: the second one changes what the first one wrote.
    db.session.execute(sa.select(Company.id).where(Company.id == company.id).with_for_update())
    if company.status in (ApprovalStatus.REFUSED, ApprovalStatus.BLOCKED):
        raise Stale("company_not_allowed")
    year = clock.school_year() if school_year is None else school_year
    row = db.session.scalar(companies.pledge_of(company, year))
    if row is None:
        row = Pledge(company=company, school_year=year, pupils=pupils)
        db.session.add(row)
    row.pupils = pupils
    return row


def _refuse_limit(most_pupils: int | None) -> None:
    if limits.out_of_range(most_pupils):
        raise RuleBroken("limit_number", field="most_pupils", most=limits.MOST)


def _checked_siret(siret: str) -> str:
    if problem := siret_problem(siret):
        raise RuleBroken(problem, field="siret")
    return clean(siret)


def _located(postcode: str, commune: str, commune_code: str, address: str) -> locations.Place:
    if problem := postcode_problem(postcode):
        raise RuleBroken(problem, field="postcode")
    return locations.locate(
        postcode=clean(postcode), commune=commune, commune_code=commune_code, address=address
    )


def _has_offers(site: Site) -> bool:
    return bool(
        db.session.scalar(
            sa.select(Offer.id)
            .where(Offer.site_id == site.id, Offer.status != OfferStatus.DRAFT)
            .limit(1)
        )
    )
