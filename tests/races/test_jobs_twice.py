"""Jobs are done at least once: a second time, or late, changes nothing (F-03; T-15, T-31)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.contracts.jobs import seal
from app.contracts.lifecycle import Status
from app.contracts.models import Contract
from app.contracts.service.sending import withdraw_contract
from app.core.db import reading
from app.jobs.models import Job
from app.runner.handlers import build_handlers
from tests.contracts.world import World
from tests.signing.engine.pki import TestTimestamper


def test_every_job_done_again(world: World) -> None:
    employer, _worker, contract = world.completed()
    before, sent = world.reload(employer, contract), list(world.sms.sent)
    handlers = build_handlers(world.providers)
    with reading() as session:
        jobs = session.scalars(select(Job).where(Job.done_at.is_not(None))).all()
    assert {job.kind for job in jobs} == {"contracts.seal", "notifications.send_sms"}
    for job in jobs:
        handlers[job.kind](job.payload)
    world.settle()
    world.check()
    after = world.reload(employer, contract)
    assert (after.revision_sha256, after.updated_at) == (before.revision_sha256, before.updated_at)
    assert world.sms.sent == sent


@dataclass
class Slow:
    """A time-stamping authority in whose answering time something else happens, once."""

    real: TestTimestamper
    meanwhile: Callable[[], Any] | None

    def stamp(self, digest: bytes) -> bytes:
        happens, self.meanwhile = self.meanwhile, None
        if happens:
            happens()
        return self.real.stamp(digest)

    def roots(self) -> tuple[bytes, ...]:
        return self.real.roots()


def seal_slowly(world: World, contract: Contract, meanwhile: Callable[[], Any]) -> None:
    """The job of a runner that is held up (a long pause, a lost lease) after signing, before attaching."""
    world.timestamper.real = Slow(world.timestamper.real, meanwhile)  # type: ignore[assignment]
    seal(contract_id=str(contract.id), ports=world.ports, link_url=world.providers.link_url)


def test_a_runner_that_was_overtaken_attaches_nothing(world: World) -> None:
    employer, worker, contract = world.confirmed()
    world.sign(worker, contract)
    world.seal(employer, contract)
    seal_slowly(world, contract, world.settle)
    world.settle()
    world.check()
    done = world.reload(employer, contract)
    assert (done.status, done.revision_number) == (Status.COMPLETED, 2)
    assert [sms.template for sms in world.sms.sent].count("SMS_CONTRACT_DONE") == 1


def test_withdrawn_while_the_vendor_answers(world: World) -> None:
    employer, worker, contract = world.confirmed()
    world.sign(worker, contract)
    seal_slowly(world, contract, lambda: withdraw_contract(actor=employer.actor, contract_id=contract.id))
    world.settle()
    world.check()
    assert world.reload(employer, contract).revision_sha256 == contract.content_sha256


def test_the_seal_comes_while_the_vendor_answers(world: World) -> None:
    """One runner then attaches both, the worker's first."""
    employer, worker, contract = world.confirmed()
    world.sign(worker, contract)
    seal_slowly(world, contract, lambda: world.seal(employer, contract))
    assert world.reload(employer, contract).status == Status.COMPLETED
    world.settle()
    world.check()
