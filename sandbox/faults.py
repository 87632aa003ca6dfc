"""Fault orders: what tests tell a vendor to get wrong, and how often."""

import threading
from dataclasses import asdict, dataclass
from typing import Any

VENDORS = ("aliyun-sms", "tencent-sms", "tencent-faceid", "alipay", "wechat", "oidc", "registry", "ca", "tsa")
WIRE_KINDS = (
    "latency",  # answer, but `seconds` later
    "timeout",  # do nothing, keep silent for `seconds`, then drop the connection
    "lost_answer",  # do everything, then drop the connection instead of answering
    "refuse",  # drop the connection at once
    "http_500",
    "malformed",  # the right headers, half of the body
    "wrong_content_type",
)
VENDOR_KINDS = (
    "rate_limit",  # the vendor's own way of saying "too often"
    "bad_signature",  # alipay, tsa, oidc: an answer whose signature is wrong
    "token_expired",  # wechat: the access token ends while the request is under way; oidc: an id_token of an hour ago
    "token_refused",  # wechat: the access token is refused although it is the one in force
    "user_blocked",  # wechat: the platform does not let this user log in
    "wrong_issuer",  # oidc: an id_token of somebody else
    "wrong_audience",  # oidc: an id_token for somebody else
    "wrong_nonce",  # oidc: an id_token of another login
    "unsigned",  # oidc: an id_token with `alg: none`
    "duplicate_callback",  # SMS: the receipt arrives twice
    "early_callback",  # SMS: the receipt arrives before the answer to our request
)
_FOREVER = 0


@dataclass(slots=True)
class Fault:
    """`times` requests left (0: until cleared); `seconds` for latency and timeout."""

    vendor: str
    kind: str
    times: int = 1
    seconds: float = 1.0


class Faults:
    """The armed orders, oldest first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._armed: list[Fault] = []

    def arm(self, fault: Fault) -> None:
        """Raises ValueError with a Chinese message for an unknown vendor or kind, or a negative number."""
        if fault.vendor not in VENDORS:
            raise ValueError(f"没有这个服务商：{fault.vendor}，可选 {'、'.join(VENDORS)}")
        if fault.kind not in WIRE_KINDS + VENDOR_KINDS:
            raise ValueError(f"没有这种故障：{fault.kind}，可选 {'、'.join(WIRE_KINDS + VENDOR_KINDS)}")
        if fault.times < 0 or not 0 <= fault.seconds <= 600:
            raise ValueError("times 不能为负；seconds 在 0 到 600 之间")
        with self._lock:
            self._armed.append(fault)

    def take(self, vendor: str, *kinds: str) -> Fault | None:
        """Use up one occurrence of the oldest matching order."""
        with self._lock:
            for fault in self._armed:
                if fault.vendor == vendor and fault.kind in kinds:
                    if fault.times == 1:
                        self._armed.remove(fault)
                    elif fault.times != _FOREVER:
                        fault.times -= 1
                    return fault
        return None

    def clear(self) -> None:
        with self._lock:
            self._armed.clear()

    def listed(self) -> list[dict[str, Any]]:
        with self._lock:
            return [asdict(fault) for fault in self._armed]
