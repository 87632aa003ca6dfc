"""Headers of every answer, and the proof that a cookie request comes from our own page (T-05, T-11)."""

import hmac

from flask import Flask, Response, request

from app.http.context import settings
from app.http.errors import CsrfRefused

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
CSRF_HEADER, CSRF_FIELD = "X-CSRF-Token", "csrf_token"

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "base-uri 'none'",
        "object-src 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "img-src 'self' data: blob:",
        "script-src 'self'",
        "style-src 'self'",
    )
)
_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
}
_TWO_YEARS = 63_072_000


def init_security(app: Flask) -> None:
    app.after_request(_harden)


def _harden(response: Response) -> Response:
    """A view's own value of a header wins; what it didn't say is strict, and nothing is cached."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
    if settings().is_https:
        response.headers.setdefault("Strict-Transport-Security", f"max-age={_TWO_YEARS}; includeSubDomains")
    return response


def check_origin() -> None:
    """A state-changing request from a browser comes from one of our own pages. Raises CsrfRefused.

    Browsers always send Origin with a cross-site POST; other clients send none and hold no cookies.
    """
    if request.method in SAFE_METHODS:
        return
    origin = request.headers.get("Origin")
    if origin is not None and origin not in (settings().public_url, request.host_url.rstrip("/")):
        raise CsrfRefused
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise CsrfRefused


def check_csrf(expected: str) -> None:
    """The session's token came back in a header, or in a form field. Raises CsrfRefused."""
    if request.method in SAFE_METHODS:
        return
    given = request.headers.get(CSRF_HEADER) or request.form.get(CSRF_FIELD, "")
    if not hmac.compare_digest(given.encode(), expected.encode()):
        raise CsrfRefused
