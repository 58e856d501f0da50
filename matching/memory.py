"""Memory: how much one round of the matcher may take, and when not to look for garbage."""

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SHARE = 0.75  # the rest is for the web, the database and the system
CONTAINER = Path("/sys/fs/cgroup/memory.max")  # control groups, version 2


def most_for_a_round() -> int:
    """Bytes: three quarters of what the machine, or its container, has."""
    most = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    if CONTAINER.is_file() and (told := CONTAINER.read_text().strip()).isdigit():
        most = min(most, int(told))
    return int(SHARE * most)


@contextmanager
def no_search_for_garbage() -> Iterator[None]:
    """Make many objects that stay, without stopping every thread to look through them again and
    again: at the size of a region each look takes half a second. They are left out of later looks
    too, until `gc.unfreeze()`.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
