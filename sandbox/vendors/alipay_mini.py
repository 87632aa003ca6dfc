"""Alipay's mini-program: `alipay.system.oauth.token`, `my.getPhoneNumber`'s answer, template messages.

The access token that comes with a login is not good for anything here. The sub_code of a message that the user does
not allow is not documented; `USER_UNSUBSCRIBE` is made up.
"""

import base64
import json
import secrets
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7

from sandbox.context import Context
from sandbox.phones import Spent, find_template
from sandbox.vendors.alipay_face import BusinessError
from sandbox.world import Person

OAUTH_TOKEN = "alipay.system.oauth.token"  # noqa: S105
SEND = "alipay.open.app.mini.templatemessage.send"
_FIFTEEN_DAYS = "1296000"


class CodeInvalid(Exception):
    """Answered under `error_response` with 40002."""


def oauth_token(context: Context, params: dict[str, str]) -> dict[str, Any]:
    """`grant_type` and `code` beside biz_content → `{open_id, access_token, …}` without a code."""
    if params.get("grant_type") != "authorization_code":
        raise CodeInvalid
    person = context.phones.use_code("alipay", "login", params.get("code"))
    if isinstance(person, Spent):
        raise CodeInvalid
    token = {"access_token": secrets.token_hex(20), "expires_in": _FIFTEEN_DAYS, "re_expires_in": _FIFTEEN_DAYS}
    began = context.clock.now().strftime("%Y-%m-%d %H:%M:%S")
    return {
        "open_id": context.phones.subject("alipay", person), **token, "refresh_token": secrets.token_hex(20),
        "auth_start": began,
    }  # fmt: skip


def send_template_message(context: Context, content: dict[str, Any]) -> dict[str, Any]:
    """`{to_open_id, user_template_id, page, data}`, where data is JSON text of at most 2048 characters."""
    template, subject = find_template("alipay", content.get("user_template_id")), str(content.get("to_open_id", ""))
    if template is None or context.phones.owner("alipay", subject) is None:
        raise BusinessError("INVALID_PARAMETER", "模板或用户无效")
    text = content.get("data")
    try:
        data = {name: str(entry["value"]) for name, entry in json.loads(str(text)).items()}
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BusinessError("INVALID_PARAMETER", "data 无效") from error
    if not isinstance(text, str) or len(text) > 2048 or set(data) != set(template.fields.values()):
        raise BusinessError("INVALID_PARAMETER", "data 无效")
    if not str(content.get("page", "")).startswith("pages/"):
        raise BusinessError("INVALID_PARAMETER", "page 无效")
    if not context.phones.spend(template, subject):
        raise BusinessError("USER_UNSUBSCRIBE", "用户未订阅")
    context.phones.deliver(template, subject, content["page"], data)
    return {}


def phone_proof(context: Context, person: Person) -> str:
    """What `my.getPhoneNumber` gives to the mini-program: signed by Alipay, encrypted for the app."""
    answer = json.dumps({"code": "10000", "msg": "Success", "mobile": person.phone}, separators=(",", ":"))
    padder = PKCS7(128).padder()
    padded = padder.update(answer.encode()) + padder.finalize()
    key = base64.b64decode(context.alipay_keys.aes)
    encryptor = Cipher(AES(key), CBC(bytes(16))).encryptor()
    text = base64.b64encode(encryptor.update(padded) + encryptor.finalize()).decode()
    sign = sign_text(context, f'"{text}"')
    return json.dumps({"response": text, "sign": sign, "sign_type": "RSA2", "encrypt_type": "AES", "charset": "UTF-8"})


def sign_text(context: Context, text: str) -> str:
    """RSA2 with Alipay's own key."""
    key = serialization.load_pem_private_key(context.alipay_keys.alipay_private.encode(), None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("the gateway's key must be RSA")
    return base64.b64encode(key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())).decode()
