"""The world of the fuzz tests, on a connection whose every request is taken back."""

import pytest

from matching import tasks  # noqa: F401 - tasks: services find their jobs there
from tests.conftest import FreshClient
from tests.fuzz.world import World


@pytest.fixture
def world(app, in_november):
    """One application, its rows and its people."""
    from matching.database import db

    app.test_client_class = FreshClient
    return World(app, db.engines[None])
