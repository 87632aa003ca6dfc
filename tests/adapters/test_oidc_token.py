"""Which id_tokens are believed: signed by hand here, so that every claim can be wrong on its own."""

import base64
import hmac
import json
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

from app.adapters.oidc import OidcClient
from app.adapters.oidc_token import Expected, TokenRefused, UnknownKey, verified_claims
from app.adapters.transport import Transport
from app.core.clock import clock_at, now
from app.core.errors import ProviderError
from tests.adapters.peer import Peer, says

NOW = 1_700_000_000
EXPECTED = Expected("https://op.example", "client", "nonce")
RIGHT: dict[str, Any] = {
    "iss": "https://op.example", "sub": "s", "aud": "client", "nonce": "nonce", "iat": NOW, "exp": NOW + 300,
}  # fmt: skip
RSA = RSAKey.generate_key(2048, {"kid": "r", "use": "sig"})
EC = ECKey.generate_key("P-256", {"kid": "e", "use": "sig"})
PUBLIC = KeySet.import_key_set(KeySet([RSA, EC]).as_dict(private=False))
_GONE = object()


def token(key: Any = RSA, alg: str = "RS256", kid: str = "r", **changes: Any) -> str:
    claims = {name: value for name, value in (RIGHT | changes).items() if value is not _GONE}
    return jwt.encode({"alg": alg, "kid": kid}, claims, key, algorithms=[alg])


def _part(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def verify(value: str) -> dict[str, Any]:
    with clock_at(now().fromtimestamp(NOW, tz=now().tzinfo)):
        return verified_claims(value, PUBLIC, EXPECTED)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"aud": ["client"]},
        {"aud": ["client", "other"], "azp": "client"},
        {"azp": "client"},
        {"exp": NOW - 119},
        {"iat": NOW + 119},
        {"nbf": NOW},
    ],
)
def test_a_right_token(changes: dict[str, Any]) -> None:
    assert verify(token(**changes))["sub"] == "s"


def test_both_algorithms() -> None:
    assert verify(token(EC, "ES256", "e"))["sub"] == "s"


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://op.example/"},
        {"iss": "https://other.example"},
        {"iss": _GONE},
        {"aud": "other"},
        {"aud": []},
        {"aud": _GONE},
        {"aud": "client-2"},
        {"aud": ["client", "other"]},
        {"aud": ["client", "other"], "azp": "other"},
        {"azp": "other"},
        {"nonce": "other"},
        {"nonce": ""},
        {"nonce": _GONE},
        {"nonce": None},
        {"nonce": ["nonce"]},
        {"exp": NOW - 120},
        {"exp": _GONE},
        {"exp": "1700000300"},
        {"exp": True},
        {"iat": NOW - 601},
        {"iat": NOW + 121},
        {"iat": _GONE},
        {"nbf": NOW + 121},
    ],
)
def test_each_wrong_claim_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(TokenRefused):
        verify(token(**changes))


def test_signed_with_the_public_key_as_a_password() -> None:
    """The old confusion: HS256 with what everybody can read (RFC 8725 §2.1)."""
    text = f"{_part({'alg': 'HS256', 'kid': 'r'})}.{_part(RIGHT)}"
    signature = hmac.digest(RSA.as_pem(private=False), text.encode(), "sha256")
    with pytest.raises(TokenRefused):
        verify(f"{text}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}")


def test_not_signed_at_all() -> None:
    header, claims, _signature = token().split(".")
    none = "eyJhbGciOiJub25lIiwia2lkIjoiciJ9"  # {"alg":"none","kid":"r"}
    for forged in (f"{none}.{claims}.", f"{header}.{claims}.", f"{none}.{claims}", "", "a.b.c", "…"):
        with pytest.raises(TokenRefused):
            verify(forged)


def test_signed_by_somebody_else_under_a_known_name() -> None:
    stranger = RSAKey.generate_key(2048)
    with pytest.raises(TokenRefused):
        verify(token(stranger))


def test_a_key_of_another_algorithm() -> None:
    with pytest.raises(TokenRefused):
        verify(token(EC, "ES256", "r"))


def test_a_key_that_is_not_in_the_set_is_told_apart() -> None:
    with pytest.raises(UnknownKey):
        verify(token(kid="new"))


def test_a_changed_claim() -> None:
    header, _claims, signature = token().split(".")
    other = token(sub="victim").split(".")[1]
    with pytest.raises(TokenRefused):
        verify(f"{header}.{other}.{signature}")


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"authorization_endpoint": 1},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": "ftp://op.example/authorize"},
    ],
)
def test_discovery_without_a_usable_address(peer: Peer, document: dict[str, Any]) -> None:
    peer.will(says(json.dumps({"issuer": peer.url, **document})))
    client = OidcClient("oidc", peer.url, "c", "s", label_zh="", label_en="", transport=Transport("oidc"))
    with pytest.raises(ProviderError, match="authorization_endpoint"):
        client.authorization_url(state="s", nonce="n", code_challenge="c", redirect_uri="r")
