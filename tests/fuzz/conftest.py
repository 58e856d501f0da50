"""The world of the fuzz tests, on a connection whose every request is taken back."""

import pytest

from matching import clock, tasks  # noqa: F401 - tasks: services find their jobs there
from tests.conftest import FreshClient
from tests.fuzz.world import World


@pytest.fixture
def world(app, monkeypatch):
    """One application, its rows and its people."""
    from datetime import date

    from matching.database import db

    monkeypatch.setattr(clock, "today", lambda: date(2026, 11, 23))
    app.test_client_class = FreshClient
    return World(app, db.engines[None])
