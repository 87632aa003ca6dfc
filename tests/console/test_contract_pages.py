"""One contract at the console: what it shows, what can be done with it, sealing it (H5, H7, H10, H11)."""

import re
from datetime import timedelta

import pytest
from flask import Flask

from app.contracts.queries import get_contract
from app.contracts.service.drafting import update_draft
from app.core.checks import Outcome
from app.seals.service import create_seal, revoke_seal
from tests.console.window import Window, hidden, refusal
from tests.contracts.world import World
from tests.factories import Employer, Worker, consent, employer_with_seal, last_code, verified_worker

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def signed(world: World, console: Flask) -> tuple[Window, Employer, Worker, str]:
    """The worker has signed; it is the employer's turn."""
    employer, worker, contract = world.signed()
    world.pass_time(minutes=2)
    return Window(console, employer.token), employer, worker, f"/contracts/{contract.id}"


def test_waiting_for_the_worker(window: Window, employer: Employer, world: World) -> None:
    worker = verified_worker()
    contract = world.send(employer, worker)
    page = window.open(f"/contracts/{contract.id}")
    for shown in ("待劳动者确认", "用人单位发送了合同", "软件工程师", worker.name, "撤回合同", "剩余 29 天"):
        assert shown in page
    assert worker.phone not in page, "phones are masked"
    assert "去盖章" not in page
    window.open(f"/contracts/{contract.id}/seal", status=303)
    assert "还没有完成" in window.open("/contracts?box=done")
    window.open(f"/contracts/{contract.id}/file", status=409)


def test_withdraw_says_why_and_allows_to_send_again(window: Window, employer: Employer, world: World) -> None:
    worker = verified_worker()
    contract = world.send(employer, worker)
    address = f"/contracts/{contract.id}"
    assert window.go(f"{address}/withdrawal", {"reason": "薪资 写错了"}) == f"/console{address}?done=withdrawn"
    page = window.open(f"{address}?done=withdrawn")
    for shown in ("已撤回", "薪资 写错了", "合同已撤回，劳动者会收到短信通知。", "复制并重新发送"):
        assert shown in page
    assert "撤回合同</summary>" not in page
    refusal(window.press(f"{address}/withdrawal"), 409)
    copied = window.go(f"{address}/copies")
    assert copied.endswith("/details?done=copied")
    details = window.open(copied.removeprefix("/console"))
    assert f'value="{worker.name}"' in details


def test_remind_the_worker(window: Window, employer: Employer, world: World) -> None:
    worker = verified_worker()
    draft = world.draft(employer, worker)
    update_draft(actor=employer.actor, contract_id=draft.id, deadline_at=world.moment + timedelta(hours=9))
    address = f"/contracts/{draft.id}"
    window.go(f"{address}/sending")
    page = window.open(address)
    for shown in ("短信通知", f"{worker.phone[:3]}****{worker.phone[-4:]}", "等待发送", "催签。", "重新发送签署短信。"):
        assert shown in page
    assert "最早可在" in page
    assert f'action="/console{address}/urging"' not in page
    assert "请在 20" in refusal(window.press(f"{address}/link"), 429)
    assert "请在 20" in refusal(window.press(f"{address}/urging"), 429)
    world.settle()
    world.pass_time(hours=7)
    page = window.open(address)
    assert "已发出，等待回执" in page
    assert f'action="/console{address}/urging"' in page
    assert window.go(f"{address}/urging") == f"/console{address}?done=urged"
    world.settle()
    assert world.sms.last(worker.phone).template == "SMS_CONTRACT_URGE"
    world.pass_time(minutes=31)
    assert window.go(f"{address}/link") == f"/console{address}?done=link_resent"
    page = window.open(f"{address}?done=link_resent")
    for shown in ("签署短信已重新发送", "用人单位提醒劳动者办理", "用人单位重新发送了签署短信"):
        assert shown in page
    world.pass_time(hours=2)
    world.settle()
    page = window.open(address)
    assert "已告知劳动者" in page
    assert "最早可在" not in page
    assert "不需要办理这份合同" in refusal(window.press(f"{address}/urging"), 409)


def test_seal_by_code(signed: tuple[Window, Employer, Worker, str], world: World) -> None:
    window, employer, _worker, address = signed
    page = window.open(f"{address}/seal")
    assert f"/seals/{employer.seal_id}/image?format=svg" in page
    form = {"content_sha256": hidden(page, "content_sha256"), "seal_id": str(employer.seal_id), "method": "sms"}
    assert "尚未完成意愿认证" in refusal(window.press(f"{address}/seal", form), 409)
    part = window.press(f"{address}/intents", form)
    assert part.headers["HX-Replace-Url"].startswith(f"/console{address}/seal?proof=")
    form["challenge_id"] = hidden(part.get_data(as_text=True), "challenge_id")
    reloaded = window.open(part.headers["HX-Replace-Url"].removeprefix("/console"))
    assert hidden(reloaded, "challenge_id") == form["challenge_id"]
    assert "验证码不正确" in refusal(window.press(f"{address}/seal", form | {"code": "000000"}), 422)
    code = last_code(employer.phone)
    assert window.go(f"{address}/seal", form | {"code": code}) == f"/console{address}?done=sealed"
    assert "正在把签名和时间戳写入文件" in window.open(address)
    assert window.ask(f"{address}/progress").status_code == 204
    world.settle()
    world.check()
    assert f'data-go="/console{address}"' in window.ask(f"{address}/progress").get_data(as_text=True)
    page = window.open(address)
    for shown in ("已完成", "下载 PDF", "合同完成签署", "用人单位盖章签署"):
        assert shown in page
    file = window.get(f"/console{address}/file")
    assert file.data.startswith(b"%PDF-")
    assert "attachment" in file.headers["Content-Disposition"]
    assert file.headers["Cache-Control"] == "private, no-store"
    assert window.open(f"{address}/print").count('class="sheet"') == 1


def test_the_chosen_seal_is_offered_first(window: Window, employer: Employer, world: World) -> None:
    worker, spare = verified_worker(), create_seal(actor=employer.actor)
    draft = world.draft(employer, worker)
    update_draft(actor=employer.actor, contract_id=draft.id, seal_id=spare.id)
    window.go(f"/contracts/{draft.id}/sending")
    assert "<small>指定经办人 李国强" in window.open(f"/contracts/{draft.id}")
    world.sign(worker, world.confirm(worker, get_contract(actor=employer.actor, contract_id=draft.id)))
    page = window.open(f"/contracts/{draft.id}/seal")
    assert re.findall(r'name="seal_id" value="([^"]+)"', page) == [str(spare.id), str(employer.seal_id)]
    assert re.findall(r'value="([^"]+)"[^>]* checked><img', page) == [str(spare.id)]
    assert page.count("发起时选定") == 1
    assert f'data-seal-preview href="/api/v1/console/seals/{spare.id}/' in page
    assert "发起时选定的印章已作废" not in page
    revoke_seal(actor=employer.actor, seal_id=spare.id)
    page = window.open(f"/contracts/{draft.id}/seal")
    assert re.findall(r'name="seal_id" value="([^"]+)"', page) == [str(employer.seal_id)]
    assert "发起时选定的印章已作废，请确认改用哪一枚。" in page


def test_a_proof_survives_a_seal_that_does_not_fit(signed: tuple[Window, Employer, Worker, str], world: World) -> None:
    window, employer, _worker, address = signed
    rival = employer_with_seal("长春市旁观有限公司", name="王芳")
    page = window.open(f"{address}/seal")
    form = {"content_sha256": hidden(page, "content_sha256"), "seal_id": str(rival.seal_id), "method": "sms"}
    world.pass_time(minutes=2)
    form["challenge_id"] = hidden(window.press(f"{address}/intents", form).get_data(as_text=True), "challenge_id")
    form["code"] = last_code(employer.phone)
    assert "所选印章不可用" in refusal(window.press(f"{address}/seal", form), 422)
    assert window.go(f"{address}/seal", form | {"seal_id": str(employer.seal_id)}).endswith("?done=sealed")


def test_seal_by_face(signed: tuple[Window, Employer, Worker, str], world: World) -> None:
    window, employer, _worker, address = signed
    consent(employer.actor, "face_consent")
    page = window.open(f"{address}/seal")
    form = {"content_sha256": hidden(page, "content_sha256"), "seal_id": str(employer.seal_id), "method": "face"}
    world.face.outcome = Outcome.PENDING
    part = window.press(f"{address}/intents", form).get_data(as_text=True)
    assert "data:image/svg+xml" in part, "a QR code for the phone"
    challenge = hidden(part, "challenge_id")
    state = f"{address}/intents/{challenge}/state"
    world.pass_time(seconds=5)
    assert window.ask(state).status_code == 204
    assert "尚未完成意愿认证" in refusal(window.press(f"{address}/seal", form | {"challenge_id": challenge}), 409)
    world.face.outcome = Outcome.MATCH
    world.pass_time(seconds=5)
    answer = window.ask(state)
    assert answer.status_code == 286
    assert "验证已通过" in answer.get_data(as_text=True)
    assert window.go(f"{address}/seal", form | {"challenge_id": challenge}).endswith("?done=sealed")
    assert world.face.started[-1][2] == "http://127.0.0.1:8000/console/face-done"


def test_the_face_vendor_is_one_that_is_offered(signed: tuple[Window, Employer, Worker, str], world: World) -> None:
    window, employer, _worker, address = signed
    consent(employer.actor, "face_consent")
    page = window.open(f"{address}/seal")
    form = {"content_sha256": hidden(page, "content_sha256"), "seal_id": str(employer.seal_id), "method": "face"}
    text = refusal(window.press(f"{address}/intents", form | {"provider": "tencent"}), 422)
    assert "请换一家" in text
    world.face.outcome = Outcome.PENDING
    shown = window.press(f"{address}/intents", form | {"provider": "alipay"}).get_data(as_text=True)
    assert "data:image/svg+xml" in shown


def test_face_needs_its_own_consent(signed: tuple[Window, Employer, Worker, str], world: World) -> None:
    window, employer, _worker, address = signed
    window.go("/account/consents/withdrawal", {"kind": "face_consent"})
    page = window.open(f"{address}/seal")
    assert 'name="face_consent"' in page
    form = {"content_sha256": hidden(page, "content_sha256"), "seal_id": str(employer.seal_id), "method": "face"}
    assert "需要您阅读并同意" in refusal(window.press(f"{address}/intents", form), 403)


def test_without_a_seal_the_page_leads_to_making_one(
    signed: tuple[Window, Employer, Worker, str], world: World
) -> None:
    window, employer, _worker, address = signed
    window.go(f"/seals/{employer.seal_id}/revocation")
    assert "还没有可用的印章" in window.open(f"{address}/seal")
    assert "已作废" in window.open("/seals")
    refusal(window.press(f"/seals/{employer.seal_id}/default"), 409)
