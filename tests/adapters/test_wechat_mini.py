"""WeChat's mini-program: codes that serve once, the phone with its watermark, links; and answers that must not pass."""

import json
from datetime import timedelta
from typing import Any

import pytest
import requests

from app.accounts.errors import PhoneProofInvalid, PlatformCodeInvalid, PlatformUserBlocked
from app.adapters.transport import Transport
from app.adapters.wechat import WeChatClient
from app.adapters.wechat_mini import WeChatMini
from app.core.clock import clock_at, now
from app.core.errors import ProviderError
from tests.adapters.conftest import Control
from tests.adapters.peer import Peer, says
from tests.support.database import Database
from tests.support.sandbox_server import SandboxServer

ZHANG = "13800138000"
APP_ID = "wx0000000000000001"


@pytest.fixture
def mini(sandbox: SandboxServer, control: Control, database: Database, patience: float) -> WeChatMini:
    given = sandbox.credentials["wechat"]
    transport = Transport("wechat", read_timeout=patience)
    return WeChatMini(WeChatClient(given["base_url"], given["app_id"], given["app_secret"], transport=transport))


@pytest.fixture
def forged(peer: Peer, database: Database) -> WeChatMini:
    return WeChatMini(WeChatClient(peer.url, APP_ID, "s", transport=Transport("wechat", read_timeout=2)))


class TestLogin:
    def test_the_same_person_has_the_same_openid(self, mini: WeChatMini, control: Control) -> None:
        first, again = control.login_code("weixin", ZHANG), control.login_code("weixin", ZHANG)
        other = control.login_code("weixin", "13800138001")
        assert mini.exchange_code(code=first["code"]).subject == first["subject"]
        assert mini.exchange_code(code=again["code"]).subject == first["subject"]
        assert mini.exchange_code(code=other["code"]).subject == other["subject"] != first["subject"]

    def test_a_code_serves_once_and_five_minutes(self, mini: WeChatMini, control: Control) -> None:
        code = control.login_code("weixin", ZHANG)["code"]
        mini.exchange_code(code=code)
        late = control.login_code("weixin", ZHANG)["code"]
        control.shift_clock(301)
        for spent in (code, late, "made-up"):
            with pytest.raises(PlatformCodeInvalid):
                mini.exchange_code(code=spent)

    def test_no_access_token_is_fetched_for_it(self, mini: WeChatMini, control: Control) -> None:
        mini.exchange_code(code=control.login_code("weixin", ZHANG)["code"])
        [entry] = control.log("wechat")
        assert entry["path"] == "/sns/jscode2session"
        assert "access_token" not in entry["query"]

    def test_a_user_whom_wechat_blocks(self, mini: WeChatMini, control: Control) -> None:
        control.arm("wechat", "user_blocked")
        with pytest.raises(PlatformUserBlocked):
            mini.exchange_code(code=control.login_code("weixin", ZHANG)["code"])

    @pytest.mark.parametrize(
        ("fault", "code"),
        [
            ("rate_limit", "rate_limited"),
            ("http_500", "http_500"),
            ("malformed", "malformed_answer"),
            ("wrong_content_type", "malformed_answer"),
            ("lost_answer", "connection_lost"),
            ("refuse", "connection_lost"),
            ("timeout", "timeout"),
        ],
    )
    def test_faults(self, mini: WeChatMini, control: Control, fault: str, code: str) -> None:
        control.arm("wechat", fault, seconds=3)
        with pytest.raises(ProviderError) as caught:
            mini.exchange_code(code=control.login_code("weixin", ZHANG)["code"])
        assert (caught.value.code, caught.value.permanent) == (code, False)

    @pytest.mark.parametrize("openid", [None, "", 1, "o 1", "o" * 129])
    def test_no_openid_is_no_login(self, forged: WeChatMini, peer: Peer, openid: object) -> None:
        peer.will(says(json.dumps({"openid": openid, "session_key": "k"})))
        with pytest.raises(ProviderError, match="malformed_answer"):
            forged.exchange_code(code="c")


class TestPhone:
    def test_the_phone_of_the_user(self, mini: WeChatMini, control: Control) -> None:
        subject = control.login_code("weixin", ZHANG)["subject"]
        assert mini.phone_number(proof=control.phone_proof("weixin", ZHANG), subject=subject) == ZHANG

    def test_a_code_serves_once(self, mini: WeChatMini, control: Control) -> None:
        subject, proof = control.login_code("weixin", ZHANG)["subject"], control.phone_proof("weixin", ZHANG)
        mini.phone_number(proof=proof, subject=subject)
        for spent in (proof, "made-up", control.login_code("weixin", ZHANG)["code"]):
            with pytest.raises(PhoneProofInvalid):
                mini.phone_number(proof=spent, subject=subject)

    def test_another_users_proof_is_refused(self, mini: WeChatMini, control: Control) -> None:
        other = control.login_code("weixin", "13800138001")["subject"]
        with pytest.raises(ProviderError):
            mini.phone_number(proof=control.phone_proof("weixin", ZHANG), subject=other)

    def test_a_token_that_ends_on_the_way_is_renewed(self, mini: WeChatMini, control: Control) -> None:
        subject = control.login_code("weixin", ZHANG)["subject"]
        mini.phone_number(proof=control.phone_proof("weixin", ZHANG), subject=subject)
        control.arm("wechat", "token_expired")
        assert mini.phone_number(proof=control.phone_proof("weixin", ZHANG), subject=subject) == ZHANG

    @pytest.mark.parametrize(
        "changes",
        [
            {"countryCode": "852"},
            {"countryCode": None},
            {"purePhoneNumber": "1380013800"},
            {"purePhoneNumber": "+8613800138000"},
            {"purePhoneNumber": 13800138000},
            {"watermark": None},
            {"watermark": {"appid": "wx2", "timestamp": 1_700_000_000}},
            {"watermark": {"appid": APP_ID, "timestamp": 1_700_000_000 - 601}},
            {"watermark": {"appid": APP_ID, "timestamp": 1_700_000_000 + 601}},
            {"watermark": {"appid": APP_ID, "timestamp": "1700000000"}},
            {"watermark": {"appid": APP_ID}},
        ],
    )
    def test_what_is_no_mainland_phone_of_this_app_just_now(
        self, forged: WeChatMini, peer: Peer, changes: dict[str, Any]
    ) -> None:
        right = {
            "phoneNumber": "+8613800138000", "purePhoneNumber": ZHANG, "countryCode": "86",
            "watermark": {"appid": APP_ID, "timestamp": 1_700_000_000},
        }  # fmt: skip
        answers = [says(json.dumps({"errcode": 0, "phone_info": info})) for info in (right, right | changes)]
        moment = now().fromtimestamp(1_700_000_000, tz=now().tzinfo)
        with clock_at(moment):
            peer.will(says('{"access_token": "T", "expires_in": 7200}'), *answers)
            assert forged.phone_number(proof="c", subject="o") == ZHANG
            with pytest.raises(PhoneProofInvalid):
                forged.phone_number(proof="c", subject="o")


class TestLinks:
    def test_a_link_opens_the_page_with_its_query(self, mini: WeChatMini) -> None:
        link = mini.link_to_app(page="pages/landing/index", query="t=TOKEN")
        page = requests.get(link, timeout=5)
        assert "pages/landing/index" in page.text
        assert "t=TOKEN" in page.text

    def test_a_link_ends_after_a_day(self, mini: WeChatMini, control: Control) -> None:
        link = mini.link_to_app(page="pages/landing/index", query="")
        control.shift_clock(timedelta(days=1).total_seconds() + 1)
        assert "已过期" in requests.get(link, timeout=5).text

    def test_where_no_link_is_to_be_had_a_scheme_opens(self, mini: WeChatMini, control: Control) -> None:
        mini.link_to_app(page="pages/landing/index", query="")  # a token is there
        control.arm("wechat", "rate_limit")
        assert mini.link_to_app(page="pages/landing/index", query="t=1").startswith("weixin://dl/business/?t=")

    def test_a_page_that_does_not_exist_is_refused(self, mini: WeChatMini) -> None:
        with pytest.raises(ProviderError, match="40165"):
            mini.link_to_app(page="landing", query="")

    @pytest.mark.parametrize("link", [None, "", 1, "javascript:alert(1)", "weixin://dl/business/?t=1"])
    def test_a_strange_link_is_not_shown_to_anybody(self, forged: WeChatMini, peer: Peer, link: object) -> None:
        peer.will(says('{"access_token": "T", "expires_in": 7200}'), says(json.dumps({"errcode": 0, "url_link": link})))
        with pytest.raises(ProviderError, match="malformed_answer"):
            forged.link_to_app(page="pages/a", query="")
