"""Delivery receipts: what SMS vendors post to us, some time after (or before) they answered.

Both bodies are unsigned, as at the real vendors; an answer other than the documented one is retried.
Aliyun retries after 1, 5 and 10 minutes [DOC]; here a minute is a fifth of a second. Tencent's plan is not
documented, so it gets the same.
"""

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

_DELAY = 0.3
_RETRIES = (0.2, 1.0, 2.0)
_TIMEOUT = 5.0

_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # loopback never goes through a proxy

Accepted = Callable[[dict[str, Any]], bool]


class Receipts:
    """Posts receipts to `<base>/api/v1/callbacks/<vendor>/<token>`; does nothing without a base."""

    def __init__(self, base: str | None) -> None:
        self.base = base.rstrip("/") if base else None

    def deliver(self, path: str, body: list[dict[str, Any]], accepted: Accepted, *, early: bool, copies: int) -> None:
        """`early`: post before this call returns. `copies`: 2 for a duplicate."""
        if self.base is None:
            return
        url = f"{self.base}/api/v1/callbacks/{path}"
        for _ in range(copies):
            if early:
                _post(url, body, accepted)
            else:
                self._later(_DELAY, url, body, accepted, _RETRIES)

    def _later(
        self, delay: float, url: str, body: list[dict[str, Any]], accepted: Accepted, retries: tuple[float, ...]
    ) -> None:
        def attempt() -> None:
            if not _post(url, body, accepted) and retries:
                self._later(retries[0], url, body, accepted, retries[1:])

        timer = threading.Timer(delay, attempt)
        timer.daemon = True
        timer.start()


def _post(url: str, body: list[dict[str, Any]], accepted: Accepted) -> bool:
    """True when the answer is the one that the vendor documents."""
    data = json.dumps(body, ensure_ascii=False).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json;charset=UTF-8"})  # noqa: S310
    try:
        with _opener.open(request, timeout=_TIMEOUT) as answer:
            return accepted(json.loads(answer.read()))
    except (OSError, ValueError, AttributeError):
        return False
