"""The map of the offers in a real browser: opened on demand, equal to its list."""

from playwright.sync_api import expect

from tests.e2e import verbs
from tests.e2e.browsing import DESKTOP, check


def test_the_map_opens_from_the_keyboard_and_shows_the_offers_of_the_list(
    world, open_page, season, screen
):
    page = open_page(world, screen)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    verbs.open_at(page, "/offres?place=Oyonnax&km=20")
    assert not [url for url in asked if "leaflet" in url or "outlines" in url]
    page.locator("summary", has_text="sur une carte").focus()
    page.keyboard.press("Enter")
    bubble = page.locator(".bubble")
    expect(bubble).to_have_text(str(len(season.offers)))
    expect(page.locator(".offer-map [role=status]")).to_contain_text(str(len(season.offers)))
    bubble.click()
    links = page.locator(".leaflet-popup-content a[href^='/offres/']")
    expect(links).to_have_count(len(season.offers))
    in_the_list = page.locator(".grid.is-even h2 a").evaluate_all("all => all.map(a => a.href)")
    assert set(links.evaluate_all("all => all.map(a => a.href)")) == set(in_the_list)
    check(page)


def test_without_scripts_there_is_the_list_alone(world, open_page, season):
    page = open_page(world, DESKTOP, javascript=False)
    verbs.open_at(page, "/offres")
    expect(page.locator(".offer-map")).to_be_hidden()
    expect(page.locator(".grid.is-even > li")).to_have_count(len(season.offers))
