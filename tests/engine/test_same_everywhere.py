"""Fifty orders of the same rows, and two processes: one answer, to the byte."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from matching.engine.problem import Policy
from matching.engine.solve import solve
from tests.engine.depth import quick_or_deep
from tests.engine.instances import around_a_town, shuffled
from tests.engine.test_same_answer import ROOT, assert_same

SHUFFLES = 50
TOWNS = ("44600;Saint-Nazaire", "44550;Montoir-de-Bretagne", "44570;Trignac", "44380;Pornichet")


@pytest.mark.parametrize("policy", list(Policy))
@pytest.mark.parametrize("number", range(8, 8 + quick_or_deep(3, 40)))
def test_fifty_shuffles_change_nothing(number: int, policy: Policy) -> None:
    problem = around_a_town(number, policy, slots=60, pupils=180, side=10)
    one = solve(problem)
    for order in range(SHUFFLES):
        other, pupils, slots = shuffled(problem, order)
        assert_same(problem, one, solve(other), pupils, slots)


def folder_of(path: Path, *, backwards: bool) -> Path:
    """Twenty offers for seventy pupils; the same rows in one order or the other."""
    offers = [f"offer {k};{TOWNS[k % 4]};{1 + k % 3};2027-W0{5 + k % 2};bois" for k in range(20)]
    pupils = [f"pupil {k};{TOWNS[k * k % 3]};;{'bois' if k % 4 else ''}" for k in range(70)]
    wishes = [f"pupil {k};offer {(k * 7 + r) % 20};{r}" for k in range(0, 70, 2) for r in (1, 2)]
    path.mkdir()
    for name, heads, rows in (
        ("offers", "offer;postcode;commune;seats;week;sector", offers),
        ("pupils", "pupil;postcode;commune;weeks;sectors", pupils),
        ("wishes", "pupil;offer;rank", wishes),
    ):
        lines = [heads, *(reversed(rows) if backwards else rows)]
        (path / f"{name}.csv").write_text("\n".join(lines) + "\n")
    return path


def test_two_processes_write_the_same_bytes(tmp_path: Path) -> None:
    written = []
    for number, hash_seed in enumerate(("0", "20270201")):
        folder = folder_of(tmp_path / f"input {number}", backwards=bool(number))
        out = tmp_path / f"results {number}"
        subprocess.run(
            [sys.executable, "-m", "matching", "solve", str(folder), "--out", str(out), "--seed=7"],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": hash_seed},
            capture_output=True,
            check=True,
        )
        written.append({file.name: file.read_bytes() for file in out.iterdir()})
    assert written[0] == written[1]
    assert len(written[0]["placements.csv"].splitlines()) > 30
