"""Verification on a bad line, and by somebody who changes one's mind."""

import json

import pytest
from playwright.sync_api import expect

from tests.clients.hand import NAME, Hand
from tests.clients.late import A_MOMENT, COME_BACK, Late
from tests.clients.peer import Peer

pytestmark = pytest.mark.browser

PICTURE = {"name": "permit.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n"}


def test_verified_while_the_network_is_lost_goes_on_when_it_is_back(hand: Hand, peer: Peer) -> None:
    _by_phone(hand, peer)
    hand.press("提交核对")
    hand.page.fill("#code input", "123456")
    hand.page.route("**/worker/session", lambda route: route.abort())
    hand.press("完成认证")
    hand.see("网络不通")
    hand.page.unroute("**/worker/session")
    hand.press("下一步")
    hand.see("您已完成实名认证")
    hand.press("下一步")
    hand.see("待我签")
    assert len(peer.posts("/verifications")) == 2  # begun once, proved once


def test_claimed_while_the_network_is_lost_goes_on_when_it_is_back(hand: Hand, peer: Peer) -> None:
    peer.set(login=1, claim="139****0001")
    hand.open("verify/index")
    hand.tap("银行卡认证")
    hand.consent()
    hand.fill_identity()
    hand.page.fill("#card input", "6299000000000000903")
    hand.page.fill("#bank-phone input", "13900000001")
    hand.press("提交核对")
    hand.page.fill("#code input", "123456")
    hand.press("完成认证")
    hand.page.route("**/worker/session", lambda route: route.abort())
    hand.press("把手机号换成现在的")
    hand.see("网络不通")
    hand.page.unroute("**/worker/session")
    hand.press("下一步")
    hand.see("您已完成实名认证")
    assert len(peer.posts("/claim")) == 1


def test_uploaded_pictures_stay_through_another_method(hand: Hand, peer: Peer) -> None:
    peer.set(login=1)
    hand.open("verify/index")
    hand.tap("人工审核")
    hand.consent()
    ids = [_upload(hand, button) for button in ("拍照或选择照片", "再加一张")]
    hand.tap("更换认证方式")
    hand.tap("银行卡认证")
    hand.page.locator("#card").wait_for()
    hand.tap("更换认证方式")
    hand.tap("人工审核")
    hand.see("第 2 张已上传")
    hand.page.get_by_role("button", name="删除").first.click()
    expect(hand.page.get_by_text("张已上传")).to_have_text(["第 1 张已上传"])
    hand.fill_identity(NAME, "H12345678")
    hand.press("提交审核")
    hand.see("正在人工审核")
    assert json.loads(peer.posts("/verifications")[0]["body"])["document_ids"] == ids[1:]


def test_a_method_whose_attempt_begins_late_stays_left(hand: Hand, peer: Peer) -> None:
    _by_phone(hand, peer)
    late = Late(hand.page, "POST", "/verifications")
    late.asked_by(lambda: hand.press("提交核对"))
    hand.tap("更换认证方式")
    hand.tap("银行卡认证")
    late.arrive()
    expect(hand.page.locator("#card")).to_be_visible()
    with hand.page.expect_response("**/verifications/current"):
        hand.page.evaluate(COME_BACK)  # the server still has it open
    hand.page.evaluate(A_MOMENT)
    expect(hand.page.locator("#card")).to_be_visible()


def test_an_attempt_that_begins_late_does_not_count_for_the_same_method_chosen_anew(hand: Hand, peer: Peer) -> None:
    _by_phone(hand, peer)
    late = Late(hand.page, "POST", "/verifications")
    late.asked_by(lambda: hand.press("提交核对"))
    hand.tap("更换认证方式")
    hand.tap("手机号认证")
    late.arrive()
    expect(hand.main_button("提交核对")).to_be_visible()


def test_a_method_whose_code_is_sent_again_late_stays_left(hand: Hand, peer: Peer) -> None:
    _by_phone(hand, peer)
    hand.press("提交核对")
    hand.see("验证码已发送")
    hand.open("verify/index")
    late = Late(hand.page, "POST", "/resend")
    late.asked_by(lambda: hand.page.get_by_role("button", name="重新获取").click())
    hand.tap("更换认证方式")
    hand.tap("银行卡认证")
    late.arrive()
    expect(hand.page.locator("#card")).to_be_visible()


def _by_phone(hand: Hand, peer: Peer) -> None:
    peer.set(login=1)
    hand.open("verify/index")
    hand.tap("手机号认证")
    hand.consent()
    hand.fill_identity()


def _upload(hand: Hand, button: str) -> str:
    with hand.page.expect_file_chooser() as chooser:
        hand.page.get_by_role("button", name=button).click()
    with hand.page.expect_response("**/verification-documents") as answer:
        chooser.value.set_files(PICTURE)
    found: str = answer.value.json()["id"]
    return found
