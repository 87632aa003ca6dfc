"""Short messages through Tencent Cloud: `SendSms` 2021-01-11.

Source: the vendor's SDK. Not called against the live service. A refused number is HTTP 200 with a `Code` ≠ Ok
in its own status. The vendor refuses addresses (URLs) in parameters: a link's fixed part belongs into the
template.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.adapters.tencent import TencentCloud
from app.adapters.transport import Transport, safe_code
from app.core.errors import ProviderError
from app.notifications.ports import SmsReceipt

PROVIDER = "tencent_sms"

# Beginning of the vendor's code → (our code, permanent).
REFUSALS = {
    "LimitExceeded.": ("rate_limited", False),
    "FailedOperation.TemplateIncorrectOrUnapproved": ("template_refused", True),
    "FailedOperation.SignatureIncorrectOrUnapproved": ("template_refused", True),
    "FailedOperation.PhoneNumberInBlacklist": ("number_refused", True),
    "FailedOperation.InsufficientBalanceInSmsPackage": ("account_problem", False),
    "InvalidParameterValue.IncorrectPhoneNumber": ("number_refused", True),
    "InvalidParameterValue.": ("template_refused", True),
    "UnsupportedOperation.": ("number_refused", True),
}


@dataclass(frozen=True, slots=True)
class TencentTemplate:
    """The vendor's TemplateId, and which of our parameters fill {1}, {2}, …"""

    id: str
    parameters: tuple[str, ...]


class TencentSms:
    """SmsSender. `templates`: our template name → the vendor's template."""

    def __init__(
        self,
        base_url: str,
        secret_id: str,
        secret_key: str,
        app_id: str,
        sign_name: str,
        templates: Mapping[str, TencentTemplate],
        *,
        transport: Transport | None = None,
    ) -> None:
        self._cloud = TencentCloud(
            base_url,
            secret_id,
            secret_key,
            service="sms",
            version="2021-01-11",
            transport=transport or Transport(PROVIDER),
        )
        self._app_id = app_id
        self._sign_name = sign_name
        self._templates = templates

    def send(self, *, phone: str, template: str, params: Mapping[str, str], reference: str) -> SmsReceipt:
        """See `SmsSender.send`. Sent once: after `timeout` or `connection_lost` it may have arrived."""
        if template not in self._templates:
            raise ProviderError(PROVIDER, "template_refused", "no such template configured", permanent=True)
        chosen = self._templates[template]
        response = self._cloud.call(
            "SendSms",
            {
                "PhoneNumberSet": [f"+86{phone}"],
                "SmsSdkAppId": self._app_id,
                "TemplateId": chosen.id,
                "SignName": self._sign_name,
                "TemplateParamSet": [params[name] for name in chosen.parameters],
                "SessionContext": reference,
            },
        )
        return _receipt(response)


def _receipt(response: Mapping[str, Any]) -> SmsReceipt:
    statuses = response.get("SendStatusSet")
    if not isinstance(statuses, list) or len(statuses) != 1 or not isinstance(statuses[0], dict):
        raise ProviderError(PROVIDER, "malformed_answer", "no SendStatusSet")
    vendor_code = safe_code(statuses[0].get("Code"))
    if vendor_code == "Ok":
        return SmsReceipt(PROVIDER, safe_code(statuses[0].get("SerialNo")))
    for beginning, (code, permanent) in REFUSALS.items():
        if vendor_code.startswith(beginning):
            raise ProviderError(PROVIDER, code, vendor_code, permanent=permanent)
    raise ProviderError(PROVIDER, "refused", vendor_code)
