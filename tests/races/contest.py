"""Many at once: from a barrier, or in a given order at a row that is locked already."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.authorisations.models import Authorisation
from app.contracts.models import Contract
from app.core.db import engine
from app.core.errors import DomainError
from app.organisations.models import Organisation
from tests.support.waiting import eventually

Task = Callable[[], Any]
Row = Contract | Authorisation | Organisation


def at_once(*tasks: Task) -> list[Any]:
    """Run all from one barrier. Returns what each returned, or the DomainError that refused it."""
    barrier = threading.Barrier(len(tasks))

    def started(task: Task) -> Any:
        barrier.wait(20)
        return _outcome(task)

    with ThreadPoolExecutor(len(tasks)) as threads:
        return list(threads.map(started, tasks))


def in_order(row: Row, *tasks: Task) -> list[Any]:
    """Run all against each other, decided in this order (PostgreSQL).

    Each starts while the row is locked by us, and waits for it behind the one before. What they read
    before they have the lock is then out of date for all but the first. A task that doesn't wait for
    the row fails the test: without that lock nothing decides.
    """
    with ThreadPoolExecutor(len(tasks)) as threads:
        with _locked(row) as session:
            running = []
            for task in tasks:
                running.append(threads.submit(_outcome, task))
                eventually(lambda: _waiting(session) == len(running))
        return [one.result(20) for one in running]


def refusals(outcomes: list[Any]) -> list[str]:
    """Codes of those that were refused, in order."""
    return [outcome.code for outcome in outcomes if isinstance(outcome, DomainError)]


def _outcome(task: Task) -> Any:
    try:
        return task()
    except DomainError as refused:
        return refused


@contextmanager
def _locked(row: Row) -> Iterator[Session]:
    with Session(engine()) as session, session.begin():
        kind = type(row)
        session.execute(select(kind.id).where(kind.id == row.id).with_for_update())
        yield session


def _waiting(session: Session) -> int:
    """How many wait for a lock of this server, which is this process's own."""
    return int(session.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")) or 0)
