"""The package to install: everything that a page, a table or a document needs is inside."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.commands.commands import ROOT

FOLDERS = ("templates", "static", "migrations", "matching/data")


@pytest.fixture(scope="module")
def names(tmp_path_factory) -> set[str]:
    """What the wheel holds."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        timeout=120,
    )
    (wheel,) = folder.glob("letabli-*.whl")
    with zipfile.ZipFile(wheel) as box:
        return set(box.namelist())


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_file_of_a_folder_is_in_the_wheel(names, folder) -> None:
    files = [
        path.relative_to(ROOT)
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]
    inside = {
        str(Path("matching") / path if path.parts[0] != "matching" else path) for path in files
    }
    assert inside
    assert inside - names == set()


def test_the_wheel_carries_nothing_but_the_product(names) -> None:
    assert {name.split("/")[0].split("-")[0] for name in names} == {"matching", "letabli"}
    assert [name for name in names if "__pycache__" in name or name.endswith(".db")] == []
