"""What every page must hold, and what is watched while people use it."""

import os
import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    WebError,
    expect,
)

# Answers that show a page again with what to correct (422) or what has changed (409).
REFUSALS = (409, 422)


@dataclass(frozen=True, slots=True)
class Screen:
    """A kind of machine, and what Playwright must know to play it."""

    name: str
    width: int
    options: dict[str, Any]


PHONE = Screen(
    "phone",
    390,
    {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True},
)
DESKTOP = Screen("desktop", 1280, {"viewport": {"width": 1280, "height": 800}})


@dataclass
class Watch:
    """Complaints about pages: what a user would never see, and must not happen."""

    complaints: list[str] = field(default_factory=list)

    def follow(self, context: BrowserContext, address: str) -> None:
        """Listen to every page of this browser, which may speak to ``address`` only."""

        def asked(request: Request) -> None:
            if not request.url.startswith((address + "/", "data:")):
                self.complaints.append(f"a request left the host: {request.url}")

        def answered(response: Response) -> None:
            if response.status >= 400 and response.status not in REFUSALS:
                self.complaints.append(f"{response.status} at {response.url}")

        def spoke(message: ConsoleMessage) -> None:
            # What the server answered is judged above, by its status.
            if message.type == "error" and not message.text.startswith("Failed to load resource"):
                self.complaints.append(f"console at {message.location['url']}: {message.text}")

        def broke(error: WebError) -> None:
            self.complaints.append(f"script: {error.error}")

        context.on("request", asked)
        context.on("response", answered)
        context.on("console", spoke)
        context.on("weberror", broke)


# What fades in has no full contrast yet; what turns for ever is left to turn.
ALL_AT_REST = """() => Promise.all(document.getAnimations()
    .filter(one => one.effect.getComputedTiming().endTime < Infinity)
    .map(one => one.finished.catch(() => null)))"""

# What axe finds wrong: to hand over all that it found right takes longer than finding it.
FAULTS = """() => axe.run({resultTypes: ['violations']})
    .then(({violations}) => ({violations}))"""

_pages: set[tuple[int, str]] = set()
_shown: dict[int, set[str]] = defaultdict(set)


def check(page: Page) -> None:
    """The page has one h1, no sideways scroll, and axe finds nothing wrong with it.

    A page that people meet again at the same width goes to axe again only when it shows an element
    of a kind that no page has shown: its tag, its classes, the names of its attributes.
    """
    page.wait_for_load_state()
    expect(page.locator("h1")).to_have_count(1)
    width = page.viewport_size["width"]
    scroll = page.evaluate("document.documentElement.scrollWidth")
    assert scroll <= width, f"{page.url} is {scroll} px wide on a screen of {width}"
    key, shown = (width, _kind_of(page.url)), _elements(page)
    if key in _pages and shown <= _shown[width]:
        return
    with _with_scripts(page) as scripted:
        scripted.evaluate(ALL_AT_REST)
        scripted.evaluate(AXE_SCRIPT)
        found = AxeResults(scripted.evaluate(FAULTS))
    assert not found.response["violations"], f"{page.url}\n{found.generate_report()}"
    _pages.add(key)
    _shown[width] |= shown


@contextmanager
def _with_scripts(page: Page) -> Iterator[Page]:
    """The page, or where no script may run a copy of it: there axe would wait for ever."""
    if page.evaluate("matchMedia('(scripting: enabled)').matches"):
        yield page
        return
    html = page.content().replace("noscript>", "div>")
    html = re.sub(r"<script[^>]*></script>", "", html)
    context = page.context.browser.new_context(viewport=page.viewport_size)
    try:
        copy = context.new_page()
        copy.route(page.url, lambda route: route.fulfill(body=html, content_type="text/html"))
        copy.goto(page.url)
        yield copy
    finally:
        context.close()


_REFERENCE = re.compile(r"(?<=/)[2-9a-z]{10}(?=/|$)")
_TAG = re.compile(r"<[a-z][^>]*>")
_VALUE = re.compile(r'(?<= )((?!class|type|role|aria-current)[a-z-]+)="[^"]*"')


def _kind_of(url: str) -> str:
    """The path without the references that tell one row from another."""
    return _REFERENCE.sub("…", urlsplit(url).path)


def _elements(page: Page) -> set[str]:
    """The kinds of elements of the page."""
    return {_VALUE.sub(r"\1", tag) for tag in _TAG.findall(page.content())}


def picture(page: Page, name: str, screen: Screen) -> None:
    """Keep the whole page as a picture when LETABLI_SCREENSHOTS names a folder."""
    folder = os.environ.get("LETABLI_SCREENSHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}-{screen.name}.png", full_page=True)
