"""The limits that a company sets below its seats, and which of them the matcher cannot hold.

The matcher is exact while its limits nest (``engine/caps.py``). Those of a form always do, but for
one: so many at once beside seats kept for some pupils, when the seats are for any of several weeks.
"""

from dataclasses import dataclass

MOST = 1000  # more is a slip of the finger; the tables refuse it too


@dataclass(frozen=True, slots=True)
class Limits:
    """Most pupils in an offer: in one week, of one school in one week, in all. None: no limit."""

    at_once: int | None = None
    of_a_school: int | None = None
    in_all: int | None = None


NO_LIMITS = Limits()


def out_of_range(limit: int | None) -> bool:
    """Whether a limit is no number of pupils."""
    return limit is not None and not 1 <= limit <= MOST


def limit_problems(
    limits: Limits, *, any_week: bool, weeks: int, reserved: int
) -> list[tuple[str, str]]:
    """(name of the limit, code) of each limit that cannot be kept.

    ``any_week``: the seats are for any one of so many ``weeks``, and ``reserved`` of them are kept
    for some pupils. Codes: ``limit_number``, ``at_once_each_week``, ``at_once_reserved``.
    """
    found = [
        (name, "limit_number")
        for name in ("at_once", "of_a_school", "in_all")
        if out_of_range(getattr(limits, name))
    ]
    if found or limits.at_once is None:
        return found
    if not any_week:  # the seats of a week say it already
        return [("at_once", "at_once_each_week")]
    if weeks > 1 and reserved:
        return [("at_once", "at_once_reserved")]
    return []
