"""kill -9 in the middle of signing, with real processes under their supervisor (F-00, F-02, F-03, F-09; T-31 to T-33).

Whoever dies, the contract completes by itself, once, with one signature per party, and a client that repeats its
request gets the answer.
"""

import threading
import uuid

import pytest
import redis
from sqlalchemy import select, text

from app.contracts.models import Contract
from app.core.db import transaction
from tests.process.desk import Desk, Submission
from tests.support.waiting import eventually

pytestmark = pytest.mark.process


@pytest.mark.parametrize(
    ("at_worker", "at_organisation"), [("seal.planned", "seal.before_attach"), ("seal.before_attach", "seal.attached")]
)
def test_the_runner_dies(desk: Desk, at_worker: str, at_organisation: str) -> None:
    runner_dies(desk, at_worker, at_organisation)


def test_the_runner_dies_on_postgresql(server_desk: Desk) -> None:
    runner_dies(server_desk, "certificate.recorded", "seal.before_commit")


def test_the_web_dies(desk: Desk) -> None:
    web_dies(desk, "sign.before_commit", "answer.before_kept")


def test_the_web_dies_on_postgresql(server_desk: Desk) -> None:
    web_dies(server_desk, "job.promised", "sign.before_commit")


def runner_dies(desk: Desk, at_worker: str, at_organisation: str) -> None:
    """Once over each signature; nobody repeats anything."""
    contract = desk.confirmed()
    signature = desk.signature(contract)
    desk.kill_at(at_worker)
    signature.send()
    eventually(desk.is_dead, timeout=30)
    desk.worker.wait_until_sealed(contract, 90)
    stamp = desk.stamp(contract)
    desk.kill_at(at_organisation)
    stamp.send()
    eventually(desk.is_dead, timeout=30)
    desk.complete(contract)
    desk.check()


def web_dies(desk: Desk, at_worker: str, at_organisation: str) -> None:
    """Over each request; the client repeats it until it is answered, and once more."""
    contract = desk.confirmed()
    repeat_after_death(desk, desk.signature(contract), at_worker)
    desk.worker.wait_until_sealed(contract, 90)
    repeat_after_death(desk, desk.stamp(contract), at_organisation)
    desk.complete(contract)
    desk.check()


def repeat_after_death(desk: Desk, submission: Submission, point: str) -> None:
    desk.kill_at(point)
    assert submission.send_without_answer()
    assert desk.is_dead()
    first = desk.repeat(submission)
    assert first["id"] in submission.path
    assert desk.repeat(submission) == first


def test_kill_9_of_the_runner_while_the_vendor_answers(desk: Desk) -> None:
    contract = desk.confirmed()
    signature = desk.signature(contract)
    desk.mend()
    desk.fault("tsa", "latency", times=1, seconds=5)
    signature.send()
    eventually(lambda: desk.asked("tsa"), timeout=30)
    desk.product.kill("runner")
    desk.work_through(contract)
    desk.check()


def test_kill_9_of_the_web_during_the_request(server_desk: Desk) -> None:
    """The request waits for the contract's row, which we hold, when the whole web is killed."""
    contract = server_desk.confirmed()
    signature = server_desk.signature(contract)
    broken: list[bool] = []
    client = threading.Thread(target=lambda: broken.append(signature.send_without_answer()))
    with server_desk.inside(), transaction() as session:
        session.execute(select(Contract.id).where(Contract.id == uuid.UUID(contract)).with_for_update())
        waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
        client.start()
        eventually(lambda: session.scalar(waiting), timeout=30)
        server_desk.product.kill("web")
        client.join(30)
    assert broken == [True]
    server_desk.repeat(signature)
    server_desk.work_through(contract)
    server_desk.check()


def test_redis_stops_for_good(server_desk: Desk, desk_redis: str) -> None:
    """What is in the database goes on, and the sweep brings the jobs (F-02). Last, because it stays down."""
    contract = server_desk.confirmed()
    signature = server_desk.signature(contract)
    with redis.Redis.from_url(desk_redis) as client:
        client.shutdown(nosave=True)
    signature.send()
    server_desk.work_through(contract)
    server_desk.check()
