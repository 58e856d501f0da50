"""One demonstration for each kind of database, built once a process and only read."""

import pytest

from matching.database import db
from matching.demo import world
from tests.conftest import application, empty_database


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def loaded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory):
    """The application with the demonstration in it."""
    folder = tmp_path_factory.mktemp("demo")
    with empty_database(request.param, folder) as url:
        app = application(url, folder, demo=True)
        with app.app_context():
            world.build(app.config["SETTINGS"])
        yield app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def session(loaded):
    """A session on the demonstration; nothing is written."""
    with loaded.app_context():
        yield db.session
        db.session.rollback()
        db.session.remove()
