"""The platform without HTTP: use cases, stored bytes, real signatures, and people who use it.

Ports are fakes or in-process authorities; everything else is the product.
"""

import traceback
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import CertificateSigningRequest, load_der_x509_csr
from sqlalchemy import select

from app.adapters.local_blobs import LocalBlobStore
from app.adapters.software_keys import SoftwareKeyStore
from app.contracts.models import Contract
from app.contracts.queries import get_contract
from app.contracts.service.drafting import PlaceInput, create_draft, place_fields, update_draft
from app.contracts.service.responding import confirm_contract, record_page_views
from app.contracts.service.sending import send_contract
from app.contracts.service.signing import prove_intent, seal_contract, sign_contract, start_intent
from app.core.clock import now, set_clock
from app.core.db import in_transaction, reading
from app.core.errors import ProviderError
from app.identity.face_checks import FaceWay
from app.jobs.models import Job
from app.jobs.service import Claim, describe, run_job
from app.providers import Providers
from app.runner.handlers import build_handlers
from app.signing.ports import IssuedCertificate, KeyAlgorithm
from app.signing.sealing import SealingPorts
from app.storage.service import organisation_scope, read_file
from tests.factories import Employer, Worker, employer_with_seal, files_in, last_code, some_ink, verified_worker
from tests.fakes import FakeBank, FakeCarrier, FakeFace, FakeMessenger, FakeRegistry, FakeSms, fake_platforms
from tests.oracle import assert_world
from tests.signing.engine.pki import Authority, TestTimestamper

HOME = {"region": ["吉林省", "长春市", "朝阳区"], "detail": "人民大街 1000 号"}
# Where a vendor would send people back to: nowhere.
NO_FACE = FaceWay("")


@dataclass
class _Applicant:
    """Stands for a private key that the authority never sees."""

    csr: CertificateSigningRequest

    def public_key(self) -> object:
        return self.csr.public_key()


@dataclass
class FakeAuthority:
    """CertificateAuthority with a root of its own; `error` is what it answers when it is down."""

    authority: Authority
    issued: list[str] = field(default_factory=list)
    error: ProviderError | None = None
    days: int = 365
    meanwhile: Callable[[], object] | None = None  # what happens while it thinks

    def issue(self, request: bytes, *, profile: str, reference: str) -> IssuedCertificate:
        assert not in_transaction()
        if self.error is not None:
            raise self.error
        if self.meanwhile is not None:
            self.meanwhile()
        csr = load_der_x509_csr(request)
        self.issued.append(profile)
        leaf = self.authority.issue(csr.subject, _Applicant(csr), days=self.days)  # type: ignore[arg-type]
        return IssuedCertificate((leaf.public_bytes(Encoding.DER), self.authority.der))

    def roots(self) -> tuple[bytes, ...]:
        return (self.authority.der,)


@dataclass
class FlakyTimestamper:
    """A real time-stamping authority that can be down."""

    real: TestTimestamper
    error: ProviderError | None = None
    after: Callable[[], object] | None = None  # what happens once the token is there

    def stamp(self, digest: bytes) -> bytes:
        assert not in_transaction()
        if self.error is not None:
            raise self.error
        token = self.real.stamp(digest)
        if self.after is not None:
            self.after()
        return token

    def roots(self) -> tuple[bytes, ...]:
        return self.real.roots()


@dataclass
class World:
    """One platform and the clock on its wall."""

    providers: Providers
    pdf: bytes
    moment: datetime = field(default_factory=now)

    @property
    def ports(self) -> SealingPorts:
        p = self.providers
        return SealingPorts(p.blobs, p.authority, p.key_store, p.timestamper, p.key_algorithm)

    @property
    def sms(self) -> FakeSms:
        assert isinstance(self.providers.sms, FakeSms)
        return self.providers.sms

    @property
    def face(self) -> FakeFace:
        face = self.providers.faces["alipay"]
        assert isinstance(face, FakeFace)
        return face

    @property
    def messenger(self) -> FakeMessenger:
        """WeChat's."""
        found = self.providers.messengers["weixin"]
        assert isinstance(found, FakeMessenger)
        return found

    @property
    def timestamper(self) -> FlakyTimestamper:
        assert isinstance(self.providers.timestamper, FlakyTimestamper)
        return self.providers.timestamper

    @property
    def authority(self) -> FakeAuthority:
        assert isinstance(self.providers.authority, FakeAuthority)
        return self.providers.authority

    def tick(self) -> datetime:
        """Time passes with every look at the clock, so that things have an order."""
        self.moment += timedelta(milliseconds=1)
        return self.moment

    def pass_time(self, **amount: float) -> None:
        """Move the clock on: `pass_time(minutes=11)`."""
        self.moment += timedelta(**amount)

    def work(self) -> list[str]:
        """Do every job that is due, until none is left. Returns what failed."""
        handlers, failures = build_handlers(self.providers), []
        while True:
            with reading() as session:
                open_jobs = select(Job.id).where(Job.done_at.is_(None), Job.parked_at.is_(None))
                due = session.scalars(open_jobs.where(Job.run_at <= now()).order_by(Job.run_at)).all()
            ran = [run_job(job, handlers, lambda claim, error: failures.append(_told(claim, error))) for job in due]
            if not any(ran):
                return failures

    def settle(self) -> None:
        """Do all work; nothing may fail."""
        failures = self.work()
        assert failures == [], failures

    def check(self, *, settled: bool = True) -> None:
        assert_world(self.ports, settled=settled)

    def draft(self, employer: Employer, worker: Worker) -> Contract:
        """Uploaded, described and placed: ready to be sent."""
        draft = create_draft(
            actor=employer.actor, filename="劳动合同.pdf", data=self.pdf, title="劳动合同", blobs=self.providers.blobs
        )
        update_draft(
            actor=employer.actor, contract_id=draft.id, worker_name=worker.name, worker_phone=worker.phone,
            terms={"post": "软件工程师", "pay": "每月 9000 元"},
        )  # fmt: skip
        last = len(draft.pages)
        places = [
            PlaceInput("seal", last, 0.1, 0.6, 0.2, 0.1414),
            PlaceInput("signature", last, 0.55, 0.62, 0.25, 0.06),
        ]
        return place_fields(actor=employer.actor, contract_id=draft.id, places=places)

    def send(self, employer: Employer, worker: Worker) -> Contract:
        draft = self.draft(employer, worker)
        return send_contract(
            actor=employer.actor, contract_id=draft.id, blobs=self.providers.blobs, link_url=self.providers.link_url
        )

    def read(self, worker: Worker, contract: Contract) -> None:
        """All pages, for as long as reading takes."""
        record_page_views(actor=worker.actor, contract_id=contract.id, pages=range(1, len(contract.pages) + 1))
        self.pass_time(seconds=61)

    def confirm(self, worker: Worker, contract: Contract) -> Contract:
        self.read(worker, contract)
        assert contract.content_sha256 is not None
        return confirm_contract(
            actor=worker.actor, contract_id=contract.id, content_sha256=contract.content_sha256,
            habitual_residence=HOME, registered_residence=HOME,
        )  # fmt: skip

    def prove_will(self, person: Worker | Employer, contract: Contract) -> uuid.UUID:
        """A challenge for this contract, proved by the code in the SMS."""
        self.pass_time(seconds=61)
        assert contract.content_sha256 is not None
        intent = start_intent(
            actor=person.actor, contract_id=contract.id, method="sms", content_sha256=contract.content_sha256,
            way=FaceWay(""), faces=self.providers.faces,
        )  # fmt: skip
        proved = prove_intent(actor=person.actor, intent_id=intent.id, code=last_code(person.phone))
        assert proved.status == "proved"
        return intent.id

    def sign(self, worker: Worker, contract: Contract) -> Contract:
        assert contract.content_sha256 is not None
        return sign_contract(
            actor=worker.actor, contract_id=contract.id, challenge_id=self.prove_will(worker, contract),
            content_sha256=contract.content_sha256, ink=some_ink(),
        )  # fmt: skip

    def seal(self, employer: Employer, contract: Contract) -> Contract:
        assert contract.content_sha256 is not None
        assert employer.seal_id is not None
        return seal_contract(
            actor=employer.actor, contract_id=contract.id, challenge_id=self.prove_will(employer, contract),
            content_sha256=contract.content_sha256, seal_id=employer.seal_id,
        )  # fmt: skip

    def sent(self) -> tuple[Employer, Worker, Contract]:
        employer, worker = employer_with_seal(), verified_worker()
        return employer, worker, self.send(employer, worker)

    def confirmed(self) -> tuple[Employer, Worker, Contract]:
        employer, worker, contract = self.sent()
        return employer, worker, self.confirm(worker, contract)

    def signed(self) -> tuple[Employer, Worker, Contract]:
        employer, worker, contract = self.confirmed()
        self.sign(worker, contract)
        self.settle()
        return employer, worker, self.reload(employer, contract)

    def completed(self) -> tuple[Employer, Worker, Contract]:
        employer, worker, contract = self.signed()
        self.seal(employer, contract)
        self.settle()
        return employer, worker, self.reload(employer, contract)

    def complete(self, employer: Employer, worker: Worker, draft: Contract) -> Contract:
        """From a draft that is ready to the completed contract."""
        contract = send_contract(
            actor=employer.actor, contract_id=draft.id, blobs=self.providers.blobs, link_url=self.providers.link_url
        )
        self.confirm(worker, contract)
        self.sign(worker, contract)
        self.settle()
        self.seal(employer, contract)
        self.settle()
        return self.reload(employer, contract)

    def reload(self, person: Worker | Employer, contract: Contract) -> Contract:
        return get_contract(actor=person.actor, contract_id=contract.id)

    def stored_pdf(self, contract: Contract) -> bytes:
        assert contract.revision_sha256 is not None
        scope = organisation_scope(contract.organisation_id)
        return read_file(self.providers.blobs, scope=scope, sha256=contract.revision_sha256)


def _told(claim: Claim, error: Exception) -> str:
    """What failed, with the place where it did: a test that expects none shows it."""
    if isinstance(error, ProviderError):
        return f"{claim.kind}: {describe(error)}"
    return f"{claim.kind}: " + "".join(traceback.format_exception(error)[-3:])


def make_world(directory: Path, pdf: bytes, key_algorithm: KeyAlgorithm = KeyAlgorithm.P256) -> World:
    root = Authority.create("测试根证书")
    providers = Providers(
        sms=FakeSms(), carrier=FakeCarrier(), faces={"alipay": FakeFace()}, bank=FakeBank(), registry=FakeRegistry(),
        blobs=LocalBlobStore(directory / "files", minimum_free=0.0), authority=FakeAuthority(root),
        key_store=SoftwareKeyStore(), timestamper=FlakyTimestamper(TestTimestamper.create(Authority.create("时间戳"))),
        public_url="http://127.0.0.1:8000", key_algorithm=key_algorithm, **fake_platforms(),
    )  # fmt: skip
    return World(providers, pdf)


@pytest.fixture
def world(database: object, tmp_path: Path, one_page_pdf: bytes) -> "object":
    """A clean platform on each database, with a clock that tests move."""
    made = make_world(tmp_path, one_page_pdf)
    set_clock(made.tick)
    with files_in(made.providers.blobs):
        yield made
    set_clock(None)
