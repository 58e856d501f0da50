"""The migrations make exactly the tables of the models, and can be undone."""

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade

from matching import models, paths
from matching.database import Base, db, prepare_engine
from matching.extensions import migrate
from tests.conftest import empty_database


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_app(request, tmp_path):
    assert models
    with empty_database(request.param, tmp_path) as url:
        app = Flask("matching")
        app.config["SQLALCHEMY_DATABASE_URI"] = url
        db.init_app(app)
        with app.app_context():
            prepare_engine(db.engine)
            migrate.init_app(app, db, directory=str(paths.MIGRATIONS))
            yield app
            db.engine.dispose()


def names(inspector: sa.Inspector) -> set[str]:
    return set(inspector.get_table_names()) - {"alembic_version"}


# SQLite cannot show Alembic an index on an expression; PostgreSQL compares it.
@pytest.mark.filterwarnings("ignore:autogenerate skipping:UserWarning")
@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection:sqlalchemy.exc.SAWarning")
def test_migrations_make_the_tables_of_the_models_and_take_them_away(empty_app):
    upgrade()
    assert names(sa.inspect(db.engine)) == set(Base.metadata.tables)
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    downgrade(revision="base")
    assert names(sa.inspect(db.engine)) == set()
    upgrade()


def test_an_index_on_an_expression_is_made_on_both_databases(empty_app):
    upgrade()
    with db.engine.connect() as connection:
        if db.engine.dialect.name == "sqlite":
            query = "SELECT name FROM sqlite_master WHERE type = 'index'"
        else:
            query = "SELECT indexname FROM pg_indexes WHERE schemaname = 'public'"
        found = set(connection.scalars(sa.text(query)))
    wanted = {index.name for table in Base.metadata.tables.values() for index in table.indexes}
    assert wanted <= found


def test_there_is_one_head_and_files_are_numbered():
    scripts = ScriptDirectory(str(paths.MIGRATIONS))
    assert len(scripts.get_heads()) == 1
    revisions = sorted(script.revision for script in scripts.walk_revisions())
    assert revisions == [f"{number:04d}" for number in range(1, len(revisions) + 1)]
