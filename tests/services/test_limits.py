"""Limits of companies and pupils kept apart: in runs, in publications, in places given by hand."""

from collections import Counter

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from matching.database import db
from matching.errors import RuleBroken
from matching.models.campaigns import Policy
from matching.models.companies import Site
from matching.models.match_runs import MatchRun, RunResult
from matching.models.offers import Offer
from matching.models.placements import Origin, Placement
from matching.models.pupils import Pupil
from matching.models.statuses import OfferStatus, PlacementStatus
from matching.models.users import Role, User
from matching.queries.matching_input import matching_input
from matching.rules.limits import Limits
from matching.services import (
    kept_apart,
    late_acceptance,
    match_runs,
    placements,
    publication,
    seats,
)
from matching.services.seats import SeatPlan
from tests.factories import campaigns, people, places
from tests.factories.placements import placement
from tests.services.racing import at_once

pytestmark = pytest.mark.usefixtures("nothing_queued")
W5, W6, W7 = "2027-W05", "2027-W06", "2027-W07"


@pytest.fixture
def campaign(session, solved_here):
    return campaigns.campaign(wishes_open=False)


def pupils_in(group, number: int = 4) -> list[Pupil]:
    return [people.pupil(group) for _ in range(number)]


def run(coordinator, campaign) -> MatchRun:
    found = match_runs.start(coordinator, campaign)
    match_runs.execute(found.id)
    assert found.failure is None
    return found


def found_by(session, run: MatchRun) -> Counter:
    """(week or None, reason of who has none) → pupils."""
    rows = session.execute(
        sa.select(RunResult.week, RunResult.reason).where(RunResult.run_id == run.id)
    )
    return Counter((week, None if week else reason) for week, reason in rows)


def limit(offer, site: int | None = None, **limits):
    for name, value in limits.items():
        setattr(offer, name, value)
    offer.site.most_pupils = site
    db.session.commit()


# In a run


@pytest.mark.parametrize("policy", list(Policy))
def test_an_offer_of_any_week_takes_no_more_at_once_than_its_company_said(
    policy, session, coordinator, campaign
):
    campaign.policy = policy
    pupils_in(places.class_group(weeks=(W5, W6)), 6)
    limit(places.offer(weeks=(W5, W6, W7), any_week=True, seats=5), most_at_once=2)
    found = found_by(session, run(coordinator, campaign))
    assert found == {(W5, None): 2, (W6, None): 2, (None, "host_cap"): 2}


def test_an_offer_takes_no_more_of_one_school_at_once_than_its_company_said(
    session, coordinator, campaign
):
    for _school in range(2):
        pupils_in(places.class_group(weeks=(W5, W6)))
    limit(places.offer(weeks=(W5, W6), seats=3), most_of_a_school=1)
    found = found_by(session, run(coordinator, campaign))
    assert found == {(W5, None): 2, (W6, None): 2, (None, "school_cap"): 4}


def test_an_offer_and_a_site_take_no_more_in_all_than_their_company_said(
    session, coordinator, campaign
):
    pupils_in(places.class_group(weeks=(W5, W6)), 9)
    small = places.offer(weeks=(W5, W6), seats=2)
    large = places.offer(small.site, weeks=(W5, W6), seats=2)
    limit(small, most_in_all=3)
    first = run(coordinator, campaign)
    by_offer = Counter(
        session.scalars(sa.select(RunResult.offer_id).where(RunResult.run_id == first.id))
    )
    assert by_offer == {small.id: 3, large.id: 4, None: 2}
    limit(small, site=5, most_in_all=3)
    found = found_by(session, run(coordinator, campaign))
    assert found[None, "host_cap"] == 4
    assert found.total() == 9


def test_pupils_kept_apart_never_meet_in_an_offer_and_week(session, coordinator, campaign):
    group = places.class_group(weeks=(W5, W6))
    pupils = pupils_in(group, 5)
    places.offer(weeks=(W5, W6), seats=3)
    teacher = people.adult(Role.CLASS_TEACHER, school=group.school)
    kept_apart.keep_apart(teacher, group.school, pupils[:3])
    found = run(coordinator, campaign)
    weeks = Counter(
        session.scalars(
            sa.select(RunResult.week).where(
                RunResult.run_id == found.id,
                RunResult.pupil_id.in_([one.id for one in pupils[:3]]),
            )
        )
    )
    assert weeks == {W5: 1, W6: 1, None: 1}
    assert found_by(session, found)[None, "kept_apart"] == 1
    assert found.report["placed"] == 4


def test_a_comparison_of_policies_keeps_every_limit(session, coordinator, campaign):
    pupils_in(places.class_group(), 4)
    limit(places.offer(seats=4), most_of_a_school=2)
    for trial in match_runs.compare(coordinator, campaign):
        match_runs.execute(trial.id)
        assert trial.report["placed"] == 2


def test_limits_that_their_seats_hold_anyway_cost_the_run_nothing(session, campaign):
    group = places.class_group()
    alone, *_others = pupils_in(group, 2)
    offer = places.offer(weeks=(W5, W6), any_week=True, seats=2)
    assert matching_input(session(), campaign).problem.caps is None
    before = matching_input(session(), campaign).digest
    limit(offer, site=2, most_at_once=2, most_of_a_school=3, most_in_all=2)
    alone.kept_apart = "of-nobody-else"
    session.commit()
    assert matching_input(session(), campaign).problem.caps is None
    assert matching_input(session(), campaign).digest == before


# With places held before


def test_pupils_above_a_limit_keep_their_place_and_nobody_joins_them(
    session, coordinator, campaign
):
    pupils_in(places.class_group(), 4)
    offer = places.offer(seats=2)
    publication.publish(coordinator, run(coordinator, campaign))
    member = people.adult(Role.COMPANY_MEMBER, company=offer.site.company)
    plan = SeatPlan((W5,), 4, limits=Limits(of_a_school=1))
    seats.arrange(member, offer, plan, version=offer.version)
    again = run(coordinator, campaign)
    assert again.report["placed"] == 2
    assert found_by(session, again) == {(W5, None): 2, (None, "school_cap"): 2}


def test_places_held_outside_the_question_count_in_the_limits_of_their_host(
    session, coordinator, campaign
):
    """A paused offer takes no part, and its pupils are placed: they are still at the site."""
    group = places.class_group(weeks=(W5, W6))
    placed, *_others = pupils_in(group, 4)
    paused = places.offer(seats=1, status=OfferStatus.PAUSED)
    placement(paused.seats[0], pupil=placed)
    open_ = places.offer(paused.site, weeks=(W5, W6), any_week=True, seats=3)
    limit(open_, site=2)
    assert run(coordinator, campaign).report["placed"] == 1
    # A pupil of another territory holds one of the seats.
    limit(open_, site=None, most_at_once=2, most_in_all=3)
    elsewhere = people.pupil(places.class_group(places.school("29232")))
    placement(open_.seats[0], pupil=elsewhere, week=W5)
    caps = matching_input(session(), campaign).problem.caps
    assert caps.at_once.tolist() == [1]
    assert caps.total.tolist() == []  # three in all less one: as many as the seats left
    assert run(coordinator, campaign).report["placed"] == 2


def test_a_run_is_not_published_once_a_limit_or_a_set_has_changed(session, coordinator, campaign):
    group = places.class_group()
    pupils = pupils_in(group, 3)
    offer = places.offer(seats=3)
    found = run(coordinator, campaign)
    limit(offer, site=2)
    with pytest.raises(RuleBroken, match="run_stale") as refused:
        publication.publish(coordinator, found)
    assert refused.value.values["changes"] == [("offer", "changed", offer.title)]
    limit(offer, site=None)
    kept_apart.keep_apart(people.adult(), group.school, pupils[:2])
    with pytest.raises(RuleBroken, match="run_stale") as refused:
        publication.publish(coordinator, found)
    told = {(kind, ref) for kind, _change, ref in refused.value.values["changes"]}
    assert told == {("pupil", one.lottery_reference) for one in pupils[:2]}
    kept_apart.let_together(people.adult(), group.school, pupils[0].kept_apart)
    assert publication.publish(coordinator, found) == 3


# In places given by hand


@pytest.fixture
def hosted(session):
    """An offer of two weeks where a pupil of the school has a place in the first, and another who
    was left without."""
    group = places.class_group(weeks=(W5, W6))
    there, without = pupils_in(group, 2)
    offer = places.offer(weeks=(W5, W6), any_week=True, seats=3)
    placement(offer.seats[0], pupil=there, week=W5)
    campaigns.published_round(without)
    host = people.adult(Role.COMPANY_MEMBER, company=offer.site.company)
    return host, offer, there, without


@pytest.mark.parametrize("name", ["most_at_once", "most_of_a_school", "kept_apart"])
def test_a_host_takes_a_pupil_in_a_week_that_the_limits_leave(hosted, name, session):
    host, offer, there, without = hosted
    if name == "kept_apart":
        kept_apart.keep_apart(people.adult(), there.school, [there, without])
    else:
        limit(offer, **{name: 1})
    assert [one.week for one in late_acceptance.candidates(offer)] == [W6]
    assert late_acceptance.accept(host, offer, without).week == W6


@pytest.mark.parametrize("name", ["most_in_all", "site", "most_of_a_school", "kept_apart"])
def test_a_host_is_told_that_a_limit_is_reached_and_not_which(hosted, name, session):
    host, offer, there, without = hosted
    placement(offer.seats[1], pupil=people.pupil(there.class_group), week=W6)
    if name == "kept_apart":
        held = session.scalars(sa.select(Pupil).join(Placement)).all()
        kept_apart.keep_apart(people.adult(), there.school, [*held, without])
    else:
        limit(offer, **{name: 2 if name in ("most_in_all", "site") else 1})
    assert late_acceptance.candidates(offer) == []
    with pytest.raises(RuleBroken, match="limit_reached") as refused:
        late_acceptance.accept(host, offer, without)
    assert refused.value.values == {}


def test_a_place_given_back_leaves_room_and_one_found_outside_takes_none(hosted, session):
    host, offer, there, without = hosted
    limit(offer, site=1)
    outside = people.pupil(there.class_group)
    session.add(
        Placement(
            pupil=outside, origin=Origin.OUTSIDE, status=PlacementStatus.CONFIRMED, week=W5,
            reason="outside",
        )
    )  # fmt: skip
    session.commit()
    held = session.scalars(sa.select(Placement).where(Placement.pupil_id == there.id)).one()
    with pytest.raises(RuleBroken, match="limit_reached"):
        late_acceptance.accept(host, offer, without)
    placements.answer_as_school(host, held, False, version=held.version, reason="too_far")
    assert late_acceptance.accept(host, offer, without).week == W5


def test_colleagues_who_fill_two_offers_at_once_stay_below_the_limit_of_their_site(own_app):
    with own_app.app_context():
        group = places.class_group()
        pupils = [one.id for one in pupils_in(group, 6)]
        site = places.site(most_pupils=1)
        offers = [places.offer(site, seats=3).id for _ in range(2)]
        campaigns.published_round(*db.session.scalars(sa.select(Pupil)))
        host = people.adult(Role.COMPANY_MEMBER, company=site.company).id

    def accept(pupil: int, offer: int):
        return lambda: late_acceptance.accept(
            db.session.get(User, host), db.session.get(Offer, offer), db.session.get(Pupil, pupil)
        )

    pairs = zip(pupils, offers * 3, strict=True)
    outcomes = at_once(own_app, *(accept(*pair) for pair in pairs))
    assert outcomes == ["done"] + ["limit_reached"] * 5


# In the tables


@pytest.mark.parametrize("number", [0, -3, 1001])
def test_the_database_refuses_a_limit_that_is_no_number_of_pupils(session, number):
    offer = places.offer()
    for table, row, name in (
        (Offer, offer.id, "most_at_once"),
        (Offer, offer.id, "most_of_a_school"),
        (Offer, offer.id, "most_in_all"),
        (Site, offer.site_id, "most_pupils"),
    ):
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(sa.update(table).where(table.id == row).values({name: number}))
