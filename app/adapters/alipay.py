"""Alipay's gateway: one signed request, its verified answer. Face check and mini-program share it.

Source: python-alipay-sdk 3.4.0 and stored vendor pages [SRC]. Not called against the live service. The SDK makes and
signs requests; it would send names in the address by GET, so they are posted here instead.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from alipay import AliPay
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from app.adapters.alipay_envelope import is_signed_by, top_level_members
from app.adapters.transport import Reply, Transport, safe_code
from app.core.clock import in_shanghai, now
from app.core.errors import ProviderError

PROVIDER = "alipay"

# `code` → (our code, permanent); `sub_code` decides where it is listed.
REFUSALS: Mapping[str, tuple[str, bool]] = {
    "20000": ("vendor_unavailable", False),
    "20001": ("account_problem", False),
    "40001": ("invalid_input", True),
    "40002": ("invalid_input", True),
    "40003": ("account_problem", False),
    "40004": ("refused", True),
    "40005": ("rate_limited", False),
    "40006": ("account_problem", False),
}
SUB_REFUSALS: Mapping[str, tuple[str, bool]] = {
    "INVALID_PARAMETER": ("invalid_input", True),
    "isv.invalid-signature": ("account_problem", False),
    "isv.invalid-app-id": ("account_problem", False),
    "isv.invalid-timestamp": ("account_problem", False),
    "isv.code-invalid": ("code_invalid", True),
}


class AlipayGateway:
    """Calls of one app. `url`: `https://openapi.alipay.com/gateway.do` or the sandbox's.

    `app_private_key_pem`: ours; `alipay_public_key_pem`: Alipay's, not the one made from our own key.
    """

    def __init__(
        self,
        url: str,
        app_id: str,
        app_private_key_pem: str,
        alipay_public_key_pem: str,
        *,
        transport: Transport | None = None,
    ) -> None:
        self.app_id = app_id
        self._url = url
        self._alipay = _sdk(app_id, app_private_key_pem, alipay_public_key_pem)
        self._transport = transport or Transport(PROVIDER)
        self.key = alipay_key(alipay_public_key_pem)

    def signed(self, method: str, content: Mapping[str, Any] | None = None, **parameters: str) -> str:
        """A request as `k=v&…`: `content` is biz_content, `parameters` go beside it."""
        moment = in_shanghai(now()).strftime("%Y-%m-%d %H:%M:%S")
        signed: str = self._alipay.client_api(
            method, dict(content or {}), format="JSON", timestamp=moment, **parameters
        )
        return signed

    def url_for(self, method: str, content: Mapping[str, Any]) -> str:
        """The signed address that a browser opens; so `content` must hold nothing personal."""
        return f"{self._url}?{self.signed(method, content)}"

    def call(
        self,
        method: str,
        content: Mapping[str, Any] | None = None,
        *,
        refusals: Mapping[str, tuple[str, bool]] | None = None,
        idempotent: bool = False,
        code_on_success: bool = True,
        **parameters: str,
    ) -> dict[str, Any]:
        """The verified answer to `method`. `refusals`: the method's own `sub_code`s → (our code, permanent).

        Success is code 10000, or none at all where the method has no `code_on_success`. Raises ProviderError.
        """
        name = method.replace(".", "_") + "_response"
        answer = self._transport.send(
            "POST",
            self._url,
            headers={"Content-Type": "application/x-www-form-urlencoded;charset=utf-8"},
            body=self.signed(method, content, **parameters).encode(),
            decode=lambda reply: self._verified(reply, name),
            idempotent=idempotent,
        )
        if answer.get("code", None if code_on_success else "10000") != "10000":
            raise self._refused(answer, refusals or {})
        return answer

    def _refused(self, answer: Mapping[str, Any], refusals: Mapping[str, tuple[str, bool]]) -> ProviderError:
        """Alipay's own error as ours. Of its texts only the codes are kept."""
        code, sub_code = safe_code(answer.get("code")), safe_code(answer.get("sub_code"))
        listed = refusals.get(sub_code) or SUB_REFUSALS.get(sub_code) or REFUSALS.get(code)
        ours, permanent = listed or ("refused", False)
        return ProviderError(self._transport.provider, ours, f"{code} {sub_code}".strip(), permanent=permanent)

    def malformed(self, what: str) -> ProviderError:
        """See `Transport.malformed`."""
        return self._transport.malformed(what)

    def _verified(self, reply: Reply, name: str) -> dict[str, Any]:
        """The inner object, its signature checked. The gateway's own errors are unsigned and only refuse."""
        try:
            members = top_level_members(reply.body.decode())
        except (ValueError, RecursionError):
            members = {}
        answer, text = members.get(name) or members.get("error_response") or (None, "")
        if not isinstance(answer, dict):
            raise self._transport.malformed("no answer object")
        signature = members.get("sign", ("", ""))[0]
        if name in members and not (isinstance(signature, str) and is_signed_by(self.key, text, signature)):
            raise ProviderError(self._transport.provider, "signature_invalid")
        if name not in members and answer.get("code", "10000") == "10000":
            raise self._transport.malformed("an error that says success")
        return answer


@lru_cache(maxsize=4)
def _sdk(app_id: str, app_private_key_pem: str, alipay_public_key_pem: str) -> AliPay:
    """One for all that share the app: it proves the key's primes at each loading, which takes longer than signing."""
    return AliPay(app_id, None, app_private_key_pem, alipay_public_key_pem, sign_type="RSA2")


def alipay_key(pem: str) -> RSAPublicKey:
    """Alipay's public key. Raises ValueError when it is of another kind."""
    key = load_pem_public_key(pem.encode())
    if not isinstance(key, RSAPublicKey):
        raise ValueError("Alipay's public key must be an RSA key")
    return key
