"""What accounts need from the outside world: platforms that know their users, and identity providers (A4–A6)."""

from dataclasses import dataclass
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

        `proof`: WeChat's code of the phone button; Alipay's encrypted answer as JSON. Proves the phone, no name.
        Raises PhoneProofInvalid, ProviderError.
        """

    def link_to_app(self, *, page: str, query: str) -> str:
        """An address that opens our mini-program on `page` with `query`, from a browser. Raises ProviderError."""


@dataclass(frozen=True, slots=True)
class ExternalIdentityClaims:
    """What an identity provider says of whom it logged in. `phone`: 11 digits or ""; believed when `phone_verified`."""

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
