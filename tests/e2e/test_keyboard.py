"""Everything needed is done without a pointer, and one sees where one is."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import verbs
from tests.e2e.browsing import DESKTOP, PHONE


def focused(page: Page, what: str) -> str:
    """A property of the element that has the focus."""
    return page.evaluate(f"String(document.activeElement.{what})")


def test_the_first_stop_skips_to_the_content(world, open_page, screen):
    page = open_page(world, screen)
    page.goto("/")
    page.keyboard.press("Tab")
    link = page.get_by_role("link", name="Aller au contenu")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport()
    page.keyboard.press("Enter")
    assert focused(page, "id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


@pytest.mark.parametrize("path", ["/", "/offres", "/connexion", "/inscription/entreprise"])
def test_every_stop_of_the_tab_key_is_seen(world, open_page, season, path):
    page = open_page(world, DESKTOP)
    page.goto(path)
    stops = 0
    for _ in range(80):
        page.keyboard.press("Tab")
        if focused(page, "tagName") == "BODY":
            break
        stops += 1
        # The ring may be drawn by the card that a link covers.
        ring = page.evaluate(
            """() => {
                for (let node = document.activeElement; node; node = node.parentElement) {
                    const style = getComputedStyle(node);
                    if (style.outlineStyle === "solid" && parseFloat(style.outlineWidth) >= 2)
                        return true;
                }
                return false;
            }"""
        )
        assert ring, f"no ring around {focused(page, 'outerHTML')[:200]}"
        box = page.evaluate(
            "(() => { const b = document.activeElement.getBoundingClientRect();"
            " return [b.width, b.height]; })()"
        )
        assert min(box) > 0, f"a stop without a size: {focused(page, 'outerHTML')[:200]}"
    assert stops > 8


def test_the_summary_of_errors_leads_to_each_field(world, open_page, screen):
    page = open_page(world, screen)
    verbs.open_at(page, "/inscription/entreprise")
    verbs.press(page, "Inscrire mon entreprise")
    assert focused(page, "id") == "error-summary"
    lines = page.locator("#error-summary a")
    assert lines.count() >= 8
    for line in (lines.first, lines.last):
        name = line.inner_text()
        line.focus()
        page.keyboard.press("Enter")
        field = page.locator(":focus")
        expect(field).to_have_attribute("aria-invalid", "true")
        told = page.locator(f"#{field.get_attribute('id')}-error")
        expect(told).to_be_in_viewport()
        assert told.inner_text().splitlines()[-1] in name


def test_wishes_are_ranked_from_the_keyboard_and_the_focus_stays(
    world, open_page, season, new_pupil, screen
):
    first, second, third = season.offers[:3]
    page = open_page(world, screen)
    world.sign_in(page, new_pupil(first, second, third))
    verbs.open_at(page, "/eleve/voeux")
    down = page.get_by_role("button", name=f"Descendre {first}", exact=True)
    down.focus()
    for order in ([second, first, third], [second, third, first]):
        page.keyboard.press("Enter")
        expect(page.locator(".wishes .wish-title")).to_have_text(order)
        expect(down).to_be_focused()
        place = order.index(first) + 1
        expect(page.get_by_role("status").filter(has_text=first)).to_contain_text(f"n° {place}")
    expect(down).to_have_attribute("aria-disabled", "true")
    page.keyboard.press("Enter")
    expect(page.locator(".wishes .wish-title")).to_have_text([second, third, first])


def test_a_folded_filter_opens_from_the_keyboard(world, open_page, season, new_pupil):
    page = open_page(world, PHONE)
    world.sign_in(page, new_pupil())
    verbs.open_at(page, "/eleve/offres")
    page.locator("summary", has_text="Filtrer").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Appliquer")).to_be_visible()
