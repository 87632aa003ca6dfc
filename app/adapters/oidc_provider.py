"""What an OpenID Connect provider publishes: its endpoints and its keys (OpenID Connect Discovery 1.0, RFC 7517)."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit

from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from app.adapters.transport import Reply, Transport
from app.core.clock import now
from app.core.errors import ProviderError

T = TypeVar("T")
LIFE = timedelta(hours=1)
# Somebody who sends made-up key ids must not make us fetch without end.
FRESH = timedelta(seconds=10)


class OidcProvider:
    """One issuer, read over `transport` and kept for an hour. Thread-safe."""

    def __init__(self, issuer: str, transport: Transport) -> None:
        self._issuer = issuer
        self._transport = transport
        self._document = _Kept(self._discover)
        self._keys = _Kept(self._fetch_keys)

    def endpoint(self, name: str, *, needed: bool = True) -> str:
        """The address that discovery gives for `name`, or "" where it may be missing. Raises ProviderError."""
        value = self._document.get(LIFE).get(name, "" if not needed else None)
        if value == "":
            return ""
        if not isinstance(value, str) or not self._is_safe(value):
            raise self._transport.malformed(f"{name} missing or not https")
        return value

    def keys(self, *, fresh: bool = False) -> KeySet:
        """The signing keys; `fresh`: as they are now, because a key id was unknown. Raises ProviderError."""
        return self._keys.get(FRESH if fresh else LIFE)

    def _discover(self) -> dict[str, Any]:
        document = self._fetch(f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")
        if document.get("issuer") != self._issuer:  # Discovery 1.0 §4.3: else one provider could speak for another
            raise self._transport.malformed("another issuer")
        return document

    def _fetch_keys(self) -> KeySet:
        document = self._fetch(self.endpoint("jwks_uri"))
        try:
            return KeySet.import_key_set(document)  # type: ignore[arg-type]
        except (JoseError, KeyError, TypeError, ValueError):
            raise self._transport.malformed("no key set") from None

    def _fetch(self, url: str) -> dict[str, Any]:
        return self._transport.send("GET", url, decode=self._answer, idempotent=True)

    def _answer(self, reply: Reply) -> dict[str, Any]:
        if reply.status != 200:
            raise ProviderError(self._transport.provider, "malformed_answer", f"HTTP {reply.status}")
        return self._transport.json_object(reply)

    def _is_safe(self, url: str) -> bool:
        """https, or as plain as the issuer itself (the sandbox)."""
        scheme = urlsplit(url).scheme
        return scheme == "https" or scheme == urlsplit(self._issuer).scheme == "http"


class _Kept(Generic[T]):
    """A value that is fetched again when it has grown old. What fails to be fetched is not kept."""

    def __init__(self, fetch: Callable[[], T]) -> None:
        self._fetch = fetch
        self._lock = threading.Lock()
        self._kept: tuple[T, datetime] | None = None

    def get(self, life: timedelta) -> T:
        with self._lock:
            kept = self._kept
        if kept is not None and now() - kept[1] < life:
            return kept[0]
        value = self._fetch()
        with self._lock:
            self._kept = (value, now())
        return value
