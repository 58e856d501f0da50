"""The three policies are tried on the same data before a round; one of them is chosen."""

import pytest
import sqlalchemy as sa

from matching.errors import RuleBroken
from matching.models.campaigns import Policy
from matching.models.events import Event
from matching.models.match_runs import MatchRun
from matching.services import campaigns as campaign_services
from matching.services import match_runs, publication
from tests.factories import campaigns, people, places

pytestmark = pytest.mark.usefixtures("nothing_queued")


@pytest.fixture
def market(coordinator, solved_here):
    """Six pupils, three of them with wishes, and four seats."""
    group = places.class_group()
    pupils = [people.pupil(group) for _ in range(6)]
    offers = [places.offer(seats=2), places.offer(seats=2)]
    campaign = campaigns.campaign(wishes_open=False)
    for pupil in pupils[:3]:
        campaigns.wish(pupil, offers[0], rank=1)
    return campaign


def compared(coordinator, campaign) -> dict[Policy, MatchRun]:
    trials = match_runs.compare(coordinator, campaign)
    for run in trials:
        match_runs.execute(run.id)
    return {run.policy: run for run in trials}


def test_each_policy_has_a_trial_on_the_same_data_with_its_figures(coordinator, market):
    trials = compared(coordinator, market)
    assert set(trials) == set(Policy)
    assert len({run.input_digest for run in trials.values()}) == 1
    for run in trials.values():
        measured = run.report["measures"]
        assert (measured["pupils"], measured["placed"], measured["wishing"]) == (6, 4, 3)
        assert sum(measured["by_rank"]) == sum(
            count for rank, count in run.report["by_rank"].items() if rank != "0"
        )


def test_asking_twice_finds_the_trials_under_way(coordinator, market):
    once = match_runs.compare(coordinator, market)
    assert match_runs.compare(coordinator, market) == once


def test_a_trial_of_another_policy_is_not_published(coordinator, market, session):
    trials = compared(coordinator, market)
    with pytest.raises(RuleBroken) as refusal:
        publication.publish(coordinator, trials[Policy.BEST_TOTAL])
    assert refusal.value.code == "run_of_another_policy"
    campaign_services.choose_policy(coordinator, market, Policy.BEST_TOTAL)
    assert publication.publish(coordinator, trials[Policy.BEST_TOTAL]) == 4
    with pytest.raises(RuleBroken) as refusal:
        campaign_services.choose_policy(coordinator, market, Policy.FAIR)
    assert refusal.value.code == "policy_after_a_round"


def test_the_choice_says_who_made_it(coordinator, market, session):
    campaign_services.choose_policy(coordinator, market, Policy.BEST_TOTAL)
    event = session.scalars(sa.select(Event).where(Event.subject == "campaign")).one()
    assert (event.from_status, event.to_status) == ("fair", "best_total")
    assert event.actor_id == coordinator.id


def test_the_promise_that_wishes_cannot_be_gamed_is_kept_once_they_are_open(coordinator):
    campaign = campaigns.campaign(policy=Policy.CANNOT_BE_GAMED)
    with pytest.raises(RuleBroken) as refusal:
        campaign_services.choose_policy(coordinator, campaign, Policy.BEST_TOTAL)
    assert refusal.value.code == "policy_promised"
    assert campaign.policy is Policy.CANNOT_BE_GAMED
