"""The page where a coordinator compares the policies and takes one."""

import pytest

from matching.jobs import queue
from matching.models.campaigns import Policy
from matching.models.users import Role
from matching.services import match_runs
from tests.factories import campaigns, people, places

pytestmark = pytest.mark.matcher

HTMX = {"HX-Request": "true"}


@pytest.fixture
def jobs(monkeypatch):
    """The trials that the worker would execute."""
    found = []
    monkeypatch.setattr(queue, "enqueue", lambda _name, row_id: found.append(row_id))
    return found


@pytest.fixture
def browser(client, jobs):
    return client.sign_in(people.adult(Role.TERRITORY_COORDINATOR, territory=places.territory_of()))


@pytest.fixture
def campaign(browser, solved_here):
    group = places.class_group()
    offer = places.offer(seats=2)
    row = campaigns.campaign(wishes_open=False)
    for _ in range(3):
        campaigns.wish(people.pupil(group), offer, rank=1)
    return row


def test_the_three_policies_are_asked_for_followed_and_shown(browser, campaign, jobs):
    page = f"/territoire/campagnes/{campaign.ref}/comparaison"
    assert "Rien à comparer" in browser.get(page).text
    assert browser.post(page).status_code == 303
    assert 'value="0"' in browser.get(page, headers=HTMX).text
    match_runs.execute(jobs[0])
    assert 'value="33"' in browser.get(page, headers=HTMX).text
    for run_id in jobs[1:]:
        match_runs.execute(run_id)
    assert browser.get(page, headers=HTMX).headers["HX-Refresh"] == "true"
    shown = browser.get(page).text
    assert "C’est la règle de la campagne" in shown
    assert "Autant de vœux exaucés que la règle équitable" in shown
    assert "moins de 5 élèves" in shown  # nobody is entitled: no share of so few


def test_another_policy_is_chosen_on_the_page(browser, campaign, session):
    chosen = browser.post(
        f"/territoire/campagnes/{campaign.ref}/regle", data={"policy": "best_total"}
    )
    assert chosen.status_code == 303
    assert "Meilleur total" in browser.get(chosen.location).text
    session.refresh(campaign)
    assert campaign.policy is Policy.BEST_TOTAL


def test_a_promise_made_to_pupils_is_explained(browser, session):
    campaign = campaigns.campaign(policy=Policy.CANNOT_BE_GAMED)
    answer = browser.post(f"/territoire/campagnes/{campaign.ref}/regle", data={"policy": "fair"})
    assert answer.status_code == 409
    assert "cette promesse ne se reprend pas" in answer.text


def test_an_unknown_policy_is_a_bad_request(browser, campaign):
    answer = browser.post(f"/territoire/campagnes/{campaign.ref}/regle", data={"policy": "richest"})
    assert answer.status_code == 400
