"""The server that `letabli run` starts: web and jobs in one process, on a real socket."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa

from matching.database import db
from matching.models.match_runs import MatchRun
from matching.models.statuses import RunStatus
from matching.models.users import Role
from tests.commands.commands import ROOT, environment, letabli
from tests.conftest import application
from tests.factories import campaigns, people, places

PATIENCE = 240  # seconds; a busy machine compiles the matcher meanwhile


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class Installation:
    """A small database in demonstration mode, and the server on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = f"sqlite:///{folder / 'letabli.db'}"
        self.port = free_port()
        self.server: subprocess.Popen[bytes] | None = None
        self.browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        settings = {"LETABLI_INSTANCE": str(folder), "LETABLI_DEMO": "1"}
        self.settings = settings | {"PORT": str(self.port)}
        assert letabli("migrate", **settings).returncode == 0
        self.app = application(self.url, folder, demo=True)

    def fill(self) -> None:
        """A campaign to run, and its coordinator on the sign-in page."""
        with self.app.app_context():
            group = places.class_group()
            offers = [places.offer(seats=2) for _ in range(3)]
            for number in range(30):
                campaigns.wish(people.pupil(group), offers[number % 3])
            self.campaign = campaigns.campaign(wishes_open=False).ref
            coordinator = people.adult(Role.TERRITORY_COORDINATOR, territory=places.territory_of())
            listed = {"ref": coordinator.ref, "group": "T", "label": "C", "hint": ""}
            (self.folder / "demo-people.json").write_text(json.dumps([listed]))
            self.coordinator = coordinator.ref
            db.session.remove()
            db.engine.dispose()

    def start(self) -> None:
        with (self.folder / "server.log").open("ab") as log:
            self.server = subprocess.Popen(
                [sys.executable, "-m", "matching", "run"],
                env=environment(**self.settings),
                cwd=ROOT,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.wait_for(self.healthy)

    def healthy(self) -> bool:
        try:
            return json.loads(self.get("/health")) == {"status": "ok"}
        except OSError:  # not listening yet, or not ready
            return False

    def get(self, path: str) -> str:
        with self.browser.open(f"http://127.0.0.1:{self.port}{path}", timeout=30) as page:
            return page.read().decode()

    def post(self, path: str, *, token_from: str) -> None:
        """Send a form as the page ``token_from`` would."""
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.get(token_from))[1]
        data = urlencode({"csrf_token": token}).encode()
        with self.browser.open(f"http://127.0.0.1:{self.port}{path}", data, timeout=30):
            pass

    def start_run(self) -> None:
        """Become the coordinator, and start a trial from the campaign's page."""
        self.post(f"/demo/devenir/{self.coordinator}", token_from="/connexion")
        page = f"/territoire/campagnes/{self.campaign}"
        self.post(f"{page}/essais", token_from=page)

    def run(self) -> tuple[RunStatus, int]:
        """Status of the last trial, and how many times it was tried."""
        with self.app.app_context():
            found = db.session.execute(
                sa.select(MatchRun.status, MatchRun.attempts).order_by(MatchRun.id.desc())
            ).first()
            db.session.remove()
            return tuple(found)

    def wait_for(self, condition) -> None:
        until = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < until, (self.folder / "server.log").read_text()
            assert self.server.poll() is None, (self.folder / "server.log").read_text()
            time.sleep(0.05)

    def kill(self) -> None:
        """The whole process group at once, as a machine that loses its current."""
        os.killpg(self.server.pid, signal.SIGKILL)
        self.server.wait()


@pytest.fixture
def installation(tmp_path):
    made = Installation(tmp_path)
    made.fill()
    yield made
    if made.server is not None and made.server.poll() is None:
        made.kill()
    with made.app.app_context():
        db.engine.dispose()


def test_a_trial_started_on_the_page_runs_to_its_end_while_the_site_answers_quickly(installation):
    installation.start()
    installation.start_run()
    waits = []

    def ended() -> bool:
        began = time.monotonic()
        assert installation.healthy()
        waits.append(time.monotonic() - began)
        return installation.run()[0] is RunStatus.DONE

    installation.wait_for(ended)
    # The median: this machine also runs the matcher and another process of tests meanwhile.
    assert sorted(waits)[len(waits) // 2] < 0.2
    with installation.app.app_context():
        assert db.session.scalars(sa.select(MatchRun)).one().report["placed"] == 6


def test_a_server_killed_in_a_trial_takes_it_up_again_when_it_is_back(installation):
    installation.start()
    installation.start_run()
    installation.wait_for(lambda: installation.run()[0] is RunStatus.RUNNING)
    installation.kill()
    assert installation.run() == (RunStatus.RUNNING, 1)
    installation.start()
    installation.wait_for(lambda: installation.run()[0] is RunStatus.DONE)
    assert installation.run() == (RunStatus.DONE, 2)


def test_a_port_already_taken_and_a_demonstration_already_loaded_are_told(installation):
    installation.start()
    again = letabli("run", **installation.settings)
    assert again.returncode == 2
    assert f"Le port {installation.port} est déjà pris" in again.stderr
    assert "déjà chargée" in letabli("demo", **installation.settings).stdout
