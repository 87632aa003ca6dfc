"""Face check with Tencent Cloud's E证通: `GetEidToken`, `CheckEidTokenStatus`, `GetEidResult` 2018-03-01 (B3).

Source: the vendor's pages on the calls, on H5 and on return codes (product 1007: 54089, 54090, 58171, 58231, 95804,
101997, 115318) [DOC] and its SDK [SRC]. Not called against the live service. Its page opens in WeChat's own browser:
elsewhere it is shown as a QR code. Since 2025 the result names nobody unless the account has applied for it; what binds
it to the person is the token, made for that name and number and for our reference, which comes back as `Extra`.
Unverified: how a check that the person left ends (here: code 17), and what an answer without `Text` means.
"""

from collections.abc import Mapping
from typing import Any

from app.adapters.tencent import TencentCloud
from app.adapters.transport import Transport, failed_check, safe_code
from app.core.checks import CheckResult, Outcome
from app.core.errors import ProviderError
from app.identity.ports import FaceSession, FaceSubject

PROVIDER = "tencent_eid"
_FROM_US = "4"  # InputType: name and number come from the merchant's server, the person can't change them
_TEXT_ONLY = "1"  # InfoType: no pictures

_UNFINISHED = ("init", "doing")
# A token is used once: these end the attempt without a verdict on the person, who starts again. The second line is
# about the recording: voice, light, distance, several faces.
_NO_VERDICT = frozenset((
    1, 2, 3, 4, 8, 10, 12, 13, 201, 202, 203, 204, 303, 1001, 1006, 1007, 1008, 2001,
    *range(1101, 1110), *range(1201, 1206), 1303, 2004, 2010, 2012, 2013, 2014,
))  # fmt: skip
# Not alive, or not that person.
_NOT_THEM = frozenset((1002, 1003, 1004, 1005, 1301, 1302, 2011, 2015))
# `Text.ErrCode` → (outcome, charged). What is in no list is not understood: an outage, never a mismatch.
VERDICTS = (
    dict.fromkeys(_NO_VERDICT, (Outcome.EXPIRED, False))
    | dict.fromkeys(_NOT_THEM, (Outcome.MISMATCH, False))
    | {
        0: (Outcome.MATCH, True),
        15: (Outcome.EXPIRED, False),
        16: (Outcome.MISMATCH, False),  # tried too often, never passed
        17: (Outcome.CANCELLED, False),
        301: (Outcome.MISMATCH, False),
        2002: (Outcome.INVALID_INPUT, False),
        2003: (Outcome.INVALID_INPUT, False),
        2005: (Outcome.NO_RECORD, False),
        2006: (Outcome.MISMATCH, True),
        2007: (Outcome.NO_RECORD, False),
        2008: (Outcome.NO_RECORD, False),
        2009: (Outcome.NO_RECORD, False),
        2016: (Outcome.MISMATCH, True),
    }
)
# Errors of a call that are verdicts; all others are outages. `token_expired`: of an unknown token too.
_FINAL_ERRORS = {"token_expired": Outcome.EXPIRED, "mismatch": Outcome.MISMATCH}


class TencentEid:
    """FaceVerifier. `base_url`: `https://faceid.tencentcloudapi.com` or the sandbox's; `merchant_id`: E证通's own."""

    def __init__(
        self, base_url: str, secret_id: str, secret_key: str, merchant_id: str, *, transport: Transport | None = None
    ) -> None:
        self._transport = transport or Transport(PROVIDER)
        self._merchant_id = merchant_id
        self._cloud = TencentCloud(
            base_url, secret_id, secret_key, service="faceid", version="2018-03-01", transport=self._transport
        )

    def start(self, *, subject: FaceSubject, reference: str, return_url: str, openid: str = "") -> FaceSession:
        """See `FaceVerifier.start`. Page and token are good for one check within ten minutes."""
        response = self._cloud.call(
            "GetEidToken",
            {
                "MerchantId": self._merchant_id,
                "Name": subject.name,
                "IdCard": subject.id_number.upper(),
                "Extra": reference,
                "RedirectUrl": return_url,
                "Config": {"InputType": _FROM_US, "UseIntentionVerify": False},
            },
        )
        token, url = safe_code(response.get("EidToken")), response.get("Url")
        if not token or not isinstance(url, str) or not url.startswith(("https://", "http://")):
            raise self._transport.malformed("no EidToken or Url")
        return FaceSession(token, url, {"token": token})

    def result(self, *, provider_ref: str, subject: FaceSubject, reference: str, openid: str = "") -> CheckResult:
        """See `FaceVerifier.result`. Never raises ProviderError: an outage is the outcome UNAVAILABLE."""
        try:
            status = self._ask("CheckEidTokenStatus", {"EidToken": provider_ref}).get("Status")
            if status in _UNFINISHED:
                return CheckResult(Outcome.PENDING, PROVIDER, str(status), "not finished", provider_ref)
            if status == "timeout":
                return CheckResult(Outcome.EXPIRED, PROVIDER, "timeout", "not done in time", provider_ref)
            if status != "finished":
                raise self._transport.malformed("unknown Status")
            answer = self._ask("GetEidResult", {"EidToken": provider_ref, "InfoType": _TEXT_ONLY})
        except ProviderError as error:
            if error.code in _FINAL_ERRORS:
                return CheckResult(_FINAL_ERRORS[error.code], PROVIDER, error.code, "", provider_ref)
            return failed_check(error)
        return _verdict(answer.get("Text"), subject, reference, provider_ref)

    def _ask(self, action: str, parameters: Mapping[str, str]) -> dict[str, Any]:
        return self._cloud.call(action, parameters, idempotent=True)


def _verdict(text: object, subject: FaceSubject, reference: str, token: str) -> CheckResult:
    code = text.get("ErrCode") if isinstance(text, dict) else None
    if not isinstance(text, dict) or not isinstance(code, int) or isinstance(code, bool):
        return CheckResult(Outcome.UNAVAILABLE, PROVIDER, "malformed_answer", "no verdict", token)
    outcome, charged = VERDICTS.get(code, (Outcome.UNAVAILABLE, False))
    if outcome is Outcome.MATCH and not _is_ours(text, subject, reference):
        return CheckResult(Outcome.MISMATCH, PROVIDER, "0 other_subject", "a pass for somebody else", token, charged)
    return CheckResult(outcome, PROVIDER, str(code), "", token, charged)


def _is_ours(text: Mapping[str, Any], subject: FaceSubject, reference: str) -> bool:
    """The answer is to our question, and where it names somebody that is the very person."""
    shown = ((text.get("Name"), subject.name), (text.get("IdCard"), subject.id_number.upper()))
    return text.get("Extra") == reference and all(_agrees(value, whole) for value, whole in shown)


def _agrees(shown: object, whole: str) -> bool:
    """Nothing, the text itself, or the text with characters masked as in `110105********002X`."""
    if shown in (None, ""):
        return True
    return (
        isinstance(shown, str)
        and len(shown) == len(whole)
        and all(char in ("*", other) for char, other in zip(shown, whole, strict=True))
    )
