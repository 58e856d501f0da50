"""A company registers, adds sites, promises places."""

import pytest
import sqlalchemy as sa

from matching.errors import RuleBroken, Stale
from matching.models.companies import Company, Pledge, Site
from matching.models.events import Event
from matching.models.statuses import ApprovalStatus, OfferStatus
from matching.models.users import Role, User
from matching.permissions import has_role
from matching.services import companies
from tests.factories import people, places

pytestmark = pytest.mark.usefixtures("cheap_passwords", "in_november")
LA_POSTE_OFFICE = "35600000049837"  # a real number whose Luhn key is wrong: La Poste's own rule


def registration(**values) -> dict:
    return {
        "siret": "732 829 320 00074",
        "name": "Ateliers fictifs du Haut-Bugey",
        "site_name": "Usine d’Oyonnax",
        "address": "12 rue de l’Essai",
        "postcode": "01100",
        "commune": "Oyonnax",
        "first_name": "Zoé",
        "last_name": "Hôte",
        "email": "zoe@example.org",
        "password": "Trois rabots neufs 7",
        "phone": "06 39 98 12 34",
    } | values


def refused(call, *args, **kwargs) -> RuleBroken:
    with pytest.raises(RuleBroken) as caught:
        call(*args, **kwargs)
    return caught.value


def test_a_registered_company_waits_and_its_first_adult_is_its_member(session):
    user = companies.register(**registration())
    company = session.scalars(sa.select(Company)).one()
    assert (company.siren, company.status) == ("732829320", ApprovalStatus.REGISTERED)
    assert [membership.company_id for membership in user.memberships] == [company.id]
    assert has_role(user, Role.COMPANY_MEMBER)
    site = company.sites[0]
    assert (site.siret, site.commune_code, site.postcode) == ("73282932000074", "01283", "01100")
    assert abs(site.lat - 46.26) < 0.1
    assert abs(site.lon - 5.65) < 0.1
    assert site.attached_territory.name == places.territory_of().name
    event = session.scalars(sa.select(Event)).one()
    assert (event.subject, event.to_status, event.actor_id) == ("company", "registered", user.id)


@pytest.mark.parametrize(
    ("siret", "code"),
    [
        ("73282932000075", "siret_key"),
        ("7328293200007", "siret_format"),
        ("", "siret_format"),
        ("'; DROP TABLE company; --", "siret_format"),
        ("٧٣٢٨٢٩٣٢٠٠٠٠٧٤", "siret_format"),
    ],
)
def test_a_wrong_siret_is_told_next_to_its_field_and_nothing_is_written(session, siret, code):
    error = refused(companies.register, **registration(siret=siret))
    assert (error.code, error.field) == (code, "siret")
    assert session.scalar(sa.select(sa.func.count(User.id))) == 0


def test_an_office_of_la_poste_registers_with_its_own_rule(session):
    companies.register(**registration(siret=LA_POSTE_OFFICE))
    assert session.scalars(sa.select(Company.siren)).one() == "356000000"


def test_a_known_siren_sends_to_a_colleague_even_with_another_site(session):
    companies.register(**registration())
    again = registration(siret="73282932000082", email="other@example.org")
    assert companies.siret_problem(again["siret"]) is None
    error = refused(companies.register, **again)
    assert (error.code, error.field) == ("company_known", "siret")
    assert session.scalar(sa.select(sa.func.count(User.id))) == 1


def test_a_homonym_is_a_question_and_the_answer_registers(session):
    asked = registration(postcode="58120", commune="Château-Chinon")
    error = refused(companies.register, **asked)
    assert (error.code, error.field) == ("commune_ambiguous", "commune")
    assert {code for code, _name in error.values["candidates"]} == {"58062", "58063"}
    assert session.scalar(sa.select(sa.func.count(User.id))) == 0
    companies.register(**asked, commune_code="58063")
    assert session.scalars(sa.select(Site.commune_code)).one() == "58063"


def test_a_commune_that_does_not_exist_writes_nothing(session):
    error = refused(companies.register, **registration(postcode="01999", commune="Nulle-Part"))
    assert (error.code, error.field) == ("commune_unknown", "commune")
    assert refused(companies.register, **registration(postcode="99")).code == "postcode_format"
    assert session.scalar(sa.select(sa.func.count(Company.id))) == 0


def test_a_taken_address_leaves_no_company_behind(session):
    people.adult(email="zoe@example.org")
    assert refused(companies.register, **registration()).field == "email"
    assert session.scalar(sa.select(sa.func.count(Company.id))) == 0


def test_a_second_site_needs_a_siret_of_the_same_company(session):
    company = places.company(siren="732829320")
    actor = people.adult(Role.COMPANY_MEMBER, company=company)
    site = registration()
    values = {name: site[name] for name in ("address", "postcode", "commune")}
    added = companies.add_site(actor, company, siret="73282932000074", name="Usine", **values)
    assert added.company_id == company.id
    known = refused(companies.add_site, actor, company, siret="73282932000074", name="U", **values)
    assert known.code == "site_known"
    other = refused(companies.add_site, actor, company, siret=places.siret(77), name="U", **values)
    assert (other.code, other.values["siren"]) == ("siret_other_company", "732829320")
    assert session.scalar(sa.select(sa.func.count(Site.id))) == 1


def test_a_site_keeps_its_commune_once_an_offer_was_handed_in(session):
    site = places.site()
    actor = people.adult(Role.COMPANY_MEMBER, company=site.company)
    places.offer(site, status=OfferStatus.DRAFT)
    moved = {"name": "Usine", "address": "1 rue Neuve", "postcode": "01000"}
    companies.amend_site(actor, site, **moved, commune="Bourg-en-Bresse")
    assert (site.name, site.commune_code) == ("Usine", "01053")
    places.offer(site, status=OfferStatus.SUBMITTED)
    back = {"name": "Usine 2", "address": "2 rue Neuve", "postcode": "01100"}
    assert refused(companies.amend_site, actor, site, **back, commune="Oyonnax").field == "commune"
    same = back | {"postcode": "01000"}
    companies.amend_site(actor, site, **same, commune="Bourg-en-Bresse")
    assert (site.name, site.address) == ("Usine 2", "2 rue Neuve")


def test_a_promise_is_one_row_a_year_however_often_it_is_made(session):
    company = places.company()
    actor = people.adult(Role.COMPANY_MEMBER, company=company)
    companies.pledge(actor, company, pupils=12)
    companies.pledge(actor, company, pupils=15)
    companies.pledge(actor, company, pupils=3, school_year=2027)
    rows = session.execute(sa.select(Pledge.school_year, Pledge.pupils).order_by(Pledge.id)).all()
    assert [tuple(row) for row in rows] == [(2026, 15), (2027, 3)]


@pytest.mark.parametrize("pupils", [0, -1, 5001, 10_000])
def test_a_promise_of_a_strange_number_is_refused(session, pupils):
    company = places.company()
    actor = people.adult(Role.COMPANY_MEMBER, company=company)
    assert refused(companies.pledge, actor, company, pupils=pupils).code == "pledge_number"
    assert session.scalar(sa.select(sa.func.count(Pledge.id))) == 0


def test_a_refused_company_promises_nothing_and_may_ask_again(session):
    company = places.company(status=ApprovalStatus.REFUSED)
    actor = people.adult(Role.COMPANY_MEMBER, company=company)
    with pytest.raises(Stale):
        companies.pledge(actor, company, pupils=3)
    companies.apply_again(actor, company)
    companies.apply_again(actor, company)  # a double click
    assert company.status == ApprovalStatus.REGISTERED
    company.status = ApprovalStatus.BLOCKED
    session.commit()
    with pytest.raises(Stale):
        companies.apply_again(actor, company)
