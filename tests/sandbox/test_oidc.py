"""The identity providers, called with nothing but requests: what a real one would refuse is refused."""

import base64
import hashlib
import secrets
from typing import Any
from urllib.parse import parse_qs, quote_plus, urlsplit

import pytest
import requests
from joserfc import jwt
from joserfc.jwk import KeySet

from tests.sandbox.clients import Json, arm, shift_clock
from tests.support.sandbox_server import SandboxServer

CALLBACK = "http://127.0.0.1:8000/api/v1/h5/oidc/gov/callback"
VERIFIER = secrets.token_urlsafe(32)
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")


def discovery(sandbox: SandboxServer, name: str = "gov") -> Json:
    url = f"{sandbox.credentials['oidc'][name]['issuer']}/.well-known/openid-configuration"
    found: Json = requests.get(url, timeout=5).json()
    return found


def asked(sandbox: SandboxServer, **changes: str) -> Json:
    right = {
        "response_type": "code", "client_id": sandbox.credentials["oidc"]["gov"]["client_id"], "redirect_uri": CALLBACK,
        "scope": "openid phone", "state": "st/1", "nonce": "n1", "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }  # fmt: skip
    return right | changes


def agree(sandbox: SandboxServer, person: str = "220100199003071013", **changes: str) -> requests.Response:
    return requests.post(
        discovery(sandbox)["authorization_endpoint"], params=asked(sandbox, **changes),
        data={"person": person, "answer": "agree"}, allow_redirects=False, timeout=5,
    )  # fmt: skip


def code_of(sandbox: SandboxServer) -> str:
    return parse_qs(urlsplit(agree(sandbox).headers["Location"]).query)["code"][0]


def redeem(sandbox: SandboxServer, code: str, basic: str = "", **changes: str) -> requests.Response:
    given = sandbox.credentials["oidc"]["gov"]
    pair = f"{quote_plus(given['client_id'])}:{quote_plus(given['client_secret'])}"
    header = basic or "Basic " + base64.b64encode(pair.encode()).decode()
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, "code_verifier": VERIFIER}
    url = discovery(sandbox)["token_endpoint"]
    return requests.post(url, data=form | changes, headers={"Authorization": header}, timeout=5)


def userinfo(sandbox: SandboxServer, token: str) -> requests.Response:
    url = discovery(sandbox)["userinfo_endpoint"]
    return requests.get(url, headers={"Authorization": f"Bearer {token}"}, timeout=5)


def test_discovery_says_what_there_is(calm: SandboxServer) -> None:
    for name, algorithm in (("gov", "RS256"), ("social-card", "ES256")):
        found = discovery(calm, name)
        assert found["issuer"] == calm.credentials["oidc"][name]["issuer"]
        assert found["id_token_signing_alg_values_supported"] == [algorithm]


def test_a_whole_login(calm: SandboxServer) -> None:
    back = agree(calm)
    assert parse_qs(urlsplit(back.headers["Location"]).query)["state"] == ["st/1"]
    answer = redeem(calm, parse_qs(urlsplit(back.headers["Location"]).query)["code"][0]).json()
    keys = KeySet.import_key_set(requests.get(discovery(calm)["jwks_uri"], timeout=5).json())
    claims = jwt.decode(answer["id_token"], keys, algorithms=["RS256"]).claims
    assert (claims["aud"], claims["nonce"]) == (calm.credentials["oidc"]["gov"]["client_id"], "n1")
    told = userinfo(calm, answer["access_token"]).json()
    assert told == {"sub": claims["sub"], "phone_number": "+86 13800138000", "phone_number_verified": True}


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "somebody"},
        {"redirect_uri": "https://evil.example/api/v1/h5/oidc/gov/callback"},
        {"redirect_uri": CALLBACK.replace("gov", "social_card")},
        {"redirect_uri": CALLBACK + "?x=1"},
    ],
)
def test_a_stranger_is_told_so_and_nobody_is_sent_anywhere(calm: SandboxServer, changes: dict[str, str]) -> None:
    answer = agree(calm, **changes)
    assert answer.status_code == 400
    assert "Location" not in answer.headers


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "phone"}, "invalid_scope"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"state": ""}, "invalid_request"),
        ({"nonce": ""}, "invalid_request"),
    ],
)
def test_a_wrong_request_comes_back_as_an_error(calm: SandboxServer, changes: dict[str, str], error: str) -> None:
    location = agree(calm, **changes).headers["Location"]
    assert parse_qs(urlsplit(location).query)["error"] == [error]


def test_a_second_use_ends_the_first_ones_token(calm: SandboxServer) -> None:
    code = code_of(calm)
    token = redeem(calm, code).json()["access_token"]
    assert userinfo(calm, token).status_code == 200
    assert redeem(calm, code).json() == {"error": "invalid_grant"}
    assert userinfo(calm, token).status_code == 401


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"basic": "Basic eDp5"}, 401, "invalid_client"),
        ({"basic": "Basic ???"}, 401, "invalid_client"),
        ({"basic": "Bearer x"}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"code_verifier": "x" * 43}, 400, "invalid_grant"),
        ({"redirect_uri": CALLBACK + "/"}, 400, "invalid_grant"),
        ({"code": "made-up"}, 400, "invalid_grant"),
    ],
)
def test_what_is_not_redeemed(calm: SandboxServer, changes: dict[str, Any], status: int, error: str) -> None:
    given = {"code": code_of(calm)} | changes
    answer = redeem(calm, **given)
    assert (answer.status_code, answer.json()) == (status, {"error": error})


def test_codes_and_tokens_grow_old(calm: SandboxServer) -> None:
    token, late = redeem(calm, code_of(calm)).json()["access_token"], code_of(calm)
    shift_clock(calm, 301)
    assert redeem(calm, late).json() == {"error": "invalid_grant"}
    assert userinfo(calm, token).status_code == 401


def test_too_often_is_http_429(calm: SandboxServer) -> None:
    arm(calm, "oidc", "rate_limit")
    assert redeem(calm, "x").status_code == 429
