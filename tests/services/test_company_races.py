"""Two people of a company act at the same moment, on real connections."""

import pytest
import sqlalchemy as sa

from matching.database import db
from matching.models.companies import Company, Pledge
from matching.models.offers import Offer, Seat
from matching.models.placements import Placement
from matching.models.pupils import Pupil
from matching.models.users import Role, User
from matching.services import companies, late_acceptance, offers, seats
from tests.factories import campaigns, people, places
from tests.services.racing import at_once

pytestmark = pytest.mark.usefixtures("cheap_passwords")


def test_six_colleagues_register_one_company_and_five_are_told_so(own_app):
    def register(number: int):
        return lambda: companies.register(
            siret="73282932000074", name="Ateliers", site_name="Usine", address="1 rue A",
            postcode="01100", commune="Oyonnax", first_name="Zoé", last_name="H",
            email=f"zoe{number}@example.org", password="Trois rabots neufs 7",
        )  # fmt: skip

    outcomes = at_once(own_app, *(register(number) for number in range(6)))
    assert outcomes == ["company_known"] * 5 + ["done"]
    with own_app.app_context():
        assert db.session.scalar(sa.select(sa.func.count(Company.id))) == 1
        assert db.session.scalar(sa.select(sa.func.count(User.id))) == 1


def test_two_colleagues_promise_at_once_and_one_promise_is_kept(own_app):
    with own_app.app_context():
        company = places.company()
        actor_id = people.adult(Role.COMPANY_MEMBER, company=company).id
        company_id = company.id

    def promise(pupils: int):
        return lambda: companies.pledge(
            db.session.get(User, actor_id), db.session.get(Company, company_id), pupils=pupils
        )

    assert at_once(own_app, promise(3), promise(8)) == ["done", "done"]
    with own_app.app_context():
        assert db.session.scalars(sa.select(Pledge.pupils)).one() in (3, 8)


def test_one_colleague_closes_a_seat_while_another_fills_it(own_app):
    """Either the seat is filled and cannot be closed, or it is closed and cannot be filled."""
    with own_app.app_context():
        pupil = people.pupil(places.class_group())
        site = places.site()
        actor_id = people.adult(Role.COMPANY_MEMBER, company=site.company).id
        campaigns.published_round(pupil)
        pupil_id, site_id = pupil.id, site.id
    seen = set()
    for _time in range(12):
        with own_app.app_context():
            db.session.execute(sa.delete(Placement))
            offer_id = places.offer(db.session.get(type(site), site_id), seats=1).id

        def fill(offer_id=offer_id):
            user, pupil = db.session.get(User, actor_id), db.session.get(Pupil, pupil_id)
            late_acceptance.accept(user, db.session.get(Offer, offer_id), pupil)

        def close(offer_id=offer_id):
            offer = db.session.get(Offer, offer_id)
            plan = seats.SeatPlan(("2027-W10",), 1)
            seats.arrange(db.session.get(User, actor_id), offer, plan, version=1)

        outcomes = at_once(own_app, fill, close)
        seen.add(tuple(outcomes))
        with own_app.app_context():
            closed_and_held = sa.select(Placement.id).join(Seat).where(Seat.closed_at.is_not(None))
            assert db.session.scalars(closed_and_held).all() == []
    assert seen <= {("done", "weeks_held"), ("done", "no_free_seat")}


def test_the_same_first_page_twice_at_once_makes_one_offer(own_app):
    with own_app.app_context():
        site = places.site()
        actor_id = people.adult(Role.COMPANY_MEMBER, company=site.company).id
        site_id = site.id

    def start():
        user, site_ = db.session.get(User, actor_id), db.session.get(type(site), site_id)
        offers.start(user, site_, title="Usiner", sector="metal", ref="abcdefgh23")

    outcomes = at_once(own_app, *[start] * 4)
    assert set(outcomes) <= {"done", "offer_changed"}
    with own_app.app_context():
        assert db.session.scalar(sa.select(sa.func.count(Offer.id))) == 1
