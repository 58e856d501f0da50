"""Settings, read from LETABLI_* variables. Production refuses to start with a default secret."""

import os
from dataclasses import dataclass
from pathlib import Path

DEFAULT_SECRET = "not-secret-demonstration-only"  # noqa: S105 - refused outside the demo


class UnsafeSettings(Exception):  # noqa: N818 - it describes the settings
    """The settings would put people at risk; the message says which and what to do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an installation may choose."""

    database_url: str
    secret_key: str
    instance: Path
    demo: bool
    jobs_url: str
    geocoder: str
    testing: bool = False

    @classmethod
    def from_environment(cls) -> "Settings":
        """Read the variables listed in .env.example."""
        instance = Path(os.environ.get("LETABLI_INSTANCE", "instance")).resolve()
        database_url = os.environ.get("LETABLI_DATABASE_URL") or f"sqlite:///{instance}/letabli.db"
        settings = cls(
            database_url=with_driver(database_url),
            secret_key=os.environ.get("LETABLI_SECRET_KEY", DEFAULT_SECRET),
            instance=instance,
            demo=os.environ.get("LETABLI_DEMO", "") == "1",
            jobs_url=os.environ.get("LETABLI_JOBS_URL", ""),
            geocoder=os.environ.get("LETABLI_GEOCODER", "gazetteer"),
        )
        settings.refuse_if_unsafe()
        return settings

    def refuse_if_unsafe(self) -> None:
        """Raise UnsafeSettings when real people could be harmed by these settings."""
        if not self.demo and not self.testing and self.secret_key == DEFAULT_SECRET:
            raise UnsafeSettings(
                "LETABLI_SECRET_KEY is missing. Choose a long random value, or set LETABLI_DEMO=1 "
                "for a demonstration with fictional people."
            )


def with_driver(url: str) -> str:
    """Name psycopg 3 in a PostgreSQL address, as operators write it without a driver."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url
