"""Our own page before a vendor's: who scans a stranger's code is told, and may stop it (B3, T-53)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from app.core.checks import Outcome
from app.core.clock import clock_at
from app.core.db import reading
from app.core.errors import DomainError
from app.identity.errors import (
    FaceCheckNotFound,
    FaceCheckNotPassed,
    FaceHandoverOver,
    FaceHandoverTaken,
    FaceRefusedElsewhere,
)
from app.identity.face_checks import FaceCheckView, FaceWay, refresh_face_check, start_face_check
from app.identity.face_handover import open_handover, refuse_handover, take_over_face_check
from app.identity.face_login import get_face_login, log_in_by_face, request_face_login
from app.identity.face_verification import get_verification, start_face_verification
from app.identity.models import FaceCheck
from tests.factories import CLIENT, Worker, agreements, consent, new_id_number, new_ip, new_worker, verified_worker
from tests.fakes import FakeFace

pytestmark = pytest.mark.usefixtures("database")

START = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
PC = FaceWay("https://g.example/r", elsewhere=True, ip="203.0.113.7", device="Edge on a PC")


def ask(worker: Worker, face: FakeFace, way: FaceWay = PC) -> FaceCheckView:
    return start_face_check(
        actor=worker.actor, purpose="intent", subject="contract:1", subject_sha256="cd" * 32, way=way,
        faces={"alipay": face}, title="劳动合同",
    )  # fmt: skip


def look(worker: Worker, check: FaceCheckView, face: FakeFace) -> FaceCheckView:
    return refresh_face_check(actor=worker.actor, face_check_id=check.id, faces={"alipay": face})


def test_the_code_tells_who_asks_for_what_and_holds_no_vendors_address() -> None:
    worker, face = verified_worker("张伟"), FakeFace(Outcome.PENDING)
    check = ask(worker, face)
    assert (check.url, dict(check.app_call)) == (None, {})
    assert look(worker, check, face).handover == check.handover, "a reload shows the same code"
    told = open_handover(token=check.handover, browser_token="", ip="203.0.113.7")
    assert (told.name, told.account) == ("张*", f"{worker.phone[:3]}****{worker.phone[-4:]}")
    assert (told.purpose, told.title, told.vendor) == ("intent", "劳动合同", "alipay")
    assert (told.device, told.ip, told.same_network, told.is_taken) == ("Edge on a PC", "203.0.113.7", True, False)
    assert not open_handover(token=check.handover, browser_token="", ip="198.51.100.1").same_network


def test_only_the_browser_that_went_on_gets_the_vendors_page() -> None:
    worker, face = verified_worker(), FakeFace(Outcome.PENDING)
    check = ask(worker, face)
    mine = take_over_face_check(token=check.handover, browser_token="")
    assert mine.url == f"https://face.example/{check.id.hex}"
    assert take_over_face_check(token=check.handover, browser_token=mine.browser_token) == mine
    for other in ("", "made up"):
        with pytest.raises(FaceHandoverTaken):
            take_over_face_check(token=check.handover, browser_token=other)
        assert open_handover(token=check.handover, browser_token=other, ip="").is_taken
    face.outcome = Outcome.MATCH
    assert look(worker, check, face).status == "passed"
    with pytest.raises(FaceHandoverOver):
        take_over_face_check(token=check.handover, browser_token=mine.browser_token)


def test_of_two_browsers_at_once_one_goes_on() -> None:
    worker = verified_worker()
    check = ask(worker, FakeFace(Outcome.PENDING))

    def scan(_: int) -> str:
        try:
            return take_over_face_check(token=check.handover, browser_token="").url and "on"
        except DomainError as error:
            return error.code

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(scan, range(4))) == ["face_handover_taken"] * 3 + ["on"]


def test_not_me_ends_it_whatever_the_vendor_says_later() -> None:
    worker, face = verified_worker(), FakeFace(Outcome.PENDING)
    check = ask(worker, face)
    take_over_face_check(token=check.handover, browser_token="")
    refuse_handover(token=check.handover)
    face.outcome = Outcome.MATCH
    ended = look(worker, check, face)
    assert (ended.status, ended.handover, face.polls) == ("cancelled", "", 0)
    assert isinstance(ended.reason, FaceRefusedElsewhere)
    with reading() as session:
        row = session.get_one(FaceCheck, check.id)
        assert (row.title, row.ip, row.device) == (None, None, None), "nobody is told any more"
    with pytest.raises(FaceHandoverOver):
        refuse_handover(token=check.handover)
    with pytest.raises(FaceHandoverOver):
        open_handover(token=check.handover, browser_token="", ip="")


def test_a_login_in_somebody_elses_name_is_stopped() -> None:
    victim, face = verified_worker(), FakeFace(Outcome.PENDING)
    kinds = ("user_agreement", "privacy_policy", "face_consent")
    started = request_face_login(
        name=victim.name, id_number=victim.id_number, agreements=agreements(*kinds), way=PC, faces={"alipay": face},
        ip=new_ip(),
    )  # fmt: skip
    told = open_handover(token=started.check.handover, browser_token="", ip="")
    assert (told.purpose, told.account, told.name) == ("login", "", f"{victim.name[0]}*")
    refuse_handover(token=started.check.handover)
    face.outcome = Outcome.MATCH
    assert get_face_login(ticket=started.ticket, faces={"alipay": face}).status == "cancelled"
    with pytest.raises(FaceCheckNotPassed):
        log_in_by_face(ticket=started.ticket, faces={"alipay": face}, **CLIENT)


def test_a_verification_that_was_refused_says_so() -> None:
    worker, faces = new_worker(), {"alipay": FakeFace(Outcome.PENDING)}
    consent(worker.actor, "verification_consent", "face_consent")
    begun = start_face_verification(actor=worker.actor, name="王小丽", id_number=new_id_number(), way=PC, faces=faces)
    assert begun.face
    refuse_handover(token=begun.face.handover)
    for _ in range(2):
        ended = get_verification(actor=worker.actor, verification_id=begun.id, faces=faces)
        assert ended.status == "cancelled"
        assert isinstance(ended.reason, FaceRefusedElsewhere)


def test_made_up_late_and_other_codes_open_nothing() -> None:
    worker, face = verified_worker(), FakeFace(Outcome.PENDING)
    with clock_at(START):
        check, here = ask(worker, face), ask(worker, face, FaceWay("https://g.example/r"))
    assert here.handover == ""
    made_up = ("", "x", check.id.hex, check.id.hex + "0" * 32, here.id.hex + check.handover[32:], check.handover + "0")
    for token in made_up:
        with pytest.raises(FaceCheckNotFound):
            open_handover(token=token, browser_token="", ip="")
    with clock_at(START + timedelta(minutes=10)), pytest.raises(FaceHandoverOver):
        take_over_face_check(token=check.handover, browser_token="")
