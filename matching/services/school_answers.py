"""The school says yes to many proposals at once."""

from collections.abc import Iterable

from matching.errors import RuleBroken
from matching.models.placements import Placement
from matching.models.users import User
from matching.services import placements


def accept_all(user: User, seen: Iterable[tuple[Placement, int]]) -> tuple[int, int]:
    """Say yes to each placement at the version that the page showed.

    Each answer is a transaction of its own: a proposal that has changed meanwhile is left for a
    second look and holds up none of the others. Returns how many were accepted, and left.
    """
    accepted = left = 0
    for placement, version in seen:
        try:
            placements.answer_as_school(user, placement, yes=True, version=version)
        except RuleBroken:
            left += 1
        else:
            accepted += 1
    return accepted, left
