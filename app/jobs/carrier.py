"""Huey brings a committed job to a runner at once. It may lose everything: the job row is the truth."""

import contextlib
import uuid
from collections.abc import Callable
from typing import Any

import structlog
from huey import Huey, RedisHuey, SqliteHuey
from huey.consumer import Consumer

log = structlog.get_logger()


def open_queue(*, sqlite_path: str | None, redis_pool: Any = None) -> Huey:
    """A Redis queue when a connection pool is given, else a SQLite file of its own."""
    if redis_pool is not None:
        return RedisHuey("gongyue", connection_pool=redis_pool, results=False, read_timeout=1)
    return SqliteHuey("gongyue", filename=sqlite_path, results=False, fsync=False, timeout=5)


class QueueCarrier:
    """The queue as seen by the web (`send`) and by the runner (`consumer`)."""

    def __init__(self, queue: Huey, run: Callable[[uuid.UUID], object] | None = None) -> None:
        self._queue = queue
        self._task = queue.task(name="run_job")(lambda job_id: run(uuid.UUID(job_id)) if run else None)

    def send(self, job_id: str) -> None:
        """Never raises: a dead broker costs a second of delay, the sweep finds the row."""
        try:
            self._task(job_id)
        except Exception as error:  # any broker failure: the sweep is the answer to all of them
            log.warning("queue_unreachable", error=type(error).__name__)

    def consumer(self, workers: int) -> Consumer:
        consumer = self._queue.create_consumer(
            workers=workers, periodic=False, initial_delay=0.02, backoff=1.1, max_delay=0.1, check_worker_health=True
        )
        consumer._set_signal_handlers = lambda: None  # signals belong to app.runner
        return consumer

    def flush(self) -> None:
        """Forget what the broker holds (a restart redelivers from the table)."""
        with contextlib.suppress(Exception):
            self._queue.flush()
