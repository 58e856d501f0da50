"""The foundation's space: lists, changes that ask why, settings, the list of changes."""

import re
from datetime import time

import pytest
import sqlalchemy as sa

from matching.database import db
from matching.models.events import Event
from matching.models.settings import Setting
from matching.models.statuses import ApprovalStatus, PlacementStatus
from matching.models.users import Membership, Role
from matching.queries import settings
from matching.rules.settings import SETTINGS, SettingKey
from matching.services import foundation, late_acceptance, placements
from tests.factories import campaigns, people, places
from tests.factories.placements import placement
from tests.web.reading import now

LISTS = ("personnes", "colleges", "entreprises", "sites", "territoires", "campagnes", "journal")


@pytest.fixture
def admin(session):
    return people.adult(Role.FOUNDATION_ADMIN, first_name="Ada", last_name="Fondation")


@pytest.fixture
def browser(client, admin):
    return client.sign_in(admin)


def last_event(session) -> Event:
    return session.scalars(sa.select(Event).order_by(Event.id.desc()).limit(1)).one()


def events(session) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(Event))


def main(page: str) -> str:
    return page.partition("<main")[2].partition("</main")[0]


@pytest.mark.parametrize("name", LISTS)
def test_each_list_is_found_empty_or_full_and_takes_any_words(browser, name):
    for query in (
        "",
        "?q=zzzz",
        "?q=%25_'\"<b>",
        "?page=99999999999999999999",
        "?page=-3",
        "?q=\x00",
    ):
        assert browser.get(f"/fondation/{name}{query}").status_code in (200, 404)
    assert "zzzz" in browser.get(f"/fondation/{name}?q=zzzz").text


def test_a_list_is_searched_and_cut_into_pages(browser, session):
    for number in range(27):
        places.company(name=f"Fonderie {number:02}")
    places.company(name="Scierie")
    first = main(browser.get("/fondation/entreprises?q=FONDERIE").text)
    assert "27\u00a0entreprises" in first
    assert len(re.findall(r">Fonderie \d\d<", first)) == 25
    second = re.search(r'href="([^"]*page=2)"', first)[1].replace("&amp;", "&")
    page = main(browser.get(second).text)
    assert len(re.findall(r">Fonderie \d\d<", page)) == 2
    assert "Scierie" not in page


def test_a_filter_that_does_not_exist_is_refused_politely(browser):
    for address in ("colleges?status=wild", "personnes?role=king", "journal?since=hier&kind=zzz"):
        assert browser.get(f"/fondation/{address}").status_code == 422


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2026-11-22"])
def test_any_day_may_be_asked_of_the_list_of_changes(browser, day):
    assert browser.get(f"/fondation/journal?since={day}&until={day}").status_code == 200


def test_no_pupil_is_in_any_list_of_the_foundation(browser, session):
    row = people.pupil(places.class_group(), first_name="Noé", last_name="Cachette")
    wish = campaigns.wish(row, places.offer())
    session.add(
        Event(
            at=wish.submitted_at, subject="application", subject_id=wish.id,
            to_status="submitted", actor_id=row.user_id,
        )
    )  # fmt: skip
    session.commit()
    for name in ("", *(f"/{one}" for one in LISTS)):
        page = browser.get(f"/fondation{name}?q=").text
        for secret in ("Noé", "Cachette", row.user.login_name, row.ref, row.user.ref):
            assert secret not in page
    assert "un élève" in browser.get("/fondation/journal").text
    assert browser.get(f"/fondation/personnes/{row.user.ref}").status_code == 404
    assert browser.get(f"/fondation/personnes/{row.user.ref}/bloquer").status_code == 404


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
    assert events(session) == 1
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


def test_what_nobody_offers_is_not_found(browser):
    company = places.company()
    for path in ("fermer", "manger", "signaler"):
        assert browser.get(f"/fondation/entreprises/{company.ref}/{path}").status_code == 404


def test_changes_are_filtered_by_who_what_and_when(browser, session, admin):
    site, school = places.site(name="Site du Lac"), places.school(name="Collège du Pont")
    foundation.flag_site(admin, site, flagged=True, why="Raison du site")
    foundation.block(admin, school, why="Raison du collège")
    everything = browser.get("/fondation/journal").text
    assert "Raison du site" in everything
    assert "Raison du collège" in everything
    of_sites = browser.get("/fondation/journal?kind=site&q=ada").text
    assert "Raison du site" in of_sites
    assert "Raison du collège" not in of_sites
    assert "Raison" not in browser.get("/fondation/journal?q=personne").text
    assert "Raison" not in browser.get("/fondation/journal?until=2020-01-01").text


# Settings


def settings_form(browser, **changes) -> dict:
    page = browser.get("/fondation/reglages").text
    values = {key.value: str(limits.default) for key, limits in SETTINGS.items()}
    values |= {"hours_strict_before_15": "y", "why": "Essai"}
    values["seen"] = re.search(r'name="seen"[^>]*value="([^"]*)"', page)[1]
    return values | changes


def test_a_setting_is_changed_with_a_reason_and_read_at_once(browser, session, admin):
    answer = browser.post(
        "/fondation/reglages", data=settings_form(browser, hours_latest="17", reach_km="30")
    )
    assert answer.status_code == 303
    assert settings.hours(db.session()).latest == time(17)
    assert settings.value(db.session(), SettingKey.REACH_KM) == 30
    event = last_event(session)
    assert (event.subject, event.from_status, event.to_status, event.why) == (
        "setting", "20", "30", "Essai",
    )  # fmt: skip
    assert event.actor_id == admin.id
    assert events(session) == 2
    page = browser.get("/fondation/journal?kind=setting").text
    assert "20 → 30" in page


@pytest.mark.parametrize(
    "changes",
    [
        {"hours_latest": "22"},
        {"hours_latest": ""},
        {"reach_km": "mille"},
        {"reach_km": "9" * 400},
        {"answer_days": "-1"},
        {"why": ""},
    ],
)
def test_a_setting_out_of_bounds_is_told_and_nothing_is_written(browser, session, changes):
    answer = browser.post("/fondation/reglages", data=settings_form(browser, **changes))
    assert answer.status_code == 422
    assert session.scalar(sa.select(Setting.id).limit(1)) is None


def test_a_setting_that_a_colleague_changed_meanwhile_is_not_overwritten(browser, session):
    stale = settings_form(browser, reach_km="40")
    browser.post("/fondation/reglages", data=settings_form(browser, reach_km="30"))
    answer = browser.post("/fondation/reglages", data=stale)
    assert answer.status_code == 422
    assert "rechargez la page" in answer.text
    assert settings.value(db.session(), SettingKey.REACH_KM) == 30


def test_the_hours_of_an_offer_obey_the_settings(app, session):
    from matching.services import offers

    offer = places.offer(starts_at=time(9), ends_at=time(17), break_minutes=60)
    with pytest.raises(offers.RuleBroken, match="hours_day"):
        offers.refuse_hours(offer)
    session.add(Setting(key=SettingKey.STRICT_BEFORE_15, value=0))
    session.commit()
    offers.refuse_hours(offer)
    session.add(Setting(key=SettingKey.LATEST_HOUR, value=16))
    session.commit()
    with pytest.raises(offers.RuleBroken, match="hours_window") as told:
        offers.refuse_hours(offer)
    assert told.value.values["latest"] == 16


def test_placements_of_a_blocked_company_stay_for_the_coordinators_to_settle(browser, session):
    offer = places.offer()
    row = placement(offer.seats[0], status=PlacementStatus.CONFIRMED)
    browser.post(f"/fondation/entreprises/{offer.site.company.ref}/bloquer", data={"why": "x"})
    assert now(row).status is PlacementStatus.CONFIRMED


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
    with pytest.raises(placements.RuleBroken, match=r"company_not_allowed|site_blocked"):
        placements.answer_as_host(host, row, True, version=row.version)
    with pytest.raises(placements.RuleBroken, match=r"company_not_allowed|site_blocked"):
        late_acceptance.accept(host, offer, people.pupil(places.class_group()))
    placements.answer_as_host(host, now(row), False, version=row.version, reason="site_closed")
    assert now(row).status is PlacementStatus.DECLINED


def test_who_is_blocked_reads_why(browser, app, session):
    company, school = places.company(), places.school()
    for kind, row in (("entreprises", company), ("colleges", school)):
        browser.post(f"/fondation/{kind}/{row.ref}/bloquer", data={"why": f"Motif {kind}"})
    host = app.test_client().sign_in(people.adult(Role.COMPANY_MEMBER, company=company))
    head = app.test_client().sign_in(people.adult(Role.PRINCIPAL, school=school))
    assert "Motif entreprises" in host.get("/entreprise").text
    assert "Motif colleges" in head.get("/etablissement").text
