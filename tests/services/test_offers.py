"""An offer from its first line to its end; what a minor will meet is approved again."""

from datetime import date, time

import pytest
import sqlalchemy as sa

from matching import clock
from matching.errors import RuleBroken, Stale
from matching.models.events import Event
from matching.models.offers import Offer
from matching.models.statuses import ApprovalStatus, OfferStatus
from matching.models.users import Role
from matching.services import offers, seats
from tests.factories import people, places
from tests.factories.placements import placement

pytestmark = pytest.mark.usefixtures("in_november")
ESSENTIAL = {
    "title": "Un autre titre",
    "sector": "food",
    "what_you_see": "Autre chose.",
    "what_you_do": "Autre chose.",
    "starts_at": time(10),
    "ends_at": time(15),
    "weekdays": "1234",
    "break_minutes": 70,
    "tutor_name": "Une autre personne",
    "charter": ["tutor"],
}
PRACTICAL = {"access": "Par le bus 4.", "gear": "Une blouse.", "accessible": True}


@pytest.fixture
def site(session):
    return places.site()


@pytest.fixture
def host(site):
    return people.adult(Role.COMPANY_MEMBER, company=site.company)


def whole(site, **values) -> Offer:
    """An offer with nothing missing, published unless told otherwise."""
    return places.offer(site, tutor_name="Karim B.", access="Bus 2.", **values)


def trail(session, offer) -> list[tuple[str | None, str]]:
    rows = session.execute(
        sa.select(Event.from_status, Event.to_status)
        .where(Event.subject == "offer", Event.subject_id == offer.id)
        .order_by(Event.id)
    )
    return [tuple(row) for row in rows]


def test_a_draft_becomes_a_submitted_offer_only_when_nothing_is_missing(session, host, site):
    offer = offers.start(host, site, title="Usiner une pièce", sector="metal")
    assert (offer.status, offer.school_year) == (OfferStatus.DRAFT, 2026)
    wanted = ["what_you_see", "what_you_do", "seats", "tutor_name", "access"]
    assert offers.missing(offer) == wanted
    with pytest.raises(RuleBroken) as caught:
        offers.submit(host, offer, version=1)
    assert (caught.value.code, caught.value.values["missing"]) == ("offer_incomplete", wanted)
    offers.revise(
        host, offer, version=offer.version,
        what_you_see="Les tours.", what_you_do="Observer.", tutor_name="Karim B.", access="Bus.",
    )  # fmt: skip
    assert offers.missing(offer) == ["seats"]
    seats.arrange(host, offer, seats.SeatPlan(("2027-W05",), 2), version=offer.version)
    offers.submit(host, offer, version=offer.version)
    offers.submit(host, offer, version=1)  # a double click
    assert trail(session, offer) == [(None, "draft"), ("draft", "submitted")]


def test_the_same_page_sent_twice_starts_one_offer(session, host, site):
    asked = {"title": "Usiner", "sector": "metal", "ref": "abcdefgh23"}
    assert offers.start(host, site, **asked) == offers.start(host, site, **asked)
    assert session.scalar(sa.select(sa.func.count(Offer.id))) == 1


def test_the_reference_of_another_company_gives_nothing_away(session, host, site):
    theirs = places.offer(ref="abcdefgh23")
    with pytest.raises(Stale):
        offers.start(host, site, title="Usiner", sector="metal", ref=theirs.ref)


def test_an_offer_whose_weeks_went_by_is_incomplete(session, host, site, monkeypatch):
    offer = whole(site, weeks=("2027-W05",), status=OfferStatus.DRAFT)
    assert offers.missing(offer) == []
    monkeypatch.setattr(clock, "today", lambda: date(2027, 2, 1))
    assert offers.missing(offer) == ["seats"]


@pytest.mark.parametrize("name", ESSENTIAL)
@pytest.mark.parametrize("status", [OfferStatus.PUBLISHED, OfferStatus.PAUSED])
def test_what_a_minor_will_meet_goes_back_to_the_coordinators(session, host, site, status, name):
    offer = whole(site, status=status)
    held = placement(offer.seats[0])
    offers.revise(host, offer, version=1, **{name: ESSENTIAL[name]})
    assert (offer.status, offer.version) == (OfferStatus.SUBMITTED, 2)
    assert trail(session, offer) == [(status.value, "submitted")]
    assert held.seat_id == offer.seats[0].id


@pytest.mark.parametrize("name", PRACTICAL)
def test_practical_advice_changes_at_once(session, host, site, name):
    offer = whole(site)
    offers.revise(host, offer, version=1, **{name: PRACTICAL[name]})
    assert (offer.status, offer.version) == (OfferStatus.PUBLISHED, 2)
    assert getattr(offer, name) == PRACTICAL[name]


def test_saving_a_page_without_change_approves_nothing_again(session, host, site):
    offer = whole(site)
    offers.revise(host, offer, version=1, title=offer.title, starts_at=time(9))
    assert (offer.status, offer.version) == (OfferStatus.PUBLISHED, 1)


def test_a_stale_page_is_refused_but_the_same_click_twice_is_not(session, host, site):
    offer = whole(site, status=OfferStatus.DRAFT)
    offers.revise(host, offer, version=1, title="Premier")
    offers.revise(host, offer, version=1, title="Premier")
    assert offer.version == 2
    with pytest.raises(Stale, match="offer_changed"):
        offers.revise(host, offer, version=1, title="Second")
    assert offer.title == "Premier"


@pytest.mark.parametrize(
    ("changes", "problems"),
    [
        ({"ends_at": time(18)}, {("ends_at", "hours_day"), ("weekdays", "hours_week")}),
        ({"starts_at": time(7), "ends_at": time(12)}, {("starts_at", "hours_window")}),
        ({"starts_at": time(13), "ends_at": time(19)}, {("ends_at", "hours_window")}),
        ({"break_minutes": 20}, {
            ("break_minutes", "hours_break"), ("ends_at", "hours_day"), ("weekdays", "hours_week"),
        }),
        ({"break_minutes": -1}, {("break_minutes", "hours_lunch")}),
        ({"break_minutes": 10**8}, {("break_minutes", "hours_lunch")}),
        ({"ends_at": time(8)}, {("ends_at", "hours_order")}),
        ({"weekdays": "12"}, {("weekdays", "weekdays_count")}),
        ({"weekdays": ""}, {("weekdays", "weekdays_count")}),
        ({"weekdays": "12346"}, {("weekdays", "weekdays_weekend")}),
    ],
)  # fmt: skip
def test_hours_beyond_the_law_are_refused_all_at_once(session, host, site, changes, problems):
    offer = whole(site, status=OfferStatus.DRAFT)
    with pytest.raises(RuleBroken) as caught:
        offers.revise(host, offer, version=1, **changes)
    assert set(caught.value.values["problems"]) == problems
    session.expire_all()
    assert (offer.weekdays, offer.starts_at, offer.ends_at) == ("12345", time(9), time(16))


def test_fewer_weekdays_are_refused_when_a_week_would_be_too_short(session, host, site):
    offer = whole(site, weeks=("2027-W13",))  # Easter Monday
    with pytest.raises(RuleBroken) as caught:
        offers.revise(host, offer, version=1, weekdays="123")
    assert (caught.value.code, caught.value.field) == ("week_short", "weekdays")
    offers.revise(host, offer, version=1, weekdays="234")
    assert offer.weekdays == "234"


def test_what_was_read_by_others_may_not_be_emptied(session, host, site):
    offer = whole(site, status=OfferStatus.SUBMITTED)
    for name in ("what_you_see", "what_you_do", "tutor_name", "access"):
        with pytest.raises(RuleBroken, match="offer_incomplete"):
            offers.revise(host, offer, version=1, **{name: " "})


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"sector": "magic"}, "sector_not_listed"), ({"charter": ["gold"]}, "charter_unknown")],
)
def test_words_that_are_in_no_list_are_refused(session, host, site, changes, code):
    offer = whole(site, status=OfferStatus.DRAFT)
    with pytest.raises(RuleBroken, match=code):
        offers.revise(host, offer, version=1, **changes)


def test_the_site_changes_only_while_nobody_has_read_the_offer(session, host, site):
    elsewhere = places.site(site.company, siret=places.siret(500))
    draft = whole(site, status=OfferStatus.DRAFT)
    offers.revise(host, draft, version=1, site=elsewhere)
    assert draft.site == elsewhere
    returned = whole(site, status=OfferStatus.RETURNED)
    placement(returned.seats[0])
    for offer in (returned, whole(site), whole(site, status=OfferStatus.SUBMITTED)):
        with pytest.raises(RuleBroken, match="site_fixed"):
            offers.revise(host, offer, version=1, site=elsewhere)


def test_an_offer_pauses_comes_back_and_closes(session, host, site):
    offer = whole(site)
    offers.pause(host, offer, version=1)
    offers.pause(host, offer, version=1)  # a double click
    offers.resume(host, offer, version=2)
    offers.resume(host, offer, version=2)
    offers.close(host, offer, version=3)
    offers.close(host, offer, version=3)
    assert trail(session, offer) == [
        ("published", "paused"), ("paused", "published"), ("published", "closed"),
    ]  # fmt: skip
    with pytest.raises(Stale, match="offer_closed"):
        offers.revise(host, offer, version=offer.version, title="Trop tard")


@pytest.mark.parametrize(
    "status", [OfferStatus.DRAFT, OfferStatus.SUBMITTED, OfferStatus.RETURNED, OfferStatus.CLOSED]
)
def test_a_company_never_publishes_its_own_offer(session, host, site, status):
    offer = whole(site, status=status)
    with pytest.raises(Stale):
        offers.resume(host, offer, version=1)
    assert offer.status == status


def test_a_paused_offer_stays_so_where_pupils_may_not_go(session, host, site):
    offer = whole(site, status=OfferStatus.PAUSED)
    site.blocked_by_inspection = True
    session.commit()
    with pytest.raises(RuleBroken, match="site_blocked"):
        offers.resume(host, offer, version=1)
    site.blocked_by_inspection = False
    site.company.status = ApprovalStatus.BLOCKED
    session.commit()
    with pytest.raises(RuleBroken, match="company_not_approved"):
        offers.resume(host, offer, version=1)


@pytest.mark.parametrize("status", [ApprovalStatus.REFUSED, ApprovalStatus.BLOCKED])
def test_a_company_that_is_not_let_in_hands_nothing_in(session, host, site, status):
    offer = whole(site, status=OfferStatus.DRAFT)
    site.company.status = status
    session.commit()
    with pytest.raises(Stale, match="company_not_allowed"):
        offers.submit(host, offer, version=1)


def test_a_returned_offer_is_handed_in_again_without_its_remark(session, host, site):
    offer = whole(site, status=OfferStatus.RETURNED, returned_because="Trop court.")
    offers.submit(host, offer, version=1)
    assert (offer.status, offer.returned_because) == (OfferStatus.SUBMITTED, None)
