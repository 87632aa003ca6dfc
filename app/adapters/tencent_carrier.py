"""Carrier three-factor check through Tencent Cloud FaceID: `PhoneVerification` 2018-03-01 (B2).

Source: the vendor's SDK. Not called against the live service; the list of virtual operators' segments is
unverified. A match proves who registered the SIM card, no more: an SMS code to that phone goes with it.
"""

from typing import Any

from app.adapters.tencent import TencentCloud
from app.adapters.transport import Transport, failed_check, safe_code
from app.core.checks import CheckResult, Outcome
from app.core.errors import ProviderError

PROVIDER = "tencent_carrier"

# Numbers of virtual operators: the carriers' registers don't hold their owners.
VIRTUAL_SEGMENTS = ("162", "165", "167", "170", "171")

# `Result` → (outcome, charged, what it means).
VERDICTS = {
    "0": (Outcome.MATCH, True, "name, ID number and phone belong together"),
    "-4": (Outcome.MISMATCH, True, "name, ID number and phone do not belong together"),
    "-6": (Outcome.INVALID_INPUT, False, "phone number malformed"),
    "-7": (Outcome.INVALID_INPUT, False, "ID number malformed"),
    "-8": (Outcome.INVALID_INPUT, False, "name malformed"),
    "-9": (Outcome.NO_RECORD, False, "no record"),
    "-11": (Outcome.UNAVAILABLE, False, "service busy"),
    "-12": (Outcome.RATE_LIMITED, False, "too many checks today"),
    "-13": (Outcome.UNSUPPORTED, False, "segment not supported"),
}


class TencentCarrier:
    """CarrierRegistry. Never raises ProviderError: an outage is the outcome UNAVAILABLE."""

    def __init__(self, base_url: str, secret_id: str, secret_key: str, *, transport: Transport | None = None) -> None:
        self._cloud = TencentCloud(
            base_url,
            secret_id,
            secret_key,
            service="faceid",
            version="2018-03-01",
            transport=transport or Transport(PROVIDER),
        )

    def check_phone_owner(self, *, name: str, id_number: str, phone: str, reference: str) -> CheckResult:
        """See `CarrierRegistry`. The vendor takes no reference of ours; its RequestId is in the result."""
        if phone.startswith(VIRTUAL_SEGMENTS):
            return CheckResult(Outcome.UNSUPPORTED, PROVIDER, "virtual_segment", "virtual operator, not asked")
        parameters = {"IdCard": id_number.upper(), "Name": name, "Phone": phone, "VerifyMode": "0"}
        try:
            response = self._cloud.call("PhoneVerification", parameters)
        except ProviderError as error:
            return failed_check(error)
        return _verdict(response)


def _verdict(response: dict[str, Any]) -> CheckResult:
    result = safe_code(response.get("Result"))
    outcome, charged, meaning = VERDICTS.get(result, (Outcome.UNAVAILABLE, False, "unknown verdict"))
    detail = safe_code(response.get("ResultDetail"))
    return CheckResult(
        outcome=outcome,
        provider=PROVIDER,
        provider_code=f"{result} {detail}".strip(),
        provider_message=meaning,
        request_id=safe_code(response.get("RequestId")),
        charged=charged,
    )
