"""The coordinator's pages: open a campaign, try, publish, and be told when something changed."""

import pytest
import sqlalchemy as sa

from matching import memory
from matching.database import db
from matching.models.campaigns import Campaign
from matching.models.match_runs import MatchRun
from matching.models.placements import Placement
from matching.models.users import Role
from matching.services import match_runs
from tests.factories import campaigns, people, places

pytestmark = [pytest.mark.matcher, pytest.mark.usefixtures("nothing_queued")]


@pytest.fixture
def browser(client):
    """The browser of the coordinator of Oyonnax."""
    return client.sign_in(people.adult(Role.TERRITORY_COORDINATOR, territory=places.territory_of()))


def form(**changes) -> dict:
    return {
        "name": "Février",
        "territories": [places.territory_of().id],
        "policy": "fair",
        "wishes_open_on": "2027-01-04",
        "wishes_close_on": "2027-01-22",
        "answer_days": "7",
    } | changes


def test_a_campaign_is_opened_and_its_seed_is_shown(browser, session):
    answer = browser.post("/territoire/campagnes/nouvelle", data=form())
    assert answer.status_code == 303
    campaign = session.scalars(sa.select(Campaign)).one()
    assert str(campaign.seed) in browser.get(answer.location).text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "Donnez un nom"),
        ({"territories": []}, "Cochez au moins un territoire"),
        ({"wishes_close_on": "2027-01-01"}, "La fin vient après le début"),
        ({"wishes_open_on": "demain"}, "Écrivez une date"),
        ({"answer_days": "0"}, "Entre 1 et 15"),
        ({"answer_days": "mille"}, "nombre entier"),
        ({"answer_days": "9" * 400}, "trop grand"),
        ({"policy": "the_richest_first"}, "Choisissez dans la liste"),
        ({"territories": ["1' OR 1=1"]}, "Choisissez dans la liste"),
    ],
)
def test_a_wrong_field_is_told_and_nothing_is_written(browser, session, changes, words):
    answer = browser.post("/territoire/campagnes/nouvelle", data=form(**changes))
    assert answer.status_code == 422
    assert words in answer.text
    assert session.scalar(sa.select(sa.func.count()).select_from(Campaign)) == 0


def test_a_territory_joins_one_open_campaign_at_a_time(browser, session):
    browser.post("/territoire/campagnes/nouvelle", data=form())
    answer = browser.post("/territoire/campagnes/nouvelle", data=form())
    assert answer.status_code == 422
    assert "déjà dans une campagne ouverte" in answer.text
    assert session.scalar(sa.select(sa.func.count()).select_from(Campaign)) == 1


def test_the_territory_of_somebody_else_cannot_be_taken(browser):
    other = next(t for t in places.all_territories() if t != places.territory_of())
    answer = browser.post("/territoire/campagnes/nouvelle", data=form(territories=[other.id]))
    assert answer.status_code == 422


def test_the_campaign_of_another_territory_is_not_found(browser, client):
    other = next(t for t in places.all_territories() if t != places.territory_of())
    campaign = campaigns.campaign(other)
    for path in ("", "/fin-des-voeux", "/essais"):
        method = browser.post if path else browser.get
        assert method(f"/territoire/campagnes/{campaign.ref}{path}").status_code == 404


def test_a_trial_is_followed_then_read_then_published(browser, session, solved_here):
    group = places.class_group()
    for _ in range(7):
        people.pupil(group)
    places.offer(seats=2)
    campaign = campaigns.campaign(wishes_open=False)
    address = browser.post(f"/territoire/campagnes/{campaign.ref}/essais").location
    assert "L’essai est en cours" in browser.get(address).text
    fragment = browser.get(address, headers={"HX-Request": "true"}).text
    assert "<progress" in fragment
    assert "<html" not in fragment
    run = session.scalars(sa.select(MatchRun)).one()
    match_runs.execute(run.id)
    db.session.expire_all()
    assert browser.get(address, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    page = browser.get(address).text
    assert "tirage au sort" in page
    assert "Oyonnax" in page
    answer = browser.post(f"{address}/publier")
    assert answer.status_code == 303
    assert "2 propositions sont parties" in browser.get(answer.location).text


def test_a_trial_too_large_for_the_server_says_how_much_memory_it_needs(
    browser, session, monkeypatch
):
    people.pupil(places.class_group())
    places.offer(seats=1)
    campaign = campaigns.campaign(wishes_open=False)
    monkeypatch.setattr(memory, "most_for_a_round", lambda: 7)
    address = browser.post(f"/territoire/campagnes/{campaign.ref}/essais").location
    match_runs.execute(session.scalars(sa.select(MatchRun.id)).one())
    page = browser.get(address).text
    assert "Cet essai a échoué, rien n’a été changé" in page
    assert "Go de mémoire\u202f; le serveur peut en donner 0,0\u00a0Go." in page


def test_small_numbers_of_unplaced_pupils_are_masked(browser, session, solved_here):
    group = places.class_group()
    for _ in range(3):
        people.pupil(group)
    campaign = campaigns.campaign(wishes_open=False)
    address = browser.post(f"/territoire/campagnes/{campaign.ref}/essais").location
    match_runs.execute(session.scalars(sa.select(MatchRun.id)).one())
    page = browser.get(address).text
    assert "moins de 5 élèves sans place" in page
    assert 'class="unplaced-map"' in page
    assert "aucune place proposée (" not in page
    run = session.scalars(sa.select(MatchRun)).one()
    lines = [
        {key: value for key, value in line.items() if key != "territory_id"}
        for line in run.report["unplaced_by_commune"]
    ]
    run.report = run.report | {"unplaced_by_commune": lines}  # as of before territories were noted
    session.commit()
    assert "Oyonnax" in browser.get(address).text


def test_a_stale_publication_lists_what_changed_and_offers_another_trial(
    browser, session, solved_here
):
    group = places.class_group()
    people.pupil(group)
    places.offer(seats=1)
    campaign = campaigns.campaign(wishes_open=False)
    address = browser.post(f"/territoire/campagnes/{campaign.ref}/essais").location
    match_runs.execute(session.scalars(sa.select(MatchRun.id)).one())
    newcomer = people.pupil(group)
    answer = browser.post(f"{address}/publier")
    assert answer.status_code == 409
    assert f"élève ajouté – {newcomer.lottery_reference}" in answer.text
    assert "Relancer l’essai" in answer.text
    assert newcomer.last_name not in answer.text
    assert session.scalar(sa.select(sa.func.count()).select_from(Placement)) == 0
