"""Tencent's E证通: the person's way through it, verdicts, and answers about somebody else."""

import json
import traceback
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from app.adapters.tencent_eid import TencentEid
from app.adapters.transport import Transport
from app.core.checks import CheckResult, Outcome
from app.core.errors import ProviderError
from app.core.ids import new_id
from app.identity.ports import FaceSession, FaceSubject
from tests.adapters.conftest import Control
from tests.adapters.peer import Peer, says
from tests.support.sandbox_server import SandboxServer

PERSON = FaceSubject("张伟", "220100199003071013")
RETURN_URL = "http://127.0.0.1:8000/h5/#/pages/face/return?id=1"
REFERENCE = "0123456789abcdef0123456789abcdef"


def eid_at(url: str, secret: str, merchant: str, patience: float = 2.0) -> TencentEid:
    transport = Transport("tencent_eid", read_timeout=patience)
    return TencentEid(url, "sandbox-tencent-secret-id", secret, merchant, transport=transport)


@pytest.fixture
def eid(sandbox: SandboxServer, control: Control, patience: float) -> TencentEid:
    tencent = sandbox.credentials["tencent"]
    return eid_at(tencent["base_url"], tencent["secret_key"], tencent["eid_merchant_id"], patience)


def start(eid: TencentEid, person: FaceSubject = PERSON, reference: str = REFERENCE) -> FaceSession:
    return eid.start(subject=person, reference=reference, return_url=RETURN_URL)


def ask(eid: TencentEid, ref: str, person: FaceSubject = PERSON, reference: str = REFERENCE) -> CheckResult:
    return eid.result(provider_ref=ref, subject=person, reference=reference)


def finished(eid: TencentEid, control: Control, result: str, person: FaceSubject = PERSON) -> CheckResult:
    session = start(eid, person)
    control.decide_face(session.provider_ref, result)
    return ask(eid, session.provider_ref, person)


class TestThroughTheSandbox:
    def test_pending_until_the_person_is_done_then_a_match(self, eid: TencentEid) -> None:
        session = start(eid)
        assert ask(eid, session.provider_ref).provider_code == "init"
        page = requests.get(session.url, timeout=5)
        pending = ask(eid, session.provider_ref)
        assert (pending.outcome, pending.provider_code) == (Outcome.PENDING, "doing")
        back = requests.post(page.url, data={"result": "pass"}, allow_redirects=False, timeout=5).headers["Location"]
        assert parse_qs(urlsplit(back).query)["token"] == [session.provider_ref]
        assert urlsplit(back).fragment == urlsplit(RETURN_URL).fragment
        result = ask(eid, session.provider_ref)
        assert result == CheckResult(Outcome.MATCH, "tencent_eid", "0", "", session.provider_ref, charged=True)

    def test_a_mini_program_hands_the_token_over(self, eid: TencentEid) -> None:
        session = start(eid)
        assert session.app_call == {"token": session.provider_ref}

    def test_our_reference_goes_along_and_nothing_private_into_an_address(
        self, eid: TencentEid, control: Control
    ) -> None:
        session = start(eid, FaceSubject("赵敏", "22010019861111107x"))
        [entry] = control.log("tencent-faceid")
        assert json.loads(entry["body"]) == {
            "MerchantId": "sandbox-eid-merchant", "Name": "赵敏", "IdCard": "22010019861111107X", "Extra": REFERENCE,
            "RedirectUrl": RETURN_URL, "Config": {"InputType": "4", "UseIntentionVerify": False},
        }  # fmt: skip
        assert entry["query"] == ""
        assert "2201001986" not in session.url

    def test_rare_characters_pass(self, eid: TencentEid, control: Control) -> None:
        person = FaceSubject("𠮷野家明", "220100198802291042")
        assert finished(eid, control, "pass", person).outcome is Outcome.MATCH

    @pytest.mark.parametrize(
        ("choice", "outcome", "code"),
        [("fail", Outcome.MISMATCH, "2016"), ("cancel", Outcome.CANCELLED, "17")],
    )
    def test_other_ends(self, eid: TencentEid, control: Control, choice: str, outcome: Outcome, code: str) -> None:
        result = finished(eid, control, choice)
        assert (result.outcome, result.provider_code) == (outcome, code)

    def test_who_has_no_picture_there_has_no_record(self, eid: TencentEid, control: Control) -> None:
        person = FaceSubject("周婷", "220100199209091108")
        assert finished(eid, control, "pass", person).outcome is Outcome.NO_RECORD

    def test_a_pass_for_another_question_is_no_pass(self, eid: TencentEid, control: Control) -> None:
        session = start(eid)
        control.decide_face(session.provider_ref, "pass")
        result = ask(eid, session.provider_ref, reference=new_id().hex)
        assert (result.outcome, result.provider_code) == (Outcome.MISMATCH, "0 other_subject")

    def test_an_unknown_token_has_expired(self, eid: TencentEid) -> None:
        result = ask(eid, "2B3B265E-2C91-5A62-B32D-D0CA5C3F1A15")
        assert (result.outcome, result.provider_code) == (Outcome.EXPIRED, "token_expired")

    def test_ten_minutes_are_the_persons_time(self, eid: TencentEid, control: Control) -> None:
        session = start(eid)
        control.shift_clock(299)
        assert ask(eid, session.provider_ref).outcome is Outcome.PENDING

    def test_a_bad_id_number_is_the_inputs_fault(self, eid: TencentEid) -> None:
        wrong = FaceSubject("张伟", "220100199003071010")
        with pytest.raises(ProviderError) as caught:
            start(eid, wrong)
        assert (caught.value.code, caught.value.permanent) == ("invalid_input", True)
        assert wrong.id_number not in "".join(traceback.format_exception(caught.value))

    def test_another_merchant_is_an_account_problem(self, sandbox: SandboxServer, control: Control) -> None:
        tencent = sandbox.credentials["tencent"]
        with pytest.raises(ProviderError) as caught:
            start(eid_at(tencent["base_url"], tencent["secret_key"], "0NSJ"))
        assert (caught.value.code, caught.value.permanent) == ("account_problem", False)

    @pytest.mark.parametrize(
        ("fault", "code"),
        [
            ("rate_limit", "rate_limited"),
            ("http_500", "http_500"),
            ("malformed", "malformed_answer"),
            ("wrong_content_type", "malformed_answer"),
            ("lost_answer", "connection_lost"),
            ("refuse", "connection_lost"),
            ("timeout", "timeout"),
        ],
    )
    def test_faults(self, eid: TencentEid, control: Control, fault: str, code: str) -> None:
        session = start(eid)
        control.decide_face(session.provider_ref, "pass")
        control.arm("tencent-faceid", fault, times=2, seconds=3)
        result = ask(eid, session.provider_ref)
        expected = Outcome.RATE_LIMITED if fault == "rate_limit" else Outcome.UNAVAILABLE
        assert (result.outcome, result.provider_code) == (expected, code)
        control.clear()
        assert ask(eid, session.provider_ref).outcome is Outcome.MATCH
        control.arm("tencent-faceid", fault, seconds=3)
        with pytest.raises(ProviderError) as caught:
            start(eid)
        assert (caught.value.code, caught.value.permanent) == (code, False)

    @pytest.mark.parametrize("fault", ["http_500", "lost_answer"])
    def test_a_question_about_a_result_is_repeated_once(self, eid: TencentEid, control: Control, fault: str) -> None:
        session = start(eid)
        control.arm("tencent-faceid", fault)
        assert ask(eid, session.provider_ref).outcome is Outcome.PENDING


class TestAnswers:
    """What no honest vendor says, and what it says about others."""

    @staticmethod
    def verdict(peer: Peer, text: object, status: object = "finished") -> CheckResult:
        answers = ({"Status": status}, {"Text": text})
        peer.will(*(says(json.dumps({"Response": {**answer, "RequestId": "r"}})) for answer in answers))
        return ask(eid_at(peer.url, "s", "m"), "T")

    @pytest.mark.parametrize(
        "shown",
        [
            {},
            {"Name": "", "IdCard": None},
            {"Name": "张伟", "IdCard": PERSON.id_number},
            {"Name": "张*", "IdCard": "220100********1013"},
        ],
    )
    def test_a_pass_for_that_very_person(self, peer: Peer, shown: dict[str, Any]) -> None:
        result = self.verdict(peer, {"ErrCode": 0, "Extra": REFERENCE, **shown})
        assert (result.outcome, result.charged) == (Outcome.MATCH, True)

    @pytest.mark.parametrize(
        "other",
        [
            {"Name": "王小丽"},
            {"Name": "张*丽"},
            {"Name": "王*"},
            {"IdCard": "220100199508121020"},
            {"IdCard": "220100********1020"},
            {"IdCard": "2201001990030710"},
            {"IdCard": 220100199003071013},
            {"Extra": "0" * 32},
            {"Extra": None},
            {"Extra": ""},
        ],
    )
    def test_a_pass_for_somebody_else(self, peer: Peer, other: dict[str, Any]) -> None:
        result = self.verdict(peer, {"ErrCode": 0, "Extra": REFERENCE, **other})
        assert (result.outcome, result.provider_code) == (Outcome.MISMATCH, "0 other_subject")

    @pytest.mark.parametrize(
        ("code", "outcome"),
        [
            (15, Outcome.EXPIRED),
            (16, Outcome.MISMATCH),
            (17, Outcome.CANCELLED),
            (4, Outcome.EXPIRED),
            (1001, Outcome.EXPIRED),
            (1002, Outcome.MISMATCH),
            (1008, Outcome.EXPIRED),
            (1204, Outcome.EXPIRED),
            (1301, Outcome.MISMATCH),
            (1999, Outcome.UNAVAILABLE),
            (2001, Outcome.EXPIRED),
            (2003, Outcome.INVALID_INPUT),
            (2005, Outcome.NO_RECORD),
            (2006, Outcome.MISMATCH),
            (2009, Outcome.NO_RECORD),
            (2011, Outcome.MISMATCH),
            (2012, Outcome.EXPIRED),
            (2017, Outcome.UNAVAILABLE),
            (2999, Outcome.UNAVAILABLE),
            (9999, Outcome.UNAVAILABLE),
            (-1, Outcome.UNAVAILABLE),
        ],
    )
    def test_codes(self, peer: Peer, code: int, outcome: Outcome) -> None:
        result = self.verdict(peer, {"ErrCode": code, "ErrMsg": PERSON.name, "Extra": REFERENCE})
        assert (result.outcome, result.provider_code) == (outcome, str(code))
        assert PERSON.name not in repr(result)

    @pytest.mark.parametrize("text", [None, {}, [], "0", {"ErrCode": "0"}, {"ErrCode": False}, {"ErrCode": None}])
    def test_no_number_is_no_verdict(self, peer: Peer, text: object) -> None:
        if isinstance(text, dict):
            text = {**text, "Extra": REFERENCE}
        assert self.verdict(peer, text).outcome is Outcome.UNAVAILABLE

    @pytest.mark.parametrize(
        ("code", "outcome"),
        [
            ("InvalidParameterValue.BizTokenExpired", Outcome.EXPIRED),
            ("InvalidParameterValue.BizTokenIllegal", Outcome.EXPIRED),
            ("FailedOperation.IdNameMisMatch", Outcome.MISMATCH),
            ("FailedOperation.CompareLowSimilarity", Outcome.MISMATCH),
            ("FailedOperation.LivessDetectFake", Outcome.MISMATCH),
            ("LimitExceeded.IdentityAuthLimitExceeded", Outcome.RATE_LIMITED),
            ("FailedOperation.IdentityAuthLimitExceeded", Outcome.RATE_LIMITED),
            ("RequestLimitExceeded", Outcome.RATE_LIMITED),
            ("RequestLimitExceeded.UinLimitExceeded", Outcome.RATE_LIMITED),
            ("InvalidParameterValue.RuleIdNotExist", Outcome.UNAVAILABLE),
            ("UnauthorizedOperation.Arrears", Outcome.UNAVAILABLE),
            ("UnauthorizedOperation.Nonactivated", Outcome.UNAVAILABLE),
            ("AuthFailure.SignatureExpire", Outcome.UNAVAILABLE),
            ("InternalError.EncryptSystemError", Outcome.UNAVAILABLE),
            ("FailedOperation.UnKnown", Outcome.UNAVAILABLE),
            ("", Outcome.UNAVAILABLE),
        ],
    )
    def test_errors_of_a_call(self, peer: Peer, code: str, outcome: Outcome) -> None:
        error = {"Code": code, "Message": PERSON.name}
        peer.will(says(json.dumps({"Response": {"Error": error, "RequestId": "r"}})))
        result = ask(eid_at(peer.url, "s", "m"), "T")
        assert result.outcome is outcome
        assert PERSON.name not in repr(result)

    @pytest.mark.parametrize("status", [None, "", "FINISHED", "done", 1, ["finished"]])
    def test_an_unknown_status_is_an_outage(self, peer: Peer, status: object) -> None:
        assert self.verdict(peer, {"ErrCode": 0, "Extra": REFERENCE}, status).outcome is Outcome.UNAVAILABLE

    @pytest.mark.parametrize(
        "answer",
        [
            {},
            {"EidToken": "T"},
            {"Url": "https://eid.faceid.qq.com/"},
            {"EidToken": None, "Url": None},
            {"EidToken": "T", "Url": "javascript:alert(1)"},
            {"EidToken": "T T", "Url": "https://eid.faceid.qq.com/"},
        ],
    )
    def test_half_a_start_is_none(self, peer: Peer, answer: dict[str, Any]) -> None:
        peer.will(says(json.dumps({"Response": answer})))
        with pytest.raises(ProviderError, match="malformed_answer"):
            start(eid_at(peer.url, "s", "m"))
