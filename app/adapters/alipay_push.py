"""Events that Alipay pushes to the app's gateway: a form, signed RSA2.

Source: stored vendor pages [2nd] (`alipay.open.auth.userauth.cancelled`, its fields). Not called by the live service.
Whether `sign_type` is among what is signed differs between Alipay's own pages, so both are verified. Repeated about
eight times in 25 hours with the same `notify_id`.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from app.accounts.errors import PlatformEventRefused
from app.accounts.ports import EventKind, PlatformEvent
from app.adapters.alipay import alipay_key
from app.adapters.alipay_envelope import is_signed_by
from app.core.clock import now

CANCELLED = "alipay.open.auth.userauth.cancelled"
OLDEST, SKEW = timedelta(days=2), timedelta(minutes=5)


class AlipayEvents:
    """EventSource. `alipay_public_key_pem`: Alipay's."""

    def __init__(self, app_id: str, alipay_public_key_pem: str) -> None:
        self.app_id = app_id
        self._key = alipay_key(alipay_public_key_pem)

    def echo(self, *, parameters: Mapping[str, str]) -> str:
        """See `EventSource.echo`. Alipay never asks."""
        raise PlatformEventRefused

    def read(self, *, parameters: Mapping[str, str], body: bytes) -> PlatformEvent | None:
        """See `EventSource.read`."""
        if parameters.get("sign_type") != "RSA2" or not self._is_signed(parameters):
            raise PlatformEventRefused
        if parameters.get("app_id") != self.app_id:
            raise PlatformEventRefused
        pushed_at, notify_id = _moment(parameters.get("utc_timestamp")), parameters.get("notify_id")
        if pushed_at is None or not -SKEW <= now() - pushed_at <= OLDEST or not notify_id:
            raise PlatformEventRefused
        if parameters.get("msg_method") != CANCELLED:
            return None
        content = _object(parameters.get("biz_content", ""))
        subject = content.get("open_id") or content.get("user_id")
        if not isinstance(subject, str) or content.get("app_id", self.app_id) != self.app_id:
            return None
        happened_at = min(pushed_at, _moment(content.get("cancel_time")) or pushed_at)
        key = hashlib.sha256(notify_id.encode()).hexdigest()
        return PlatformEvent(key, EventKind.IDENTITY_WITHDRAWN, subject, happened_at)

    def _is_signed(self, parameters: Mapping[str, str]) -> bool:
        sign = parameters.get("sign", "")
        texts = (_text(parameters, {"sign", "sign_type"}), _text(parameters, {"sign"}))
        return any(is_signed_by(self._key, text, sign) for text in texts)


def _text(parameters: Mapping[str, str], without: set[str]) -> str:
    return "&".join(f"{name}={value}" for name, value in sorted(parameters.items()) if name not in without)


def _moment(milliseconds: object) -> datetime | None:
    text = str(milliseconds)
    return datetime.fromtimestamp(int(text) / 1000, UTC) if text.isdecimal() and len(text) <= 14 else None


def _object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
