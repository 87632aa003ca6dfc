"""Bank card four-factor check through Tencent Cloud FaceID: `BankCard4EVerification` 2018-03-01 (B2).

Source: the vendor's page and SDKs [DOC, SRC]. Not called against the live service. `CertType`: the pages of today
promise 0 (identity card) alone and other documents by agreement with the vendor; 2, 3 and 4 are from its SDK of
2019. A document that the account may not check answers -20. `-21` is in the newest SDK without a meaning.
"""

from typing import Any

from app.adapters.tencent import TencentCloud
from app.adapters.transport import Transport, failed_check, safe_code
from app.core.checks import CheckResult, Outcome
from app.core.errors import ProviderError
from app.identity.models import IdType

PROVIDER = "tencent_bank"

CERT_TYPES = {
    IdType.RESIDENT_ID: 0,
    IdType.PASSPORT: 2,
    IdType.HK_MACAO_PERMIT: 3,
    IdType.TAIWAN_PERMIT: 4,
}

# `Result` → (outcome, charged, what it means).
VERDICTS = {
    "0": (Outcome.MATCH, True, "all four belong together"),
    "-1": (Outcome.MISMATCH, True, "they do not belong together"),
    "-2": (Outcome.INVALID_INPUT, False, "name malformed"),
    "-3": (Outcome.INVALID_INPUT, False, "document number malformed"),
    "-4": (Outcome.INVALID_INPUT, False, "card number malformed"),
    "-5": (Outcome.INVALID_INPUT, False, "phone number malformed"),
    "-6": (Outcome.MISMATCH, True, "card holder's data wrong"),
    "-7": (Outcome.UNSUPPORTED, True, "card not enabled for payments without the card"),
    "-8": (Outcome.UNSUPPORTED, True, "card confiscated"),
    "-9": (Outcome.INVALID_INPUT, True, "no such card"),
    "-10": (Outcome.INVALID_INPUT, True, "no bank issued this card"),
    "-11": (Outcome.UNSUPPORTED, True, "card not activated, or dormant"),
    "-12": (Outcome.UNSUPPORTED, True, "card withdrawn"),
    "-13": (Outcome.UNSUPPORTED, True, "card reported lost"),
    "-14": (Outcome.UNSUPPORTED, True, "card expired"),
    "-15": (Outcome.UNSUPPORTED, True, "card restricted"),
    "-16": (Outcome.UNSUPPORTED, True, "too many wrong passwords"),
    "-17": (Outcome.UNSUPPORTED, True, "bank does not support this"),
    "-18": (Outcome.UNAVAILABLE, False, "service busy"),
    "-19": (Outcome.RATE_LIMITED, False, "too many checks today"),
    "-20": (Outcome.UNSUPPORTED, False, "document not supported"),
    "-21": (Outcome.UNSUPPORTED, True, "card refused"),
}


class TencentBank:
    """BankRegistry. Never raises ProviderError: an outage is the outcome UNAVAILABLE."""

    def __init__(self, base_url: str, secret_id: str, secret_key: str, *, transport: Transport | None = None) -> None:
        self._cloud = TencentCloud(
            base_url,
            secret_id,
            secret_key,
            service="faceid",
            version="2018-03-01",
            transport=transport or Transport(PROVIDER),
        )

    def check_card_owner(
        self, *, name: str, id_type: str, id_number: str, card_number: str, phone: str, reference: str
    ) -> CheckResult:
        """See `BankRegistry`. The vendor takes no reference of ours; its RequestId is in the result."""
        cert_type = CERT_TYPES.get(IdType(id_type))
        if cert_type is None:
            return CheckResult(Outcome.UNSUPPORTED, PROVIDER, "document", "document not supported, not asked")
        parameters = {
            "Name": name,
            "BankCard": card_number,
            "Phone": phone,
            "IdCard": id_number.upper(),
            "CertType": cert_type,
        }
        try:
            response = self._cloud.call("BankCard4EVerification", parameters)
        except ProviderError as error:
            return failed_check(error)
        return _verdict(response)


def _verdict(response: dict[str, Any]) -> CheckResult:
    result = safe_code(response.get("Result"))
    outcome, charged, meaning = VERDICTS.get(result, (Outcome.UNAVAILABLE, False, "unknown verdict"))
    return CheckResult(outcome, PROVIDER, result, meaning, safe_code(response.get("RequestId")), charged)
