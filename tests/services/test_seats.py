"""Weeks and seats of an offer: what the plan asks for, and what pupils already hold."""

from collections import Counter

import pytest
import sqlalchemy as sa

from matching.errors import RuleBroken, Stale
from matching.models.offers import Seat
from matching.models.statuses import OfferStatus, PlacementStatus
from matching.models.users import Role
from matching.services import offers, seats
from matching.services.seats import SeatPlan
from tests.factories import people, places
from tests.factories.placements import placement

pytestmark = pytest.mark.usefixtures("in_november")
W5, W6, W7, W10 = "2027-W05", "2027-W06", "2027-W07", "2027-W10"


@pytest.fixture
def draft(session):
    return places.offer(weeks=(), status=OfferStatus.DRAFT)


@pytest.fixture
def actor(draft):
    return people.adult(Role.COMPANY_MEMBER, company=draft.site.company)


def counted(session, offer) -> Counter:
    """(week, entitlement) → open seats, as the table has them."""
    rows = session.execute(
        sa.select(Seat.week, Seat.reserved_for).where(
            Seat.offer_id == offer.id, Seat.closed_at.is_(None)
        )
    )
    return Counter(tuple(row) for row in rows)


def arrange(actor, offer, *weeks, seats_=2, **values):
    plan = SeatPlan(weeks=weeks, seats=seats_, **values)
    return seats.arrange(actor, offer, plan, version=offer.version)


def refused(call, *args, **kwargs) -> RuleBroken:
    with pytest.raises(RuleBroken) as caught:
        call(*args, **kwargs)
    return caught.value


def test_each_week_gets_its_seats_and_the_reserved_ones_among_them(session, draft, actor):
    arrange(actor, draft, W6, W5, seats_=3, reserved=1, reserved_for="rep")
    assert counted(session, draft) == {
        (W5, None): 2, (W5, "rep"): 1, (W6, None): 2, (W6, "rep"): 1,
    }  # fmt: skip
    assert [one.week for one in draft.weeks] == [W5, W6]
    assert seats.plan_of(draft) == SeatPlan((W5, W6), 3, False, 1, "rep")


def test_any_week_counts_seats_in_all(session, draft, actor):
    arrange(actor, draft, W5, W6, W10, any_week=True, reserved=2, reserved_for=" 0132572a ")
    assert counted(session, draft) == {(None, "0132572A"): 2}
    assert seats.plan_of(draft) == SeatPlan((W5, W6, W10), 2, True, 2, "0132572A")


def test_from_each_week_to_any_week_and_back(session, draft, actor):
    arrange(actor, draft, W5, W6)
    arrange(actor, draft, W5, W6, any_week=True, seats_=5)
    assert counted(session, draft) == {(None, None): 5}
    arrange(actor, draft, W10, seats_=1)
    assert counted(session, draft) == {(W10, None): 1}
    assert [one.week for one in draft.weeks] == [W10]
    assert session.scalar(sa.select(sa.func.count(Seat.id))) == 1


@pytest.mark.parametrize(
    ("weeks", "values", "code", "field"),
    [
        ((), {}, "weeks_missing", "weeks"),
        ((W5,), {"seats_": 0}, "seats_number", "seats"),
        ((W5,), {"seats_": -3}, "seats_number", "seats"),
        ((W5,), {"seats_": 10_000}, "seats_number", "seats"),
        (tuple(f"2027-W{n:02}" for n in range(1, 21)), {"seats_": 60}, "seats_too_many", "seats"),
        ((W5,), {"reserved": 3, "reserved_for": "rep"}, "reserved_number", "reserved"),
        ((W5,), {"reserved": -1, "reserved_for": "rep"}, "reserved_number", "reserved"),
        ((W5,), {"reserved": 1}, "reserved_for_missing", "reserved_for"),
        ((W5,), {"reserved": 1, "reserved_for": "0132572B"}, "uai_key", "uai"),
        ((W5,), {"reserved": 1, "reserved_for": "<script>"}, "uai_format", "uai"),
        ((W7,), {}, "week_holiday", "weeks"),
        (("2027-W30",), {}, "week_outside_season", "weeks"),
        (("2027-W99",), {}, "week_format", "weeks"),
        (("<b>",), {}, "week_format", "weeks"),
        (("2026-W47",), {}, "week_over", "weeks"),
        (("2026-W48",), {}, "week_over", "weeks"),
        (("2025-W50",), {}, "week_outside_season", "weeks"),
    ],
)
def test_an_impossible_plan_is_refused_and_changes_nothing(
    session, draft, actor, weeks, values, code, field
):
    error = refused(arrange, actor, draft, *weeks, **values)
    assert (error.code, error.field) == (code, field)
    assert counted(session, draft) == {}
    assert draft.version == 1


def test_a_week_with_a_public_holiday_is_open_when_three_days_are_left(session, draft, actor):
    arrange(actor, draft, "2027-W13")  # Easter Monday
    assert counted(session, draft) == {("2027-W13", None): 2}
    draft.weekdays = "123"
    session.commit()
    error = refused(arrange, actor, draft, "2027-W13", W5)
    assert (error.code, error.values["week"]) == ("week_short", "2027-W13")


def test_a_seat_that_a_placement_holds_is_never_taken_away(session):
    offer = places.offer(weeks=(W5, W6), seats=3)
    actor = people.adult(Role.COMPANY_MEMBER, company=offer.site.company)
    held = [seat for seat in offer.seats if seat.week == W5][:2]
    for seat in held:
        placement(seat)
    error = refused(arrange, actor, offer, W5, W6, seats_=1)
    assert (error.code, error.values["held"], error.values["week"]) == ("seats_held", 2, W5)
    assert refused(arrange, actor, offer, W6).values["weeks"] == [W5]
    assert refused(arrange, actor, offer, W5, W6, any_week=True).code == "seats_held"
    arrange(actor, offer, W5, W6, seats_=2)
    assert counted(session, offer) == {(W5, None): 2, (W6, None): 2}
    assert all(seat.closed_at is None for seat in held)


def test_a_week_in_which_a_pupil_comes_on_an_any_week_seat_stays(session):
    offer = places.offer(weeks=(W5, W6), seats=2, any_week=True)
    actor = people.adult(Role.COMPANY_MEMBER, company=offer.site.company)
    placement(offer.seats[0], week=W6, status=PlacementStatus.CONFIRMED)
    error = refused(arrange, actor, offer, W5, any_week=True)
    assert (error.code, error.values["weeks"]) == ("weeks_held", [W6])
    arrange(actor, offer, W6, any_week=True)
    assert [one.week for one in offer.weeks] == [W6]


def test_a_seat_that_was_given_back_may_be_closed(session):
    offer = places.offer(weeks=(W5,), seats=2)
    actor = people.adult(Role.COMPANY_MEMBER, company=offer.site.company)
    placement(offer.seats[0], status=PlacementStatus.DECLINED)
    arrange(actor, offer, W5, seats_=1)
    assert counted(session, offer) == {(W5, None): 1}


def test_seats_of_an_offer_once_published_are_closed_not_deleted(session):
    offer = places.offer(weeks=(W5,), seats=3)
    actor = people.adult(Role.COMPANY_MEMBER, company=offer.site.company)
    known = {seat.id for seat in offer.seats}
    arrange(actor, offer, W5, seats_=1)
    offers.revise(actor, offer, version=offer.version, title="Un autre titre", tutor_name="K.",
                  access="Bus 2.")  # fmt: skip
    assert offer.status == OfferStatus.SUBMITTED
    arrange(actor, offer, W10, seats_=2)
    assert known <= set(session.scalars(sa.select(Seat.id)))
    assert counted(session, offer) == {(W10, None): 2}


def test_seats_cannot_be_reserved_over_pupils_who_hold_open_ones(session):
    offer = places.offer(weeks=(W5,), seats=3)
    actor = people.adult(Role.COMPANY_MEMBER, company=offer.site.company)
    placement(offer.seats[0])
    placement(offer.seats[1])
    error = refused(arrange, actor, offer, W5, seats_=3, reserved=2, reserved_for="rep")
    assert (error.code, error.values["most"]) == ("reserved_held", 1)
    arrange(actor, offer, W5, seats_=3, reserved=1, reserved_for="rep")
    assert counted(session, offer) == {(W5, None): 2, (W5, "rep"): 1}
    held = [seat.reserved_for for seat in offer.seats[:2]]
    assert held == [None, None]


def test_the_same_plan_twice_changes_nothing_and_a_stale_page_is_told(session, draft, actor):
    plan = SeatPlan((W5,), 2)
    seats.arrange(actor, draft, plan, version=1)
    seats.arrange(actor, draft, plan, version=1)  # a double click
    assert (draft.version, counted(session, draft)) == (2, {(W5, None): 2})
    with pytest.raises(Stale, match="offer_changed"):
        seats.arrange(actor, draft, SeatPlan((W6,), 2), version=1)


def test_weeks_that_are_over_stay_with_their_seats(session):
    offer = places.offer(weeks=("2026-W46", W5), seats=2)
    actor = people.adult(Role.COMPANY_MEMBER, company=offer.site.company)
    arrange(actor, offer, W10, seats_=1)
    assert [one.week for one in offer.weeks] == ["2026-W46", W10]
    assert counted(session, offer) == {("2026-W46", None): 2, (W10, None): 1}


def test_a_closed_offer_changes_no_more(session):
    offer = places.offer(status=OfferStatus.CLOSED)
    actor = people.adult(Role.COMPANY_MEMBER, company=offer.site.company)
    with pytest.raises(Stale, match="offer_closed"):
        arrange(actor, offer, W10)


def test_overseas_only_public_holidays_close_a_week(session):
    offer = places.offer(places.site(commune_code="97411"), weeks=(), status=OfferStatus.DRAFT)
    actor = people.adult(Role.COMPANY_MEMBER, company=offer.site.company)
    arrange(actor, offer, W7)
    assert counted(session, offer) == {(W7, None): 2}
