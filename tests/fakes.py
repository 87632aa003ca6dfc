"""Fakes of the ports, with outcomes that a test sets.

Each refuses to be called inside a transaction: no vendor is ever waited for while rows are locked.
"""

import base64
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.accounts.errors import ExternalLoginRefused, PhoneProofInvalid, PlatformCodeInvalid
from app.accounts.ports import ExternalIdentityClaims, PlatformIdentity
from app.core.checks import CheckResult, Outcome
from app.core.db import in_transaction
from app.core.errors import ProviderError
from app.identity.ports import FaceSession, FaceSubject
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
class FakeBank:
    """BankRegistry. `asked`: (name, kind of document, its number, card, phone) of every question."""

    outcome: Outcome = Outcome.MATCH
    error: ProviderError | None = None
    asked: list[tuple[str, str, str, str, str]] = field(default_factory=list)

    def check_card_owner(
        self, *, name: str, id_type: str, id_number: str, card_number: str, phone: str, reference: str
    ) -> CheckResult:
        assert not in_transaction()
        self.asked.append((name, id_type, id_number, card_number, phone))
        if self.error is not None:
            raise self.error
        return _answer(self.outcome, "fake_bank", reference)


@dataclass
class FakeFace:
    """FaceVerifier. `outcome` is the answer about every check, unless `outcomes` has one for its reference.

    `asked`: (subject, reference, openid) of every question about a result.
    """

    outcome: Outcome = Outcome.MATCH
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    start_error: ProviderError | None = None
    result_error: ProviderError | None = None
    started: list[tuple[str, str, str]] = field(default_factory=list)
    asked: list[tuple[FaceSubject, str, str]] = field(default_factory=list)
    polls: int = 0

    def start(self, *, subject: FaceSubject, reference: str, return_url: str, openid: str = "") -> FaceSession:
        assert not in_transaction()
        assert reference.isalnum()
        assert len(reference) <= 32
        if self.start_error is not None:
            raise self.start_error
        self.started.append((subject.name, subject.id_number, return_url))
        return FaceSession(f"face-{reference}", f"https://face.example/{reference}", {"ref": reference})

    def result(self, *, provider_ref: str, subject: FaceSubject, reference: str, openid: str = "") -> CheckResult:
        assert not in_transaction()
        assert provider_ref == f"face-{reference}"
        self.polls += 1
        self.asked.append((subject, reference, openid))
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


@dataclass
class FakeMiniPlatform:
    """MiniPlatform. A code `code-<subject>-<n>` is good once; a proof `proof-<phone>-<n>` too."""

    app_id: str = "wx-fake"
    error: ProviderError | None = None
    used: set[str] = field(default_factory=set)

    def exchange_code(self, *, code: str) -> PlatformIdentity:
        return PlatformIdentity(self._part(code, "code", PlatformCodeInvalid))

    def phone_number(self, *, proof: str, subject: str) -> str:
        return self._part(proof, "proof", PhoneProofInvalid)

    def link_to_app(self, *, page: str, query: str) -> str:
        assert not in_transaction()
        if self.error is not None:
            raise self.error
        return f"https://mini.example/{self.app_id}/{page}?{query}"

    def _part(self, value: str, kind: str, refusal: type[Exception]) -> str:
        assert not in_transaction()
        if self.error is not None:
            raise self.error
        words = value.split("-")
        if len(words) != 3 or words[0] != kind or value in self.used:
            raise refusal
        self.used.add(value)
        return words[1]


@dataclass(frozen=True)
class SentMiniMessage:
    subject: str
    template: str
    data: dict[str, str]
    page: str
    reference: str


@dataclass
class FakeMessenger:
    """MiniMessenger that remembers. `error`: what the platform answers instead of taking the message."""

    sent: list[SentMiniMessage] = field(default_factory=list)
    error: ProviderError | None = None
    subscribe_templates: dict[str, str] = field(default_factory=lambda: {"CONTRACT_LINK": "T1", "CONTRACT_DONE": "T2"})
    employee_templates: dict[str, str] = field(default_factory=lambda: {"CONTRACT_WITHDRAWN": "E1"})

    def send(self, *, subject: str, template: str, data: Mapping[str, str], page: str, reference: str) -> None:
        assert not in_transaction()
        if self.error is not None:
            raise self.error
        self.sent.append(SentMiniMessage(subject, template, dict(data), page, reference))


@dataclass
class FakeIdentityProvider:
    """IdentityProvider. `codes`: claims by code, each good once, for the challenge and nonce that were asked with."""

    label_zh: str = "测试身份认证"
    label_en: str = "Test identity"
    error: ProviderError | None = None
    codes: dict[str, ExternalIdentityClaims] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)

    def authorization_url(self, *, state: str, nonce: str, code_challenge: str, redirect_uri: str) -> str:
        assert not in_transaction()
        if self.error is not None:
            raise self.error
        self.asked.append({"state": state, "nonce": nonce, "challenge": code_challenge, "redirect_uri": redirect_uri})
        return f"https://op.example/authorize?state={state}"

    def exchange(self, *, code: str, code_verifier: str, nonce: str, redirect_uri: str) -> ExternalIdentityClaims:
        assert not in_transaction()
        if self.error is not None:
            raise self.error
        digest = hashlib.sha256(code_verifier.encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        fits = {"nonce": nonce, "challenge": challenge, "redirect_uri": redirect_uri}
        if code not in self.codes or not any(fits.items() <= asked.items() for asked in self.asked):
            raise ExternalLoginRefused
        return self.codes.pop(code)


def fake_platforms() -> dict[str, Any]:
    """The ports of mini-programs and identity providers, as arguments of `Providers`."""
    return {
        "mini": {"weixin": FakeMiniPlatform(), "alipay": FakeMiniPlatform("20210001")},
        "messengers": {"weixin": FakeMessenger(), "alipay": FakeMessenger()},
        "identity_providers": {
            "gov": FakeIdentityProvider(),
            "social_card": FakeIdentityProvider("测试社保卡", "Test social card"),
        },
    }
