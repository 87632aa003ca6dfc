"""Business registry check with e签宝: the four-factor check of an organisation (C1, C2).

Source: the vendor's documented request signature (the example is reproduced) and stored pages of
https://open.esign.cn/doc/opendoc/identity_service/ikp0qg. Not called against the live service; which answers
are charged is unverified. A match proves that the data are right, not that the asking person may act: an
intent step of the legal representative goes with it.
"""

import base64
import hashlib
import hmac
import json
from typing import Any

from app.adapters.transport import Reply, Transport, failed_check, safe_code
from app.core.checks import CheckResult, Outcome
from app.core.clock import now
from app.core.errors import ProviderError

PROVIDER = "esign_registry"
PATH = "/v2/identity/auth/api/organization/enterprise/fourFactors"
ACCEPT = "*/*"
CONTENT_TYPE = "application/json; charset=UTF-8"

# `code` → (outcome, charged, what it means). Every other code is a failure of the service, never a mismatch.
VERDICTS = {
    "0": (Outcome.MATCH, True, "the four factors belong together"),
    "30504001": (Outcome.MISMATCH, True, "the four factors do not belong together"),
    "30500001": (Outcome.MISMATCH, True, "the organisation is cancelled or revoked"),
    "30504002": (Outcome.NO_RECORD, False, "no such organisation"),
    "30500100": (Outcome.INVALID_INPUT, False, "a value is missing"),
    "30500101": (Outcome.INVALID_INPUT, False, "a value is malformed"),
    "30500116": (Outcome.INVALID_INPUT, False, "a value has blanks around it"),
}


class EsignRegistry:
    """OrganisationRegistry. `base_url`: `https://openapi.esign.cn`, or the sandbox with a path prefix.

    Never raises ProviderError: an outage is the outcome UNAVAILABLE.
    """

    def __init__(self, base_url: str, app_id: str, app_secret: str, *, transport: Transport | None = None) -> None:
        self._url = base_url.rstrip("/") + PATH
        self._app_id = app_id
        self._secret = app_secret
        self._transport = transport or Transport(PROVIDER)

    def check_organisation(
        self, *, name: str, uscc: str, legal_representative: str, legal_representative_id: str, reference: str
    ) -> CheckResult:
        """See `OrganisationRegistry`. `reference` comes back in the vendor's log as contextId."""
        factors = {
            "name": name,
            "orgCode": uscc,
            "legalRepName": legal_representative,
            "legalRepIdNo": legal_representative_id,
            "contextId": reference,
        }
        body = json.dumps(factors, ensure_ascii=False).encode()
        headers = signed_headers(self._app_id, self._secret, PATH, body, int(now().timestamp() * 1000))
        try:
            answer = self._transport.send("POST", self._url, headers=headers, body=body, decode=self._answer)
        except ProviderError as error:
            return failed_check(error)
        return _verdict(answer)

    def _answer(self, reply: Reply) -> dict[str, Any]:
        answer = self._transport.json_object(reply)
        if not safe_code(answer.get("code")):
            raise self._transport.malformed("no code")
        return answer


def signed_headers(app_id: str, secret: str, path: str, body: bytes, timestamp_ms: int) -> dict[str, str]:
    """Headers of a POST to `path` (without the sandbox's prefix, without a query)."""
    body_md5 = base64.b64encode(hashlib.md5(body, usedforsecurity=False).digest()).decode()
    text = "\n".join(("POST", ACCEPT, body_md5, CONTENT_TYPE, "", path))
    signature = base64.b64encode(hmac.digest(secret.encode(), text.encode(), "sha256")).decode()
    return {
        "Accept": ACCEPT,
        "Content-Type": CONTENT_TYPE,
        "Content-MD5": body_md5,
        "X-Tsign-Open-App-Id": app_id,
        "X-Tsign-Open-Auth-Mode": "Signature",
        "X-Tsign-Open-Ca-Timestamp": str(timestamp_ms),
        "X-Tsign-Open-Ca-Signature": signature,
    }


def _verdict(answer: dict[str, Any]) -> CheckResult:
    code, data = safe_code(answer["code"]), answer.get("data")
    flow_id = safe_code(data.get("flowId")) if isinstance(data, dict) else ""
    outcome, charged, meaning = VERDICTS.get(code, (Outcome.UNAVAILABLE, False, "service failed"))
    if outcome is Outcome.MATCH and not flow_id:
        outcome, charged, meaning = Outcome.UNAVAILABLE, False, "success without a flowId"
    return CheckResult(outcome, PROVIDER, code, meaning, flow_id, charged)
