"""Keys and tokens of the identity providers, by hand: JWK (RFC 7517) and signed JWT (RFC 7515, 7519)."""

import base64
import json
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


def new_pem(algorithm: str) -> str:
    """A fresh private key for RS256 or ES256."""
    key: Key = (
        rsa.generate_private_key(65537, 2048) if algorithm == "RS256" else ec.generate_private_key(ec.SECP256R1())
    )
    kind = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, kind, serialization.NoEncryption()).decode()


def load(pem: str) -> Key:
    key = serialization.load_pem_private_key(pem.encode(), None)
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise TypeError("neither RSA nor EC")
    return key


def public_jwk(key: Key, kid: str) -> dict[str, str]:
    """The public half, as a key set lists it."""
    if isinstance(key, rsa.RSAPrivateKey):
        numbers = key.public_key().public_numbers()
        parts = {"kty": "RSA", "alg": "RS256", "n": _integer(numbers.n, 256), "e": _integer(numbers.e, 3)}
    else:
        point = key.public_key().public_numbers()
        parts = {"kty": "EC", "alg": "ES256", "crv": "P-256", "x": _integer(point.x, 32), "y": _integer(point.y, 32)}
    return {**parts, "kid": kid, "use": "sig"}


def sign(claims: dict[str, Any], key: Key, kid: str) -> str:
    """A compact token: RS256 or ES256, as the key is."""
    algorithm = "RS256" if isinstance(key, rsa.RSAPrivateKey) else "ES256"
    text = f"{_part({'alg': algorithm, 'typ': 'JWT', 'kid': kid})}.{_part(claims)}"
    if isinstance(key, rsa.RSAPrivateKey):
        signature = key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
    else:
        r, s = decode_dss_signature(key.sign(text.encode(), ec.ECDSA(hashes.SHA256())))
        signature = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    return f"{text}.{encode(signature)}"


def unsigned(claims: dict[str, Any]) -> str:
    """The token with `alg: none` that nobody may believe."""
    return f"{_part({'alg': 'none', 'typ': 'JWT'})}.{_part(claims)}."


def encode(data: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _part(value: dict[str, Any]) -> str:
    return encode(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def _integer(value: int, size: int) -> str:
    return encode(value.to_bytes(size, "big"))
