"""Fixtures of the whole suite. Servers start once per process, and only when a test asks for them.

`database`: clean and migrated, on SQLite and again on PostgreSQL. A test for one of them says
`@pytest.mark.parametrize("database", ["postgresql"], indirect=True)`.
"""

import gc
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from playwright.sync_api import Browser, BrowserContext, Page
from xdist.scheduler import LoadScopeScheduling

from app.core import crypto, db
from tests.support.browser import DESKTOP, PHONE, SharedBrowser
from tests.support.database import Database, PostgresTemplate, SqliteTemplate
from tests.support.postgres import Postgres, run_postgres
from tests.support.redis_server import run_redis
from tests.support.sandbox_server import SandboxServer, run_sandbox

TEMPLATES = {"sqlite": "sqlite_template", "postgresql": "postgres_template"}
# Their products and browsers take seconds to start, so each folder stays in one test process, as does what is built.
TOGETHER = ("e2e", "process", "supervisor", "clients", "test_mini_programs.py")


class _Together(LoadScopeScheduling):
    """xdist's `loadgroup` writes the group into a test's id, which pytest 9.2 ignores: nothing would stay together."""

    def _split_scope(self, nodeid: str) -> str:
        return _together(nodeid) or nodeid


def _together(nodeid: str) -> str | None:
    path = Path(nodeid.split("::")[0])
    return next((name for name in (path.name, path.parent.name) if name in TOGETHER), None)


def pytest_collection_finish() -> None:
    """Thousands of collected tests and all modules stay until the end: the garbage collector need not walk them."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> _Together:
    return _Together(config, log)


@pytest.fixture(scope="session", autouse=True)
def encryption_keys() -> None:
    """Fixed keys: what one test encrypts is never read by another."""
    crypto.configure(crypto.Keyring("test", {"test": b"k" * 32}, b"i" * 32))


@pytest.fixture(scope="session")
def scratch() -> Iterator[Path]:
    """A directory of this process, removed at the end."""
    with tempfile.TemporaryDirectory(prefix="gongyue-test-") as name:
        yield Path(name)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    with run_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_template(postgres_server: Postgres) -> Iterator[PostgresTemplate]:
    template = PostgresTemplate(postgres_server)
    yield template
    template.close()


@pytest.fixture(scope="session")
def sqlite_template(scratch: Path) -> SqliteTemplate:
    return SqliteTemplate.make(scratch)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A clean database, and this process connected to it."""
    fresh: Database = request.getfixturevalue(TEMPLATES[request.param]).fresh()
    db.use(fresh.engine)
    yield fresh
    left = fresh.connections_in_use
    db.dispose()
    assert not left, "a thread that this test began, or a session that it never ended, still uses the database"


@pytest.fixture(scope="session")
def redis_server() -> Iterator[str]:
    with run_redis() as url:
        yield url


@pytest.fixture
def redis_url(redis_server: str) -> str:
    """An empty Redis: its `unix://` address."""
    with redis.Redis.from_url(redis_server) as client:
        client.flushall()
    return redis_server


@pytest.fixture(scope="session")
def sandbox(scratch: Path) -> Iterator[SandboxServer]:
    with run_sandbox(scratch / "sandbox") as server:
        yield server


_browser = SharedBrowser()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """The browser ends with the module or folder that it is for.

    While Playwright runs, this thread has a running event loop, which other tests refuse.
    """
    try:
        yield
    finally:
        if nextitem is None or _place(nextitem) != _place(item):
            _browser.close()


def pytest_sessionfinish() -> None:
    """After an interrupt no test is torn down."""
    _browser.close()


def _place(item: pytest.Item) -> str:
    return _together(item.nodeid) or str(item.path)


@pytest.fixture
def chromium() -> Browser:
    return _browser.get()


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    """A page of 390×844 with touch, as a worker's phone has it."""
    with chromium.new_context(
        viewport=PHONE,
        has_touch=True,
        is_mobile=True,
        device_scale_factor=2,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
    ) as context:
        yield _page(context)


@pytest.fixture
def desktop(chromium: Browser) -> Iterator[Page]:
    """A page of 1440×900, as an employer's desk has it."""
    with chromium.new_context(viewport=DESKTOP, locale="zh-CN", timezone_id="Asia/Shanghai") as context:
        yield _page(context)


def _page(context: BrowserContext) -> Page:
    context.set_default_timeout(10_000)
    return context.new_page()
