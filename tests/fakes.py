"""Fakes of the ports, with outcomes that a test sets.

Each refuses to be called inside a transaction: no vendor is ever waited for while rows are locked.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from app.core.checks import CheckResult, Outcome
from app.core.db import in_transaction
from app.core.errors import ProviderError
from app.identity.ports import FaceSession
from app.notifications.ports import SmsReceipt


def _answer(outcome: Outcome, provider: str, reference: str) -> CheckResult:
    return CheckResult(outcome, provider, provider_code=f"code-{outcome}", request_id=f"request-{reference}"[:60])


@dataclass(frozen=True)
class SentSms:
    phone: str
    template: str
    params: dict[str, str]
    reference: str


@dataclass
class FakeSms:
    """SmsSender that remembers. `error`: what the vendor answers instead of taking the message."""

    sent: list[SentSms] = field(default_factory=list)
    error: ProviderError | None = None

    def send(self, *, phone: str, template: str, params: Mapping[str, str], reference: str) -> SmsReceipt:
        assert not in_transaction()
        if self.error is not None:
            raise self.error
        self.sent.append(SentSms(phone, template, dict(params), reference))
        return SmsReceipt("fake_sms", f"sms-{reference}")

    def last(self, phone: str) -> SentSms:
        return next(message for message in reversed(self.sent) if message.phone == phone)


@dataclass
class FakeCarrier:
    """CarrierRegistry. `asked`: (name, ID number, phone) of every question."""

    outcome: Outcome = Outcome.MATCH
    error: ProviderError | None = None
    asked: list[tuple[str, str, str]] = field(default_factory=list)

    def check_phone_owner(self, *, name: str, id_number: str, phone: str, reference: str) -> CheckResult:
        assert not in_transaction()
        self.asked.append((name, id_number, phone))
        if self.error is not None:
            raise self.error
        return _answer(self.outcome, "fake_carrier", reference)


@dataclass
class FakeFace:
    """FaceVerifier. `outcome` is the answer about every check, unless `outcomes` has one for its reference."""

    outcome: Outcome = Outcome.MATCH
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    start_error: ProviderError | None = None
    result_error: ProviderError | None = None
    started: list[tuple[str, str, str]] = field(default_factory=list)
    polls: int = 0

    def start(self, *, name: str, id_number: str, reference: str, return_url: str) -> FaceSession:
        assert not in_transaction()
        assert reference.isalnum()
        assert len(reference) <= 32
        if self.start_error is not None:
            raise self.start_error
        self.started.append((name, id_number, return_url))
        return FaceSession(f"face-{reference}", f"https://face.example/{reference}")

    def result(self, *, provider_ref: str) -> CheckResult:
        assert not in_transaction()
        self.polls += 1
        if self.result_error is not None:
            raise self.result_error
        return _answer(self.outcomes.get(provider_ref, self.outcome), "fake_face", provider_ref)


@dataclass
class FakeRegistry:
    """OrganisationRegistry. `asked`: (name, code, representative, representative's ID number)."""

    outcome: Outcome = Outcome.MATCH
    error: ProviderError | None = None
    asked: list[tuple[str, str, str, str]] = field(default_factory=list)

    def check_organisation(
        self, *, name: str, uscc: str, legal_representative: str, legal_representative_id: str, reference: str
    ) -> CheckResult:
        assert not in_transaction()
        self.asked.append((name, uscc, legal_representative, legal_representative_id))
        if self.error is not None:
            raise self.error
        return _answer(self.outcome, "fake_registry", reference)


@dataclass
class MemoryBlobs:
    """BlobStore that keeps everything in memory."""

    kept: dict[str, bytes] = field(default_factory=dict)

    def put(self, key: str, data: bytes) -> None:
        assert not in_transaction()
        self.kept.setdefault(key, data)

    def get(self, key: str) -> bytes:
        return self.kept[key]

    def delete(self, key: str) -> None:
        self.kept.pop(key, None)

    def list_before(self, moment: datetime) -> Iterator[str]:
        return iter(list(self.kept))

    def free_ratio(self) -> float:
        return 1.0
