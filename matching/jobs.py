"""The queue: huey on a SQLite file, or on PostgreSQL.

A job is a name and the number of a row, nothing else: the row was written first, in the business
transaction, and a sweep queues again what was lost.
"""

from collections.abc import Callable
from typing import Any

from flask import Flask
from huey import PostgresHuey, SqliteHuey, crontab
from huey.consumer import Consumer
from huey.serializer import SignedSerializer

Job = Callable[[int], None]

_jobs: dict[str, Job] = {}
_every_minute: list[Callable[[], object]] = []


def job(function: Job) -> Job:
    """Register a function of ``tasks`` under its own name."""
    _jobs[function.__name__] = function
    return function


def every_minute(function: Callable[[], object]) -> Callable[[], object]:
    """Register a function that the worker calls each minute; it must bear being called twice."""
    _every_minute.append(function)
    return function


class Queue:
    """The one queue of this process, bound to an application by ``init_app``."""

    def __init__(self) -> None:
        self.huey: Any = None
        self._perform: Any = None

    def init_app(self, app: Flask) -> None:
        """Open the store named by the settings; in tests, jobs run only when asked."""
        settings = app.config["SETTINGS"]
        common = {
            "name": "letabli",
            "results": False,
            "serializer": SignedSerializer(secret=settings.secret_key, salt="letabli-jobs"),
        }
        if settings.jobs_url.startswith("postgresql"):
            self.huey = PostgresHuey(dsn=settings.jobs_url, **common)
        else:
            self.huey = SqliteHuey(filename=str(settings.instance / "jobs.db"), **common)

        def perform(name: str, row_id: int) -> None:
            with app.app_context():
                _jobs[name](row_id)

        def sweep() -> None:
            with app.app_context():
                for function in _every_minute:
                    function()

        self._perform = self.huey.task(retries=2, retry_delay=5)(perform)
        self.huey.periodic_task(crontab(minute="*"))(sweep)

    def enqueue(self, name: str, row_id: int) -> None:
        """Ask the worker to do ``name`` on row ``row_id``; call it through ``on_commit``."""
        if name not in _jobs:
            raise KeyError(name)
        self._perform(name, row_id)

    def consumer(self, workers: int = 1) -> Consumer:
        """A consumer that can live in a thread of the web process."""
        # By default an idle worker comes to look only every ten seconds.
        return _ThreadConsumer(self.huey, workers=workers, periodic=True, max_delay=1.0)


class _ThreadConsumer(Consumer):  # type: ignore[misc] # huey has no types
    def _set_signal_handlers(self) -> None:
        """Signals belong to the main thread, which is the web server's."""


queue = Queue()
