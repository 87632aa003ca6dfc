"""A killed app, a lost answer, a bad line: nothing is lost and nothing happens twice."""

import pytest
from playwright.sync_api import expect

from tests.clients.hand import Hand
from tests.clients.peer import CONTRACT, Peer

pytestmark = pytest.mark.browser


def test_killed_while_confirming_keeps_the_form(member: Hand, peer: Peer) -> None:
    peer.set(step="confirm")
    member.open_contract("confirm")
    member.page.fill("#habitual input", "人民大街1号")
    member.open_contract("confirm")
    assert member.page.input_value("#habitual input") == "人民大街1号"


def test_killed_after_drawing_goes_on_with_the_drawing(member: Hand, peer: Peer) -> None:
    peer.set(step="sign")
    member.open_contract("sign")
    member.write_signature()
    member.press("下一步：确认本人意愿")
    member.tap("短信验证码")
    member.see("验证码已发送")
    member.open("home/index")  # the app was killed; the person comes in by the front door
    member.tap("去签名")
    member.press("去签名")
    member.press("下一步：确认本人意愿")
    expect(member.page.locator("#code")).to_be_visible()  # the code that was sent before still counts
    member.page.fill("#code input", "123456")
    member.press("确认签署")
    member.see("您已签好")
    assert len(peer.posts("/intents")) == 2  # one begun, one proved: no second SMS


def test_steps_that_are_not_due_lead_to_the_one_that_is(member: Hand, peer: Peer) -> None:
    for state, asked, shown in (
        ("confirm", "sign", "confirm"),
        ("sign", "confirm", "sign"),
        ("sign", "intent", "sign"),
        ("sealing", "sign", "progress"),
        ("done", "sign", "contract"),
    ):
        peer.set(step=state, seal=30)
        member.open_contract(asked)
        member.is_on(f"{shown}/index")


def test_lost_answer_in_a_killed_app_repeats_the_same_request(member: Hand, peer: Peer) -> None:
    _prove_will(member, peer)
    member.page.route("**/signature", lambda route: route.abort())
    member.press("确认签署")
    member.see("网络不通")
    member.page.unroute("**/signature")
    member.open_contract("intent")
    member.see("上次提交没有收到结果")
    peer.set(fault="/signature", how="502")
    member.press("确认签署")
    member.see("您已签好")
    sent = peer.posts("/signature")
    assert len({(one["key"], one["body"]) for one in sent}) == 1


def _prove_will(hand: Hand, peer: Peer) -> None:
    peer.set(step="sign")
    hand.open_contract("sign")
    hand.write_signature()
    hand.press("下一步：确认本人意愿")
    hand.tap("短信验证码")
    hand.page.fill("#code input", "123456")


def test_ended_session_leads_back_to_where_one_was(hand: Hand, peer: Peer) -> None:
    peer.set(verified=1)
    hand.open_contract()
    hand.is_on("login/index")
    hand.log_in()
    hand.is_on("contract/index")
    assert CONTRACT in hand.page.url


def test_unverified_worker_is_led_to_verification_and_back(hand: Hand, peer: Peer) -> None:
    peer.set(login=1)
    hand.open_contract()
    hand.is_on("verify/index")
    peer.set(verified=1)
    hand.open_contract("sign")
    hand.is_on("contract/index")


def test_slow_sealing_and_a_dead_line(member: Hand, peer: Peer) -> None:
    peer.set(step="sealing", seal=20)
    member.open_contract("progress")
    member.see("正在加盖时间戳，无需等待，可关闭页面")
    member.page.context.set_offline(True)
    member.see("网络已断开")
    member.see("签署仍在继续")
    member.page.context.set_offline(False)
    peer.set(step="done")
    member.see("合同已签订")


def test_server_trouble_offers_another_try(member: Hand, peer: Peer) -> None:
    peer.set(fault="/home", how="500")
    member.open("home/index")
    member.see("服务暂时没有回应")
    member.page.get_by_role("button", name="重试").click()
    member.see("待我签")


def test_log_out_leaves_no_drawing_on_the_phone(member: Hand, peer: Peer) -> None:
    peer.set(step="sign")
    member.open_contract("sign")
    member.write_signature()
    member.see("您的签名")
    member.open("settings/index")
    member.page.get_by_role("button", name="退出登录").click()
    member.page.get_by_role("dialog").get_by_role("button", name="退出登录").click()
    member.is_on("login/index")
    kept = member.page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('gy.'))")
    assert kept == ["gy.look"]


@pytest.mark.parametrize("status", [None, 500])
def test_without_its_english_the_app_goes_on_in_chinese(status: int | None, member: Hand) -> None:
    """The account is English, too: the login that follows must not fail for want of words."""
    texts = "**/locales-en.*"
    member.page.route(texts, lambda route: route.fulfill(status=status) if status else route.abort())
    member.open("settings/index")
    with member.page.expect_response("**/preferences"):
        member.page.get_by_role("tab", name="English").click()
    expect(member.page.get_by_role("tab", name="English")).to_have_attribute("aria-selected", "true")
    member.page.get_by_role("button", name="退出登录").click()
    member.page.get_by_role("dialog").get_by_role("button", name="退出登录").click()
    member.is_on("login/index")
    member.open("login/index")
    member.log_in()
    member.see("全部合同")
    member.page.unroute(texts)
    member.open("home/index")
    member.see("All contracts")
