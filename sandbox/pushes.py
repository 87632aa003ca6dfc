"""Events that platforms push to the product: signed as they sign them, and on order wrongly, late or twice.

WeChat: secure mode, JSON, AES-256-CBC and SHA-1 (written from its documentation, not with its SDK). Alipay: a form to
the app's gateway, RSA2. Each is posted to `<callback-base>/api/v1/callbacks/…`; without a base it is only shown.
"""

import base64
import hashlib
import json
import os
import secrets
import struct
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from sandbox.context import Context
from sandbox.credentials import ALIPAY_APP_ID, WECHAT_APP_ID, WECHAT_PUSH_TOKEN, wechat_push_key
from sandbox.vendors.alipay_mini import sign_text
from sandbox.world import Person

FLAWS = ("", "wrong_signature", "old", "other_app")
CANCELLED = "alipay.open.auth.userauth.cancelled"
_OLD_SECONDS = 3600
_BLOCK = 32
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True, slots=True)
class Push:
    """A request as the platform would send it. `path` begins after `/api/v1/callbacks`, query included."""

    path: str
    content_type: str
    body: str


def wechat(context: Context, person: Person, order: dict[str, Any]) -> Push:
    """`order`: {event, template?, status?, flaw?}; FromUserName is the person, or the platform in account events."""
    event, flaw = str(order.get("event", "")), str(order.get("flaw", ""))
    seconds = int(context.clock.now().timestamp()) - (_OLD_SECONDS if flaw == "old" else 0)
    openid = context.phones.subject("weixin", person)
    message: dict[str, Any] = {
        "ToUserName": "gh_000000000001",
        "CreateTime": seconds,
        "MsgType": "event",
        "Event": event,
    }
    if event.startswith("user_authorization"):
        message |= {"FromUserName": "oPlatform", "OpenID": openid, "AppID": WECHAT_APP_ID, "RevokeInfo": "1"}
    else:  # one entry comes as an object, several as an array
        entry = {"TemplateId": order.get("template", ""), "SubscribeStatusString": order.get("status", "reject")}
        message |= {"FromUserName": openid, "List": entry}
    app_id = "wx9999999999999999" if flaw == "other_app" else WECHAT_APP_ID
    encrypted = _encrypted(context, json.dumps(message, ensure_ascii=False), app_id)
    timestamp, nonce = str(seconds), secrets.token_hex(8)
    signed = {"timestamp": timestamp, "nonce": nonce, "signature": _sha1(WECHAT_PUSH_TOKEN, timestamp, nonce)}
    signature = _sha1(WECHAT_PUSH_TOKEN, timestamp, nonce, encrypted)
    if flaw == "wrong_signature":
        signature = _sha1("another token", timestamp, nonce, encrypted)
    query = urlencode({**signed, "openid": openid, "encrypt_type": "aes", "msg_signature": signature})
    body = json.dumps({"ToUserName": message["ToUserName"], "Encrypt": encrypted})
    return Push(f"/wechat?{query}", "application/json", body)


def alipay(context: Context, person: Person, order: dict[str, Any]) -> Push:
    """`order`: {msg_method?, flaw?}: the person takes back what they allowed the app."""
    flaw, moment = str(order.get("flaw", "")), int(context.clock.now().timestamp() * 1000)
    if flaw == "old":
        moment -= _OLD_SECONDS * 1000
    content = {"open_id": context.phones.subject("alipay", person), "app_id": ALIPAY_APP_ID, "cancel_time": moment}
    form = {
        "charset": "UTF-8",
        "version": "1.1",
        "msg_method": str(order.get("msg_method") or CANCELLED),
        "utc_timestamp": str(moment),
        "notify_id": f"{moment}{secrets.token_hex(8)}",
        "app_id": "2021999999999999" if flaw == "other_app" else ALIPAY_APP_ID,
        "biz_content": json.dumps(content, separators=(",", ":")),
    }
    text = "&".join(f"{name}={value}" for name, value in sorted(form.items()))
    sign = sign_text(context, text + "x" if flaw == "wrong_signature" else text)
    body = urlencode({**form, "sign_type": "RSA2", "sign": sign})
    return Push("/alipay", "application/x-www-form-urlencoded; charset=UTF-8", body)


def deliver(base: str, push: Push) -> dict[str, Any]:
    """Post it; the product's answer."""
    url = f"{base}/api/v1/callbacks{push.path}"
    request = urllib.request.Request(url, push.body.encode(), {"Content-Type": push.content_type})  # noqa: S310
    try:
        with _opener.open(request, timeout=5) as answer:
            return {"status": answer.status, "answer": answer.read().decode()}
    except urllib.error.HTTPError as error:
        return {"status": error.code, "answer": error.read().decode()}
    except OSError as error:
        return {"status": None, "answer": type(error).__name__}


def _encrypted(context: Context, text: str, app_id: str) -> str:
    """16 random bytes, length, message, app id; PKCS7 to blocks of 32."""
    key = base64.b64decode(f"{wechat_push_key(context.store)}=")
    message = text.encode()
    plain = os.urandom(16) + struct.pack(">I", len(message)) + message + app_id.encode()
    fill = _BLOCK - len(plain) % _BLOCK
    encryptor = Cipher(AES(key), CBC(key[:16])).encryptor()
    return base64.b64encode(encryptor.update(plain + bytes([fill]) * fill) + encryptor.finalize()).decode()


def _sha1(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()  # noqa: S324
