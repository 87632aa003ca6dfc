"""What the client refuses, and how it says so."""

import pytest
from playwright.sync_api import expect

from tests.clients.hand import IS_AT_TOP, Hand
from tests.clients.peer import Peer

pytestmark = pytest.mark.browser

IS_AS_WIDE = "width => Math.abs(document.querySelector('.zoom-picture').getBoundingClientRect().width - width) < 2"


def test_login_names_each_gap(hand: Hand) -> None:
    hand.open("login/index")
    hand.press("登录")
    for text in ("请填写 11 位手机号", "请填写 6 位验证码", "请先阅读并勾选同意"):
        hand.see(text)
    hand.log_in(code="000000")
    hand.see("验证码不正确。 还可以再试 4 次")
    hand.tap("《隐私政策》")
    hand.see("我们收集什么")
    hand.page.get_by_role("button", name="返回").click()
    assert hand.page.input_value("#phone input") == "13812345678"


def test_id_number_is_checked_before_it_is_sent(hand: Hand, peer: Peer) -> None:
    peer.set(login=1)
    hand.open("verify/index")
    hand.tap("手机号认证")
    hand.consent()
    hand.fill_identity(id_number="110105194912310021")
    hand.press("提交核对")
    hand.see("身份证号有误")
    assert peer.posts("/verifications") == []
    hand.fill_identity(name="不匹配")
    hand.press("提交核对")
    hand.see("姓名、身份证号与手机号不一致")


def test_button_tells_what_is_left_to_read(member: Hand, peer: Peer) -> None:
    peer.set(read=5)
    member.open_contract()
    member.press("继续阅读（还有 6 页）")  # leads to the first unread page instead of refusing
    expect(member.main_button("继续阅读（还有 5 页）")).to_be_visible()
    member.read_to_the_end()
    assert {page for post in peer.posts("/page-views") for page in range(1, 7) if str(page) in post["body"]} == set(
        range(1, 7)
    )


def test_switch_of_form_keeps_the_place(member: Hand) -> None:
    member.open_contract()
    member.page.locator("#text-4").evaluate("node => node.scrollIntoView()")
    member.page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    member.page.get_by_role("tab", name="合同原件").click()
    member.see("这是具有法律效力的文本")
    member.page.wait_for_function(IS_AT_TOP, arg="#picture-4")
    member.page.get_by_role("tab", name="大字阅读").click()
    member.page.wait_for_function(IS_AT_TOP, arg="#text-4")


def test_zoom_by_double_tap_and_buttons(member: Hand, peer: Peer) -> None:
    peer.set(step="done")
    member.open_contract()
    picture = member.page.locator("#picture-1 .sheet-frame")
    picture.scroll_into_view_if_needed()
    picture.dblclick()
    shown = member.page.locator(".zoom-picture")
    expect(shown).to_be_visible()
    before = shown.bounding_box()
    assert before is not None
    member.page.get_by_role("button", name="+").click()
    member.page.wait_for_function(IS_AS_WIDE, arg=before["width"] * 1.5)
    member.page.get_by_role("button", name="下一页").click()
    member.see("2 / 6")
    member.page.get_by_role("button", name="关闭").click()
    expect(shown).not_to_be_visible()


def test_pad_refuses_scribbles_and_undoes(member: Hand, peer: Peer) -> None:
    peer.set(step="sign")
    member.open_contract("sign")
    member.press("开始签名")
    done = member.page.get_by_role("button", name="完成")
    done.click()
    member.see("还没有写字")
    member.scribble(strokes=1, samples=8)
    done.click()
    member.see("签名太短")
    member.scribble(strokes=2)
    key = {name: member.page.locator(".pad-key", has_text=name) for name in ("撤销", "恢复", "重写")}
    for name, times in (("撤销", 3), ("恢复", 2)):
        for _ in range(times):
            key[name].click()
    done.click()
    member.see("用这个签名吗？")
    member.page.get_by_role("button", name="重写").click()
    member.scribble(strokes=2)
    key["重写"].click()
    done.click()
    member.see("还没有写字")


def test_address_gaps_are_named(member: Hand, peer: Peer) -> None:
    peer.set(step="confirm")
    member.open_contract("confirm")
    member.press("确认合同无误")
    assert member.page.get_by_text("请选择省、市、区县").count() == 2
    assert peer.posts("/confirmation") == []
    member.page.locator(".region-box").first.click()
    member.page.get_by_role("button", name="北京市", exact=True).click()
    member.page.get_by_role("button", name="东城区").click()
    member.see("北京市东城区")
