"""What accounts need from the outside world: platforms that know their users, and identity providers (A4–A6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


@dataclass(frozen=True, slots=True)
class PlatformIdentity:
    """Whom a platform says that it serves: WeChat's openid, Alipay's open_id or user_id. Good for one app only."""

    subject: str


class MiniPlatform(Protocol):
    """The platform in which one of our mini-programs runs."""

    app_id: str

    def exchange_code(self, *, code: str) -> PlatformIdentity:
        """Who logged in, for a code that the platform gave to our mini-program: one use, a few minutes.

        No session key leaves the adapter. Raises PlatformCodeInvalid (used, too old, made up), PlatformUserBlocked,
        ProviderError.
        """

    def phone_number(self, *, proof: str, subject: str) -> str:
        """The phone (11 digits, mainland) that the platform knows of its user `subject`.

        `proof`: WeChat's code of the phone button; Alipay's encrypted answer as JSON. It says what the platform was
        told once, not who holds the number today.
        Raises PhoneProofInvalid, ProviderError.
        """

    def link_to_app(self, *, page: str, query: str) -> str:
        """An address that opens our mini-program on `page` with `query`, from a browser. Raises ProviderError."""


@dataclass(frozen=True, slots=True)
class ExternalIdentityClaims:
    """What an identity provider says of whom it logged in. `phone`: 11 digits or ""; `phone_verified`: at some time."""

    subject: str
    phone: str = ""
    phone_verified: bool = False


class IdentityProvider(Protocol):
    """An OpenID Connect provider: the provincial government identity, the electronic social-security card."""

    label_zh: str
    label_en: str

    def authorization_url(self, *, state: str, nonce: str, code_challenge: str, redirect_uri: str) -> str:
        """Where the person logs in. `code_challenge`: S256 (RFC 7636). Raises ProviderError."""

    def exchange(self, *, code: str, code_verifier: str, nonce: str, redirect_uri: str) -> ExternalIdentityClaims:
        """Who it was. The adapter verifies the id_token: issuer, audience, time, nonce, signature, algorithm.

        Raises ExternalLoginRefused (the code or the token is not what it should be), ProviderError.
        """


class EventKind(StrEnum):
    """What a user did at the platform that concerns us."""

    MESSAGES_REFUSED = "messages_refused"
    IDENTITY_WITHDRAWN = "identity_withdrawn"  # took back what the app may know, or closed the account there


@dataclass(frozen=True, slots=True)
class PlatformEvent:
    """A verified event. `key`: the same when it is delivered again. `templates`: the platform's ids.

    `happened_at`: the last moment at which it can have happened; what the user did later is not touched by it.
    """

    key: str
    kind: EventKind
    subject: str
    happened_at: datetime
    templates: tuple[str, ...] = ()


class EventSource(Protocol):
    """Events that a mini-program's platform pushes to us."""

    app_id: str

    def echo(self, *, parameters: Mapping[str, str]) -> str:
        """What to answer when the platform asks whether the address is ours. Raises PlatformEventRefused."""

    def read(self, *, parameters: Mapping[str, str], body: bytes) -> PlatformEvent | None:
        """The event in a request, or None for one that does not concern us.

        `parameters`: the query, or the fields of a form. Raises PlatformEventRefused: not signed by the platform, for
        another app, or too old.
        """
