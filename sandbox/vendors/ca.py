"""The certificate authority over HTTP: EST (RFC 7030) with labels, CRLs, OCSP, issuer certificates."""

import base64
import binascii
import hmac
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs7
from flask import Flask, abort, request
from werkzeug.wrappers import Response

from sandbox.context import Context
from sandbox.credentials import EST_PASSWORD, EST_USERNAME
from sandbox.vendors import ca_status
from sandbox.vendors.ca_issue import PROFILES, Refused, issue
from sandbox.vendors.ca_keys import Authority

if TYPE_CHECKING:
    from werkzeug.wrappers import Request

VENDOR = "ca"
_EST = "/.well-known/est"


def vendor_of(request: "Request") -> str | None:
    """Status and issuer certificates are for validators; faults are for the product's own calls."""
    return VENDOR if request.path.startswith(_EST) else None


def create_app(context: Context, authorities: dict[str, Authority]) -> Flask:
    app = Flask("sandbox.ca", static_folder=None)

    @app.get(f"{_EST}/cacerts")
    @app.get(f"{_EST}/<label>/cacerts")
    def ca_certificates(label: str = "") -> Response:
        if label and label not in PROFILES:
            abort(404)
        chain = [authorities[name].certificate for name in ("root", "persons", "organisations")]
        return _certificates(chain, "application/pkcs7-mime")

    @app.post(f"{_EST}/<label>/simpleenroll")
    def simple_enroll(label: str) -> Response:
        if label not in PROFILES:
            abort(404)
        if not _is_known_client():
            return _text(401, "authentication required", {"WWW-Authenticate": 'Basic realm="est"'})
        if context.faults.take(VENDOR, "rate_limit"):
            return _text(429, "too many requests", {"Retry-After": "1"})
        if request.mimetype != "application/pkcs10":
            return _text(415, "Content-Type must be application/pkcs10")
        try:
            request_der = base64.b64decode(b"".join(request.get_data().split()), validate=True)
            certificate = issue(context, authorities, label, request_der)
        except binascii.Error:
            return _text(400, "the body must be base64")
        except Refused as error:
            return _text(400, str(error))
        return _certificates([certificate], "application/pkcs7-mime; smime-type=certs-only")

    _add_status(app, context, authorities)
    return app


def _add_status(app: Flask, context: Context, authorities: dict[str, Authority]) -> None:
    @app.get("/crl/<name>.crl")
    def crl(name: str) -> Response:
        if name not in ca_status.ISSUERS:
            abort(404)
        return Response(ca_status.crl(context, authorities[name]), content_type="application/pkix-crl")

    @app.get("/certs/<name>.cer")
    def issuer_certificate(name: str) -> Response:
        if name not in ca_status.ISSUERS:
            abort(404)
        der = authorities[name].certificate.public_bytes(serialization.Encoding.DER)
        return Response(der, content_type="application/pkix-cert")

    @app.post("/ocsp")
    @app.get("/ocsp/<path:encoded>")
    def ocsp(encoded: str = "") -> Response:
        try:
            der = base64.b64decode(encoded, validate=True) if encoded else request.get_data()
        except binascii.Error:
            abort(400)
        return Response(ca_status.ocsp_answer(context, authorities, der), content_type="application/ocsp-response")


def _is_known_client() -> bool:
    login = request.authorization
    if login is None or login.type != "basic":
        return False
    given = f"{login.username}:{login.password}".encode()
    return hmac.compare_digest(given, f"{EST_USERNAME}:{EST_PASSWORD}".encode())


def _certificates(certificates: list[x509.Certificate], content_type: str) -> Response:
    """A certs-only PKCS#7 message, base64 as RFC 7030 §4.1.3 and §4.2.3 want it."""
    der = pkcs7.serialize_certificates(certificates, serialization.Encoding.DER)
    headers = {"Content-Transfer-Encoding": "base64"}
    return Response(base64.encodebytes(der), 200, headers, content_type=content_type)


def _text(status: int, message: str, headers: dict[str, str] | None = None) -> Response:
    return Response(message, status, headers, content_type="text/plain; charset=utf-8")
