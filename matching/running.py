"""Starts the product: web and jobs in one process, or a worker alone."""

import os
import signal
import threading
from datetime import timedelta
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from matching import jobs
from matching.services import match_runs

HOST = "127.0.0.1"
THREADS = 8


def port() -> int:
    """PORT, or 8000."""
    return int(os.environ.get("PORT") or "8000")


class Server(BaseApplication):  # type: ignore[misc] # gunicorn has no types
    """Gunicorn with one worker process, in which a thread does the jobs.

    One process only: an embedded SQLite database belongs to it.
    """

    def __init__(self, app: Flask) -> None:
        self.application = app
        super().__init__()

    def load_config(self) -> None:
        """Threads enough that a slow reader does not hold the others."""
        settings: dict[str, Any] = {
            "bind": f"{HOST}:{port()}",
            "workers": 1,
            "threads": THREADS,
            "worker_class": "gthread",
            "timeout": 120,
            "graceful_timeout": 5,
            "post_worker_init": lambda _worker: start_jobs(self.application),
            "loglevel": "warning",
            "control_socket_disable": True,
        }
        for name, value in settings.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Flask:
        """The application to serve."""
        return self.application


def start_jobs(app: Flask) -> None:
    """Take up the runs of a process that died, then do jobs in a thread of this one."""
    with app.app_context():
        # Nobody else works on an embedded queue: whatever runs has lost its worker.
        match_runs.take_up_lost_runs(silent_for=timedelta(0))
    jobs.queue.consumer().start()


def work(app: Flask, workers: int) -> None:
    """A worker alone, until it is interrupted."""
    consumer = jobs.queue.consumer(workers)
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    with app.app_context():
        match_runs.take_up_lost_runs()
    consumer.start()
    stopped.wait()
    consumer.stop(graceful=True)
