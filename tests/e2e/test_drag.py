"""Wishes are dragged into another order, with a mouse and with a finger."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import verbs
from tests.e2e.browsing import DESKTOP, PHONE


def drag(page: Page, title: str, over: str, *, drop: bool = True) -> None:
    """Take a wish by its number and let it go over another one."""
    boxes = [
        page.locator(".wishes > li", has_text=name).locator("[data-grip]").bounding_box()
        for name in (title, over)
    ]
    (x, start), end = (boxes[0]["x"] + 20, boxes[0]["y"] + 20), boxes[1]["y"] + 20
    past = 30 if end > start else -30
    page.mouse.move(x, start)
    page.mouse.down()
    page.mouse.move(x, (start + end) / 2)
    page.mouse.move(x, end + past)
    if drop:
        page.mouse.up()


def order(page: Page):
    return page.locator(".wishes .wish-title")


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_wish_is_dragged_to_the_top_and_to_the_bottom(
    world, open_page, season, new_pupil, screen
):
    first, second, third = season.offers[:3]
    page = open_page(world, screen)
    world.sign_in(page, new_pupil(first, second, third))
    verbs.open_at(page, "/eleve/voeux")
    drag(page, third, first)
    expect(order(page)).to_have_text([third, first, second])
    expect(page.locator("#wish-status")).to_contain_text("n° 1")
    drag(page, third, second)
    expect(order(page)).to_have_text([first, second, third])
    page.reload()
    expect(order(page)).to_have_text([first, second, third])


def test_escape_puts_a_dragged_wish_back(world, open_page, season, new_pupil):
    first, second, third = season.offers[:3]
    page = open_page(world, DESKTOP)
    world.sign_in(page, new_pupil(first, second, third))
    verbs.open_at(page, "/eleve/voeux")
    drag(page, third, first, drop=False)
    expect(page.locator(".is-dragged")).to_have_count(1)
    page.keyboard.press("Escape")
    page.mouse.up()
    expect(page.locator(".is-dragged")).to_have_count(0)
    expect(order(page)).to_have_text([first, second, third])


def test_a_finger_drags_the_wish_and_not_the_page(world, open_page, season, new_pupil):
    first, second, third = season.offers[:3]
    page = open_page(world, PHONE)
    world.sign_in(page, new_pupil(first, second, third))
    verbs.open_at(page, "/eleve/voeux")
    places = [
        page.locator(".wishes > li", has_text=name).locator("[data-grip]").bounding_box()
        for name in (first, second)
    ]
    touch = page.context.new_cdp_session(page)
    x, start, end = places[0]["x"] + 20, places[0]["y"] + 20, places[1]["y"] + 50
    touch.send("Input.dispatchTouchEvent",
               {"type": "touchStart", "touchPoints": [{"x": x, "y": start}]})  # fmt: skip
    for y in (start + 20, (start + end) / 2, end):
        touch.send("Input.dispatchTouchEvent",
                   {"type": "touchMove", "touchPoints": [{"x": x, "y": y}]})  # fmt: skip
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(order(page)).to_have_text([second, first, third])
