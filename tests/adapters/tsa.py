"""A time-stamp authority for tests, as honest as its caller wants it to be."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler
from typing import Any

from asn1crypto import cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import ExtendedKeyUsageOID

from app.core.clock import now
from tests.adapters import pki
from tests.adapters.peer import Received, says

TIME_STAMPING = (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True)


@dataclass
class Tsa:
    """`tst`, `attributes`: changes to the honest values; None removes an attribute."""

    extensions: tuple[tuple[x509.ExtensionType, bool], ...] = (TIME_STAMPING,)
    key: pki.PrivateKey = field(default_factory=pki.new_key)
    signing_key: pki.PrivateKey | None = None
    days: int = 30
    tst: dict[str, Any] = field(default_factory=dict)
    attributes: dict[str, Any] = field(default_factory=dict)
    status: str = "granted"
    with_token: bool = True
    signers: int = 1
    with_certificate: bool = True

    def __post_init__(self) -> None:
        root_key = pki.new_key()
        self.root = pki.certificate("root", "root", root_key.public_key(), root_key, ca=True)
        self.certificate = pki.certificate(
            "tsa", "root", self.key.public_key(), root_key, days=self.days, extensions=self.extensions
        )

    def answer(self) -> Callable[[BaseHTTPRequestHandler, Received], None]:
        def respond(handler: BaseHTTPRequestHandler, received: Received) -> None:
            body = self.respond(received.body)
            says(body, content_type="application/timestamp-reply")(handler, received)

        return respond

    def respond(self, request_der: bytes, at: datetime | None = None) -> bytes:
        request = tsp.TimeStampReq.load(request_der, strict=True)
        info = {
            "version": "v1",
            "policy": "2.999.1",
            "message_imprint": request["message_imprint"],
            "serial_number": 7,
            "gen_time": (at or now()).replace(microsecond=0),
            "nonce": request["nonce"],
        }
        status = tsp.PKIStatusInfo({"status": self.status}).dump()
        token = self._token(tsp.TSTInfo({**info, **self.tst}).dump()).dump() if self.with_token else b""
        return bytes(core.Sequence(contents=status + token).dump())

    def _token(self, content: bytes) -> cms.ContentInfo:
        encoded = pki.der(self.certificate)
        signed = cms.SignedData(
            {
                "version": "v3",
                "digest_algorithms": [{"algorithm": "sha256"}],
                "encap_content_info": {
                    "content_type": "tst_info",
                    "content": core.ParsableOctetString(content),
                },
                "certificates": [asn1_x509.Certificate.load(encoded)] if self.with_certificate else [],
                "signer_infos": [self._signer(content, encoded)] * self.signers,
            }
        )
        return cms.ContentInfo({"content_type": "signed_data", "content": signed})

    def _signer(self, content: bytes, encoded: bytes) -> cms.SignerInfo:
        values = {
            "content_type": "tst_info",
            "message_digest": hashlib.sha256(content).digest(),
            "signing_certificate_v2": {"certs": [{"cert_hash": hashlib.sha256(encoded).digest()}]},
            **self.attributes,
        }
        attributes = cms.CMSAttributes(
            [{"type": name, "values": [value]} for name, value in values.items() if value is not None]
        )
        return cms.SignerInfo(
            {
                "version": "v1",
                "sid": {"issuer_and_serial_number": self._issuer_and_serial(encoded)},
                "digest_algorithm": {"algorithm": "sha256"},
                "signed_attrs": attributes,
                "signature_algorithm": {"algorithm": self._algorithm()},
                "signature": self._sign(attributes.dump()),
            }
        )

    def _issuer_and_serial(self, encoded: bytes) -> dict[str, Any]:
        certificate = asn1_x509.Certificate.load(encoded)
        return {"issuer": certificate.issuer, "serial_number": certificate.serial_number}

    def _algorithm(self) -> str:
        return "rsassa_pkcs1v15" if isinstance(self.key, rsa.RSAPrivateKey) else "sha256_ecdsa"

    def _sign(self, data: bytes) -> bytes:
        key = self.signing_key or self.key
        if isinstance(key, rsa.RSAPrivateKey):
            return key.sign(data, padding.PKCS1v15(), SHA256())
        return key.sign(data, ec.ECDSA(SHA256()))
