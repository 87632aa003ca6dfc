"""The database: engine, base class, and the only place that commits (decision 0001).

A function that takes `session` runs inside your transaction. A function that doesn't, owns one.
"""

import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cache
from typing import Any, ClassVar, TypeVar

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ColumnElement,
    DateTime,
    Dialect,
    Engine,
    Insert,
    MetaData,
    Uuid,
    create_engine,
    delete,
    event,
    inspect,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC in, aware UTC out, on databases that forget offsets too (SQLite)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime must not reach the database")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None or value.tzinfo is not None:
            return value.astimezone(UTC) if value else None
        return value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """Typed models; singular table names; relations are loaded on purpose (`lazy="raise"`)."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar = {
        datetime: UtcDateTime(),
        uuid.UUID: Uuid(),
        dict[str, Any]: JSON(),
        list[Any]: JSON(),
    }


def one_of(column: str, values: Iterator[str] | Any, name: str | None = None) -> CheckConstraint:
    """CHECK that repeats an enum: strings instead of native enums (decision 0004)."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=name or column)


class NestedTransaction(RuntimeError):
    """A transaction is open already: pass its session instead of opening a second one."""


class _Database:
    engine: Engine | None = None
    writers: sessionmaker[Session] | None = None
    readers: sessionmaker[Session] | None = None


_database = _Database()
_open: ContextVar[Session | None] = ContextVar("open_session", default=None)


def configure(url: str) -> Engine:
    """Connect this process to `url` (sqlite:///… or postgresql+psycopg://…). Replaces an earlier connection."""
    return use(make_engine(url))


def make_engine(url: str) -> Engine:
    """An engine with this project's rules for connections; nothing is connected yet."""
    return _sqlite_engine(url) if url.startswith("sqlite") else _postgresql_engine(url)


def use(engine: Engine) -> Engine:
    """Let every transaction of this process run on `engine`. What was used before is disposed of."""
    dispose()
    read_only = engine.execution_options(gongyue_read_only=True)
    if engine.dialect.name == "postgresql":
        read_only = read_only.execution_options(postgresql_readonly=True, isolation_level="REPEATABLE READ")
    _database.engine = engine
    _database.writers = sessionmaker(engine, expire_on_commit=False)
    _database.readers = sessionmaker(read_only, expire_on_commit=False, autoflush=False)
    return engine


def dispose() -> None:
    """Close all connections of this process (before a fork, at the end of a test)."""
    if _database.engine is not None:
        _database.engine.dispose()
    _database.engine = _database.writers = _database.readers = None


def engine() -> Engine:
    if _database.engine is None:
        raise RuntimeError("the database is not configured: call app.core.db.configure(url) first")
    return _database.engine


def normalise_url(url: str) -> str:
    """Accept the usual `postgres://` and `postgresql://` forms and name the driver that we use."""
    parsed = make_url(url.replace("postgres://", "postgresql://", 1))
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    return parsed.render_as_string(hide_password=False)


def _sqlite_engine(url: str) -> Engine:
    made = create_engine(url, pool_size=10, max_overflow=20, pool_timeout=10)

    @event.listens_for(made, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves: deferred BEGIN loses writers under load
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=15000"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(made, "begin")
    def _begin(connection: Connection) -> None:
        read_only = connection.get_execution_options().get("gongyue_read_only")
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return made


def _postgresql_engine(url: str) -> Engine:
    return create_engine(
        normalise_url(url),
        pool_pre_ping=True,
        pool_size=10,
        max_overflow=20,
        pool_timeout=10,
        connect_args={"connect_timeout": 5, "options": "-c statement_timeout=15000 -c lock_timeout=10000"},
    )


@contextmanager
def transaction() -> Iterator[Session]:
    """Commit at the end, roll back on any exception, always close. Does not nest."""
    with _session(_database.writers) as session, session.begin():
        yield session
    for callback in session.info.pop("after_commit", ()):
        callback()


@contextmanager
def reading() -> Iterator[Session]:
    """One consistent, read-only look. Does not nest and takes no write lock."""
    with _session(_database.readers) as session, session.begin():
        yield session


@contextmanager
def _session(maker: sessionmaker[Session] | None) -> Iterator[Session]:
    if maker is None:
        raise RuntimeError("the database is not configured: call app.core.db.configure(url) first")
    if _open.get() is not None:
        raise NestedTransaction("pass the open session instead of opening a second transaction")
    session = maker()
    token = _open.set(session)
    try:
        yield session
    finally:
        _open.reset(token)
        session.close()


def after_commit(session: Session, callback: Callable[[], None]) -> None:
    """Call `callback` once the transaction is durable; never when it rolls back. Best effort only:
    whatever must happen is a job row, and this merely wakes the runner."""
    session.info.setdefault("after_commit", []).append(callback)


def in_transaction() -> bool:
    """Whether this thread is inside a transaction: ports assert that they are not."""
    return _open.get() is not None


def insert_if_absent(session: Session, model: type[Base], /, **values: Any) -> bool:
    """Insert unless a unique key is taken; True when a row was added. Atomic on both databases."""
    return session.connection().execute(_insert(session.get_bind().dialect.name, model), values).rowcount == 1


@cache
def _insert(dialect: str, model: type[Base]) -> Insert:
    """Without values: building and fingerprinting them anew takes longer than the database does."""
    make = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return make(model).on_conflict_do_nothing().execution_options(preserve_rowcount=True)


Row = TypeVar("Row", bound=Base)


def add_and_lock(session: Session, model: type[Row], which: ColumnElement[bool], /, **values: Any) -> Row:
    """The row that `which` names, locked, as it is now; added with `values` if it is not there. Housekeeping that
    removes it in between is no reason to fail.
    """
    locked = select(model).where(which).with_for_update().execution_options(populate_existing=True)
    while True:
        insert_if_absent(session, model, **values)
        found = session.scalar(locked)
        if found is not None:
            return found


def delete_old(model: type[Base], old: ColumnElement[bool], *, batch: int = 500) -> None:
    """Housekeeping in short transactions of its own. What somebody holds at this moment stays until the next time:
    nobody waits, and no two wait for each other.
    """
    (key,) = inspect(model).primary_key
    statement = select(key).where(old).limit(batch).with_for_update(skip_locked=True)
    found: Sequence[Any] = [None] * batch
    while len(found) == batch:
        with transaction() as session:
            found = session.scalars(statement).all()
            session.execute(delete(model).where(key.in_(found)))
