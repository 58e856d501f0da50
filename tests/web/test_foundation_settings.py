"""The settings of the foundation: bounds, reasons, and two who change them at once."""

import re
from datetime import time

import pytest
import sqlalchemy as sa

from matching.database import db
from matching.models.settings import Setting
from matching.queries import settings
from matching.rules.settings import SETTINGS, SettingKey
from tests.factories import places
from tests.web.reading import how_many_events, last_event


@pytest.fixture
def browser(client, admin):
    return client.sign_in(admin)


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
    assert how_many_events(session) == 2
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


def test_a_page_that_was_tampered_with_changes_no_setting(browser, session):
    typed = settings_form(browser, reach_km="30", seen="reach_km=" + "9" * 5000)
    answer = browser.post("/fondation/reglages", data=typed)
    assert answer.status_code < 500
    assert settings.value(db.session(), SettingKey.REACH_KM) == 20
