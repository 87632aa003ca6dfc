"""WeChat's server API: one authorised call, with an access token that all processes share.

Source: developers.weixin.qq.com [DOC] (`stable_token`, common return codes; 40125, 40164, 89501 and 89503 [MEM]).
Not called against the live service. wechatpy 1.8.18 builds the requests; its own token, retries, sessions and
exceptions are not used: it would wait for ever, repeat a refused call without end, and put tokens into errors.
"""

from collections.abc import Mapping
from datetime import timedelta
from json import dumps as json_text
from typing import Any
from urllib.parse import urlencode

from wechatpy import WeChatClient as WeChatPy

from app.adapters.transport import Transport
from app.core.clock import now
from app.core.errors import ProviderError
from app.core.provider_tokens import KeptToken, keep_token, load_token, may_force

PROVIDER = "wechat"

# WeChat refreshes five minutes before the end, and the old token lives as long.
EARLY = timedelta(minutes=5)
# WeChat allows 20 forced refreshes a day, 30 seconds apart: never spend them on a fault that lasts.
FORCE_INTERVAL = timedelta(minutes=30)
_LEAST_LIFE = timedelta(minutes=1)

_JSON = {"Content-Type": "application/json; charset=utf-8"}

STALE_TOKEN = (40001, 40014, 42001)
# `errcode` → (our code, permanent).
REFUSALS: Mapping[int, tuple[str, bool]] = {
    -1: ("vendor_unavailable", False),
    40001: ("account_problem", False),
    40002: ("account_problem", False),
    40013: ("account_problem", False),
    40014: ("account_problem", False),
    40029: ("code_invalid", True),
    40125: ("account_problem", False),
    40163: ("code_invalid", True),
    40164: ("account_problem", False),
    40226: ("refused", True),
    42001: ("account_problem", False),
    45009: ("rate_limited", False),
    45011: ("rate_limited", False),
    47001: ("invalid_input", True),
    48001: ("account_problem", False),
    89501: ("account_problem", False),
    89503: ("account_problem", False),
}


class WeChatClient:
    """Calls of one mini-program or service account. `base_url`: `https://api.weixin.qq.com` or the sandbox's."""

    def __init__(self, base_url: str, app_id: str, secret: str, *, transport: Transport | None = None) -> None:
        self.app_id = app_id
        self._base_url = base_url.rstrip("/")
        self._secret = secret
        self._transport = transport or Transport(PROVIDER)
        self._api = _Api(app_id, secret, self._transport)
        self._token_name = f"wechat:{app_id}"

    def post(
        self,
        path: str,
        json: Mapping[str, Any],
        *,
        refusals: Mapping[int, tuple[str, bool]] | None = None,
        idempotent: bool = False,
    ) -> dict[str, Any]:
        """The answer to a call with the access token; a token that is refused is renewed once.

        `path` begins with a slash. `refusals`: the call's own `errcode`s → (our code, permanent).
        Raises ProviderError; the vendor's errcode is its message.
        """
        token = self._token()
        answer = self._authorised(path, json, token, idempotent=idempotent)
        if _errcode(answer) in STALE_TOKEN:
            answer = self._authorised(path, json, self._renewed(token), idempotent=idempotent)
        return self._accepted(answer, refusals or {})

    def get_with_secret(
        self, path: str, parameters: Mapping[str, str], *, refusals: Mapping[int, tuple[str, bool]] | None = None
    ) -> dict[str, Any]:
        """The answer to a call that the app's own secret authorises instead of a token. Raises ProviderError."""
        query = urlencode({"appid": self.app_id, "secret": self._secret, **parameters})
        answer = self._transport.send("GET", f"{self._base_url}{path}?{query}", decode=self._transport.json_object)
        return self._accepted(answer, refusals or {})

    def _authorised(self, path: str, json: Mapping[str, Any], token: str, *, idempotent: bool) -> dict[str, Any]:
        answer: dict[str, Any] = self._api.post(
            f"{self._base_url}{path}", data=dict(json), params={"access_token": token}, idempotent=idempotent
        )
        return answer

    def _accepted(self, answer: dict[str, Any], refusals: Mapping[int, tuple[str, bool]]) -> dict[str, Any]:
        errcode = _errcode(answer)
        if errcode is None:
            raise self._transport.malformed("errcode is not a number")
        if errcode:
            ours, permanent = refusals.get(errcode) or REFUSALS.get(errcode) or ("refused", False)
            raise ProviderError(self._transport.provider, ours, str(errcode), permanent=permanent)
        return answer

    def _token(self) -> str:
        kept = load_token(self._token_name)
        return kept.value if kept else self._fetched(force=False)

    def _renewed(self, refused: str) -> str:
        kept = load_token(self._token_name)
        if kept and kept.value != refused:  # another process was first
            return kept.value
        fetched = self._fetched(force=False)
        if fetched == refused and may_force(self._token_name, interval=FORCE_INTERVAL):
            return self._fetched(force=True)
        return fetched

    def _fetched(self, *, force: bool) -> str:
        """A token from WeChat, kept for all processes. Without `force` several may ask: they get the same one."""
        demand = {
            "grant_type": "client_credential",
            "appid": self.app_id,
            "secret": self._secret,
            "force_refresh": force,
        }
        answer = self._transport.send(
            "POST",
            f"{self._base_url}/cgi-bin/stable_token",
            headers=_JSON,
            body=json_text({**demand, "force_refresh": force}).encode(),
            decode=self._transport.json_object,
            idempotent=not force,
        )
        answer = self._accepted(answer, {})
        token, seconds = answer.get("access_token"), answer.get("expires_in")
        if not isinstance(token, str) or not token or not isinstance(seconds, int):
            raise self._transport.malformed("no access_token")
        life = max(_LEAST_LIFE, timedelta(seconds=seconds) - EARLY)
        keep_token(self._token_name, KeptToken(token, now() + life))
        return token


class _Answer(dict[str, Any]):
    """What wechatpy takes for an answer that it has to look through."""

    def raise_for_status(self) -> None:
        """The transport has done it."""


class _Api(WeChatPy):  # type: ignore[misc]
    """wechatpy with the house's transport: addresses and bodies are its, time limits and errors ours."""

    def __init__(self, app_id: str, secret: str, transport: Transport) -> None:
        super().__init__(app_id, secret, auto_retry=False)
        self._http = _Http(transport)

    def _handle_result(self, res: _Answer, *_arguments: Any, **_named: Any) -> dict[str, Any]:
        return res


class _Http:
    """The part of `requests.Session` that wechatpy uses."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def request(
        self, method: str, url: str, *, params: Mapping[str, str], data: bytes, idempotent: bool, timeout: None
    ) -> _Answer:
        """`timeout` is wechatpy's own; the transport has limits for everybody."""
        return _Answer(
            self._transport.send(
                method.upper(),
                f"{url}?{urlencode(params)}",
                headers=_JSON,
                body=data,
                decode=self._transport.json_object,
                idempotent=idempotent,
            )
        )


def _errcode(answer: Mapping[str, Any]) -> int | None:
    """0 where it is absent: several calls answer without it when all is well."""
    value = answer.get("errcode", 0)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
