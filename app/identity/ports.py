"""What identity needs from the outside world."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from app.core.checks import CheckResult


class CarrierRegistry(Protocol):
    """Carrier three-factor check (B2 phone): do name, ID number and phone belong together?"""

    def check_phone_owner(self, *, name: str, id_number: str, phone: str, reference: str) -> CheckResult:
        """MATCH, MISMATCH, NO_RECORD, UNSUPPORTED (virtual operators), RATE_LIMITED or UNAVAILABLE."""


class BankRegistry(Protocol):
    """Bank card four-factor check (B2 bank): do name, document, card and the phone at the bank belong together?"""

    def check_card_owner(
        self, *, name: str, id_type: str, id_number: str, card_number: str, phone: str, reference: str
    ) -> CheckResult:
        """MATCH, MISMATCH, UNSUPPORTED (this card, or this document), INVALID_INPUT, RATE_LIMITED or UNAVAILABLE.

        `id_type`: an IdType.
        """


@dataclass(frozen=True, slots=True)
class FaceSubject:
    """The person who has to be in front of the camera, by the resident's card."""

    name: str
    id_number: str


@dataclass(frozen=True, slots=True)
class FaceSession:
    """A started face check: the vendor's own id, and the page that the person opens (none: mini-programs only).

    `app_call`: what a mini-program hands to its platform instead of opening the page; empty if it can't.
    """

    provider_ref: str
    url: str
    app_call: Mapping[str, str] = field(default_factory=dict)


class FaceVerifier(Protocol):
    """Liveness + comparison with the authority's picture of that very person (B3)."""

    def start(self, *, subject: FaceSubject, reference: str, return_url: str, openid: str = "") -> FaceSession:
        """`reference`: unique, ≤ 32 alphanumerics. `openid`: the person's at WeChat, if known. Raises ProviderError."""

    def result(self, *, provider_ref: str, subject: FaceSubject, reference: str, openid: str = "") -> CheckResult:
        """Asked by the server, never believed from a client. PENDING until the person is done.

        All but `provider_ref` as they were given to `start`: an answer about somebody or something else is no MATCH.
        """
