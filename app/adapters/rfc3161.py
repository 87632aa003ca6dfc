"""Time-stamps over HTTP from an authority that speaks RFC 3161, with a second authority behind the first.

Every token is checked before it is used: digest, nonce, signature, purpose of the authority's certificate,
chain to a configured root, and a time within five minutes of ours. There is no substitute for an authority
that fails.
"""

import secrets

from cryptography.hazmat.primitives.serialization import Encoding

from app.adapters.chains import load_roots
from app.adapters.timestamp_token import BadToken, check, request, token_in
from app.adapters.transport import Reply, Transport
from app.core.clock import now
from app.core.errors import ProviderError

PROVIDER = "timestamper"
READ_TIMEOUT = 3.0


class HttpTimestamper:
    """Timestamper. `roots_pem`: anchors of both authorities; `fallback_url` is asked when `url` fails."""

    def __init__(
        self, url: str, roots_pem: str, fallback_url: str | None = None, *, transport: Transport | None = None
    ) -> None:
        self._roots = load_roots(roots_pem)
        self._authorities = [(url, transport or Transport(PROVIDER, read_timeout=READ_TIMEOUT))]
        if fallback_url:
            self._authorities.append((fallback_url, Transport(f"{PROVIDER}_fallback", read_timeout=READ_TIMEOUT)))

    def roots(self) -> tuple[bytes, ...]:
        return tuple(root.public_bytes(Encoding.DER) for root in self._roots)

    def stamp(self, digest: bytes) -> bytes:
        """See `Timestamper.stamp`. ProviderError `token_refused` says which check failed."""
        if len(digest) != 32:
            raise ValueError("a SHA-256 digest has 32 bytes")
        for url, transport in self._authorities[:-1]:
            try:
                return self._ask(url, transport, digest)
            except ProviderError:
                continue  # its circuit breaker has counted it; the next one is verified just as strictly
        return self._ask(*self._authorities[-1], digest)

    def _ask(self, url: str, transport: Transport, digest: bytes) -> bytes:
        nonce = secrets.randbits(64)
        return transport.send(
            "POST",
            url,
            headers={"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"},
            body=request(digest, nonce),
            decode=lambda reply: self._token(reply, transport, digest, nonce),
            idempotent=True,
        )

    def _token(self, reply: Reply, transport: Transport, digest: bytes, nonce: int) -> bytes:
        if reply.status != 200 or reply.content_type != "application/timestamp-reply":
            raise transport.malformed("not a time-stamp reply")
        try:
            token = token_in(reply.body)
            check(token, digest, nonce, self._roots, now())
        except BadToken as error:
            raise ProviderError(transport.provider, "token_refused", str(error)) from None
        except Exception:  # parsers of foreign bytes raise what they like; none of it may end a job
            raise transport.malformed("not a time-stamp token") from None
        return token
