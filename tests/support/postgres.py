"""A PostgreSQL of our own: a temporary directory, a unix socket and no TCP; never the system's cluster."""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from tests.support.processes import Process, start_server
from tests.support.waiting import eventually

SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    # Nothing here outlives the tests, so nothing needs to reach the disk.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "log_timezone": "UTC",
    "timezone": "UTC",
}


class Postgres:
    """A running server. `url(name)` is the SQLAlchemy address of one of its databases."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://postgres@/{name}?host={quote(str(self.directory))}"

    def connect(self, name: str = "postgres") -> psycopg.Connection:
        return psycopg.connect(host=str(self.directory), user="postgres", dbname=name, autocommit=True)

    def create(self, name: str, template: str = "template1") -> None:
        with self.connect() as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
            )


@contextmanager
def run_postgres() -> Iterator[Postgres]:
    """Start a server, yield it, stop it and remove its files. As root it runs as the user `postgres`."""
    directory = Path(tempfile.mkdtemp(prefix="gongyue-pg-", dir="/tmp"))  # a unix socket's path must be short
    if os.geteuid() == 0:
        shutil.chown(directory, "postgres", "postgres")
    data = directory / "data"
    settings = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
    try:
        _initialise(data, directory / "initdb.log")
        server = start_server(
            [_binary("postgres"), "-D", data, "-k", directory, *settings],
            directory / "log",
            user="postgres",
            end="QUIT",
        )
        try:
            started = Postgres(directory)
            eventually(lambda: _answers(started, server), timeout=60)
            yield started
        finally:
            server.send_signal(signal.SIGQUIT)  # at once: nobody will read this data again
            server.wait(30)
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _initialise(data: Path, log: Path) -> None:
    options = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"]
    done = start_server([_binary("initdb"), "-D", data, *options], log, user="postgres").wait()
    if done != 0:
        raise RuntimeError(f"initdb failed: {log.read_text(errors='replace')}")


def _answers(started: Postgres, server: Process) -> bool:
    if server.poll() is not None:
        raise RuntimeError((started.directory / "log").read_text(errors="replace"))
    try:
        started.connect().close()
    except psycopg.OperationalError:
        return False
    return True


def _binary(program: str) -> Path:
    installed = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), key=lambda path: int(path.parts[4]), reverse=True
    )
    if installed:
        return installed[0]
    elsewhere = shutil.which(program)
    if elsewhere is None:
        raise RuntimeError(f"{program} is not installed: run tools/system-deps")
    return Path(elsewhere)
