"""The outbox: promised with the change, done at least once, waiting after failures (T-31; decision 0003)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.core.clock import clock_at, set_clock
from app.core.db import reading, transaction
from app.core.errors import ProviderError
from app.jobs.models import Job
from app.jobs.queries import outbox_state
from app.jobs.service import (
    ATTEMPTS,
    LEASE,
    claim_job,
    due_jobs,
    enqueue,
    finish_job,
    forget_done_jobs,
    release_leases,
    retry_parked_jobs,
    run_job,
    runner_name,
    set_carrier,
    wait_after,
)

START = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    set_clock(lambda: START)
    yield
    set_clock(None)
    set_carrier(None)


def promise(key: str = "one", run_at: datetime | None = None) -> Job:
    with transaction() as session:
        enqueue(session, "test.work", key=key, run_at=run_at, number=7)
    return find(key)


def find(key: str = "one") -> Job:
    with reading() as session:
        return session.scalars(select(Job).where(Job.dedupe_key == key)).one()


def test_a_rolled_back_change_promises_nothing(database: object) -> None:
    def fail() -> None:
        with transaction() as session:
            enqueue(session, "test.work", key="one")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert outbox_state().open == 0


def test_the_same_promise_twice_is_one(database: object) -> None:
    first, second = promise(), promise()
    assert first.id == second.id


def test_the_carrier_hears_of_it_after_the_commit(database: object) -> None:
    told: list[str] = []
    set_carrier(told.append)
    assert told == [str(promise().id)]
    promise("later", run_at=START + timedelta(hours=1))
    assert len(told) == 1


def test_work_is_done_once(database: object) -> None:
    job, seen = promise(), []
    handlers = {"test.work": lambda payload: seen.append(payload["number"])}
    assert run_job(job.id, handlers, lambda claim, error: None)
    assert not run_job(job.id, handlers, lambda claim, error: None)
    assert seen == [7]
    assert find().done_at is not None


def test_only_one_runner_holds_the_lease(database: object) -> None:
    job = promise()
    assert claim_job(job.id) is not None
    assert claim_job(job.id) is None
    assert due_jobs() == []
    with clock_at(START + LEASE):
        assert due_jobs() == [job.id]
        claim = claim_job(job.id)
        assert claim is not None
        assert claim.attempt == 2
        finish_job(job.id)
    assert find().done_at is not None


def test_a_failure_waits_longer_each_time_and_keeps_no_words(database: object) -> None:
    job, told = promise(), []

    def fail(_payload: object) -> None:
        raise ValueError("张伟 13800138000")

    assert run_job(job.id, {"test.work": fail}, lambda claim, error: told.append(claim.kind))
    assert told == ["test.work"]
    after = find()
    assert after.last_error == "ValueError"
    assert after.run_at == START + timedelta(seconds=1)
    assert due_jobs() == []


def test_waits_are_short_first_then_a_minute_then_half_an_hour() -> None:
    waits = [wait_after(attempt).total_seconds() for attempt in range(1, ATTEMPTS)]
    assert waits[:6] == [1, 3, 10, 30, 60, 60]
    assert waits == sorted(waits)
    assert waits[-1] == 1800
    assert sum(waits[:244]) > 4 * 3600 - 60


@pytest.mark.parametrize(("permanent", "wait"), [(True, 1800), (False, 1)])
def test_a_refusal_for_good_is_asked_again_but_rarely(database: object, permanent: bool, wait: int) -> None:
    job = promise()

    def refuse(_payload: object) -> None:
        raise ProviderError("tsa", "refused", permanent=permanent)

    run_job(job.id, {"test.work": refuse}, lambda claim, error: None)
    assert find().run_at == START + timedelta(seconds=wait)
    assert find().last_error == "ProviderError tsa:refused"


def test_what_failed_for_a_week_is_parked_and_taken_up_by_command(database: object) -> None:
    job = promise()
    with transaction() as session:
        session.get_one(Job, job.id).attempts = ATTEMPTS - 1

    def fail(_payload: object) -> None:
        raise ValueError

    run_job(job.id, {"test.work": fail}, lambda claim, error: None)
    assert (outbox_state().parked, due_jobs()) == (1, [])
    assert retry_parked_jobs() == 1
    assert (outbox_state().parked, due_jobs()) == (0, [job.id])


def test_what_the_broker_lost_is_found_and_not_brought_twice_at_once(database: object) -> None:
    job = promise()
    assert due_jobs() == [job.id]
    assert due_jobs() == []
    with clock_at(START + timedelta(seconds=31)):
        assert due_jobs() == [job.id]


def test_done_work_is_forgotten_after_a_month_and_nothing_else(database: object) -> None:
    done, waiting = promise("done"), promise("waiting")
    finish_job(done.id)
    set_clock(lambda: START + timedelta(days=29))
    forget_done_jobs()
    assert find("done").done_at
    set_clock(lambda: START + timedelta(days=31))
    forget_done_jobs()
    with reading() as session:
        assert [job.id for job in session.scalars(select(Job))] == [waiting.id]


def test_leases_of_dead_runners_are_freed(database: object) -> None:
    job = promise()
    claim_job(job.id)
    assert release_leases(lambda owner: owner != runner_name()) == 0
    assert release_leases(lambda owner: owner == runner_name()) == 1
    assert due_jobs() == [job.id]


def test_the_state_tells_how_late_it_is(database: object) -> None:
    promise()
    promise("tomorrow", run_at=START + timedelta(days=1))
    with clock_at(START + timedelta(seconds=90)):
        state = outbox_state()
    assert (state.open, state.due, state.parked, state.oldest_seconds) == (2, 1, 0, 90.0)
