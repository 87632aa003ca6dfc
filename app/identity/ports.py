"""What identity needs from the outside world."""

from dataclasses import dataclass
from typing import Protocol

from app.core.checks import CheckResult


class CarrierRegistry(Protocol):
    """Carrier three-factor check (B2 phone): do name, ID number and phone belong together?"""

    def check_phone_owner(self, *, name: str, id_number: str, phone: str, reference: str) -> CheckResult:
        """MATCH, MISMATCH, NO_RECORD, UNSUPPORTED (virtual operators), RATE_LIMITED or UNAVAILABLE."""


@dataclass(frozen=True, slots=True)
class FaceSession:
    """A started face check: the vendor's own id, and the page that the person opens."""

    provider_ref: str
    url: str


class FaceVerifier(Protocol):
    """Liveness + comparison with the authority's picture of that very person (B3)."""

    def start(self, *, name: str, id_number: str, reference: str, return_url: str) -> FaceSession:
        """`reference`: unique, ≤ 32 alphanumerics. Raises ProviderError."""

    def result(self, *, provider_ref: str) -> CheckResult:
        """Asked by the server, never believed from a client. PENDING until the person is done."""
