"""A real server on a database of its own, and a real browser that may speak to nobody else.

Every page that a test opens is watched: an error in the console, a failed request or a request to
another host fails the test. The clock of the server starts on a Monday of November, so that the
weeks of the school year are the same whenever the tests run.
"""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Browser, Page, expect, sync_playwright
from werkzeug.serving import make_server

from matching import clock, jobs
from matching.models.offers import Offer
from matching.models.schools import ClassGroup
from matching.models.statuses import ApplicationStatus
from matching.models.users import Role, User
from matching.services import sign_ins
from tests.conftest import application, empty_database
from tests.e2e.browsing import DESKTOP, PHONE, Screen, Watch
from tests.factories import campaigns, people, places

PATIENCE_MS = 60_000
# The first run on a machine compiles the engine.
PATIENCE_FOR_A_RUN_MS = 180_000
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Whatever asks for another host finds nobody, and the watch reports it.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
FIRST_DAY = datetime(2026, 11, 16, tzinfo=clock.PARIS)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; without it these tests fail, for nothing else proves the pages."""
    named = os.environ.get("CHROMIUM")
    wanted = [named] if named else ["chromium-headless-shell", "chromium"]
    path = next(filter(None, map(shutil.which, wanted)), None)
    if path is None:
        pytest.fail(f"no browser: {' or '.join(wanted)}; `make chromium` installs it")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield launched
        launched.close()


class World:
    """A running application: its address, and its tables for what happened before the test."""

    def __init__(self, app: Flask, address: str) -> None:
        self.app = app
        self.address = address

    def sign_in(self, page: Page, ref: str) -> None:
        """Be this user, when signing in is not what the test is about."""
        from matching.database import db

        with self.app.app_context():
            user = db.session.scalars(sa.select(User).where(User.ref == ref)).one()
            opened = sign_ins.start(user, "essai").ref
            db.session.remove()
        signer = self.app.session_interface.get_signing_serializer(self.app)
        cookie = signer.dumps({"_user_id": ref, "sign_in": opened, "_fresh": True})
        page.context.add_cookies([{"name": "session", "value": cookie, "url": self.address}])


@contextmanager
def running(kind: str, folder: Path) -> Iterator[World]:
    """Serve an application on an empty database, with a worker for its jobs."""
    from matching import tasks  # noqa: F401 - the worker finds its jobs there
    from matching.database import db

    with empty_database(kind, folder) as url, started_on(FIRST_DAY):
        app = application(url, folder)
        app.config["WTF_CSRF_ENABLED"] = True
        server = make_server("127.0.0.1", 0, app, threaded=True)
        serving = threading.Thread(target=server.serve_forever, daemon=True)
        consumer = jobs.queue.consumer()
        serving.start()
        consumer.start()
        try:
            yield World(app, f"http://127.0.0.1:{server.server_port}")
        finally:
            server.shutdown()
            serving.join()
            server.server_close()
            consumer.stop(graceful=True)
            with app.app_context():
                db.session.remove()
                db.engine.dispose()


@contextmanager
def started_on(day: datetime) -> Iterator[None]:
    """Move the clock of the application so that today is ``day``; time goes on from there."""
    lag = timedelta(days=(datetime.now(clock.PARIS).date() - day.date()).days)

    class Then(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(tz) - lag

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "datetime", Then)
        yield


@pytest.fixture(params=[PHONE, DESKTOP], ids=["phone", "desktop"])
def screen(request: pytest.FixtureRequest) -> Screen:
    """390 px and 1280 px wide."""
    return request.param


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open a browser of its own for one more person; all are watched until the test ends."""
    watch = Watch()
    contexts = []

    def opened(world: World, screen: Screen, *, javascript: bool = True) -> Page:
        context = browser.new_context(
            base_url=world.address, java_script_enabled=javascript, locale="fr-FR", **screen.options
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        watch.follow(context, world.address)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()
    assert watch.complaints == []


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One application for the tests of a file, on SQLite, as ``make run`` has it."""
    with running("sqlite", tmp_path_factory.mktemp("world")) as served:
        yield served


@dataclass(frozen=True, slots=True)
class Season:
    """A campaign at Oyonnax whose wishes are open: references of its people and rows."""

    coordinator: str
    member: str
    head: str
    campaign: str
    class_group: str
    offers: tuple[str, ...]


OFFERS = (
    "Mouler une pièce",
    "Régler une presse",
    "Dessiner un outil",
    "Peser une poudre",
    "Souder un cadre",
    "Tester un moteur",
)


@pytest.fixture(scope="module")
def season(world: World) -> Season:
    """Six published offers, a school with one class, an open campaign, and their adults."""
    from matching.database import db

    with world.app.app_context():
        company = places.company(name="Plasturgie fictive du Lange")
        site = places.site(company)
        for title in OFFERS:
            places.offer(site, title=title)
        school = places.school("01269", name="Collège fictif du Lac")
        group = places.class_group(school, name="3A")
        made = Season(
            coordinator=people.adult(
                Role.TERRITORY_COORDINATOR, territory=places.territory_of()
            ).ref,
            member=people.adult(Role.COMPANY_MEMBER, company=company).ref,
            head=people.adult(Role.PRINCIPAL, school=school).ref,
            campaign=campaigns.campaign().ref,
            class_group=group.ref,
            offers=OFFERS,
        )
        db.session.remove()
    return made


@pytest.fixture
def new_pupil(world: World, season: Season) -> Callable[..., str]:
    """Enrol one more pupil with these wishes, not sent yet; returns the account to sign in."""
    from matching.database import db

    def made(*titles: str) -> str:
        with world.app.app_context():
            group = db.session.scalars(
                sa.select(ClassGroup).where(ClassGroup.ref == season.class_group)
            ).one()
            row = people.pupil(group)
            for rank, title in enumerate(titles, 1):
                offer = db.session.scalars(sa.select(Offer).where(Offer.title == title)).one()
                campaigns.wish(row, offer, rank, status=ApplicationStatus.DRAFT, submitted_at=None)
            ref = row.user.ref
            db.session.remove()
        return ref

    return made
