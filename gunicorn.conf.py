"""How gunicorn serves the product; read from the working directory. Variables: docs/configuration.md."""

import os
from pathlib import Path
from typing import Any

from app.settings import Settings, refuse_unsafe

bind = os.environ.get("BIND", "127.0.0.1:8000")
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "1"))
threads = int(os.environ.get("WEB_THREADS", "8"))

# A worker that stops answering the master is replaced; a stopping one may finish what it began.
timeout = 60
graceful_timeout = int(os.environ.get("WEB_GRACEFUL_TIMEOUT", "20"))
keepalive = 15
# The heartbeat file must not wait for a disk.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 -- gunicorn makes it unguessable

accesslog = None  # the application writes its own, without personal data
control_socket_disable = True


def on_starting(server: Any) -> None:
    """Refuse unsafe production settings once, in the master: a worker's refusal would be retried for ever."""
    refuse_unsafe(Settings.from_environment(os.environ))
