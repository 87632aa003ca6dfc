"""WeChat's mini-program: login, phone number, links that open it (A6).

Source: developers.weixin.qq.com [DOC] (`jscode2session`, `getuserphonenumber`, `generate_urllink`, `generatescheme`).
Not called against the live service. wechatpy's `code_to_session` would fetch and send an access token that the call
does not need; the session key is dropped at once.
"""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from app.accounts.errors import PhoneProofInvalid, PlatformCodeInvalid, PlatformUserBlocked
from app.accounts.ports import PlatformIdentity
from app.adapters.wechat import WeChatClient
from app.core.clock import now
from app.core.errors import ProviderError

# A code lives five minutes; clocks differ.
FRESH = timedelta(minutes=10)
LINK_DAYS = 1
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_BLOCKED = {40226: ("user_blocked", True)}
# What WeChat itself refused; each kind of link has a quota and permissions of its own.
_TRY_SCHEME = ("refused", "rate_limited", "account_problem")


class WeChatMini:
    """MiniPlatform."""

    def __init__(self, client: WeChatClient) -> None:
        self.app_id = client.app_id
        self._client = client

    def exchange_code(self, *, code: str) -> PlatformIdentity:
        """See `MiniPlatform.exchange_code`."""
        parameters = {"js_code": code, "grant_type": "authorization_code"}
        try:
            answer = self._client.get_with_secret("/sns/jscode2session", parameters, refusals=_BLOCKED)
        except ProviderError as error:
            if error.code == "user_blocked":
                raise PlatformUserBlocked from None
            if error.code == "code_invalid":
                raise PlatformCodeInvalid from None
            raise
        openid = answer.get("openid")
        if not isinstance(openid, str) or not re.fullmatch(r"[\w-]{1,128}", openid, re.ASCII):
            raise _malformed("no openid")
        return PlatformIdentity(openid)

    def phone_number(self, *, proof: str, subject: str) -> str:
        """See `MiniPlatform.phone_number`. The user may have picked any number of theirs: it proves no name."""
        try:
            answer = self._client.post("/wxa/business/getuserphonenumber", {"code": proof, "openid": subject})
        except ProviderError as error:
            if error.code == "code_invalid":
                raise PhoneProofInvalid from None
            raise
        info = answer.get("phone_info")
        if not isinstance(info, dict):
            raise _malformed("no phone_info")
        phone = info.get("purePhoneNumber")
        mainland = str(info.get("countryCode")) == "86" and isinstance(phone, str) and _MOBILE.fullmatch(phone)
        if not mainland or not self._is_ours(info.get("watermark")):
            raise PhoneProofInvalid
        return str(phone)

    def link_to_app(self, *, page: str, query: str) -> str:
        """See `MiniPlatform.link_to_app`. A URL link works everywhere; where it is refused, a scheme still opens."""
        target = {"path": page, "query": query, "env_version": "release"}
        life = {"expire_type": 1, "expire_interval": LINK_DAYS}
        try:
            answer = self._client.post("/wxa/generate_urllink", {**target, **life}, idempotent=True)
            return _address(answer.get("url_link"), "https://", "http://")
        except ProviderError as error:
            if error.code not in _TRY_SCHEME:
                raise
        scheme = {"jump_wxa": target, "is_expire": True, **life}
        answer = self._client.post("/wxa/generatescheme", scheme, idempotent=True)
        return _address(answer.get("openlink"), "weixin://")

    def _is_ours(self, watermark: object) -> bool:
        """Made for this app, just now."""
        if not isinstance(watermark, Mapping) or watermark.get("appid") != self.app_id:
            return False
        seconds = watermark.get("timestamp")
        return isinstance(seconds, int) and abs(now().timestamp() - seconds) <= FRESH.total_seconds()


def _address(value: Any, *schemes: str) -> str:
    """An address that is safe to offer: it came over TLS, but a script it must not be."""
    if not isinstance(value, str) or not value.startswith(schemes):
        raise _malformed("no link")
    return value


def _malformed(what: str) -> ProviderError:
    return ProviderError("wechat", "malformed_answer", what)
