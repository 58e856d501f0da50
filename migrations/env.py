"""How Alembic reaches our database. Written by us: the template's engine access is deprecated."""

from alembic import context

from matching import models
from matching.database import Base, UtcDateTime, db

__all__ = ["models"]  # importing it registers every table


def ours(_object, name, kind, _reflected, _compare_to) -> bool:
    """Leave the queue's tables alone: huey makes them in the same schema."""
    return not (kind == "table" and name.startswith("huey_"))


def written(kind, item, _autogen_context) -> str | bool:
    """Write our column types as the plain types that they are in the database."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def run() -> None:
    with db.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            include_object=ours,
            render_as_batch=connection.dialect.name == "sqlite",
            compare_type=True,
            render_item=written,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
