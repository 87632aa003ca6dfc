"""A Redis of our own: a unix socket in a temporary directory, no TCP, nothing on disk."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis

from tests.support.processes import start_server
from tests.support.waiting import eventually


@contextmanager
def run_redis() -> Iterator[str]:
    """Start a server and yield its URL (`unix://…`)."""
    directory = Path(tempfile.mkdtemp(prefix="gongyue-redis-", dir="/tmp"))
    socket = directory / "redis.sock"
    options = ["--port", 0, "--unixsocket", socket, "--dir", directory, "--save", "", "--appendonly", "no"]
    server = start_server(["redis-server", *options], directory / "log")
    url = f"unix://{socket}"
    try:
        with redis.Redis.from_url(url) as client:
            eventually(lambda: _answers(client))
        yield url
    finally:
        server.terminate()
        server.wait(10)
        shutil.rmtree(directory, ignore_errors=True)


def _answers(client: redis.Redis) -> bool:
    try:
        return bool(client.ping())
    except redis.ConnectionError:
        return False
