"""Face check with Alipay: `alipay.user.certify.open.*`, or its successor `datadigital.…face.certify.*` (B3).

Source: python-alipay-sdk 3.4.0 and stored vendor pages. Not called against the live service: that an
unfinished check is answered with `passed=F` and no `fail_reason` is unverified, and so is the wording of a
cancellation. New merchants may be given the successor, which has the same shape [SRC: models of the vendor's official
SDKs] but for the page: its address is asked for instead of signed.
"""

from dataclasses import dataclass
from typing import Any

from app.adapters.alipay import AlipayGateway
from app.adapters.transport import Transport, failed_check, safe_code
from app.core.checks import CheckResult, Outcome
from app.core.errors import ProviderError
from app.identity.ports import FaceSession, FaceSubject

PROVIDER = "alipay_face"


@dataclass(frozen=True, slots=True)
class Product:
    """`page`: signed and opened by the person; or, where `asks_page`, a call that answers the page's address."""

    initialize: str
    page: str
    query: str
    biz_code: str
    asks_page: bool


PRODUCTS = {
    "certify": Product(
        "alipay.user.certify.open.initialize",
        "alipay.user.certify.open.certify",
        "alipay.user.certify.open.query",
        "FACE",
        asks_page=False,
    ),
    "datadigital": Product(
        "datadigital.fincloud.generalsaas.face.certify.initialize",
        "datadigital.fincloud.generalsaas.face.certify.verify",
        "datadigital.fincloud.generalsaas.face.certify.query",
        "FUTURE_TECH_BIZ_FACE_SDK",
        asks_page=True,
    ),
}
REFUSALS = {"OPEN_CERTIFY_BILL_NOT_EXIST": ("order_not_found", True)}


class AlipayFace:
    """FaceVerifier. `gateway_url`: `https://openapi.alipay.com/gateway.do` or the sandbox's.

    `app_private_key_pem`: ours; `alipay_public_key_pem`: Alipay's, not the one made from our own key. `product`: one of
    PRODUCTS.
    """

    def __init__(
        self,
        gateway_url: str,
        app_id: str,
        app_private_key_pem: str,
        alipay_public_key_pem: str,
        *,
        product: str = "certify",
        transport: Transport | None = None,
    ) -> None:
        self._product = PRODUCTS[product]
        transport = transport or Transport(PROVIDER)
        self._gateway = AlipayGateway(
            gateway_url, app_id, app_private_key_pem, alipay_public_key_pem, transport=transport
        )

    def start(self, *, subject: FaceSubject, reference: str, return_url: str, openid: str = "") -> FaceSession:
        """See `FaceVerifier.start`. The address holds no personal data; it is good for 23 hours."""
        answer = self._gateway.call(
            self._product.initialize,
            {
                "outer_order_no": reference,
                "biz_code": self._product.biz_code,
                "identity_param": {
                    "identity_type": "CERT_INFO",
                    "cert_type": "IDENTITY_CARD",
                    "cert_name": subject.name,
                    "cert_no": subject.id_number,
                },
                "merchant_config": {"return_url": return_url},
            },
        )
        certify_id = safe_code(answer.get("certify_id"))
        if not certify_id:
            raise self._gateway.malformed("no certify_id")
        url = self._page(certify_id)
        return FaceSession(certify_id, url, {"certify_id": certify_id, "url": url})

    def _page(self, certify_id: str) -> str:
        content = {"certify_id": certify_id}
        if not self._product.asks_page:
            return self._gateway.url_for(self._product.page, content)
        url = self._gateway.call(self._product.page, content, idempotent=True).get("certify_url")
        if not isinstance(url, str) or not url.startswith(("https://", "http://")):
            raise self._gateway.malformed("no certify_url")
        return url

    def result(self, *, provider_ref: str, subject: FaceSubject, reference: str, openid: str = "") -> CheckResult:
        """See `FaceVerifier.result`. Never raises ProviderError: an outage is the outcome UNAVAILABLE.

        Alipay's answer names nobody: it is about the person whom we named when we got this id.
        """
        try:
            answer = self._gateway.call(
                self._product.query, {"certify_id": provider_ref}, refusals=REFUSALS, idempotent=True
            )
        except ProviderError as error:
            if error.code == "order_not_found":
                return CheckResult(Outcome.EXPIRED, PROVIDER, error.code, "unknown or expired", provider_ref)
            return failed_check(error)
        return _verdict(answer, provider_ref)


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
