"""`/healthz`: this process answers. `/readyz`: it can do its work, and if not, what is missing."""

from collections.abc import Callable
from pathlib import Path

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask, Response, jsonify
from sqlalchemy import select

from app.core.db import engine, reading
from app.core.errors import ProviderError
from app.http.context import providers
from app.jobs.queries import outbox_state

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
_FREE, _LATE_SECONDS = 0.10, 300


def init_health(app: Flask) -> None:
    app.add_url_rule("/healthz", "healthz", lambda: jsonify(status="alive"))
    app.add_url_rule("/readyz", "readyz", _ready)


def _ready() -> tuple[Response, int]:
    checks = {name: _outcome(check) for name, check in CHECKS.items()}
    ready = all(outcome == "ok" for outcome in checks.values())
    return jsonify(status="ready" if ready else "not_ready", checks=checks), 200 if ready else 503


def _outcome(check: Callable[[], str | None]) -> str:
    try:
        return check() or "ok"
    except Exception as error:  # whatever is wrong with a dependency, the page must say so
        return f"failed: {type(error).__name__}"


def _database() -> str | None:
    with reading() as session:
        session.scalar(select(1))
    return None


def _migrations() -> str | None:
    with engine().connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    return None if current == migration_head() else "database schema is not current: run `python -m app.cli migrate`"


def migration_head() -> str | None:
    """The newest revision that the code brings along."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return ScriptDirectory.from_config(config).get_current_head()


def _storage() -> str | None:
    try:
        free = providers().blobs.free_ratio()
    except ProviderError:
        return "storage unreachable"
    return None if free >= _FREE else f"only {free:.0%} of the storage is free"


def _queue() -> str | None:
    late = outbox_state().oldest_seconds
    return None if late < _LATE_SECONDS else f"oldest job waits {late:.0f} s: is the runner up?"


CHECKS: dict[str, Callable[[], str | None]] = {
    "database": _database,
    "migrations": _migrations,
    "storage": _storage,
    "queue": _queue,
}
