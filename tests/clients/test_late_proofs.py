"""A proof, a face check, a page that the person left: its late answer brings nothing back and leads nowhere."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.clients.hand import Hand
from tests.clients.late import COME_BACK, Late
from tests.clients.peer import CONTRACT, Peer

pytestmark = pytest.mark.browser

BY_FACE, BY_CODE = "原手机号已停用，用刷脸", "改用原手机号的验证码"


def _come_back(hand: Hand) -> None:
    hand.page.evaluate(COME_BACK)


def _ask_for_another_code(hand: Hand) -> None:
    hand.page.get_by_role("button", name="重新获取").click()


@pytest.mark.parametrize(
    ("act", "method", "address"), [(_come_back, "GET", "/intents/[^/]+"), (_ask_for_another_code, "POST", "/resend")]
)
def test_a_proof_of_will_that_was_left_stays_left(
    act: Callable[[Hand], None], method: str, address: str, member: Hand, peer: Peer
) -> None:
    _sign(member, peer)
    member.tap("短信验证码")
    member.see("验证码已发送")
    member.open_contract("intent")
    member.see("验证码已发送")
    late = Late(member.page, method, address)
    late.asked_by(lambda: act(member))
    member.tap("更换确认方式")
    late.arrive()
    member.see("请选择确认方式")
    member.page.get_by_role("button", name="短信验证码").click()
    member.see("验证码已发送")
    assert len([post for post in peer.posts("/intents") if post["path"].endswith("/intents")]) == 2


def test_a_code_that_is_checked_late_does_not_undo_the_next_proof(member: Hand, peer: Peer) -> None:
    _sign(member, peer)
    member.tap("短信验证码")
    member.page.fill("#code input", "123456")
    late = Late(member.page, "POST", "/code")
    late.asked_by(lambda: member.press("确认签署"))
    member.tap("更换确认方式")
    member.tap("短信验证码")
    member.see("验证码已发送")
    late.arrive()
    assert peer.posts("/signature") == []
    member.page.fill("#code input", "123456")
    member.press("确认签署")
    member.is_on("progress/index")


@pytest.mark.parametrize(("way", "address"), [("刷脸", "/intents"), ("短信验证码", "/signature")])
def test_a_signing_that_was_left_leads_nowhere(way: str, address: str, member: Hand, peer: Peer) -> None:
    _sign(member, peer)
    late = Late(member.page, "POST", address)
    if way == "短信验证码":
        member.tap(way)
        member.page.fill("#code input", "123456")
        late.asked_by(lambda: member.press("确认签署"))
    else:
        late.asked_by(lambda: member.tap(way))
    member.page.get_by_role("button", name="返回").click()
    member.see("全部合同")
    late.arrive()
    member.see("全部合同")


def test_a_proof_that_begins_late_on_a_page_that_was_left_does_not_replace_the_next(member: Hand, peer: Peer) -> None:
    _sign(member, peer)
    late = Late(member.page, "POST", "/intents")
    late.asked_by(lambda: member.tap("刷脸"))
    member.page.get_by_role("button", name="返回").click()
    member.see("全部合同")
    member.page.evaluate("id => { location.hash = `#/pages/intent/index?id=${id}` }", CONTRACT)
    member.tap("短信验证码")
    member.page.fill("#code input", "123456")
    late.arrive()
    member.press("确认签署")
    member.is_on("progress/index")


def test_a_late_refusal_does_not_undo_the_next_proof(member: Hand, peer: Peer) -> None:
    _sign(member, peer)
    member.tap("短信验证码")
    member.page.fill("#code input", "123456")
    late = Late(member.page, "POST", "/code")
    late.asked_by(lambda: member.press("确认签署"))
    member.tap("更换确认方式")
    member.tap("短信验证码")
    member.page.fill("#code input", "123456")
    late.refused(409, "intent_expired")
    member.press("确认签署")
    member.is_on("progress/index")


def test_a_download_that_was_cancelled_leads_nowhere(member: Hand, peer: Peer) -> None:
    peer.set(step="done", download_check=1)
    member.open_contract("done")
    member.press("下载合同")
    dialog = member.page.get_by_role("dialog")
    late = Late(member.page, "POST", "/download-checks")
    late.asked_by(lambda: dialog.get_by_role("button", name="刷脸", exact=False).first.click())
    dialog.get_by_role("button", name="取消").click()
    late.arrive()
    member.is_on("done/index")


def test_a_code_sent_again_late_does_not_undo_another_way(member: Hand, peer: Peer) -> None:
    peer.set(open_check=1)
    member.page.clock.install()
    member.open_contract()
    member.is_on("opening/index")
    member.page.get_by_role("button", name="短信验证码").click()
    member.page.locator("#proof-code").wait_for()
    member.page.clock.run_for(61_000)
    late = Late(member.page, "POST", "/opening-checks")
    late.asked_by(lambda: member.page.get_by_role("button", name="重新获取").click())
    member.page.get_by_role("button", name="更换确认方式").click()
    late.arrive()
    expect(member.page.get_by_role("button", name="短信验证码")).to_be_visible()


def test_a_late_look_at_a_face_check_changes_neither_the_way_nor_the_number(member: Hand) -> None:
    _begin_by_face(member)
    member.page.locator("#pass").wait_for()
    member.open("phone/index")  # back without having shown the face
    expect(member.main_button("我已完成，刷新结果")).to_be_visible()
    late = Late(member.page, "GET", "/face-checks/[^/]+")
    late.asked_by(lambda: member.press("我已完成，刷新结果"))
    member.page.get_by_role("button", name=BY_CODE).click()
    member.page.fill("#phone input", "13900000002")
    late.arrive()
    expect(member.page.locator("#old-code")).to_be_visible()
    assert member.page.input_value("#phone input") == "13900000002"


def test_a_face_check_that_begins_late_leads_nowhere(member: Hand) -> None:
    late = Late(member.page, "POST", "/phone/face-checks")
    late.asked_by(lambda: _begin_by_face(member))
    member.page.get_by_role("button", name=BY_CODE).click()
    late.arrive()
    expect(member.page.locator("#old-code")).to_be_visible()


def test_a_code_for_another_phone_that_was_left_does_not_come_back(desktop: Page, peer: Peer) -> None:
    """A PC asks every two seconds whether the phone is done."""
    peer.set(login=1, verified=1)
    hand = Hand(desktop, peer.url)
    desktop.clock.install()
    with desktop.expect_response("**/face-checks/*"):
        _begin_by_face(hand)
    hand.see("请用手机扫码刷脸")
    late = Late(desktop, "GET", "/face-checks/[^/]+")
    late.asked_by(lambda: desktop.clock.run_for(2_000))
    desktop.get_by_role("button", name=BY_CODE).click()
    desktop.get_by_role("button", name=BY_FACE).click()
    late.arrive()
    expect(hand.main_button("去刷脸")).to_be_visible()
    assert hand.troubles == []


def _sign(hand: Hand, peer: Peer) -> None:
    peer.set(step="sign")
    hand.open_contract("sign")
    hand.write_signature()
    hand.press("下一步：确认本人意愿")


def _begin_by_face(hand: Hand) -> None:
    hand.open("phone/index")
    hand.page.get_by_role("button", name=BY_FACE).click()
    hand.page.fill("#phone input", "13900000001")
    hand.press("去刷脸")
