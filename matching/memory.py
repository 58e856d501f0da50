"""How much memory one round of the matcher may take on this machine."""

import os
from pathlib import Path

SHARE = 0.75  # the rest is for the web, the database and the system
CONTAINER = Path("/sys/fs/cgroup/memory.max")  # control groups, version 2


def most_for_a_round() -> int:
    """Bytes: three quarters of what the machine, or its container, has."""
    most = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    if CONTAINER.is_file() and (told := CONTAINER.read_text().strip()).isdigit():
        most = min(most, int(told))
    return int(SHARE * most)
