"""A server on a database of its own, and a browser without a screen to use it."""

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
        if not (folder / "letabli.db").exists():
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

    def token(self, page: str) -> str:
        """What a form of this page sends to show where it comes from."""
        return re.search(r'name="csrf_token" value="([^"]+)"', self.get(page))[1]

    def post(self, path: str, *, token: str) -> None:
        """Send a form as the page that gave the token would."""
        data = urlencode({"csrf_token": token}).encode()
        with self.browser.open(f"http://127.0.0.1:{self.port}{path}", data, timeout=30):
            pass

    def start_run(self) -> None:
        """Become the coordinator, and start a trial from the campaign's page."""
        self.post(f"/demo/devenir/{self.coordinator}", token=self.token("/connexion"))
        page = f"/territoire/campagnes/{self.campaign}"
        self.post(f"{page}/essais", token=self.token(page))

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
