"""The only place that reads the time. Everything is UTC until a page shows it."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Today's date in Paris, the one printed on agreements."""
    return datetime.now(PARIS).date()


def school_year() -> int:
    """The school year in which today falls, named by its first calendar year."""
    day = today()
    return day.year if day.month >= 9 else day.year - 1
