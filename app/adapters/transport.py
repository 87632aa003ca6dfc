"""HTTP to one vendor: bounded in time and size, no redirects, no proxies, and nothing private in errors.

Codes of the ProviderErrors raised here, all temporary:
`unreachable` (the request was never sent) · `timeout`, `connection_lost` (it may have been carried out)
· `tls_failed` · `redirect_refused` · `throttled` (429) · `http_5xx` (the status, e.g. `http_503`)
· `malformed_answer` · `circuit_open`.
"""

import json
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import Any, TypeVar

import requests
import urllib3
from requests.adapters import HTTPAdapter

from app.adapters.breaker import CircuitBreaker
from app.core.checks import CheckResult, Outcome
from app.core.errors import ProviderError

T = TypeVar("T")

CONNECT_TIMEOUT = 3.0
MAX_ANSWER_BYTES = 2 * 1024 * 1024
_CHUNK = 64 * 1024
_POOL_SIZE = 16
_OUTCOMES = {
    "rate_limited": Outcome.RATE_LIMITED,
    "throttled": Outcome.RATE_LIMITED,
    "invalid_input": Outcome.INVALID_INPUT,
}

# At DEBUG and WARNING urllib3 writes whole addresses; Aliyun's carry the phone number.
logging.getLogger("urllib3").setLevel(logging.ERROR)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer read to its end. `headers`: names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def content_type(self) -> str:
        """Media type in lower case, without parameters."""
        return self.headers.get("content-type", "").split(";")[0].strip().lower()


class Transport:
    """The session, time limits and circuit breaker of one vendor. Thread-safe.

    `read_timeout`: seconds, both between two packets and for the whole answer.
    """

    def __init__(self, provider: str, *, read_timeout: float = 8.0, breaker: CircuitBreaker | None = None) -> None:
        self.provider = provider
        self._read_timeout = read_timeout
        self._breaker = breaker or CircuitBreaker(provider)
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, HTTPAdapter(pool_maxsize=_POOL_SIZE))

    def send(
        self,
        method: str,
        url: str,
        *,
        decode: Callable[[Reply], T],
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        idempotent: bool = False,
    ) -> T:
        """One exchange; returns `decode(reply)` for every status below 500 except 3xx and 429.

        `decode` raises ProviderError for an answer that a healthy vendor would not give (see `malformed`):
        it counts for the circuit breaker, as failed exchanges do. `idempotent` calls are tried a second time,
        except after a timeout. Raises ProviderError.
        """
        self._breaker.check()
        try:
            reply = self._exchange(method, url, headers or {}, body, attempts=2 if idempotent else 1)
            result = decode(reply)
        except ProviderError:
            self._breaker.failed()
            raise
        self._breaker.succeeded()
        return result

    def malformed(self, what: str) -> ProviderError:
        """The error for an answer that breaks the protocol. `what`: our own words, never the vendor's."""
        return ProviderError(self.provider, "malformed_answer", what)

    def json_object(self, reply: Reply) -> dict[str, Any]:
        """The JSON object in `reply`. Raises ProviderError `malformed_answer`."""
        if reply.content_type not in ("application/json", "text/plain"):
            raise self.malformed("not JSON by its content type")
        value = _parsed(reply.body)
        if not isinstance(value, dict):
            raise self.malformed("not a JSON object")
        return value

    def _exchange(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None, *, attempts: int
    ) -> Reply:
        for remaining in reversed(range(attempts)):
            try:
                return self._once(method, url, headers, body)
            except ProviderError as error:
                if not remaining or error.code == "timeout":
                    raise
        raise AssertionError("unreachable")

    def _once(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Reply:
        # Raised outside the handler: the library's exception holds the address and would stay attached.
        failure = ""
        try:
            reply = self._read(method, url, headers, body)
            failure = _refusal(reply.status)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            failure = _failure_code(error)
        if failure:
            raise ProviderError(self.provider, failure)
        return reply

    def _read(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Reply:
        with self._session.request(
            method,
            url,
            data=body,
            headers={"User-Agent": "gongyue", "Accept-Encoding": "identity", **headers},
            timeout=(CONNECT_TIMEOUT, self._read_timeout),
            allow_redirects=False,
            stream=True,
        ) as response:
            received = {name.lower(): value for name, value in response.headers.items()}
            return Reply(response.status_code, received, self._body(response))

    def _body(self, response: requests.Response) -> bytes:
        deadline = time.monotonic() + self._read_timeout
        content = bytearray()
        while chunk := response.raw.read1(_CHUNK):
            content += chunk
            if len(content) > MAX_ANSWER_BYTES:
                raise self.malformed("too large")
            if time.monotonic() > deadline:  # one byte per second would never meet the socket's own limit
                raise requests.ReadTimeout
        return bytes(content)


def failed_check(error: ProviderError) -> CheckResult:
    """A vendor's failure as the verdict of a check: an outage is never a mismatch."""
    return CheckResult(
        outcome=_OUTCOMES.get(error.code, Outcome.UNAVAILABLE),
        provider=error.provider,
        provider_code=error.code,
    )


def safe_code(value: object) -> str:
    """A vendor's error code if it looks like one (text or number, no spaces); otherwise nothing."""
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    plain = text.isascii() and len(text) <= 80 and all(char.isalnum() or char in "._-:^" for char in text)
    return text if plain else ""


def _parsed(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _refusal(status: int) -> str:
    if 300 <= status < 400:
        return "redirect_refused"
    if status == 429:
        return "throttled"
    return f"http_{status}" if status >= 500 else ""


def _failure_code(error: Exception) -> str:
    if isinstance(error, requests.exceptions.SSLError):
        return "tls_failed"
    cause = getattr(error.args[0] if error.args else None, "reason", None)
    if isinstance(error, requests.ConnectTimeout) or isinstance(cause, urllib3.exceptions.NewConnectionError):
        return "unreachable"
    if isinstance(error, requests.Timeout | urllib3.exceptions.ReadTimeoutError):
        return "timeout"
    return "connection_lost"
