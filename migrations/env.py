"""Alembic: the database that the settings (or the caller's engine) name, all models, short locks."""

import os
from typing import Any

from alembic import context
from sqlalchemy import Connection, text

import app.accounts.key_models
import app.accounts.login_models
import app.accounts.models
import app.audit.models
import app.authorisations.models
import app.contracts.models
import app.core.idempotency
import app.core.provider_tokens
import app.identity.models
import app.jobs.models
import app.notifications.models
import app.organisations.models
import app.people.department_models
import app.people.models
import app.seals.models
import app.signing.models
import app.storage.models  # noqa: F401
from app.core.db import Base, UtcDateTime, configure
from app.settings import Settings

# A migration that waits longer for a lock than this blocks the readers behind it: fail, and try again at night.
LOCK_TIMEOUT = "5s"


def render_item(kind: str, item: Any, _context: Any) -> str | bool:
    """Migrations are frozen: they name plain types, not classes that may move."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def run(connection: Connection) -> None:
    postgresql = connection.dialect.name == "postgresql"
    if not postgresql:
        _check_references(connection, False)
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_item=render_item,
        render_as_batch=not postgresql,
        transactional_ddl=True,
        compare_server_default=True,
    )
    with context.begin_transaction():
        if postgresql:
            connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"))
            connection.execute(text("SET LOCAL statement_timeout = 0"))
        context.run_migrations()
        if not postgresql and connection.execute(text("PRAGMA foreign_key_check")).first():
            raise RuntimeError("a migration leaves rows that refer to nothing")
    if not postgresql:
        _check_references(connection, True)


def _check_references(connection: Connection, on: bool) -> None:
    """SQLite changes a table by making another one; dropping the first would fail for what refers to its rows.

    Works only between transactions, and is said to the driver because SQLAlchemy would begin one.
    """
    driver: Any = connection.connection.driver_connection
    driver.execute(f"PRAGMA foreign_keys = {'ON' if on else 'OFF'}")
    if driver.execute("PRAGMA foreign_keys").fetchone()[0] != on:  # ignored in silence while a transaction is open
        raise RuntimeError("migrate on a connection that nobody uses: with references checked, rows would be deleted")


def main() -> None:
    given: Connection | None = context.config.attributes.get("connection")
    if given is not None:
        run(given)
        return
    with configure(Settings.from_environment(os.environ).database_url).connect() as connection:
        run(connection)


if context.is_offline_mode():
    raise SystemExit("offline mode is not supported: migrations are tested against live databases only")
main()
