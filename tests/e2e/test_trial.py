"""A coordinator watches a trial move, and stops another."""

import multiprocessing
import time

import pytest
from playwright.sync_api import expect

from matching import solving
from tests.e2e import verbs
from tests.e2e.browsing import DESKTOP, check
from tests.e2e.conftest import PATIENCE_FOR_A_RUN_MS

START_SECONDS = 10  # until the matcher's process is there
CANCEL_SECONDS = 2  # until the matcher's process is gone
PAUSE_SECONDS = 0.4


@pytest.fixture
def told_slowly(monkeypatch):
    """Each step of the matcher is told after a pause: the page looks once a second, and a small
    trial could be over between two looks.
    """
    solve = solving.solve_and_verify

    def slowly(problem, *, progress, cancelled):
        def told(phase, share):
            progress(phase, share)
            time.sleep(PAUSE_SECONDS)

        return solve(problem, progress=told, cancelled=cancelled)

    monkeypatch.setattr(solving, "solve_and_verify", slowly)


def test_the_progress_of_a_trial_moves_by_itself_and_a_trial_stops_when_asked(
    world, open_page, season, new_pupil, told_slowly
):
    for _ in range(3):
        new_pupil(*season.offers[:2])
    page = open_page(world, DESKTOP)
    world.sign_in(page, season.coordinator)
    verbs.open_at(page, f"/territoire/campagnes/{season.campaign}")
    verbs.press(page, "Lancer un essai")
    page.evaluate(
        """() => {
            const seen = [];
            const look = () => {
                const bar = document.querySelector("progress");
                if (bar && bar.hasAttribute("value")) seen.push(bar.value);
            };
            new MutationObserver(look).observe(document, {subtree: true, childList: true});
            window.addEventListener("pagehide", () => sessionStorage.seen = JSON.stringify(seen));
        }"""
    )
    again = page.get_by_role("button", name="Lancer un autre essai")
    expect(again).to_be_visible(timeout=PATIENCE_FOR_A_RUN_MS)
    seen = page.evaluate("JSON.parse(sessionStorage.seen)")
    assert len(set(seen)) >= 2, seen
    assert seen == sorted(seen)

    verbs.go(page, again)
    stop = page.get_by_role("button", name="Arrêter l’essai")
    expect(page.locator("progress[value]")).to_be_visible()
    shown = time.monotonic()
    while not multiprocessing.active_children():  # the page may show the run a moment before
        assert time.monotonic() - shown < START_SECONDS
        time.sleep(0.02)
    clicked = time.monotonic()
    with page.expect_navigation():
        stop.click()
    while multiprocessing.active_children():
        assert time.monotonic() - clicked < CANCEL_SECONDS
        time.sleep(0.05)
    verbs.told(page, "Cet essai est écarté.")
    check(page)
