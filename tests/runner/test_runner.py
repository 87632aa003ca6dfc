"""The runner's threads: work is brought, swept, retried, timed, renewed, and stops in order (F-01, F-02)."""

import threading
import time
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.core.clock import clock_at, now
from app.core.db import reading, transaction
from app.jobs.carrier import QueueCarrier, open_queue
from app.jobs.models import Job
from app.jobs.queries import outbox_state
from app.jobs.service import claim_job, due_jobs, enqueue, set_carrier
from app.runner import service
from app.runner.daily import DAILY, next_run, plan_all
from app.runner.service import Runner
from tests.support.database import Database
from tests.support.waiting import eventually


class Work:
    """A handler that remembers, and fails or waits when told to."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.fail_next = 0
        self.gate = threading.Event()
        self.gate.set()

    def __call__(self, payload: Mapping[str, Any]) -> None:
        self.gate.wait(10)
        if self.fail_next:
            self.fail_next -= 1
            raise RuntimeError("as told")
        self.done.append(payload["name"])


@pytest.fixture
def work() -> Work:
    return Work()


@pytest.fixture
def runner(database: Database, tmp_path: Path, work: Work) -> Iterator[Runner]:
    """A running runner on a queue file of its own."""
    made = Runner({"test.work": work}, threads=2)
    carrier = QueueCarrier(open_queue(sqlite_path=str(tmp_path / "queue.db")), made.run)
    set_carrier(carrier.send)
    made.start(carrier)
    yield made
    set_carrier(None)
    work.gate.set()
    made.stop()


def _promise(name: str, **more: Any) -> None:
    with transaction() as session:
        enqueue(session, "test.work", key=name, name=name, **more)


def test_what_is_promised_is_done_at_once_and_once(runner: Runner, work: Work) -> None:
    for number in range(20):
        _promise(f"job-{number}")
    eventually(lambda: len(work.done) == 20, timeout=15)
    assert sorted(work.done) == sorted({f"job-{number}" for number in range(20)})
    eventually(lambda: outbox_state().open == 0, timeout=5)


def test_what_the_broker_lost_is_swept_up(runner: Runner, work: Work) -> None:
    set_carrier(None)  # the broker takes nothing
    _promise("lost")
    eventually(lambda: work.done == ["lost"], timeout=10)


def test_a_failure_is_counted_and_tried_again(runner: Runner, work: Work) -> None:
    work.fail_next = 1
    _promise("flaky")
    eventually(lambda: work.done == ["flaky"], timeout=15)
    with reading() as session:
        job = session.scalars(select(Job)).one()
    assert job.attempts == 2


def test_a_job_of_the_future_waits(runner: Runner, work: Work) -> None:
    _promise("later", run_at=now() + timedelta(hours=1))
    _promise("now")
    eventually(lambda: work.done == ["now"], timeout=10)
    runner.sweep()
    eventually(lambda: outbox_state().open == 1, timeout=10)
    assert work.done == ["now"]


def test_a_sweep_takes_no_more_than_it_can_do(database: Database, work: Work) -> None:
    idle = Runner({"test.work": work}, threads=2)
    work.gate.clear()
    for number in range(10):
        _promise(f"job-{number}")
    assert idle.sweep() == 4
    assert idle.sweep() == 0
    work.gate.set()
    idle._pool.shutdown()
    assert len(work.done) == 4
    assert due_jobs(limit=10)  # the other six are still there for anybody


def test_stopping_waits_for_the_work_in_hand_and_takes_nothing_new(
    database: Database, tmp_path: Path, work: Work
) -> None:
    runner = Runner({"test.work": work}, threads=1)
    carrier = QueueCarrier(open_queue(sqlite_path=str(tmp_path / "queue.db")), runner.run)
    set_carrier(carrier.send)
    runner.start(carrier)
    work.gate.clear()
    _promise("in-hand")
    eventually(lambda: outbox_state().due == 1 and _is_leased("in-hand"), timeout=10)
    threading.Timer(0.5, work.gate.set).start()
    started = time.monotonic()
    runner.stop()
    assert work.done == ["in-hand"]
    assert time.monotonic() - started < service.STOP_SECONDS
    set_carrier(None)
    _promise("after")
    assert runner.run(_id_of("after")) is False


def test_stopping_waits_for_the_sweep_in_hand(
    database: Database, tmp_path: Path, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    looking, gate = threading.Event(), threading.Event()

    def slow_look(limit: int) -> list[Any]:
        with transaction() as session:
            session.connection()
            looking.set()
            gate.wait(10)
        return []

    monkeypatch.setattr(service, "due_jobs", slow_look)
    runner = Runner({"test.work": work}, threads=1)
    runner.start(QueueCarrier(open_queue(sqlite_path=str(tmp_path / "queue.db")), runner.run))
    assert looking.wait(10)
    threading.Timer(0.3, gate.set).start()
    runner.stop()
    assert database.connections_in_use == 0


def test_leases_of_a_dead_runner_on_this_machine_are_freed(database: Database) -> None:
    for name in ("mine", "dead", "elsewhere"):
        _promise(name)
        claim_job(_id_of(name))
    owners = {"dead": f"{service.socket.gethostname()}:999999", "elsewhere": "other-host:1"}
    with transaction() as session:
        for job in session.scalars(select(Job)):
            job.lease_owner = owners.get(job.payload["name"], job.lease_owner)
    assert service._is_gone(owners["dead"])
    assert not service._is_gone(owners["elsewhere"])
    assert not service._is_gone(f"{service.socket.gethostname()}:1")
    assert not service._is_gone("nonsense")


def test_a_long_job_keeps_its_lease(database: Database) -> None:
    _promise("long")
    assert claim_job(_id_of("long")) is not None
    with clock_at(now() + timedelta(seconds=50)):
        service.renew_leases()
    with clock_at(now() + timedelta(seconds=100)):
        assert claim_job(_id_of("long")) is None
    with clock_at(now() + timedelta(seconds=120)):
        assert claim_job(_id_of("long")) is not None


def test_housekeeping_is_planned_once_a_night(database: Database) -> None:
    plan_all()
    plan_all()
    with reading() as session:
        planned = {job.kind: job.run_at for job in session.scalars(select(Job))}
    assert set(planned) == set(DAILY)
    for kind, moment in planned.items():
        assert timedelta(0) < moment - now() <= timedelta(days=1)
        with clock_at(moment):
            assert next_run(kind) - moment == timedelta(days=1)


def _id_of(name: str) -> Any:
    with reading() as session:
        return session.scalars(select(Job.id).where(Job.dedupe_key == name)).one()


def _is_leased(name: str) -> bool:
    with reading() as session:
        return session.scalars(select(Job.lease_until).where(Job.dedupe_key == name)).one() is not None
