"""The one vocabulary in which vendors' verdicts reach the domain."""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """Normalised verdict of a check. UNAVAILABLE is never turned into MISMATCH."""

    MATCH = "match"
    MISMATCH = "mismatch"
    NO_RECORD = "no_record"
    INVALID_INPUT = "invalid_input"
    UNSUPPORTED = "unsupported"
    RATE_LIMITED = "rate_limited"
    UNAVAILABLE = "unavailable"
    PENDING = "pending"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """A vendor's answer without personal data; kept as evidence (provider's own code and request id)."""

    outcome: Outcome
    provider: str
    provider_code: str = ""
    provider_message: str = ""
    request_id: str = ""
    charged: bool = False
