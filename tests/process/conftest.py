"""Two products that may be killed: as on a developer's machine, and as in production."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.process.desk import Desk, open_desk
from tests.support.postgres import Postgres
from tests.support.redis_server import run_redis


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """On SQLite, with its queue in a file."""
    with open_desk(tmp_path_factory.mktemp("desk"), {}) as opened:
        yield opened


@pytest.fixture(scope="session")
def desk_redis() -> Iterator[str]:
    with run_redis() as url:
        yield url


@pytest.fixture(scope="session")
def server_desk(tmp_path_factory: pytest.TempPathFactory, postgres_server: Postgres, desk_redis: str) -> Iterator[Desk]:
    """On PostgreSQL and Redis."""
    postgres_server.create("server_desk")
    variables = {"DATABASE_URL": postgres_server.url("server_desk"), "REDIS_URL": desk_redis}
    folder: Path = tmp_path_factory.mktemp("server-desk")
    with open_desk(folder, variables) as opened:
        yield opened
