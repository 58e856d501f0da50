"""Runs measured parts in processes of their own, each once, and says what is going on.

This process imports nothing large: the peak memory of a child counts from its parent's.
"""

import json
import signal
import subprocess
import sys
from pathlib import Path
from time import monotonic
from typing import Any

ROOT = Path(__file__).parents[2]
LONGEST = {"demo": 60, "region": 240, "country": 420}  # CPU seconds of one part, by size
LONGEST_OTHER = 240
LONGER = {"where": 5, "whole": 3, "one_seat": 3, "round_again": 2}  # times as long
WAITING = 4  # times as long by the clock, on a busy machine


class PartFailed(Exception):  # noqa: N818 - it tells what happened
    """A part ended without a figure; its text says why."""


class Bench:
    """What was measured so far, in files of `folder`."""

    def __init__(self, folder: Path, sizes: list[str]) -> None:
        self.folder, self.sizes = folder, sizes
        self.found: dict[str, dict[str, Any] | PartFailed] = {}
        self.began = monotonic()

    def part(self, name: str, **given: Any) -> dict[str, Any]:
        """What the part found; it is run once, and made again the same failure afterwards."""
        asked = f"{name} {json.dumps(given)}"
        if asked not in self.found:
            self.found[asked] = self._run(name, given)
        found = self.found[asked]
        if isinstance(found, PartFailed):
            raise found
        return found

    def world(self, world: str) -> str:
        """The world, made."""
        self.part("question", world=world)
        return world

    def arcs(self, world: str, k: int) -> dict[str, Any]:
        """Its pairs with the k nearest slots (all when 0), made: what other parts are given."""
        self.warming()
        self.part("arcs", world=self.world(world), k=k)
        return {"world": world, "k": k}

    def warming(self) -> None:
        """The small questions on which parts get compiled."""
        self.world("demo")
        self.part("arcs", world=self.world("demo,points=address"), k=25)

    def _run(self, name: str, given: dict[str, Any]) -> dict[str, Any] | PartFailed:
        words = ", ".join(str(value) for value in given.values())[:70]
        _say(f"{monotonic() - self.began:6.0f} s  {name}: {words} … ")
        longest = LONGEST.get(given.get("world", "").split(",")[0], LONGEST_OTHER)
        longest *= LONGER.get(name, 1)
        command = [sys.executable, "-m", "tests.benchmarks.parts", str(self.folder), name]
        try:
            done = subprocess.run(
                [*command, json.dumps(given), str(longest)],
                cwd=ROOT,
                capture_output=True,
                text=True,
                timeout=WAITING * longest,
            )
        except subprocess.TimeoutExpired:
            return _failed(f"stopped after {WAITING * longest} s by the clock")
        if done.returncode == -signal.SIGXCPU:
            return _failed(f"stopped after {longest} s")
        if done.returncode:
            told = done.stderr.strip().splitlines() or [f"ended with {done.returncode}"]
            return _failed(told[-1][:160])
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        _say(f"{found['seconds']:.3g} s\n" if "seconds" in found else "made\n")
        return found


def _failed(why: str) -> PartFailed:
    _say(f"{why}\n")
    return PartFailed(why)


def _say(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()
