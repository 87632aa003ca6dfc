"""An employer and a worker who use a running product over HTTP, and a look inside it afterwards."""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pikepdf
import requests
from sqlalchemy import select, update

from app.contracts.models import Contract
from app.core import crypto, db
from app.core.clock import now
from app.core.idempotency import IdempotencyRecord
from app.jobs.queries import outbox_state
from app.settings import Settings
from app.signing.sealing import SealingPorts
from app.supervisor.place import Place, child_environment
from app.wiring import build_providers, sealing_ports
from benchmarks.journey import Client, Company, Employer, Person, Refused, Sandbox, Someone, Worker, some_ink
from tests.oracle import assert_world
from tests.support.product import Product, run_product
from tests.support.waiting import eventually

# The demo organisation with its operator and seal, which a start brings along, and a worker known to the sandbox.
OPERATOR = Someone("李国强", "13900139000", "220100197801151035")
COMPANY = Company("长春市启明软件技术有限公司", "91220100MA00000152", "吉林省长春市朝阳区前进大街 1 号", OPERATOR)
WORKER = Someone("张伟", "13800138000", "220100199003071013")
DONE, LINK = "SMS_CONTRACT_DONE", "SMS_CONTRACT_LINK"

# No waiting for reading or for the next code: what is tested here takes its time elsewhere.
QUICK = {
    "GONGYUE_ENV": "test", "READING_SECONDS_PER_PAGE": "0", "SMS_INTERVAL_SECONDS": "0", "SMS_PER_PHONE_HOUR": "999",
    "SMS_PER_PHONE_DAY": "999", "SMS_PER_IP_HOUR": "999", "SMS_OWN_PER_HOUR": "999", "SMS_OWN_PER_DAY": "999",
}  # fmt: skip


@contextmanager
def open_desk(folder: Path, variables: Mapping[str, str]) -> "Iterator[Desk]":
    """A product of its own, ready to be used by both."""
    told = QUICK | {"GONGYUE_CRASH_AT": str(folder / "crash-at")} | variables
    with run_product(folder / "var", **told) as product:
        yield Desk.open(product, folder)


@dataclass(frozen=True, slots=True)
class Submission:
    """One POST with its Idempotency-Key: to be repeated word for word."""

    client: Client
    path: str
    body: dict[str, Any]
    key: str = field(default_factory=lambda: str(uuid.uuid4()))

    def send(self) -> dict[str, Any]:
        answer: dict[str, Any] = self.client.post(self.path, self.body, key=self.key)
        return answer

    def send_without_answer(self) -> bool:
        """True when the connection broke before an answer came."""
        try:
            self.send()
        except requests.ConnectionError:
            return True
        return False


@dataclass
class Desk:
    """Both are logged in and verified. `crash_file` is GONGYUE_CRASH_AT; `done` counts completed contracts."""

    product: Product
    crash_file: Path
    file: Path
    sandbox: Sandbox
    employer: Employer
    worker: Worker
    seal_id: str
    done: int = 0

    @classmethod
    def open(cls, product: Product, folder: Path) -> "Desk":
        sandbox = Sandbox(product.sandbox_url)
        employer = Employer(Client(product.url, "console"), sandbox, OPERATOR)
        employer.enter(COMPANY)
        worker = Worker(Client(product.url, "worker"), sandbox, WORKER)
        worker.log_in()
        worker.verify_by_phone()
        worker.consent("esign_consent")
        crash_file = Path(product.environment["GONGYUE_CRASH_AT"])
        return cls(
            product, crash_file, one_page(folder / "contract.pdf"), sandbox, employer, worker, employer.make_seal()
        )

    def send(self) -> str:
        contract = self.employer.draft(WORKER, self.file)
        self.employer.send(contract)
        return contract

    def confirmed(self) -> str:
        """A contract that waits for the worker's signature."""
        contract = self.send()
        self.worker.confirm(contract, self.worker.read(contract)["content_sha256"])
        return contract

    def signature(self, contract: str) -> Submission:
        """The worker's tap on "sign", ready to be sent."""
        proof = self._proof(self.worker, contract)
        return Submission(self.worker.client, f"contracts/{contract}/signature", proof | {"ink": some_ink()})

    def stamp(self, contract: str) -> Submission:
        """The operator's."""
        proof = self._proof(self.employer, contract)
        return Submission(self.employer.client, f"contracts/{contract}/seal", proof | {"seal_id": self.seal_id})

    def _proof(self, person: Person, contract: str) -> dict[str, Any]:
        content = person.client.get(f"contracts/{contract}")["content_sha256"]
        return {"challenge_id": person.prove_will(contract, content), "content_sha256": content}

    def progress(self, contract: str) -> dict[str, Any]:
        found: dict[str, Any] = self.worker.client.get(f"contracts/{contract}/progress")
        return found

    def complete(self, contract: str) -> None:
        """Wait until it is complete, with one signature per party."""
        self.worker.wait_until_completed(contract, 90)
        self.done += 1
        assert self.worker.download(contract).startswith(b"%PDF-")
        with self.inside(), db.reading() as session:
            number = session.scalars(select(Contract.revision_number).where(Contract.id == uuid.UUID(contract))).one()
        assert number == 2

    def sms(self, template: str) -> list[dict[str, Any]]:
        return [sms for sms in self.sandbox.texts(WORKER.phone) if sms["template"] == template]

    def work_through(self, contract: str) -> None:
        """The rest of the way of a contract that the worker has signed."""
        self.worker.wait_until_sealed(contract, 90)
        self.stamp(contract).send()
        self.complete(contract)

    def kill_at(self, point: str) -> None:
        """The next process that comes to `point` dies there."""
        self.crash_file.write_text(point, encoding="ascii")

    def is_dead(self) -> bool:
        """Whether a process has died at the point."""
        return not self.crash_file.exists()

    def repeat(self, submission: Submission) -> dict[str, Any]:
        """As a client does that got no answer: until there is one, half a minute later at the latest."""
        with self.inside():
            half_a_minute_passes()

        def answered() -> dict[str, Any] | None:
            try:
                return submission.send()
            except Refused as refused:
                if refused.code != "request_in_progress":
                    raise
                return None

        return eventually(answered, timeout=40)  # type: ignore[return-value]

    @contextmanager
    def inside(self) -> Iterator[SealingPorts]:
        """This process connected to the product's own database, files and keys."""
        place = Place(self.product.data)
        told = child_environment(place, self.product.environment, self.product.url, sandbox=True)
        settings = Settings.from_environment(told)
        before = crypto._keyring()
        crypto.configure(settings.keyring())
        db.configure(settings.database_url)
        try:
            yield sealing_ports(build_providers(settings))
        finally:
            db.dispose()
            crypto.configure(before)

    def check(self) -> None:
        """Nothing is left to do, everything is true, and each completed contract was told once."""
        with self.inside() as ports:
            eventually(lambda: outbox_state().due == 0, timeout=60)
            assert outbox_state().parked == 0
            assert_world(ports)
        assert len(self.sms(DONE)) == self.done

    def fault(self, vendor: str, kind: str, *, times: int = 0, seconds: float = 1) -> None:
        """Order a fault; 0 times is until `mend`."""
        order = {"vendor": vendor, "kind": kind, "times": times, "seconds": seconds}
        requests.post(f"{self.sandbox.base}/__sandbox/faults", json=order, timeout=10).raise_for_status()

    def asked(self, vendor: str) -> int:
        """How often the product has called a vendor since `mend`."""
        log = requests.get(f"{self.sandbox.base}/__sandbox/log", {"vendor": vendor}, timeout=10).json()
        return len(log)

    def mend(self) -> None:
        for what in ("faults", "log"):
            requests.delete(f"{self.sandbox.base}/__sandbox/{what}", timeout=10).raise_for_status()


def half_a_minute_passes() -> None:
    """For attempts without an answer: another one may take them over after 30 s."""
    with db.transaction() as session:
        open_attempts = update(IdempotencyRecord).where(IdempotencyRecord.answer_ciphertext.is_(None))
        session.execute(open_attempts.values(created_at=now() - timedelta(seconds=31)))


def one_page(path: Path) -> Path:
    """One A4 page: quick to check and to draw."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(595.276, 841.89))
        pdf.pages[0].Contents = pdf.make_stream(b"1 0 0 RG 60 700 400 60 re S 0 0 0 rg 60 640 300 12 re f")
        pdf.save(path)
    return path
