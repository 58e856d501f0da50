"""`make test-wheel`: the wheel in an empty place that nobody may write, run by an ordinary user.

Not part of `make test`: it installs every package once more and loads the whole demonstration.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOBODY = 65534
PATIENCE = 600
UV = ROOT / ".uv/bin/uv"


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def interpreter() -> str:
    """A Python that an ordinary user may start: root's own may lie in root's closed folder."""
    found = shutil.which("python3", path="/usr/bin:/usr/local/bin") if os.getuid() == 0 else None
    return found or sys.executable


@pytest.fixture(scope="module")
def place():
    """An environment of its own with the wheel, and the folder of a person who owns only that."""
    # Not a folder of pytest: each run closes its parent to everybody else.
    folder = Path(tempfile.mkdtemp(prefix="letabli-wheel-"))
    wheel = max(ROOT.glob("dist/letabli-*.whl"), key=lambda path: path.stat().st_mtime)
    uv = str(UV) if UV.exists() else shutil.which("uv") or os.environ["UV"]
    python = folder / "env/bin/python"
    for command in (
        [uv, "venv", "--quiet", "--python", interpreter(), str(folder / "env")],
        [
            *(uv, "pip", "install", "--quiet", "--python", str(python)),
            *("--require-hashes", "-r", str(ROOT / "requirements.txt")),
        ],
        [uv, "pip", "install", "--quiet", "--python", str(python), "--no-deps", str(wheel)],
    ):
        subprocess.run(command, check=True, timeout=PATIENCE)
    home = folder / "home"
    home.mkdir()
    for path in (folder / "env").rglob("*"):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode & ~0o222)
    folder.chmod(0o755)
    if os.getuid() == 0:
        os.chown(home, NOBODY, NOBODY)
    yield folder
    for path in [folder / "env", *(folder / "env").rglob("*")]:
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | 0o200)
    shutil.rmtree(folder, ignore_errors=True)


def person() -> dict[str, object]:
    """How a process becomes an ordinary user, when the tests are not one."""
    return {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.getuid() == 0 else {}


def variables(place: Path, **more: str) -> dict[str, str]:
    return {"PATH": "/usr/bin:/bin", "HOME": str(place / "home"), "LANG": "C.UTF-8"} | more


def test_the_demonstration_runs_and_writes_only_in_the_folder_of_the_person(place) -> None:
    home, port = place / "home", free_port()
    before = set((place / "env").rglob("*"))
    with (place / "log").open("wb") as log:
        server = subprocess.Popen(
            [place / "env/bin/letabli", "run"],
            cwd=home,
            env=variables(place, LETABLI_DEMO="1", PORT=str(port)),
            stdout=log,
            stderr=log,
            start_new_session=True,
            **person(),
        )
    try:
        address = f"http://127.0.0.1:{port}"
        until = time.monotonic() + PATIENCE
        while True:
            assert server.poll() is None, (place / "log").read_text()
            assert time.monotonic() < until, (place / "log").read_text()
            try:
                with urllib.request.urlopen(f"{address}/health", timeout=20) as answer:
                    assert json.load(answer) == {"status": "ok"}
                break
            except OSError:
                time.sleep(0.5)
        for path in ("/", "/offres", "/connexion"):
            with urllib.request.urlopen(address + path, timeout=60) as answer:
                assert "L’Établi" in answer.read().decode()
        cache = home / ".cache/letabli"
        while not any(cache.rglob("*.nbi")):  # the compiler at work, beside the server
            assert time.monotonic() < until, (place / "log").read_text()
            time.sleep(1)
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(60)
    data = home / ".local/share/letabli"
    assert {"letabli.db", "jobs.db"} <= {path.name for path in data.iterdir()}
    assert set((place / "env").rglob("*")) == before


def test_a_person_who_may_not_write_the_package_may_match_three_files(place) -> None:
    folder = place / "home/essai"
    folder.mkdir()
    (folder / "offers.csv").write_text("offer;postcode;commune;seats\na;01100;Oyonnax;1\n")
    (folder / "pupils.csv").write_text("pupil;postcode;commune\np;01100;Oyonnax\n")
    out = folder / "out"
    if os.getuid() == 0:
        os.chown(folder, NOBODY, NOBODY)
    for command in (["solve", str(folder), "--out", str(out)], ["verify", str(folder), str(out)]):
        done = subprocess.run(
            [place / "env/bin/letabli", *command],
            cwd=place / "home",
            env=variables(place),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
            **person(),
        )
        assert done.returncode == 0, done.stderr
    assert "p;a;" in (out / "placements.csv").read_text()
