"""Promise a job, claim it, finish or retry it (decision 0003)."""

import os
import socket
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.crashpoints import reached
from app.core.db import after_commit, delete_old, insert_if_absent, transaction
from app.core.errors import ProviderError
from app.core.ids import new_id
from app.jobs.models import Job

Handler = Callable[[Mapping[str, Any]], None]

LEASE = timedelta(seconds=60)
# Many short waits rather than few long ones: after an outage work resumes within a minute.
_FIRST_WAITS = (1, 3, 10, 30)
_WAIT, _MINUTES_BEFORE_SLOW = timedelta(minutes=1), 240
_SLOW_WAIT, ATTEMPTS = timedelta(minutes=30), 400
KEEP_DONE = timedelta(days=30)


class _Carrier:
    send: Callable[[str], None] | None = None


def set_carrier(send: Callable[[str], None] | None) -> None:
    """How a committed job reaches a runner at once. Without one, the sweep finds it."""
    _Carrier.send = send


def enqueue(session: Session, kind: str, *, key: str, run_at: datetime | None = None, **payload: Any) -> None:
    """Promise work in the caller's transaction. A second promise with the same `key` changes nothing."""
    job_id, moment = new_id(), now()
    values = {"id": job_id, "kind": kind, "dedupe_key": key, "payload": payload, "created_at": moment}
    if insert_if_absent(session, Job, run_at=run_at or moment, attempts=0, **values) and run_at is None:
        after_commit(session, lambda: _wake(str(job_id)))


def _wake(job_id: str) -> None:
    reached("job.promised")
    if _Carrier.send is not None:
        _Carrier.send(job_id)


@dataclass(frozen=True, slots=True)
class Claim:
    job_id: uuid.UUID
    kind: str
    payload: dict[str, Any]
    attempt: int


def runner_name() -> str:
    """host:pid, so that a restarted runner can tell which leases belong to the dead."""
    return f"{socket.gethostname()}:{os.getpid()}"


def claim_job(job_id: uuid.UUID) -> Claim | None:
    """Take the lease, or None when the job is done, parked, not due, or somebody else's."""
    with transaction() as session:
        job = session.scalar(select(Job).where(Job.id == job_id).with_for_update(skip_locked=True))
        moment = now()
        if job is None or job.done_at or job.parked_at or job.run_at > moment:
            return None
        if job.lease_until is not None and job.lease_until > moment:
            return None
        job.attempts += 1
        job.lease_owner, job.lease_until = runner_name(), moment + LEASE
        return Claim(job.id, job.kind, dict(job.payload), job.attempts)


def renew_leases() -> None:
    """A living runner keeps what it is doing, however long a handler takes."""
    with transaction() as session:
        held = update(Job).where(Job.lease_owner == runner_name(), Job.lease_until.is_not(None), Job.done_at.is_(None))
        session.execute(held.values(lease_until=now() + LEASE))


def finish_job(job_id: uuid.UUID) -> None:
    with transaction() as session:
        session.execute(update(Job).where(Job.id == job_id).values(done_at=now(), lease_until=None, last_error=None))


def postpone_job(claim: Claim, error: Exception) -> None:
    """Try again later; park what failed for more than a week (`app.cli jobs` shows it, `jobs-retry` takes it up)."""
    permanent = isinstance(error, ProviderError) and error.permanent
    values: dict[str, Any] = {"lease_until": None, "dispatched_at": None, "last_error": describe(error)}
    if claim.attempt >= ATTEMPTS:
        values["parked_at"] = now()
    else:  # "for good" may be an address that was wrong for a minute: asked again, but rarely
        values["run_at"] = now() + (_SLOW_WAIT if permanent else wait_after(claim.attempt))
    with transaction() as session:
        session.execute(update(Job).where(Job.id == claim.job_id).values(**values))


def retry_parked_jobs() -> int:
    """Take up everything that was parked, at once: after the cause was repaired. Returns how many."""
    with transaction() as session:
        parked = session.scalars(select(Job).where(Job.parked_at.is_not(None)).with_for_update()).all()
        for job in parked:
            job.parked_at, job.run_at, job.attempts, job.dispatched_at = None, now(), 0, None
        return len(parked)


def wait_after(attempt: int) -> timedelta:
    """1, 3, 10, 30 s, then every minute for four hours, then every half-hour until parked."""
    if attempt <= len(_FIRST_WAITS):
        return timedelta(seconds=_FIRST_WAITS[attempt - 1])
    return _WAIT if attempt <= _MINUTES_BEFORE_SLOW else _SLOW_WAIT


def describe(error: Exception) -> str:
    """What is kept of a failure: its kind, and a vendor's code. Never a message that may hold personal data."""
    detail = f" {error.provider}:{error.code}" if isinstance(error, ProviderError) else ""
    return f"{type(error).__name__}{detail}"


def run_job(job_id: uuid.UUID, handlers: Mapping[str, Handler], on_failure: Callable[[Claim, Exception], None]) -> bool:
    """Claim and do one job outside any transaction; True when it ran. Failures are recorded, never raised."""
    claim = claim_job(job_id)
    if claim is None:
        return False
    reached("job.claimed")
    try:
        handlers[claim.kind](claim.payload)
    except Exception as error:  # a handler may fail in any way; the outbox records all of them
        on_failure(claim, error)
        postpone_job(claim, error)
    else:
        reached("job.before_finish")
        finish_job(claim.job_id)
    return True


def forget_done_jobs() -> None:
    """Housekeeping. Keys name rows of their own, so none comes again after a month."""
    delete_old(Job, Job.done_at < now() - KEEP_DONE)


def due_jobs(limit: int = 100, redispatch_after: timedelta = timedelta(seconds=30)) -> list[uuid.UUID]:
    """Jobs that should run now and that no carrier is bringing already; marks them as dispatched."""
    moment = now()
    with transaction() as session:
        statement = (
            select(Job.id)
            .where(Job.done_at.is_(None), Job.parked_at.is_(None), Job.run_at <= moment)
            .where((Job.lease_until.is_(None)) | (Job.lease_until <= moment))
            .where((Job.dispatched_at.is_(None)) | (Job.dispatched_at <= moment - redispatch_after))
            .order_by(Job.run_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        found = list(session.scalars(statement))
        if found:
            session.execute(update(Job).where(Job.id.in_(found)).values(dispatched_at=moment))
        return found


def release_leases(owners_gone: Callable[[str], bool]) -> int:
    """Free the leases of runners that died (kill -9), so that their work goes on at once."""
    with transaction() as session:
        leased = select(Job).where(Job.done_at.is_(None), Job.lease_until.is_not(None))
        running = session.scalars(leased.with_for_update())
        dead = [job for job in running if job.lease_owner and owners_gone(job.lease_owner)]
        for job in dead:
            job.lease_until = job.dispatched_at = None
        return len(dead)
