"""The server that `letabli run` starts: web and jobs in one process, on a real socket."""

import time

import pytest
import sqlalchemy as sa

from matching.database import db
from matching.models.match_runs import MatchRun
from matching.models.statuses import RunStatus
from tests.commands.commands import letabli
from tests.commands.installation import Installation


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
