"""All ports of the product in one frozen value. Built by `app.wiring`; handed down as arguments."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.accounts.ports import EventSource, IdentityProvider, MiniPlatform
from app.identity.ports import BankRegistry, CarrierRegistry, FaceVerifier
from app.notifications.ports import MiniMessenger, SmsSender
from app.organisations.ports import OrganisationRegistry
from app.signing.ports import CertificateAuthority, KeyAlgorithm, KeyStore, Timestamper
from app.storage.ports import BlobStore


@dataclass(frozen=True, slots=True)
class Providers:
    """The outside world as this process reaches it. `public_url`: without a trailing slash.

    `mini`, `messengers` and `event_sources`: by platform, "weixin" and "alipay". `identity_providers`: "gov" and
    "social_card". Only those that are configured. `faces`: "alipay", "tencent" and "wechat", the preferred one first.
    """

    sms: SmsSender
    carrier: CarrierRegistry
    faces: Mapping[str, FaceVerifier]
    bank: BankRegistry
    registry: OrganisationRegistry
    blobs: BlobStore
    authority: CertificateAuthority
    key_store: KeyStore
    timestamper: Timestamper
    public_url: str
    key_algorithm: KeyAlgorithm
    mini: Mapping[str, MiniPlatform] = field(default_factory=dict)
    messengers: Mapping[str, MiniMessenger] = field(default_factory=dict)
    identity_providers: Mapping[str, IdentityProvider] = field(default_factory=dict)
    event_sources: Mapping[str, EventSource] = field(default_factory=dict)

    @staticmethod
    def link_url(token: str) -> str:
        """What an SMS link adds to the domain in the approved text; the token is in the fragment (T-05)."""
        return f"h5/#/pages/landing/index?t={token}"

    def return_url(self, path: str) -> str:
        """Absolute address of one of our own pages; `path` starts with a slash and was checked by the channel."""
        return f"{self.public_url}{path}"
