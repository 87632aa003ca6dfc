"""Face check 2.0 in the WeChat mini-program: `getverifyid`, `queryverifyinfo` (B3).

Source: developers.weixin.qq.com, 微信人脸核身 [DOC]; the hash reproduces the documented example. Not called against the
live service, and open to some trades only (政务、医疗、教育、银行、物流 …), so it is off unless configured.
Unverified: how an unfinished check is answered (here: no `verify_ret`), and the errcodes of a `verify_id` that is
unknown (84001 [2nd]).
"""

import base64
import hashlib
from collections.abc import Mapping

from app.adapters.transport import failed_check
from app.adapters.wechat import WeChatClient
from app.core.checks import CheckResult, Outcome
from app.core.errors import ProviderError
from app.identity.ports import FaceSession, FaceSubject

PROVIDER = "wechat_face"
GET_VERIFY_ID = "/cityservice/face/identify/getverifyid"
QUERY_VERIFY_INFO = "/cityservice/face/identify/queryverifyinfo"
PASSED = 10000
LONGEST_ID = 256

REFUSALS = {47003: ("invalid_input", True), 84001: ("order_not_found", True)}
# `verify_ret` → outcome. EXPIRED: over without a verdict on the person, who starts again.
VERDICTS: Mapping[int, Outcome] = {
    PASSED: Outcome.MATCH,
    10001: Outcome.INVALID_INPUT,
    10002: Outcome.MISMATCH,
    10003: Outcome.MISMATCH,
    10004: Outcome.MISMATCH,
    90001: Outcome.UNSUPPORTED,
    90109: Outcome.UNSUPPORTED,
    **dict.fromkeys((90002, 90003, 90004, 90005, 90006, 90024), Outcome.CANCELLED),  # left
    **dict.fromkeys((90008, 90009, 90010), Outcome.CANCELLED),  # camera or microphone not permitted
    **dict.fromkeys((90007, *range(90011, 90024), 90025), Outcome.EXPIRED),
    **dict.fromkeys((90104, 90105, 90106, 90107, 90110, 90199), Outcome.EXPIRED),
}


class WeChatFace:
    """FaceVerifier of those who are in our mini-program: no page, an openid is needed."""

    def __init__(self, client: WeChatClient) -> None:
        self._client = client

    def start(self, *, subject: FaceSubject, reference: str, return_url: str, openid: str = "") -> FaceSession:
        """See `FaceVerifier.start`. The `verify_id` is good for one hour."""
        if not openid:
            raise ProviderError(PROVIDER, "openid_missing", permanent=True)
        person = {"cert_type": "IDENTITY_CARD", "cert_name": subject.name, "cert_no": subject.id_number}
        answer = self._client.post(
            GET_VERIFY_ID, {"out_seq_no": reference, "cert_info": person, "openid": openid}, refusals=REFUSALS
        )
        verify_id = answer.get("verify_id")
        if not isinstance(verify_id, str) or not 0 < len(verify_id) <= LONGEST_ID or not verify_id.isascii():
            raise ProviderError(PROVIDER, "malformed_answer", "no verify_id")
        return FaceSession(verify_id, "", {"verify_id": verify_id})

    def result(self, *, provider_ref: str, subject: FaceSubject, reference: str, openid: str = "") -> CheckResult:
        """See `FaceVerifier.result`. Never raises ProviderError: an outage is the outcome UNAVAILABLE.

        WeChat compares reference, openid and the hash of name and number with what it was given at the start.
        """
        question = {
            "verify_id": provider_ref,
            "out_seq_no": reference,
            "cert_hash": cert_hash("IDENTITY_CARD", subject.name, subject.id_number),
            "openid": openid,
        }
        try:
            answer = self._client.post(QUERY_VERIFY_INFO, question, refusals=REFUSALS, idempotent=True)
        except ProviderError as error:
            if error.code == "order_not_found":
                return CheckResult(Outcome.EXPIRED, PROVIDER, error.code, "unknown or expired")
            return failed_check(error)
        return _verdict(answer.get("verify_ret", 0))


def cert_hash(cert_type: str, name: str, id_number: str) -> str:
    """Lower-case hex SHA-256 of `cert_type=<b64>&cert_name=<b64>&cert_no=<b64>`."""
    fields = {"cert_type": cert_type, "cert_name": name, "cert_no": id_number}
    text = "&".join(f"{key}={base64.b64encode(value.encode()).decode()}" for key, value in fields.items())
    return hashlib.sha256(text.encode()).hexdigest()


def _verdict(verify_ret: object) -> CheckResult:
    if not isinstance(verify_ret, int) or isinstance(verify_ret, bool):
        return CheckResult(Outcome.UNAVAILABLE, PROVIDER, "malformed_answer", "no verdict")
    if verify_ret == 0:
        return CheckResult(Outcome.PENDING, PROVIDER, "0", "not finished")
    outcome = VERDICTS.get(verify_ret, Outcome.UNAVAILABLE)
    return CheckResult(outcome, PROVIDER, str(verify_ret), charged=outcome is Outcome.MATCH)
