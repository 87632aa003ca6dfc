"""Face check with Alipay: `alipay.user.certify.open.initialize`, `.certify`, `.query` (B3).

Source: python-alipay-sdk 3.4.0 and stored vendor pages. Not called against the live service: that an
unfinished check is answered with `passed=F` and no `fail_reason` is unverified, and so is the wording of a
cancellation. New merchants may be given the `datadigital` successor, which has the same shape. The SDK makes
and signs requests; it would send names in the address by GET, so they are posted here instead.
"""

from typing import Any

from alipay import AliPay
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from app.adapters.alipay_envelope import is_signed_by, top_level_members
from app.adapters.transport import Reply, Transport, failed_check, safe_code
from app.core.checks import CheckResult, Outcome
from app.core.clock import in_shanghai, now
from app.core.errors import ProviderError
from app.identity.ports import FaceSession

PROVIDER = "alipay_face"
INITIALIZE = "alipay.user.certify.open.initialize"
CERTIFY = "alipay.user.certify.open.certify"
QUERY = "alipay.user.certify.open.query"

# `code` → (our code, permanent); `sub_code` decides where it is listed.
REFUSALS = {
    "20000": ("vendor_unavailable", False),
    "20001": ("account_problem", False),
    "40001": ("invalid_input", True),
    "40002": ("invalid_input", True),
    "40003": ("account_problem", False),
    "40004": ("refused", True),
    "40005": ("rate_limited", False),
    "40006": ("account_problem", False),
}
SUB_REFUSALS = {
    "OPEN_CERTIFY_BILL_NOT_EXIST": ("order_not_found", True),
    "INVALID_PARAMETER": ("invalid_input", True),
    "isv.invalid-signature": ("account_problem", False),
    "isv.invalid-app-id": ("account_problem", False),
    "isv.invalid-timestamp": ("account_problem", False),
}


class AlipayFace:
    """FaceVerifier. `gateway_url`: `https://openapi.alipay.com/gateway.do` or the sandbox's.

    `app_private_key_pem`: ours; `alipay_public_key_pem`: Alipay's, not the one made from our own key.
    """

    def __init__(
        self,
        gateway_url: str,
        app_id: str,
        app_private_key_pem: str,
        alipay_public_key_pem: str,
        *,
        transport: Transport | None = None,
    ) -> None:
        self._gateway_url = gateway_url
        self._alipay = AliPay(app_id, None, app_private_key_pem, alipay_public_key_pem, sign_type="RSA2")
        key = load_pem_public_key(alipay_public_key_pem.encode())
        if not isinstance(key, RSAPublicKey):
            raise ValueError("Alipay's public key must be an RSA key")
        self._alipay_key = key
        self._transport = transport or Transport(PROVIDER)

    def start(self, *, name: str, id_number: str, reference: str, return_url: str) -> FaceSession:
        """See `FaceVerifier.start`. The address holds no personal data; it is good for 23 hours."""
        answer = self._call(
            INITIALIZE,
            {
                "outer_order_no": reference,
                "biz_code": "FACE",
                "identity_param": {
                    "identity_type": "CERT_INFO",
                    "cert_type": "IDENTITY_CARD",
                    "cert_name": name,
                    "cert_no": id_number,
                },
                "merchant_config": {"return_url": return_url},
            },
        )
        if answer.get("code") != "10000":
            raise _refused(answer)
        certify_id = safe_code(answer.get("certify_id"))
        if not certify_id:
            raise self._transport.malformed("no certify_id")
        return FaceSession(certify_id, f"{self._gateway_url}?{self._signed(CERTIFY, {'certify_id': certify_id})}")

    def result(self, *, provider_ref: str) -> CheckResult:
        """See `FaceVerifier.result`. Never raises ProviderError: an outage is the outcome UNAVAILABLE."""
        try:
            answer = self._call(QUERY, {"certify_id": provider_ref}, idempotent=True)
            if answer.get("code") != "10000":
                raise _refused(answer)
        except ProviderError as error:
            if error.code == "order_not_found":
                return CheckResult(Outcome.EXPIRED, PROVIDER, error.code, "unknown or expired", provider_ref)
            return failed_check(error)
        return _verdict(answer, provider_ref)

    def _signed(self, method: str, content: dict[str, Any]) -> str:
        moment = in_shanghai(now()).strftime("%Y-%m-%d %H:%M:%S")
        signed: str = self._alipay.client_api(method, content, format="JSON", timestamp=moment)
        return signed

    def _call(self, method: str, content: dict[str, Any], *, idempotent: bool = False) -> dict[str, Any]:
        return self._transport.send(
            "POST",
            self._gateway_url,
            headers={"Content-Type": "application/x-www-form-urlencoded;charset=utf-8"},
            body=self._signed(method, content).encode(),
            decode=lambda reply: self._verified(reply, method.replace(".", "_") + "_response"),
            idempotent=idempotent,
        )

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
        if name in members and not (isinstance(signature, str) and is_signed_by(self._alipay_key, text, signature)):
            raise ProviderError(PROVIDER, "signature_invalid")
        if name not in members and answer.get("code") == "10000":
            raise self._transport.malformed("an error that says success")
        return answer


def _refused(answer: dict[str, Any]) -> ProviderError:
    code, sub_code = safe_code(answer.get("code")), safe_code(answer.get("sub_code"))
    ours, permanent = SUB_REFUSALS.get(sub_code) or REFUSALS.get(code) or ("refused", False)
    return ProviderError(PROVIDER, ours, f"{code} {sub_code}".strip(), permanent=permanent)


def _verdict(answer: dict[str, Any], certify_id: str) -> CheckResult:
    """`passed` T or F; of the reason only its code (`Z1147：…`) is kept, the rest is free text."""
    passed, reason = answer.get("passed"), str(answer.get("fail_reason") or "")
    if passed == "T":
        return CheckResult(Outcome.MATCH, PROVIDER, "T", "passed", certify_id, charged=True)
    if passed != "F":
        return CheckResult(Outcome.UNAVAILABLE, PROVIDER, "malformed_answer", "no verdict", certify_id)
    if not reason:
        return CheckResult(Outcome.PENDING, PROVIDER, "F", "not finished", certify_id)
    code = f"F {safe_code(reason.split('：')[0])}".strip()
    if "取消" in reason:
        return CheckResult(Outcome.CANCELLED, PROVIDER, code, "cancelled by the person", certify_id)
    return CheckResult(Outcome.MISMATCH, PROVIDER, code, "not that person, or not alive", certify_id, True)
