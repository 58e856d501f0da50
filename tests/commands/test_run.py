"""The server that `letabli run` starts: web and jobs in one process, on a real socket."""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from matching.database import db
from matching.models.match_runs import MatchRun
from matching.models.statuses import RunStatus
from tests.commands.commands import letabli
from tests.commands.installation import Installation


@pytest.fixture(scope="module")
def migrated(tmp_path_factory) -> Path:
    """The folder of an installation whose tables are made."""
    folder = tmp_path_factory.mktemp("migrated")
    assert letabli("migrate", LETABLI_INSTANCE=str(folder), LETABLI_DEMO="1").returncode == 0
    return folder


@contextmanager
def installed(folder: Path, migrated: Path) -> Iterator[Installation]:
    """A small installation, its server started."""
    shutil.copytree(migrated, folder, dirs_exist_ok=True)
    made = Installation(folder)
    try:
        made.fill()
        made.start()
        yield made
    finally:
        if made.server is not None and made.server.poll() is None:
            made.kill()
        with made.app.app_context():
            db.engine.dispose()


@pytest.fixture
def installation(tmp_path, migrated):
    """A server that a test may kill."""
    with installed(tmp_path, migrated) as made:
        yield made


@pytest.fixture(scope="module")
def served(tmp_path_factory, migrated):
    """A server that stays."""
    with installed(tmp_path_factory.mktemp("served"), migrated) as made:
        yield made


def test_a_trial_started_on_the_page_runs_to_its_end_while_the_site_answers_quickly(served):
    served.start_run()
    waits = []

    def ended() -> bool:
        began = time.monotonic()
        assert served.healthy()
        waits.append(time.monotonic() - began)
        return served.run()[0] is RunStatus.DONE

    served.wait_for(ended)
    # The median: this machine also runs the matcher and another process of tests meanwhile.
    assert sorted(waits)[len(waits) // 2] < 0.2
    with served.app.app_context():
        assert db.session.scalars(sa.select(MatchRun)).one().report["placed"] == 6


def test_a_server_killed_in_a_trial_takes_it_up_again_when_it_is_back(installation):
    installation.start_run()
    installation.wait_for(lambda: installation.run()[0] is RunStatus.RUNNING)
    installation.kill()
    assert installation.run() == (RunStatus.RUNNING, 1)
    installation.start()
    installation.wait_for(lambda: installation.run()[0] is RunStatus.DONE)
    assert installation.run() == (RunStatus.DONE, 2)


def test_a_port_already_taken_and_a_demonstration_already_loaded_are_told(served):
    again = letabli("run", **served.settings)
    assert again.returncode == 2
    assert f"Le port {served.port} est déjà pris" in again.stderr
    assert "déjà chargée" in letabli("demo", **served.settings).stdout
