"""Events that WeChat pushes: message push in secure mode, JSON.

Source: developers.weixin.qq.com [DOC]; of `List`, that one entry comes as an object and several as an array, and of
account events, that the user is in `OpenID` [2nd]. Not called by the live service. wechatpy decrypts; it would compare
signatures with `!=`, know no age and take a broken padding for an empty message, so all that is done here.
"""

import base64
import hashlib
import hmac
import json
import struct
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from wechatpy.crypto import PrpCrypto
from wechatpy.exceptions import InvalidAppIdException

from app.accounts.errors import PlatformEventRefused
from app.accounts.ports import EventKind, PlatformEvent
from app.core.clock import now

SKEW = timedelta(minutes=5)
MOST_ECHO = 200
# `user_authorization_revoke` is the withdrawal of what the app was told, `…_cancellation` the end of the account.
WITHDRAWN = ("user_authorization_revoke", "user_authorization_cancellation")
# In the settings; a no in the pop-up (`subscribe_msg_popup_event`) refuses that one question only.
REFUSED = "subscribe_msg_change_event"


class WeChatEvents:
    """EventSource. `aes_key`: the EncodingAESKey, 43 characters."""

    def __init__(self, app_id: str, token: str, aes_key: str) -> None:
        self.app_id = app_id
        self._token = token
        key = base64.b64decode(f"{aes_key}=", validate=True)
        if len(key) != 32:
            raise ValueError("an EncodingAESKey has 43 characters")
        self._crypto = PrpCrypto(key)

    def echo(self, *, parameters: Mapping[str, str]) -> str:
        """See `EventSource.echo`."""
        self._check(parameters, "signature")
        echo = parameters.get("echostr", "")
        if not echo.isalnum() or len(echo) > MOST_ECHO:
            raise PlatformEventRefused
        return echo

    def read(self, *, parameters: Mapping[str, str], body: bytes) -> PlatformEvent | None:
        """See `EventSource.read`."""
        encrypted = _object(body).get("Encrypt")
        if not isinstance(encrypted, str):
            raise PlatformEventRefused
        self._check(parameters, "msg_signature", encrypted)
        return self._event(_object(self._decrypted(encrypted)))

    def _check(self, parameters: Mapping[str, str], name: str, *parts: str) -> None:
        """Signed with our token, just now. Raises PlatformEventRefused."""
        timestamp, nonce = parameters.get("timestamp", ""), parameters.get("nonce", "")
        text = "".join(sorted([self._token, timestamp, nonce, *parts]))
        expected = hashlib.sha1(text.encode()).hexdigest()  # noqa: S324  # WeChat's choice
        if not hmac.compare_digest(expected.encode(), parameters.get(name, "").encode()):
            raise PlatformEventRefused
        if not timestamp.isdecimal() or abs(now().timestamp() - int(timestamp)) > SKEW.total_seconds():
            raise PlatformEventRefused

    def _decrypted(self, encrypted: str) -> str:
        try:
            text: str = self._crypto.decrypt(encrypted, self.app_id)
        except (InvalidAppIdException, ValueError, IndexError, struct.error):
            raise PlatformEventRefused from None
        return text

    def _event(self, message: Mapping[str, Any]) -> PlatformEvent | None:
        event, seconds = message.get("Event"), str(message.get("CreateTime"))
        if message.get("MsgType") != "event" or not seconds.isdecimal() or len(seconds) > 12:
            return None
        happened_at = datetime.fromtimestamp(int(seconds) + 1, UTC)  # the end of that second
        if event in WITHDRAWN and message.get("AppID") == self.app_id:
            subject = str(message.get("OpenID") or "")
            return PlatformEvent(_key(message), EventKind.IDENTITY_WITHDRAWN, subject, happened_at)
        if event == REFUSED and (templates := _rejected(message)):
            subject = str(message.get("FromUserName") or "")
            return PlatformEvent(_key(message), EventKind.MESSAGES_REFUSED, subject, happened_at, templates)
        return None


def _rejected(message: Mapping[str, Any]) -> tuple[str, ...]:
    """Ids of the templates that the user wants no more."""
    listed = message.get("List")
    entries = listed if isinstance(listed, list) else [listed]
    rejected = [
        entry for entry in entries if isinstance(entry, dict) and entry.get("SubscribeStatusString") == "reject"
    ]
    return tuple(str(entry.get("TemplateId")) for entry in rejected)


def _key(message: Mapping[str, Any]) -> str:
    """Who, when, what: WeChat gives events no id of their own."""
    names = ("FromUserName", "OpenID", "CreateTime", "Event", "List", "RevokeInfo")
    return hashlib.sha256(json.dumps([message.get(name) for name in names], sort_keys=True).encode()).hexdigest()


def _object(text: bytes | str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise PlatformEventRefused from None
    if not isinstance(value, dict):
        raise PlatformEventRefused
    return value
