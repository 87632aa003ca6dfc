"""Alipay's mini-program: login, phone number, deep link (A6).

Source: stored vendor pages [DOC], python-alipay-sdk 3.4.0 [SRC]; the phone's failure codes [2nd]. Not called against
the live service. New apps get `open_id` instead of `user_id`; either is good for this app only.
"""

import base64
import json
import re
from typing import Any
from urllib.parse import quote

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7

from app.accounts.errors import PhoneProofInvalid, PlatformCodeInvalid
from app.accounts.ports import PlatformIdentity
from app.adapters.alipay import AlipayGateway
from app.adapters.alipay_envelope import is_signed_by
from app.core.errors import ProviderError

OAUTH_TOKEN = "alipay.system.oauth.token"  # noqa: S105
_ZERO_IV = bytes(16)
_MOST_CIPHER = 4096
_MOBILE = re.compile(r"1[3-9][0-9]{9}")


class AlipayMini:
    """MiniPlatform. `aes_key`: base64, "接口内容加密方式" of the app."""

    def __init__(self, gateway: AlipayGateway, aes_key: str) -> None:
        self.app_id = gateway.app_id
        self._gateway = gateway
        self._aes = AES(base64.b64decode(aes_key, validate=True))

    def exchange_code(self, *, code: str) -> PlatformIdentity:
        """See `MiniPlatform.exchange_code`. The access token that comes along is not kept."""
        try:
            answer = self._gateway.call(OAUTH_TOKEN, code_on_success=False, grant_type="authorization_code", code=code)
        except ProviderError as error:
            if error.code == "code_invalid":
                raise PlatformCodeInvalid from None
            raise
        subject = answer.get("open_id") or answer.get("user_id")
        if not isinstance(subject, str) or not re.fullmatch(r"[\w-]{1,128}", subject, re.ASCII):
            raise self._gateway.malformed("no open_id")
        return PlatformIdentity(subject)

    def phone_number(self, *, proof: str, subject: str) -> str:
        """See `MiniPlatform.phone_number`. Signed by Alipay, but it names no user and no date.

        With its fixed IV it is the same each time, so an old one can't be told from a new one: whoever was given a
        proof can show it again, also after the number went to somebody else. Read at once, never stored or logged.
        """
        cipher = self._signed_cipher(proof)
        try:
            answer = json.loads(self._decrypted(cipher))
        except ValueError as error:
            raise PhoneProofInvalid from error
        phone = answer.get("mobile") if isinstance(answer, dict) and answer.get("code") == "10000" else None
        if not isinstance(phone, str) or not _MOBILE.fullmatch(phone):
            raise PhoneProofInvalid
        return phone

    def link_to_app(self, *, page: str, query: str) -> str:
        """See `MiniPlatform.link_to_app`."""
        target = quote(f"{page.lstrip('/')}?{query}" if query else page.lstrip("/"), safe="")
        return f"alipays://platformapi/startapp?appId={self.app_id}&page={target}"

    def _signed_cipher(self, proof: str) -> bytes:
        """The cipher text in `my.getPhoneNumber`'s answer, its signature checked. A refusal comes as plain JSON."""
        members = _object(proof)
        text, sign = members.get("response"), members.get("sign")
        signed = isinstance(text, str) and isinstance(sign, str) and members.get("sign_type") == "RSA2"
        # Alipay signs the JSON value, quotation marks included.
        if not signed or not is_signed_by(self._gateway.key, f'"{text}"', str(sign)):
            raise PhoneProofInvalid
        try:
            return base64.b64decode(str(text), validate=True)
        except ValueError as error:
            raise PhoneProofInvalid from error

    def _decrypted(self, cipher: bytes) -> bytes:
        """AES-CBC with a zero IV. Raises ValueError."""
        if not cipher or len(cipher) % 16 or len(cipher) > _MOST_CIPHER:
            raise ValueError("not whole blocks")
        decryptor, padding = Cipher(self._aes, CBC(_ZERO_IV)).decryptor(), PKCS7(128).unpadder()
        padded = decryptor.update(cipher) + decryptor.finalize()
        return padding.update(padded) + padding.finalize()


def _object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
