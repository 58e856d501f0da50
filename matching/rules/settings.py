"""What the foundation may set for the whole installation, with the limits of each.

The law's own limits are not settings: see ``rules/hours.py``.
"""

from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from matching.rules.hours import HoursPolicy


class SettingKey(StrEnum):
    """The name of a setting, as its row keeps it."""

    STRICT_BEFORE_15 = "hours_strict_before_15"
    EARLIEST_HOUR = "hours_earliest"
    LATEST_HOUR = "hours_latest"
    REACH_KM = "reach_km"
    ANSWER_DAYS = "answer_days"
    SILENT_DAYS = "silent_days"
    MOST_PLEDGED = "most_pledged"


@dataclass(frozen=True, slots=True)
class Limits:
    """A whole number, its default, its least and its most; a yes or no is 0 or 1."""

    default: int
    least: int
    most: int


SETTINGS = MappingProxyType(
    {
        SettingKey.STRICT_BEFORE_15: Limits(1, 0, 1),
        # L3163-1: no presence from 20:00 to 06:00 before sixteen.
        SettingKey.EARLIEST_HOUR: Limits(8, 6, 10),
        SettingKey.LATEST_HOUR: Limits(18, 16, 20),
        SettingKey.REACH_KM: Limits(20, 5, 60),
        SettingKey.ANSWER_DAYS: Limits(7, 1, 15),
        SettingKey.SILENT_DAYS: Limits(2, 1, 10),
        SettingKey.MOST_PLEDGED: Limits(5000, 100, 20000),
    }
)


def within(key: SettingKey, value: int) -> bool:
    """May the foundation choose this value?"""
    limits = SETTINGS[key]
    return limits.least <= value <= limits.most


def hours_policy(values: dict[SettingKey, int]) -> HoursPolicy:
    """The limits of the hours with these settings."""
    told: dict[str, Any] = {
        "strict_before_15": bool(values[SettingKey.STRICT_BEFORE_15]),
        "earliest": time(values[SettingKey.EARLIEST_HOUR]),
        "latest": time(values[SettingKey.LATEST_HOUR]),
    }
    return HoursPolicy(**told)
