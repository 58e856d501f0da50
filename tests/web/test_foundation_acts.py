"""What the foundation does and says why: it blocks, gives and ends roles, closes a campaign."""

import re

import pytest
import sqlalchemy as sa

from matching.models.events import Event
from matching.models.statuses import ApprovalStatus, PlacementStatus
from matching.models.users import Membership, Role
from matching.services import foundation, late_acceptance, placements
from tests.factories import campaigns, people, places
from tests.factories.placements import placement
from tests.web.reading import how_many_events, last_event, now


@pytest.fixture
def browser(client, admin):
    return client.sign_in(admin)


def test_a_company_is_blocked_with_a_reason_and_its_offers_leave_the_search(
    browser, session, admin
):
    offer = places.offer()
    company = offer.site.company
    address = f"/fondation/entreprises/{company.ref}"
    assert "Bloquer" in browser.get(f"{address}/bloquer").text
    refused = browser.post(f"{address}/bloquer", data={"why": "  "})
    assert refused.status_code == 422
    assert "Écrivez pourquoi" in refused.text
    assert now(company).status is ApprovalStatus.APPROVED
    done = browser.post(f"{address}/bloquer", data={"why": "Signalement d’un collège."})
    assert done.status_code == 303
    assert now(company).status is ApprovalStatus.BLOCKED
    event = last_event(session)
    assert (event.actor_id, event.why) == (admin.id, "Signalement d’un collège.")
    assert browser.get(f"/offres/{offer.ref}").status_code == 404
    page = browser.get(address).text
    assert "Signalement d’un collège." in page
    browser.post(f"{address}/debloquer", data={"why": "Tout est en ordre."})
    assert now(company).status is ApprovalStatus.APPROVED
    assert browser.get(f"/offres/{offer.ref}").status_code == 200


def test_a_school_is_blocked_and_comes_back(browser, session):
    school = places.school()
    for act, status in (("bloquer", "blocked"), ("debloquer", "approved")):
        answer = browser.post(f"/fondation/colleges/{school.ref}/{act}", data={"why": "Essai"})
        assert answer.status_code == 303
        assert now(school).status.value == status
        assert "Essai" in browser.get(f"/fondation/colleges/{school.ref}").text


def test_a_second_press_changes_and_writes_nothing_more(browser, session):
    site = places.site()
    for _time in range(2):
        browser.post(f"/fondation/sites/{site.ref}/signaler", data={"why": "Machine sans carter"})
    assert how_many_events(session) == 1
    assert now(site).blocked_by_inspection


def test_the_offers_of_a_flagged_site_leave_the_search_and_come_back(browser, session):
    offer, other = places.offer(), places.offer()
    browser.post(f"/fondation/sites/{offer.site.ref}/signaler", data={"why": "Procès-verbal"})
    listed = browser.get("/offres").text
    assert offer.ref not in listed
    assert other.ref in listed
    browser.post(f"/fondation/sites/{offer.site.ref}/lever", data={"why": "Mise en conformité"})
    assert offer.ref in browser.get("/offres").text
    words = [event.to_status for event in session.scalars(sa.select(Event).order_by(Event.id))]
    assert words == ["flagged", "cleared"]


def test_a_blocked_person_is_out_at_once_and_may_come_back(browser, app, session):
    user = people.adult(Role.PRINCIPAL, school=places.school())
    theirs = app.test_client().sign_in(user)
    assert theirs.get("/etablissement").status_code == 200
    browser.post(f"/fondation/personnes/{user.ref}/bloquer", data={"why": "Compte volé"})
    assert theirs.get("/etablissement").status_code == 302
    browser.post(f"/fondation/personnes/{user.ref}/debloquer", data={"why": "Compte rendu"})
    assert theirs.get("/etablissement").status_code == 200


def test_nobody_blocks_his_own_account_nor_ends_the_last_role_of_the_foundation(
    browser, session, admin
):
    answer = browser.post(f"/fondation/personnes/{admin.ref}/bloquer", data={"why": "essai"})
    assert answer.status_code == 422
    assert now(admin).blocked_at is None
    end = f"/fondation/personnes/{admin.ref}/roles/foundation_admin./retirer"
    answer = browser.post(end, data={"why": "essai"})
    assert answer.status_code == 422
    assert "dernière personne" in answer.text
    people.adult(Role.FOUNDATION_ADMIN)
    assert browser.post(end, data={"why": "départ"}).status_code == 303


def test_a_coordinator_is_made_then_ended_and_the_history_stays(browser, session):
    user = people.adult(first_name="Lou", last_name="Territoire")
    territory = places.territory_of()
    answer = browser.post(
        f"/fondation/personnes/{user.ref}/roles/donner",
        data={"role": "territory_coordinator", "territory": territory.code, "why": "Élue"},
    )
    assert answer.status_code == 303
    address = f"/fondation/territoires/{territory.code}"
    page = browser.get(address).text
    assert "Lou Territoire" in page
    end = re.search(rf'href="(/fondation/personnes/{user.ref}/roles/[^"]+/retirer)"', page)[1]
    assert browser.post(end, data={"why": "Fin de mandat"}).status_code == 303
    membership = session.scalars(sa.select(Membership).where(Membership.user_id == user.id)).one()
    assert membership.ended_at is not None
    page = browser.get(address).text
    assert "Lou Territoire" in page
    assert "Fin de mandat" in page
    assert end not in page


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"role": "principal", "where": "0010002X"}, "UAI du collège"),
        ({"role": "company_member", "where": "rien"}, "UAI du collège"),
        ({"role": "territory_coordinator"}, "UAI du collège"),
        ({"role": "king"}, "Choisissez dans la liste"),
        ({"role": "foundation_admin", "why": ""}, "Écrivez pourquoi"),
        ({"role": "foundation_admin", "why": "x" * 501}, "500 caractères"),
    ],
)
def test_a_role_that_stands_nowhere_is_refused(browser, session, values, words):
    user = people.adult()
    answer = browser.post(
        f"/fondation/personnes/{user.ref}/roles/donner", data={"why": "parce que"} | values
    )
    assert answer.status_code == 422
    assert words in answer.text
    assert session.scalar(sa.select(Membership.id).where(Membership.user_id == user.id)) is None


def test_a_role_held_already_is_not_given_twice(browser, session):
    school = places.school()
    user = people.adult(Role.PRINCIPAL, school=school)
    answer = browser.post(
        f"/fondation/personnes/{user.ref}/roles/donner",
        data={"role": "principal", "where": school.uai.lower(), "why": "encore"},
    )
    assert answer.status_code == 422
    assert "déjà ce rôle" in answer.text


def test_a_pupil_never_gets_a_role(app, session, admin):
    row = people.pupil(places.class_group())
    with pytest.raises(foundation.RuleBroken, match="role_for_adults"):
        foundation.give_role(admin, row.user, Role.FOUNDATION_ADMIN, where=None, why="essai")


def test_a_campaign_is_closed_with_a_reason(browser, session):
    campaign = campaigns.campaign()
    answer = browser.post(f"/fondation/campagnes/{campaign.ref}/fermer", data={"why": "Doublon"})
    assert answer.status_code == 303
    assert now(campaign).closed_at is not None
    assert last_event(session).why == "Doublon"


def test_placements_of_a_blocked_company_stay_for_the_coordinators_to_settle(browser, session):
    offer = places.offer()
    row = placement(offer.seats[0], status=PlacementStatus.CONFIRMED)
    browser.post(f"/fondation/entreprises/{offer.site.company.ref}/bloquer", data={"why": "x"})
    assert now(row).status is PlacementStatus.CONFIRMED
    url = f"/territoire/a-traiter/{row.ref}/annuler"
    assert browser.post(url, data={"version": "9" * 5000}).status_code < 500
    assert now(row).status is PlacementStatus.CONFIRMED
    assert browser.post(url, data={"version": row.version}).status_code == 303
    assert now(row).status is PlacementStatus.CANCELLED


@pytest.mark.parametrize(("act", "verb"), [("entreprises", "bloquer"), ("sites", "signaler")])
def test_no_yes_is_taken_where_pupils_no_longer_go(browser, session, act, verb):
    offer = places.offer(seats=2)
    row = placement(offer.seats[0], status=PlacementStatus.PROPOSED)
    row.school_answer = True
    session.commit()
    host = people.adult(Role.COMPANY_MEMBER, company=offer.site.company)
    ref = offer.site.company.ref if act == "entreprises" else offer.site.ref
    browser.post(f"/fondation/{act}/{ref}/{verb}", data={"why": "Danger constaté"})
    session.commit()  # what the test read before is not taken back with the refused answers
    assert now(row).status is PlacementStatus.CANCELLED
    with pytest.raises(placements.RuleBroken, match="placement_ended"):
        placements.answer_as_host(host, row, True, version=row.version)
    with pytest.raises(placements.RuleBroken, match=r"company_not_allowed|site_blocked"):
        late_acceptance.accept(host, offer, people.pupil(places.class_group()))


def test_who_is_blocked_reads_why(browser, app, session):
    company, school = places.company(), places.school()
    for kind, row in (("entreprises", company), ("colleges", school)):
        browser.post(f"/fondation/{kind}/{row.ref}/bloquer", data={"why": f"Motif {kind}"})
    host = app.test_client().sign_in(people.adult(Role.COMPANY_MEMBER, company=company))
    head = app.test_client().sign_in(people.adult(Role.PRINCIPAL, school=school))
    assert "Motif entreprises" in host.get("/entreprise").text
    assert "Motif colleges" in head.get("/etablissement").text


def test_what_nobody_offers_is_not_found(browser):
    company = places.company()
    for path in ("fermer", "manger", "signaler"):
        assert browser.get(f"/fondation/entreprises/{company.ref}/{path}").status_code == 404
