"""Whether an id_token says what it must (OpenID Connect Core 1.0 §3.1.3.7, RFC 8725)."""

import hmac
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from app.core.clock import now

# Signatures with the provider's own key only: `none` proves nothing, HS256 would make the key a password.
ALGORITHMS = ("RS256", "ES256")
LEEWAY = timedelta(minutes=2)
OLDEST = timedelta(minutes=10)


class TokenRefused(Exception):
    """The token is not what it should be; the message says why, without its content."""


class UnknownKey(TokenRefused):
    """Signed with a key that is not in the set: perhaps the provider has changed its keys."""


@dataclass(frozen=True, slots=True)
class Expected:
    """Whose token it must be, for whom, and for which login."""

    issuer: str
    client_id: str
    nonce: str


def verified_claims(token: str, keys: KeySet, expected: Expected) -> dict[str, Any]:
    """The claims of `token` after every check. Raises TokenRefused, UnknownKey."""
    claims = _signed_claims(token, keys)
    _check_parties(claims, expected)
    _check_times(claims)
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not hmac.compare_digest(nonce.encode(), expected.nonce.encode()):
        raise TokenRefused("nonce")
    return claims


def _signed_claims(token: str, keys: KeySet) -> dict[str, Any]:
    try:
        decoded = jwt.decode(token, keys, algorithms=list(ALGORITHMS))
    except InvalidKeyIdError:
        raise UnknownKey("kid") from None
    except (JoseError, ValueError, TypeError, KeyError):
        raise TokenRefused("signature") from None
    if not isinstance(decoded.claims, dict):
        raise TokenRefused("claims")
    return decoded.claims


def _check_parties(claims: dict[str, Any], expected: Expected) -> None:
    if claims.get("iss") != expected.issuer:
        raise TokenRefused("iss")
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    if expected.client_id not in audiences:
        raise TokenRefused("aud")
    party = claims.get("azp")
    if party not in (None, expected.client_id) or (len(audiences) > 1 and party is None):
        raise TokenRefused("azp")


def _check_times(claims: dict[str, Any]) -> None:
    moment, leeway = now().timestamp(), LEEWAY.total_seconds()
    ends, begins, issued = _time(claims.get("exp")), _time(claims.get("nbf", 0)), _time(claims.get("iat"))
    if ends <= moment - leeway:
        raise TokenRefused("exp")
    if max(begins, issued) > moment + leeway:
        raise TokenRefused("nbf or iat in the future")
    if issued < moment - OLDEST.total_seconds():
        raise TokenRefused("iat too old")


def _time(value: object) -> float:
    """A NumericDate. Raises TokenRefused."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise TokenRefused("no time")
    return float(value)
