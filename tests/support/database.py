"""A clean, migrated database for every test, on both engines.

Migrations run once per process and engine. Between tests SQLite gets a fresh copy of the migrated file, in the same
place; PostgreSQL is emptied in place, past the triggers that keep audit rows from being deleted.
"""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from psycopg import sql
from sqlalchemy import Connection, Engine, QueuePool, create_engine, event, text

from app.core import db
from tests.support.postgres import Postgres

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Database:
    """`dialect` is "sqlite" or "postgresql"; `url` is for db.configure and DATABASE_URL.

    The engine lives as long as the test process: it keeps the compiled statements, half of a test's time.
    """

    dialect: str
    url: str
    engine: Engine

    @classmethod
    def at(cls, dialect: str, url: str) -> "Database":
        engine = db.make_engine(url)
        event.listen(engine, "before_cursor_execute", _refuse_forgotten_tables)
        return cls(dialect, url, engine)

    @property
    def connections_in_use(self) -> int:
        assert isinstance(self.engine.pool, QueuePool)
        return self.engine.pool.checkedout()


def migrate(url: str) -> None:
    """Bring `url` to the newest schema, the way a deployment does."""
    db.configure(url)
    try:
        with db.engine().connect() as connection:
            command.upgrade(alembic_config(connection), "head")
            connection.commit()
    finally:
        db.dispose()


def alembic_config(connection: Connection) -> Config:
    """Alembic as `pyproject.toml` configures it, on an open connection."""
    return Config(toml_file=str(ROOT / "pyproject.toml"), attributes={"connection": connection})


@dataclass(frozen=True, slots=True)
class SqliteTemplate:
    """The migrated file that every SQLite test starts from, and the database that it is copied to."""

    path: Path
    database: Database

    @classmethod
    def make(cls, directory: Path) -> "SqliteTemplate":
        path = directory / "template.db"
        migrate(f"sqlite:///{path}")
        _leave_wal_mode(path)
        database = Database.at("sqlite", f"sqlite:///{directory / 'test.db'}")
        event.listen(database.engine, "connect", _never_wait_for_the_disk)
        return cls(path, database)

    def fresh(self) -> Database:
        db.dispose()
        for leftover in self._used.parent.glob(f"{self._used.name}*"):
            leftover.unlink()
        shutil.copyfile(self.path, self._used)
        return self.database

    def saved(self, path: Path) -> "SqliteTemplate":
        """The database as it is now, as another template. Ends its connections."""
        db.dispose()
        shutil.copyfile(self._used, path)
        return SqliteTemplate(path, self.database)

    @property
    def _used(self) -> Path:
        return Path(str(self.database.engine.url.database))


_LISTED_TABLES = re.compile(r"\bFROM\s+\w+(\s+AS\s+\w+)?\s*,")
_seen: set[str] = set()


def _refuse_forgotten_tables(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
    """A second table in a list without JOIN: an inner question that lost its link to the row of the outer one, and asks
    about all rows of everybody. SQLAlchemy links the nearest level only.
    """
    if statement not in _seen:
        assert not _LISTED_TABLES.search(statement), statement
        _seen.add(statement)


def _never_wait_for_the_disk(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA synchronous=OFF")


def _leave_wal_mode(path: Path) -> None:
    """Fold the write-ahead log into the file, so that one file is the whole database."""
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        connection.execute(text("PRAGMA journal_mode=DELETE"))
    engine.dispose()


class PostgresTemplate:
    """The migrated database of this process and the way to empty it."""

    def __init__(self, server: Postgres) -> None:
        server.create("gongyue_test")
        self.database = Database.at("postgresql", server.url("gongyue_test"))
        migrate(self.database.url)
        self._connection = server.connect("gongyue_test")
        self._tables = self._list_tables()
        filled = [name for name in self._tables if self._count(name)]
        assert not filled, f"migrations put rows into {filled}: emptying between tests would lose them"

    def fresh(self) -> Database:
        # As a replica no trigger and no foreign key fires; DELETE beats TRUNCATE on nearly empty tables by far.
        deletes = [sql.SQL("DELETE FROM {}").format(sql.Identifier(name)) for name in self._tables]
        self._connection.execute(
            sql.SQL("BEGIN; SET LOCAL session_replication_role = replica; {}; COMMIT").format(
                sql.SQL("; ").join(deletes)
            )
        )
        return self.database

    def close(self) -> None:
        self._connection.close()

    def _list_tables(self) -> list[str]:
        rows = self._connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
        )
        return sorted(row[0] for row in rows)

    def _count(self, table: str) -> Any:
        found = self._connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()
        return found[0] if found else 0
