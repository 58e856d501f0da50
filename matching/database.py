"""The database: base class, column types, SQLite's settings, one transaction a use case.

On SQLite every transaction that may write opens with BEGIN IMMEDIATE: with a plain BEGIN, most of
twelve concurrent writers end in "database is locked" whatever the timeout. A request that only
reads says so with ``reading()``.
"""

import enum
import functools
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, ParamSpec, TypeVar

import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.orm import DeclarativeBase

from matching.folding import folded

P = ParamSpec("P")
R = TypeVar("R")


class Base(DeclarativeBase):
    """Parent of every table, with predictable constraint names."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(metadata=Base.metadata)


class UtcDateTime(sa.TypeDecorator[datetime]):
    """An aware moment, kept in UTC; SQLite forgets zones, so they are put back on reading."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Refuse a moment without a zone; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Give back an aware moment."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def enum_column(kind: type[enum.StrEnum]) -> sa.Enum:
    """Text with a CHECK: the same schema on both databases."""
    return sa.Enum(
        kind,
        name=kind.__name__.lower(),
        native_enum=False,
        create_constraint=True,
        validate_strings=True,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )


REFERENCE_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # no look-alikes: read aloud and typed


def new_reference() -> str:
    """A random public reference of 49 bits; row numbers never leave the database."""
    return "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(10))


_reading: ContextVar[bool] = ContextVar("reading", default=False)


def begin_plainly(*, plainly: bool) -> None:
    """Say, at the start of a request, whether it only reads."""
    _reading.set(plainly)


@contextmanager
def reading() -> Iterator[None]:
    """Inside, transactions begin plainly: SQLite lets readers pass while one process writes."""
    token = _reading.set(True)
    try:
        yield
    finally:
        _reading.reset(token)


def prepare_engine(engine: sa.Engine) -> None:
    """Set SQLite's pragmas and functions, and let us, not the driver, open transactions."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        connection.create_function(
            "folded",
            1,
            lambda text: None if text is None else folded(str(text)),
            deterministic=True,
        )
        cursor = connection.cursor()
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA busy_timeout = 15000")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = NORMAL")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN" if _reading.get() else "BEGIN IMMEDIATE")


_depth: ContextVar[int] = ContextVar("transaction_depth", default=0)
_after: ContextVar[list[Callable[[], None]] | None] = ContextVar("after_commit", default=None)


def transactional(function: Callable[P, R]) -> Callable[P, R]:
    """Make one service function one transaction: all is written, or nothing.

    A service called by another joins the transaction of its caller.
    """

    @functools.wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        if _depth.get():
            return function(*args, **kwargs)
        depth, after = _depth.set(1), _after.set([])
        queued: list[Callable[[], None]] = []
        try:
            result = function(*args, **kwargs)
            db.session.commit()
            queued = _after.get() or []
        except BaseException:
            db.session.rollback()
            raise
        finally:
            _depth.reset(depth)
            _after.reset(after)
        for action in queued:
            action()
        return result

    return wrapper


def on_commit(action: Callable[[], None]) -> None:
    """Run ``action`` once the present transaction is written; pass ids, never rows."""
    queued = _after.get()
    if queued is None:
        action()
    else:
        queued.append(action)
