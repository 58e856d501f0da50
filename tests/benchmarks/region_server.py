"""Does the site answer while a region is matched in the same server? `make bench-server` asks.

The demonstration is grown to 100,000 pupils and 80,000 seats in an instance of its own. A trial is
started on the page as a coordinator does; /health and the trial's progress are read until it ends,
ten minutes at most; then it, or another trial, is stopped on the page.
"""

import statistics
import subprocess
import sys
import tempfile
import threading
import time
from itertools import pairwise
from pathlib import Path

import sqlalchemy as sa

from matching.database import db
from matching.models.campaigns import Campaign
from matching.models.match_runs import MatchRun
from matching.models.statuses import RunStatus
from matching.models.users import User
from tests.commands.commands import ROOT, environment
from tests.commands.installation import Installation

PUPILS, SEATS = 100_000, 80_000
NAME = "Ports et océan"
HEALTH_MARK, CANCEL_MARK = 0.2, 2.0  # seconds
WATCHED = 600.0  # seconds
UNDER_WAY = (RunStatus.QUEUED, RunStatus.RUNNING)


def main(pupils: int, seats: int) -> None:
    """Print what was seen beside the marks."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        began = time.monotonic()
        subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.grown_demo", str(pupils), str(seats)],
            env=environment(LETABLI_INSTANCE=name, LETABLI_DEMO="1"),
            cwd=ROOT,
            check=True,
        )
        print(f"{pupils} pupils, {seats} seats loaded in {time.monotonic() - began:.0f} s")
        installation = Installation(folder)
        with installation.app.app_context():
            campaign = db.session.scalars(sa.select(Campaign).where(Campaign.name == NAME)).one()
            installation.campaign = campaign.ref
            installation.coordinator = db.session.get_one(User, campaign.opened_by_id).ref
            db.session.remove()
        installation.start()
        try:
            watched_trial(installation)
            cancelled_trial(installation)
        finally:
            installation.kill()


def watched_trial(installation: Installation) -> None:
    """Start a trial and watch it."""
    installation.start_run()
    waits: list[float] = []
    slow: list[str] = []
    shares: list[tuple[str, float]] = []
    began = time.monotonic()
    while (status := installation.run()[0]) in UNDER_WAY and time.monotonic() < began + WATCHED:
        asked = time.monotonic()
        assert installation.healthy()
        waits.append(time.monotonic() - asked)
        shares.append(_progress(installation))
        if waits[-1] > HEALTH_MARK:
            slow.append(f"{waits[-1] * 1000:.0f} ms after {asked - began:.0f} s, {shares[-1][0]}")
        time.sleep(0.05)
    waits.sort()
    moved = sorted(set(shares), key=lambda seen: seen[1])
    assert all(one[1] <= two[1] for one, two in pairwise(shares)), "progress went back"
    print(
        f"trial {status} after {time.monotonic() - began:.0f} s, {len(moved)} steps of progress "
        f"seen, the last {moved[-1][1]:.0%} ({moved[-1][0]})"
    )
    print(
        f"/health asked {len(waits)} times: median {statistics.median(waits) * 1000:.0f} ms, "
        f"95th percentile {waits[int(len(waits) * 0.95)] * 1000:.0f} ms, "
        f"worst {waits[-1] * 1000:.0f} ms (mark {HEALTH_MARK * 1000:.0f} ms)"
    )
    print(f"{len(slow)} answers were slower: {'; '.join(slow[:10])}")


def cancelled_trial(installation: Installation) -> None:
    """Stop the trial, or another when it has ended, and wait until the matcher is gone."""
    if installation.run()[0] not in UNDER_WAY:
        installation.start_run()
    installation.wait_for(lambda: _progress(installation)[0] in ("pairs", "who", "where"))
    with installation.app.app_context():
        ref = db.session.scalars(sa.select(MatchRun.ref).order_by(MatchRun.id.desc())).first()
        db.session.remove()
    page = f"/territoire/campagnes/{installation.campaign}/essais/{ref}"
    stopping = threading.Thread(
        target=installation.post,
        args=[f"{page}/ecarter"],
        kwargs={"token": installation.token(page)},
    )
    clicked = time.monotonic()
    stopping.start()
    installation.wait_for(lambda: not _matchers(installation.server.pid))
    gone = time.monotonic() - clicked
    stopping.join()
    status = installation.run()[0]
    print(f"trial {status}, matcher gone {gone:.1f} s after the click (mark {CANCEL_MARK} s)")


def _progress(installation: Installation) -> tuple[str, float]:
    with installation.app.app_context():
        found = db.session.execute(
            sa.select(MatchRun.phase, MatchRun.progress).order_by(MatchRun.id.desc())
        ).first()
        db.session.remove()
        return tuple(found)


def _matchers(leader: int) -> list[int]:
    """Processes of the server's group that run the matcher."""
    found = subprocess.run(
        ["pgrep", "-g", str(leader), "-f", "multiprocessing.spawn"],
        capture_output=True,
        text=True,
        check=False,
    )
    return [int(line) for line in found.stdout.split()]


if __name__ == "__main__":
    main(*(int(given) for given in sys.argv[1:] or (PUPILS, SEATS)))
