"""Short messages through Aliyun: `SendSms` of Dysmsapi 2017-05-25, signed with ACS3-HMAC-SHA256.

Source: the vendor's SDK 4.6.0; the signature reproduces the documented example. Not called against the live
service; that a nonce is refused the second time is unverified. A refusal is HTTP 200 with `Code` ≠ OK.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from app.adapters.transport import Reply, Transport, safe_code
from app.core.clock import now
from app.core.errors import ProviderError
from app.notifications.ports import SmsReceipt

PROVIDER = "aliyun_sms"
ALGORITHM = "ACS3-HMAC-SHA256"

# Vendor's code → (our code, permanent). What an operator can put right (money, filing) is not permanent.
REFUSALS = {
    "isv.BUSINESS_LIMIT_CONTROL": ("rate_limited", False),
    "isv.DAY_LIMIT_CONTROL": ("rate_limited", False),
    "isv.MONTH_LIMIT_CONTROL": ("rate_limited", False),
    "isv.MOBILE_NUMBER_ILLEGAL": ("number_refused", True),
    "isv.TEMPLATE_MISSING_PARAMETERS": ("template_refused", True),
    "isv.SMS_TEMPLATE_ILLEGAL": ("template_refused", True),
    "isv.SMS_SIGNATURE_ILLEGAL": ("template_refused", True),
    "isv.SMS_CONTENT_ILLEGAL": ("template_refused", True),
    "isv.SIGN_STATE_ILLEGAL": ("account_problem", False),
    "isv.AMOUNT_NOT_ENOUGH": ("account_problem", False),
    "isv.OUT_OF_SERVICE": ("account_problem", False),
    "isp.RAM_PERMISSION_DENY": ("account_problem", False),
}


class AliyunSms:
    """SmsSender. `templates`: our template name → the vendor's TemplateCode (`SMS_123456789`).

    `base_url`: `https://dysmsapi.aliyuncs.com`, or the sandbox with a path prefix (the signed path stays
    `/`).
    """

    def __init__(
        self,
        base_url: str,
        access_key_id: str,
        access_key_secret: str,
        sign_name: str,
        templates: Mapping[str, str],
        *,
        transport: Transport | None = None,
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._key_id = access_key_id
        self._secret = access_key_secret
        self._sign_name = sign_name
        self._templates = templates
        self._transport = transport or Transport(PROVIDER)

    def send(self, *, phone: str, template: str, params: Mapping[str, str], reference: str) -> SmsReceipt:
        """See `SmsSender.send`. Sent once: after `timeout` or `connection_lost` it may have arrived."""
        if template not in self._templates:
            raise ProviderError(PROVIDER, "template_refused", "no such template configured", permanent=True)
        query = canonical_query(
            {
                "PhoneNumbers": phone,
                "SignName": self._sign_name,
                "TemplateCode": self._templates[template],
                "TemplateParam": json.dumps(dict(params), ensure_ascii=False, separators=(",", ":")),
                "OutId": reference,
            }
        )
        headers = {
            "host": urlsplit(self._base_url).netloc,
            "x-acs-action": "SendSms",
            "x-acs-content-sha256": hashlib.sha256(b"").hexdigest(),
            "x-acs-date": now().strftime("%Y-%m-%dT%H:%M:%SZ"),
            "x-acs-signature-nonce": secrets.token_hex(16),
            "x-acs-version": "2017-05-25",
        }
        headers["Authorization"] = authorization(self._key_id, self._secret, query, headers)
        answer = self._transport.send("POST", f"{self._base_url}/?{query}", headers=headers, decode=self._answer)
        if answer["Code"] != "OK":
            code, permanent = REFUSALS.get(answer["Code"], ("refused", False))
            raise ProviderError(PROVIDER, code, safe_code(answer["Code"]), permanent=permanent)
        return SmsReceipt(PROVIDER, safe_code(answer.get("BizId")))

    def _answer(self, reply: Reply) -> dict[str, Any]:
        answer = self._transport.json_object(reply)
        if not isinstance(answer.get("Code"), str):
            raise self._transport.malformed("no Code")
        return answer


def canonical_query(parameters: Mapping[str, str]) -> str:
    """Sorted and percent-encoded as RFC 3986 says: what is sent is what is signed."""
    return "&".join(f"{quote(name, safe='~')}={quote(value, safe='~')}" for name, value in sorted(parameters.items()))


def authorization(key_id: str, secret: str, query: str, headers: Mapping[str, str]) -> str:
    """The Authorization header of a POST to `/`. `headers`: all to be signed, names in lower case."""
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    canonical = "\n".join(("POST", "/", query, lines, names, headers["x-acs-content-sha256"]))
    to_sign = f"{ALGORITHM}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    signature = hmac.new(secret.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
    return f"{ALGORITHM} Credential={key_id},SignedHeaders={names},Signature={signature}"
