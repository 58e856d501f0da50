"""A little of `make fuzz` with every run of the tests; the same each time."""

import random

from tests.fuzz.files import send_many
from tests.fuzz.routes import ask_everything
from tests.fuzz.values import Values
from tests.fuzz.world import World


def test_every_route_answers_every_role_with_a_page(world: World) -> None:
    ask_everything(world, Values(2027, world.refs), each=1, roles=2)
    assert world.findings.wrong == []
    assert world.findings.statuses.total() > 300


def test_mutated_files_are_written_whole_or_not_at_all(world: World) -> None:
    written = send_many(world, random.Random(2027), 40)
    assert world.findings.wrong == []
    assert written > 2
