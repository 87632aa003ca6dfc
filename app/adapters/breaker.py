"""Circuit breaker: a vendor that is down is left alone for a while instead of holding every thread (T-36)."""

import threading
import time
from collections.abc import Callable

from app.core.errors import ProviderError


class CircuitBreaker:
    """Opens after `threshold` failures in a row, for `pause` seconds; then one trial call at a time.

    Thread-safe; one per provider and process. `monotonic`: seconds, injectable for tests.
    """

    def __init__(
        self,
        provider: str,
        *,
        threshold: int = 5,
        pause: float = 30.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._provider = provider
        self._threshold = threshold
        self._pause = pause
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._failures = 0
        self._retry_at = 0.0

    def check(self) -> None:
        """Return when a call may be made. Raises ProviderError `circuit_open`."""
        with self._lock:
            if self._failures < self._threshold:
                return
            moment = self._monotonic()
            if moment < self._retry_at:
                raise ProviderError(self._provider, "circuit_open")
            self._retry_at = moment + self._pause  # this caller tries; the others wait for what it finds

    def succeeded(self) -> None:
        with self._lock:
            self._failures = 0

    def failed(self) -> None:
        with self._lock:
            self._failures += 1
            if self._failures >= self._threshold:
                self._retry_at = self._monotonic() + self._pause
