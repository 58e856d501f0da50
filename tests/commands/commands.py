"""Starts the command as a person does, in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def environment(**settings: str) -> dict[str, str]:
    """This process's variables, without its settings, and these."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LETABLI_")}
    return kept | settings


def letabli(*arguments: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    """Run a command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "matching", *arguments],
        env=environment(**settings),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
