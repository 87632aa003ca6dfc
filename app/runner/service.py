"""Threads that take jobs from the queue and from the table, and stop in order.

Huey brings what was just promised. The sweep finds everything else and runs it itself instead of sending it
through the broker: with the broker down, all work goes on, a second later.
"""

import os
import socket
import threading
import time
import uuid
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import structlog

from app.http.metrics import JOB_SECONDS, JOBS
from app.jobs.carrier import QueueCarrier
from app.jobs.service import Claim, Handler, describe, due_jobs, release_leases, renew_leases, run_job

STOP_SECONDS = 6.0
SWEEP_SECONDS = 1.0
RENEW_SECONDS = 15.0

log = structlog.get_logger()


class Runner:
    """`carrier`: how the queue brings jobs; `threads`: for the queue, and as many again for the sweep."""

    def __init__(self, handlers: Mapping[str, Handler], threads: int) -> None:
        self._handlers = {kind: _timed(kind, handler) for kind, handler in handlers.items()}
        self._threads = threads
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="sweep")
        self._waiting: set[uuid.UUID] = set()
        self._running = 0
        self._lock = threading.Lock()
        self._stopping = threading.Event()

    def run(self, job_id: uuid.UUID) -> bool:
        """Do one job now, unless somebody else has it. Called by queue threads and by the sweep."""
        with self._lock:
            if self._stopping.is_set():
                return False
            self._running += 1
        try:
            return run_job(job_id, self._handlers, _failed)
        finally:
            with self._lock:
                self._running -= 1

    def start(self, carrier: QueueCarrier) -> None:
        freed = release_leases(_is_gone)
        log.info("runner_started", threads=self._threads, leases_freed=freed)
        self._consumer = carrier.consumer(self._threads)
        self._consumer.start()
        self._sweeper = threading.Thread(target=self._sweep_for_ever, name="sweeper", daemon=True)
        self._sweeper.start()

    def stop(self) -> None:
        """Take nothing new, let running jobs end for a few seconds; the rest is done after the restart.

        Unless they took longer, no thread of the runner uses the database any more.
        """
        deadline = time.monotonic() + STOP_SECONDS
        with self._lock:
            self._stopping.set()
        self._consumer.stop(graceful=False)
        self._sweeper.join(STOP_SECONDS)
        self._pool.shutdown(wait=False, cancel_futures=True)
        while self._running and time.monotonic() < deadline:
            time.sleep(0.02)
        log.info("runner_stopped", unfinished=self._running)

    def sweep(self) -> int:
        """Start what is due and not being brought; returns how many jobs. Takes no more than it can do."""
        free = 2 * self._threads - len(self._waiting)
        found = due_jobs(limit=free) if free > 0 else []
        for job_id in found:
            self._waiting.add(job_id)
            self._pool.submit(self._run_swept, job_id)
        return len(found)

    def _run_swept(self, job_id: uuid.UUID) -> None:
        try:
            self.run(job_id)
        except Exception as error:  # the database went away in between: the lease or the next sweep finds the job
            log.warning("job_not_run", error=type(error).__name__)
        finally:
            self._waiting.discard(job_id)

    def _sweep_for_ever(self) -> None:
        renewed = time.monotonic()
        while not self._stopping.wait(SWEEP_SECONDS):
            try:
                self.sweep()
                if time.monotonic() - renewed > RENEW_SECONDS:
                    renew_leases()
                    renewed = time.monotonic()
            except Exception as error:  # a sweep that dies would stop all delayed work for good
                log.warning("sweep_failed", error=type(error).__name__)


def _timed(kind: str, handler: Handler) -> Handler:
    def timed(payload: Mapping[str, object]) -> None:
        with JOB_SECONDS.labels(kind).time():
            handler(payload)
        JOBS.labels(kind, "done").inc()

    return timed


def _failed(claim: Claim, error: Exception) -> None:
    JOBS.labels(claim.kind, "failed").inc()
    log.warning("job_failed", kind=claim.kind, job_id=str(claim.job_id), attempt=claim.attempt, error=describe(error))


def _is_gone(owner: str) -> bool:
    """Whether a lease belongs to a runner of this machine that no longer lives (our own pid is a new life)."""
    host, _, pid = owner.rpartition(":")
    if host != socket.gethostname() or not pid.isdecimal():
        return False
    if int(pid) == os.getpid():
        return True
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
