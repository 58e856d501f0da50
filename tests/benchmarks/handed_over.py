"""What the parts have in common: questions by name, files handed over, CPU time."""

import json
import pickle
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

MOST_RUNS, MOST_SECONDS = 5, 10.0


def timed(work: Callable[[], Any], runs: int = MOST_RUNS) -> tuple[dict[str, Any], Any]:
    """The median CPU time of some runs, fewer when they are long, and what the last one gave."""
    seconds: list[float] = []
    result = None
    while len(seconds) < runs and sum(seconds) < MOST_SECONDS:
        began = process_time()
        result = work()
        seconds.append(process_time() - began)
    return {"seconds": median(seconds), "runs": len(seconds)}, result


def made(described: str) -> Any:
    """The question of a world: a size, then what is changed in it."""
    from tests.benchmarks.worlds import SIZES, problem_of

    size, *changes = described.split(",")
    world = SIZES[size]
    for name, value in (change.split("=") for change in changes):
        if name == "supply":
            world = world.supplied(value)
        elif name == "points":
            world = replace(world, points=value)
        else:
            world = replace(world, **{name: json.loads(value)})
    return problem_of(world)


def keep(path: Path, value: object) -> None:
    with path.open("wb") as file:
        pickle.dump(value, file, protocol=5)


@cache
def kept(path: Path) -> Any:
    with path.open("rb") as file:
        return pickle.load(file)
