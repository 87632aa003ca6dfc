"""What platforms push: made by the sandbox with its own hand, and by the documentation's vectors."""

import base64
import hashlib
import json
import os
import struct
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.accounts.errors import PlatformEventRefused
from app.accounts.ports import EventKind, PlatformEvent
from app.adapters.alipay_push import AlipayEvents
from app.adapters.wechat_push import WeChatEvents
from app.core.clock import clock_at, now
from tests.adapters.conftest import Control
from tests.support.sandbox_server import SandboxServer

ZHANG = "13800138000"
TEMPLATE = "a-template"
# The vector of WeChat's algorithm.
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"  # pragma: allowlist secret
APP_ID = "wx0000000000000001"
AT = datetime.fromtimestamp(1_700_000_000, UTC)
ENCRYPTED = (
    "Q3stYC6hdFzMh9T8HCvyDErU11/8XSpPyadq1iy0Rj4VXhx7MmjTKlQeai1NYvrUtHucnZ8z1s5PWy9OBSmaV2CTyQ6XdXuci0wun/o9gAsfx7/"
    "rPojOELUfhv91CSnsI2AnLVV0OAbdCVCQpqtxrFaCz+MENAUtha3ZYyyEgNEa1yoWIxKxwIcfh4kt5ag6s6+1V6k4WZjPG0bZ1svLVg=="
)
SIGNED = {"timestamp": "1700000000", "nonce": "nonce1", "msg_signature": "0d9ad996c5e39b4ee728f762694122c5a76be15a"}


def vector(app_id: str = APP_ID, token: str = "AAAAA") -> WeChatEvents:
    return WeChatEvents(app_id, token, AES_KEY)


def body(encrypted: str = ENCRYPTED) -> bytes:
    return json.dumps({"ToUserName": "gh_x", "Encrypt": encrypted}).encode()


def sealed(message: Any, app_id: str = APP_ID, fill: int = 0) -> str:
    """Encrypted as WeChat does; `fill`: another padding byte than the right one."""
    key = base64.b64decode(f"{AES_KEY}=")
    text = (message if isinstance(message, str) else json.dumps(message)).encode()
    plain = os.urandom(16) + struct.pack(">I", len(text)) + text + app_id.encode()
    count = 32 - len(plain) % 32
    padding = bytes([count]) * (count - 1) + bytes([fill or count])
    encryptor = Cipher(AES(key), CBC(key[:16])).encryptor()
    return base64.b64encode(encryptor.update(plain + padding) + encryptor.finalize()).decode()


def signed(encrypted: str, token: str = "AAAAA", timestamp: str = "1700000000") -> dict[str, str]:
    text = "".join(sorted([token, timestamp, "n", encrypted]))
    return {"timestamp": timestamp, "nonce": "n", "msg_signature": hashlib.sha1(text.encode()).hexdigest()}


def read(message: Any, **more: Any) -> PlatformEvent | None:
    encrypted = sealed(message, **more)
    with clock_at(AT):
        return vector().read(parameters=signed(encrypted), body=body(encrypted))


def change(listed: Any, **more: Any) -> dict[str, Any]:
    return {
        "MsgType": "event", "Event": "subscribe_msg_change_event", "FromUserName": "oX", "CreateTime": 1_699_999_990,
        "List": listed, **more,
    }  # fmt: skip


class TestWeChatsVectors:
    def test_the_address_is_verified(self) -> None:
        right = {
            "signature": "f464b24fc39322e44b38aa78f5edd27bd1441696", "timestamp": "1714036504", "nonce": "1514711492",
            "echostr": "4375120948345356249",
        }  # fmt: skip
        with clock_at(datetime.fromtimestamp(1714036504, UTC)):
            assert vector().echo(parameters=right) == "4375120948345356249"
            for wrong in ({"nonce": "1"}, {"signature": "0" * 40}, {"signature": ""}, {"echostr": "<script>"}):
                with pytest.raises(PlatformEventRefused):
                    vector().echo(parameters=right | wrong)
            with pytest.raises(PlatformEventRefused):
                vector(token="BBBBB").echo(parameters=right)
        with pytest.raises(PlatformEventRefused):
            vector().echo(parameters=right)

    def test_a_push_is_decrypted_and_a_popup_concerns_nobody(self) -> None:
        with clock_at(AT):
            assert vector().read(parameters=SIGNED, body=body()) is None

    @pytest.mark.parametrize("seconds", [-301, 301])
    def test_an_old_or_early_push(self, seconds: int) -> None:
        with clock_at(AT + timedelta(seconds=seconds)), pytest.raises(PlatformEventRefused):
            vector().read(parameters=SIGNED, body=body())

    def test_another_app_or_token(self) -> None:
        with clock_at(AT):
            for other in (vector(app_id="wx0000000000000002"), vector(token="BBBBB")):
                with pytest.raises(PlatformEventRefused):
                    other.read(parameters=SIGNED, body=body())

    @pytest.mark.parametrize("changed", [{"nonce": "nonce2"}, {"timestamp": "1700000001"}, {"msg_signature": "é"}])
    def test_a_changed_parameter(self, changed: dict[str, str]) -> None:
        with clock_at(AT), pytest.raises(PlatformEventRefused):
            vector().read(parameters=SIGNED | changed, body=body())

    def test_a_changed_body(self) -> None:
        with clock_at(AT), pytest.raises(PlatformEventRefused):
            vector().read(parameters=SIGNED, body=body(ENCRYPTED.replace("Q3st", "Q3su")))

    @pytest.mark.parametrize("raw", [b"", b"[]", b"<xml/>", b"{}", b'{"Encrypt": 1}', b"[" * 10_000])
    def test_what_is_no_push(self, raw: bytes) -> None:
        with clock_at(AT), pytest.raises(PlatformEventRefused):
            vector().read(parameters=SIGNED, body=raw)


class TestWeChatsEvents:
    @pytest.mark.parametrize(
        ("listed", "templates"),
        [
            ({"TemplateId": "T1", "SubscribeStatusString": "reject"}, ("T1",)),
            ([{"TemplateId": t, "SubscribeStatusString": "reject"} for t in ("T1", "T2")], ("T1", "T2")),
            ([{"TemplateId": "T1", "SubscribeStatusString": "accept"}], None),
            ([], None),
            (None, None),
            ("reject", None),
        ],
    )
    def test_refused_messages(self, listed: Any, templates: tuple[str, ...] | None) -> None:
        event = read(change(listed))
        assert (event.templates if event else None) == templates
        if event:
            assert (event.kind, event.subject) == (EventKind.MESSAGES_REFUSED, "oX")
            assert event.happened_at == datetime.fromtimestamp(1_699_999_991, UTC)

    @pytest.mark.parametrize("name", ["user_authorization_revoke", "user_authorization_cancellation"])
    def test_who_withdraws(self, name: str) -> None:
        message = {
            "MsgType": "event", "Event": name, "FromUserName": "oPlatform", "OpenID": "oX", "AppID": APP_ID,
            "CreateTime": "1699999990", "RevokeInfo": "1",
        }  # fmt: skip
        event = read(message)
        assert event is not None
        assert (event.kind, event.subject) == (EventKind.IDENTITY_WITHDRAWN, "oX")
        assert read(message | {"AppID": "wx2"}) is None

    def test_a_repetition_has_the_same_key_and_nothing_else_has(self) -> None:
        reject = {"TemplateId": "T1", "SubscribeStatusString": "reject"}
        messages = [change(reject), change(reject, FromUserName="oY"), change(reject, CreateTime=1_699_999_991)]
        messages.append(change(reject | {"TemplateId": "T2"}))
        keys = [event.key for message in messages if (event := read(message))]
        again = read(messages[0])
        assert len(set(keys)) == 4
        assert again is not None
        assert again.key == keys[0]

    @pytest.mark.parametrize(
        "message", [{"MsgType": "text", "Content": "x"}, {}, {"MsgType": "event", "Event": "other"}]
    )
    def test_what_concerns_nobody(self, message: dict[str, Any]) -> None:
        assert read(message) is None

    @pytest.mark.parametrize("plain", ["", "not json", "[]"])
    def test_a_sealed_text_that_is_no_object(self, plain: str) -> None:
        with pytest.raises(PlatformEventRefused):
            read(plain)

    @pytest.mark.parametrize("fill", [255, 33])
    def test_a_broken_padding_is_no_empty_message(self, fill: int) -> None:
        with pytest.raises(PlatformEventRefused):
            read(change({"TemplateId": "T1", "SubscribeStatusString": "reject"}), fill=fill)

    @pytest.mark.parametrize("encrypted", ["AAAA", "?", "", base64.b64encode(bytes(32)).decode()])
    def test_signed_but_not_decipherable(self, encrypted: str) -> None:
        with clock_at(AT), pytest.raises(PlatformEventRefused):
            vector().read(parameters=signed(encrypted), body=body(encrypted))


class TestThroughTheSandbox:
    @pytest.fixture
    def wechat(self, sandbox: SandboxServer, control: Control) -> WeChatEvents:
        given = sandbox.credentials["wechat"]
        return WeChatEvents(given["app_id"], given["push_token"], given["push_key"])

    @pytest.fixture
    def alipay(self, sandbox: SandboxServer, control: Control) -> AlipayEvents:
        given = sandbox.credentials["alipay"]
        return AlipayEvents(given["app_id"], given["alipay_public_key_pem"])

    def test_wechat(self, wechat: WeChatEvents, control: Control) -> None:
        order = {"event": "subscribe_msg_change_event", "template": TEMPLATE}
        event = _wechat(wechat, control.push("weixin", ZHANG, **order))
        assert event is not None
        assert (event.kind, event.templates) == (EventKind.MESSAGES_REFUSED, (TEMPLATE,))
        assert event.subject == control.login_code("weixin", ZHANG)["subject"]

    def test_alipay(self, alipay: AlipayEvents, control: Control) -> None:
        event = _alipay(alipay, control.push("alipay", ZHANG))
        assert event is not None
        assert event.kind is EventKind.IDENTITY_WITHDRAWN
        assert event.subject == control.login_code("alipay", ZHANG)["subject"]
        assert abs(event.happened_at - now()) < timedelta(minutes=1)

    @pytest.mark.parametrize("flaw", ["wrong_signature", "other_app", "old"])
    def test_flawed_pushes(self, wechat: WeChatEvents, alipay: AlipayEvents, control: Control, flaw: str) -> None:
        with pytest.raises(PlatformEventRefused):
            _wechat(wechat, control.push("weixin", ZHANG, event="user_authorization_revoke", flaw=flaw))
        if flaw == "old":  # repeated for a day, so an hour is nothing
            assert _alipay(alipay, control.push("alipay", ZHANG, flaw=flaw))
            return
        with pytest.raises(PlatformEventRefused):
            _alipay(alipay, control.push("alipay", ZHANG, flaw=flaw))


class TestAlipaysForms:
    KEY = generate_private_key(public_exponent=65537, key_size=2048)

    def source(self) -> AlipayEvents:
        public = self.KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
        return AlipayEvents("2021", public)

    def form(self, *, sign_type_signed: bool = False, **changes: str) -> dict[str, str]:
        form = {
            "app_id": "2021", "charset": "UTF-8", "msg_method": "alipay.open.auth.userauth.cancelled",
            "notify_id": "n1", "utc_timestamp": "1700000000000", "version": "1.1",
            "biz_content": json.dumps({"open_id": "0x", "app_id": "2021", "cancel_time": 1_699_999_000_000}),
        } | changes  # fmt: skip
        covered = form | {"sign_type": "RSA2"} if sign_type_signed else form
        text = "&".join(f"{name}={value}" for name, value in sorted(covered.items()))
        sign = base64.b64encode(self.KEY.sign(text.encode(), PKCS1v15(), SHA256())).decode()
        return form | {"sign_type": "RSA2", "sign": sign}

    def read(self, form: dict[str, str], at: datetime = AT) -> PlatformEvent | None:
        with clock_at(at):
            return self.source().read(parameters=form, body=b"")

    @pytest.mark.parametrize("sign_type_signed", [False, True])
    def test_both_ways_of_signing(self, sign_type_signed: bool) -> None:
        event = self.read(self.form(sign_type_signed=sign_type_signed))
        assert event is not None
        assert (event.subject, event.happened_at) == ("0x", datetime.fromtimestamp(1_699_999_000, UTC))

    def test_a_user_id_and_no_time_of_its_own(self) -> None:
        event = self.read(self.form(biz_content='{"user_id": "2088000000000001"}'))
        assert event is not None
        assert (event.subject, event.happened_at) == ("2088000000000001", AT)

    def test_a_time_in_the_future_is_not_believed(self) -> None:
        event = self.read(self.form(biz_content='{"open_id": "0x", "cancel_time": 1800000000000}'))
        assert event is not None
        assert event.happened_at == AT

    @pytest.mark.parametrize(
        "changes",
        [
            {"app_id": "2022"},
            {"utc_timestamp": "yesterday"},
            {"utc_timestamp": "9" * 30},
            {"utc_timestamp": str(1_700_000_000_000 + 301_000)},
            {"utc_timestamp": str(1_700_000_000_000 - 2 * 86_400_000 - 1000)},
            {"notify_id": ""},
        ],
    )
    def test_signed_but_not_for_us_or_not_now(self, changes: dict[str, str]) -> None:
        with pytest.raises(PlatformEventRefused):
            self.read(self.form(**changes))

    @pytest.mark.parametrize(
        "changes",
        [
            {"biz_content": '{"open_id": "0victim"}'},
            {"notify_id": "n2"},
            {"extra": "1"},
            {"sign": ""},
            {"sign": "é"},
            {"sign_type": "RSA"},
        ],
    )
    def test_changed_after_it_was_signed(self, changes: dict[str, str]) -> None:
        with pytest.raises(PlatformEventRefused):
            self.read(self.form() | changes)

    @pytest.mark.parametrize(
        "changes",
        [
            {"msg_method": "alipay.open.mini.version.audit.passed"},
            {"biz_content": "{}"},
            {"biz_content": "[]"},
            {"biz_content": "not json"},
            {"biz_content": '{"open_id": "0x", "app_id": "2022"}'},
        ],
    )
    def test_what_concerns_nobody(self, changes: dict[str, str]) -> None:
        assert self.read(self.form(**changes)) is None

    def test_alipay_never_asks_for_an_echo(self) -> None:
        with pytest.raises(PlatformEventRefused):
            self.source().echo(parameters={})


def _wechat(source: WeChatEvents, push: dict[str, str]) -> PlatformEvent | None:
    return source.read(parameters=dict(parse_qsl(urlsplit(push["path"]).query)), body=push["body"].encode())


def _alipay(source: AlipayEvents, push: dict[str, str]) -> PlatformEvent | None:
    form = dict(parse_qsl(push["body"], keep_blank_values=True))
    assert urlencode(form) == push["body"]
    return source.read(parameters=form, body=b"")
