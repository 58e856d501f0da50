"""`make fuzz`: hours of nonsense. Prints what came of it; any break is listed at the end.

LETABLI_FUZZ_FILES, LETABLI_FUZZ_EACH and LETABLI_FUZZ_SEED change how much, and which.
"""

import os
import random
import time

from tests.fuzz.files import send_many
from tests.fuzz.routes import ask_everything
from tests.fuzz.values import Values
from tests.fuzz.world import World

FILES = int(os.environ.get("LETABLI_FUZZ_FILES", "10000"))  # on each of two databases
EACH = int(os.environ.get("LETABLI_FUZZ_EACH", "5"))
SEED = int(os.environ.get("LETABLI_FUZZ_SEED") or time.time_ns() % 1_000_000)


def test_every_route_answers_every_role(world: World, capsys) -> None:
    ask_everything(world, Values(SEED, world.refs), each=EACH)
    with capsys.disabled():
        print(f"\nroutes × roles, seed {SEED}: {world.findings.told()}")
    assert world.findings.wrong == []


def test_mutated_files(world: World, capsys) -> None:
    written = send_many(world, random.Random(SEED), FILES)
    with capsys.disabled():
        print(f"\n{FILES} files, seed {SEED}: {world.findings.told()}; {written} written")
    assert world.findings.wrong == []
