"""Ways of proving who one is, and of keeping the file: what the client asks, keeps and shows."""

import json

import pytest
from playwright.sync_api import expect

from tests.clients.hand import AUDIT, ID_NUMBER, NAME, Hand
from tests.clients.peer import Peer

pytestmark = pytest.mark.browser


def test_login_by_face_fails_and_passes(hand: Hand, peer: Peer) -> None:
    hand.open("login/index")
    hand.tap("刷脸登录")
    hand.fill_identity()
    hand.press("去刷脸")
    hand.see("请先阅读并勾选同意")
    hand.page.get_by_role("checkbox").last.click()
    hand.press("去刷脸")
    hand.page.locator("#failed").click()
    hand.see("刷脸没有通过")
    hand.press("重新开始")
    hand.fill_identity()
    hand.press("去刷脸")
    hand.page.locator("#pass").click()
    hand.see("您好")
    first, second = (json.loads(post["body"]) for post in peer.posts("/login/face") if post["path"].endswith("/face"))
    assert {one["kind"] for one in first["agreements"]} == {"user_agreement", "privacy_policy", "face_consent"}
    assert (second["name"], second["id_number"]) == (NAME, ID_NUMBER)
    kept = hand.page.evaluate("JSON.stringify([localStorage, sessionStorage])")
    assert ID_NUMBER not in kept
    assert "face-login" not in kept


def test_the_older_account_is_claimed(hand: Hand, peer: Peer) -> None:
    peer.set(login=1, claim="139****0001")
    hand.open("verify/index")
    hand.tap("手机号认证")
    hand.consent()
    hand.fill_identity()
    hand.press("提交核对")
    hand.page.fill("#code input", "123456")
    hand.press("完成认证")
    hand.see("您以前用 139****0001 注册过")
    hand.see("还差一步：证明是您本人")
    hand.tap("银行卡认证")
    hand.page.fill("#card input", "6299000000000000903")
    hand.page.fill("#bank-phone input", "13900000001")
    hand.press("提交核对")
    hand.page.fill("#code input", "123456")
    hand.press("完成认证")
    hand.press("把手机号换成现在的")
    hand.see("您已完成实名认证")
    assert len(peer.posts("/claim")) == 1


def test_a_download_asks_who_it_is_first(member: Hand, peer: Peer) -> None:
    peer.set(step="done", download_check=1)
    member.open_contract("done")
    member.press("下载合同")
    member.see("下载前请核对本人")
    member.page.get_by_role("button", name="短信验证码").click()
    member.page.fill("#proof-code input", "123456")
    with member.page.expect_download():
        member.page.get_by_role("dialog").get_by_role("button", name="下载合同").click()
    member.see("已开始下载")


def test_a_face_check_comes_back_to_the_download(member: Hand, peer: Peer) -> None:
    peer.set(step="done", download_check=1)
    member.open_contract("done")
    member.press("下载合同")
    member.page.get_by_role("dialog").get_by_role("button", name="刷脸").click()
    member.page.locator("#pass").click()
    member.is_on("done/index")
    with member.page.expect_download():
        member.press("下载合同")


def test_a_contract_that_asks_first_opens_by_code_or_by_face(member: Hand, peer: Peer) -> None:
    peer.set(open_check=1)
    member.open_contract()
    member.is_on("opening/index")
    member.see("长春市北国春城")
    assert member.page.get_by_text("8500").count() == 0
    assert member.page.evaluate(AUDIT) == []
    member.page.get_by_role("button", name="短信验证码").click()
    member.page.fill("#proof-code input", "123456")
    member.page.get_by_role("button", name="查看合同").click()
    member.see("8500")
    peer.set(open_check=1)
    member.open_contract("confirm")
    member.is_on("opening/index")
    member.page.get_by_role("radio", name="腾讯云 E证通").click()
    member.page.get_by_role("button", name="刷脸", exact=False).first.click()
    member.page.locator("#failed").click()
    member.see("刷脸没有通过")
    member.press("重新开始")
    member.page.get_by_role("button", name="刷脸", exact=False).first.click()
    member.page.locator("#pass").click()
    member.see("8500")
    checks = [json.loads(post["body"]) for post in peer.posts("/opening-checks")]
    assert [one.get("method") or one.get("provider") for one in checks[:2]] == ["sms", "tencent"]


def test_who_scans_a_strangers_code_stops_it(hand: Hand, peer: Peer) -> None:
    hand.open("face/handover?t=T1")
    for text in ("是您本人要刷脸吗？", "用于：签署《劳动合同书》", "阿***", "138****5678", "39.144.1.2"):
        hand.see(text)
    assert "T1" not in hand.page.url, "the token stays in no address"
    hand.press("这不是我")
    hand.see("这次刷脸已作废")
    assert [json.loads(post["body"]) for post in peer.posts("/refusal")] == [{"token": "T1"}]
    assert "T1" not in hand.page.evaluate("JSON.stringify([localStorage, sessionStorage])")


def test_who_began_it_goes_on(hand: Hand, peer: Peer) -> None:
    hand.open("face/handover?t=T1")
    hand.press("是我本人，继续刷脸")
    hand.is_on("face/elsewhere")
    assert len(peer.posts("/continuation")) == 1


def test_a_lost_number_is_changed_by_face(member: Hand, peer: Peer) -> None:
    member.open("phone/index")
    member.page.get_by_role("button", name="原手机号已停用，用刷脸").click()
    member.page.fill("#phone input", "13900000001")
    member.press("去刷脸")
    member.page.locator("#cancelled").click()
    member.press("重新开始")
    member.page.get_by_role("button", name="原手机号已停用，用刷脸").click()
    member.page.fill("#phone input", "13900000001")
    member.press("去刷脸")
    member.page.locator("#pass").click()
    member.see("已确认是您本人")
    member.see("13900000001")
    member.page.get_by_role("button", name="获取验证码").click()
    member.page.fill("#code input", "123456")
    member.press("更换手机号")
    member.see("手机号已更换")
    body = json.loads(peer.posts("/worker/phone")[-1]["body"])
    assert (body["phone"], set(body["proof"])) == ("13900000001", {"face_check_id"})
    assert "13900000001" not in member.page.evaluate("JSON.stringify([localStorage, sessionStorage])")


def test_a_dead_third_party_ticket_leads_back(hand: Hand, peer: Peer) -> None:
    peer.set(third="expired")
    hand.open("login/third?ticket=old")
    hand.see("这次登录已失效")
    hand.press("其他登录方式")
    hand.is_on("login/index")


def test_change_of_method_keeps_what_was_typed(hand: Hand, peer: Peer) -> None:
    peer.set(login=1)
    hand.open("verify/index")
    hand.tap("手机号认证")
    hand.consent()
    hand.fill_identity()
    hand.tap("更换认证方式")
    hand.tap("人脸认证")
    hand.see("人脸信息处理同意书")
    hand.consent()
    assert hand.page.input_value("#name input") == NAME
    expect(hand.main_button("去刷脸")).to_be_visible()


def test_print_prepares_a_sheet_for_each_page(member: Hand, peer: Peer) -> None:
    peer.set(step="done")
    member.page.add_init_script(
        "window.print = () => { window.printed = document.querySelectorAll('.print-sheets img').length }"
    )
    member.open_contract("done")
    member.page.get_by_role("button", name="打印").click()
    member.page.wait_for_function("() => window.printed === 6")
    member.page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(member.page.locator(".print-sheets")).to_have_count(0)
