"""OpenID Connect through the sandbox's providers, and every way in which an id_token can be wrong."""

import base64
import hashlib
import secrets
import traceback
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from app.accounts.errors import ExternalLoginRefused
from app.accounts.ports import ExternalIdentityClaims
from app.adapters.oidc import OidcClient
from app.adapters.transport import Transport
from app.core.clock import clock_at, now
from app.core.errors import ProviderError
from tests.adapters.conftest import Control
from tests.support.sandbox_server import SandboxServer

ZHANG, WANG = "220100199003071013", "220100199508121020"
CALLBACK = "http://127.0.0.1:8000/api/v1/h5/oidc/{}/callback"
NAMES = {"gov": "gov", "social-card": "social_card"}


@dataclass
class Login:
    """One person's way through a provider, as the product takes it."""

    client: OidcClient
    provider: str = "gov"

    def __post_init__(self) -> None:
        self.verifier, self.nonce, self.state = (secrets.token_urlsafe(32) for _ in range(3))
        self.redirect_uri = CALLBACK.format(NAMES[self.provider])

    def url(self) -> str:
        digest = hashlib.sha256(self.verifier.encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        return self.client.authorization_url(
            state=self.state, nonce=self.nonce, code_challenge=challenge, redirect_uri=self.redirect_uri
        )

    def answer(self, person: str = ZHANG, answer: str = "agree") -> dict[str, str]:
        """What the provider sends back to us after the person chose."""
        sent = requests.post(self.url(), data={"person": person, "answer": answer}, allow_redirects=False, timeout=5)
        assert sent.status_code == 303
        location = sent.headers["Location"]
        assert location.startswith(self.redirect_uri)
        return {name: value[0] for name, value in parse_qs(urlsplit(location).query).items()}

    def exchange(self, code: str, **changes: str) -> ExternalIdentityClaims:
        given = {"code_verifier": self.verifier, "nonce": self.nonce, "redirect_uri": self.redirect_uri, **changes}
        return self.client.exchange(code=code, **given)

    def code(self, person: str = ZHANG) -> str:
        return self.answer(person)["code"]


def client_of(sandbox: SandboxServer, provider: str, patience: float = 2.0, **changes: str) -> OidcClient:
    given = sandbox.credentials["oidc"][provider] | changes
    return OidcClient(
        "oidc", given["issuer"], given["client_id"], given["client_secret"], label_zh="政务", label_en="Gov",
        transport=Transport("oidc", read_timeout=patience),
    )  # fmt: skip


@pytest.fixture
def gov(sandbox: SandboxServer, control: Control, patience: float) -> OidcClient:
    return client_of(sandbox, "gov", patience)


class TestThroughTheSandbox:
    def test_the_government_tells_the_phone(self, gov: OidcClient) -> None:
        login = Login(gov)
        answer = login.answer()
        assert answer["state"] == login.state
        claims = login.exchange(answer["code"])
        assert (claims.phone, claims.phone_verified) == ("13800138000", True)
        again = Login(gov)
        assert again.exchange(again.code()).subject == claims.subject
        other = Login(gov)
        assert other.exchange(other.code(WANG)).subject != claims.subject

    def test_the_social_card_tells_none_and_signs_otherwise(self, sandbox: SandboxServer, control: Control) -> None:
        login = Login(client_of(sandbox, "social-card"), "social-card")
        claims = login.exchange(login.code())
        assert (claims.phone, claims.phone_verified) == ("", False)
        assert claims.subject

    def test_who_refuses_comes_back_without_a_code(self, gov: OidcClient) -> None:
        login = Login(gov)
        assert login.answer(answer="refuse") == {"error": "access_denied", "state": login.state}

    def test_the_person_sees_who_asks_and_for_what(self, gov: OidcClient) -> None:
        page = requests.get(Login(gov).url(), timeout=5).text
        assert "政务服务平台" in page
        assert "手机号" in page

    def test_the_address_holds_no_secret(self, gov: OidcClient, sandbox: SandboxServer) -> None:
        login = Login(gov)
        query = parse_qs(urlsplit(login.url()).query)
        assert query["code_challenge_method"] == ["S256"]
        assert query["scope"] == ["openid phone"]
        assert login.verifier not in login.url()
        assert sandbox.credentials["oidc"]["gov"]["client_secret"] not in login.url()

    def test_a_code_serves_once(self, gov: OidcClient) -> None:
        login = Login(gov)
        code = login.code()
        login.exchange(code)
        with pytest.raises(ExternalLoginRefused):
            login.exchange(code)

    def test_a_code_lives_five_minutes(self, gov: OidcClient, control: Control) -> None:
        login = Login(gov)
        code = login.code()
        control.shift_clock(301)
        with pytest.raises(ExternalLoginRefused):
            login.exchange(code)

    @pytest.mark.parametrize(
        "changes",
        [{"code_verifier": "x" * 43}, {"redirect_uri": CALLBACK.format("social_card")}, {"nonce": "of another login"}],
    )
    def test_what_belongs_to_another_login(self, gov: OidcClient, changes: dict[str, str]) -> None:
        login = Login(gov)
        with pytest.raises(ExternalLoginRefused):
            login.exchange(login.code(), **changes)

    def test_a_code_of_the_other_provider(self, gov: OidcClient, sandbox: SandboxServer) -> None:
        with pytest.raises(ExternalLoginRefused):
            Login(client_of(sandbox, "social-card"), "social-card").exchange(Login(gov).code())

    @pytest.mark.parametrize(
        "fault", ["bad_signature", "wrong_issuer", "wrong_audience", "wrong_nonce", "token_expired", "unsigned"]
    )
    def test_a_token_that_is_not_right(self, gov: OidcClient, control: Control, fault: str) -> None:
        login = Login(gov)
        code = login.code()
        control.arm("oidc", fault)
        with pytest.raises(ExternalLoginRefused):
            login.exchange(code)

    def test_new_keys_are_fetched_when_they_are_used(self, gov: OidcClient, control: Control) -> None:
        with clock_at(now()) as _:
            first = Login(gov)
            first.exchange(first.code())
        control.rotate_keys("gov")
        with clock_at(now() + timedelta(seconds=11)):
            second = Login(gov)
            second.exchange(second.code())
        asked = [entry["path"] for entry in control.log("oidc") if entry["path"].endswith("/jwks")]
        assert len(asked) == 2

    def test_discovery_and_keys_are_kept_for_an_hour(self, gov: OidcClient, control: Control) -> None:
        for _ in range(3):
            login = Login(gov)
            login.exchange(login.code())
        paths = [entry["path"] for entry in control.log("oidc")]
        assert paths.count("/gov/jwks") == paths.count("/gov/.well-known/openid-configuration") == 1

    def test_a_refused_secret_is_our_problem(self, sandbox: SandboxServer, control: Control) -> None:
        login = Login(client_of(sandbox, "gov", client_secret="wrong"))
        with pytest.raises(ProviderError) as caught:
            login.exchange(login.code())
        assert caught.value.code == "account_problem"

    @pytest.mark.parametrize(
        ("fault", "code"),
        [
            ("rate_limit", "throttled"),
            ("http_500", "http_500"),
            ("malformed", "malformed_answer"),
            ("wrong_content_type", "malformed_answer"),
            ("lost_answer", "connection_lost"),
            ("timeout", "timeout"),
        ],
    )
    def test_faults_are_temporary(self, gov: OidcClient, control: Control, fault: str, code: str) -> None:
        login = Login(gov)
        given = login.code()
        control.arm("oidc", fault, seconds=3)
        with pytest.raises(ProviderError) as caught:
            login.exchange(given)
        assert (caught.value.code, caught.value.permanent) == (code, False)

    def test_no_discovery_no_address(self, gov: OidcClient, control: Control) -> None:
        control.arm("oidc", "http_500", times=2)
        with pytest.raises(ProviderError, match="http_500"):
            Login(gov).url()
        assert Login(gov).url()  # and what failed was not kept

    def test_neither_code_nor_secret_in_errors(self, gov: OidcClient, sandbox: SandboxServer, control: Control) -> None:
        login = Login(gov)
        code = login.code()
        control.arm("oidc", "malformed")
        with pytest.raises(ProviderError) as caught:
            login.exchange(code)
        text = "".join(traceback.format_exception(caught.value))
        for secret in (code, login.verifier, login.nonce, sandbox.credentials["oidc"]["gov"]["client_secret"]):
            assert secret not in text


def test_a_provider_that_calls_itself_otherwise_is_refused(sandbox: SandboxServer, control: Control) -> None:
    given: dict[str, Any] = sandbox.credentials["oidc"]["gov"]
    mixed = client_of(sandbox, "gov", issuer=given["issuer"] + "/")
    with pytest.raises(ProviderError, match="another issuer"):
        Login(mixed).url()
