"""The worker's whole way on a phone, and each way of leaving it."""

import json

import pytest
from playwright.sync_api import expect

from tests.clients.hand import NAME, Hand
from tests.clients.peer import CONTRACT, Peer

pytestmark = pytest.mark.browser


def test_from_sms_link_to_signed(hand: Hand, peer: Peer) -> None:
    peer.set(read=3)
    hand.page.goto(f"{peer.url}/h5/#/pages/landing/index?t=a-token")
    hand.see("请您签署劳动合同")
    assert "a-token" not in hand.page.url  # neither history nor a screenshot of the address shows it
    hand.press("登录查看合同")
    hand.log_in()
    hand.is_on("verify/index")

    hand.tap("手机号认证")
    hand.consent()
    hand.fill_identity()
    hand.press("提交核对")
    hand.see("信息已核对一致")
    hand.page.fill("#code input", "123456")
    hand.press("完成认证")
    hand.see("您已完成实名认证")
    hand.press("下一步")

    hand.is_on("contract/index")
    hand.see("8500 元/月")
    hand.read_to_the_end()
    hand.press("已读完，下一步")
    hand.fill_address()
    hand.press("确认合同无误")

    hand.is_on("sign/index")
    hand.write_signature()
    hand.press("下一步：确认本人意愿")
    hand.tap("短信验证码")
    hand.page.fill("#code input", "123456")
    hand.press("确认签署")
    hand.is_on("done/index")
    hand.see("您已签好")
    _check_what_was_sent(peer)
    kept = hand.page.evaluate("Object.keys(localStorage).concat(Object.keys(sessionStorage))")
    assert not [key for key in kept if key.startswith(("gy.flow", "gy.link", "gy.pending", "gy.verif", "gy.address"))]


def _check_what_was_sent(peer: Peer) -> None:
    (confirmation,) = peer.posts("/confirmation")
    home = {"region": ["吉林省", "长春市", "朝阳区"], "detail": "人民大街1号2栋301"}
    assert json.loads(confirmation["body"])["habitual_residence"] == home
    assert json.loads(confirmation["body"])["registered_residence"] == home
    (signature,) = peer.posts("/signature")
    ink = json.loads(signature["body"])["ink"]
    assert len(ink["strokes"]) == 3
    assert ink["width"] > ink["height"]  # the phone is upright, the page lies sideways
    first, last = ink["strokes"][0][0], ink["strokes"][0][-1]
    assert last[0] - first[0] > 300  # written downwards on the screen is written to the right
    assert first[2] == 0
    assert last[2] > 100
    assert {point[3] for stroke in ink["strokes"] for point in stroke} == {None}
    keyed = [post for post in peer.posts("/") if "/login" not in post["path"] and "/preview" not in post["path"]]
    assert all(post["key"] for post in keyed if not post["path"].endswith("/page-views"))


def test_face_for_verification_and_for_will(hand: Hand, peer: Peer) -> None:
    peer.set(login=1, read=1)
    hand.open(f"verify/index?back=%2Fpages%2Fcontract%2Findex%3Fid%3D{CONTRACT}")
    hand.tap("人脸认证")
    hand.consent()
    hand.fill_identity()
    hand.press("去刷脸")
    hand.page.locator("#failed").click()
    hand.see("刷脸没有通过")
    hand.press("重新开始")
    hand.see("姓名")
    assert hand.page.input_value("#name input") == NAME  # typed once is enough
    hand.press("去刷脸")
    hand.page.locator("#pass").click()
    hand.see("您已完成实名认证")
    hand.press("下一步")
    hand.is_on("contract/index")

    peer.set(step="sign")
    hand.open_contract("sign")
    hand.write_signature()
    hand.press("下一步：确认本人意愿")
    hand.tap("刷脸")
    hand.page.locator("#cancelled").click()
    hand.press("重新开始")
    hand.tap("刷脸")
    hand.page.locator("#pass").click()
    hand.see("本人意愿已确认")
    hand.press("确认签署")
    hand.see("您已签好")


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


def test_terminate_with_a_reason(member: Hand, peer: Peer) -> None:
    member.open_contract("terminate")
    member.press("终止合同")
    member.see("请填写 2 到 200 个字的原因")
    member.tap("不打算入职了")
    member.press("终止合同")
    member.page.get_by_role("button", name="确定终止").click()
    member.see("这份合同已终止")
    member.see("原因：不打算入职了")
    assert json.loads(peer.posts("/termination")[0]["body"]) == {"reason": "不打算入职了"}


def test_dead_link_says_what_to_do(hand: Hand, peer: Peer) -> None:
    hand.open("landing/index?t=expired")
    hand.see("链接打不开")
    hand.see("链接已过期")
    hand.press("登录后在“待我签”里查看")
    hand.is_on("login/index")


def test_download_and_the_way_out_of_wechat(member: Hand, peer: Peer) -> None:
    peer.set(step="done")
    member.open_contract("done")
    with member.page.expect_download() as download:
        member.press("下载合同")
    assert download.value.suggested_filename == "劳动合同书-HT20261120001.pdf"
    member.see("均不收取任何费用")
    agent = "Mozilla/5.0 (Linux; Android 12) AppleWebKit/537.36 Chrome/107 Mobile MicroMessenger/8.0"
    browser = member.page.context.browser
    assert browser is not None
    with browser.new_context(user_agent=agent, locale="zh-CN") as context:
        wechat = Hand(context.new_page(), peer.url)
        wechat.open_contract("done")
        wechat.press("下载合同")
        wechat.see("在浏览器打开")
        assert wechat.troubles == []


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
