"""Inside WeChat and DingTalk: all of the worker's way, with a way out for what their browsers refuse (M1)."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.clients.hand import AUDIT, Hand
from tests.clients.peer import Peer
from tests.clients.webviews import built_in_browser, refused

pytestmark = pytest.mark.browser


@pytest.fixture
def wechat(chromium: Browser, peer: Peer) -> Iterator[Hand]:
    with built_in_browser(chromium, "wechat") as page:
        hand = Hand(page, peer.url)
        yield hand
        assert hand.troubles == []
        assert refused(page) == []


def test_in_wechat_from_the_sms_link_to_the_file(wechat: Hand, phone: Page, peer: Peer) -> None:
    hand = wechat
    peer.set(read=3)
    hand.page.goto(f"{peer.url}/h5/#/pages/landing/index?t=a-token")
    hand.see("请您签署劳动合同")
    assert "a-token" not in hand.page.url  # neither history nor a screenshot of the address shows it
    hand.press("在微信小程序里打开")
    hand.page.wait_for_url("**/mock/mini?platform=weixin")
    assert json.loads(peer.posts("/mini-program")[0]["body"])["token"] == "a-token"
    hand.page.go_back()  # who would rather go on here
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
    peer.set(step="done")
    hand.see("合同已签订")
    _take_the_file_outside(hand, Hand(phone, peer.url), "微信")


def _take_the_file_outside(inside: Hand, outside: Hand, app: str) -> None:
    """The pages are looked at in the app; the file is saved by the phone's browser."""
    inside.press("下载合同")
    inside.see(f"{app}里不能保存和打印文件")
    inside.tap("或复制本页链接")
    inside.see("已复制")
    assert inside.page.evaluate(AUDIT) == []
    address = inside.page.evaluate("copied")
    inside.tap("就在这里看合同原件")
    inside.see("这是具有法律效力的文本")
    inside.page.locator("#picture-1 img").first.wait_for(state="attached")

    outside.page.goto(address)
    outside.see("下载合同")
    with outside.page.expect_download() as download:
        outside.press("下载合同")
    assert download.value.suggested_filename == "劳动合同书-HT20261120001.pdf"
    outside.see("均不收取任何费用")
    assert outside.troubles == []


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
    free = ("/login", "/preview", "/mini-program", "/page-views")
    assert all(post["key"] for post in peer.posts("/") if not any(part in post["path"] for part in free))


def test_in_dingtalk_the_link_and_the_file(chromium: Browser, phone: Page, peer: Peer) -> None:
    with built_in_browser(chromium, "dingtalk") as page:
        hand = Hand(page, peer.url)
        peer.set(verified=1, step="done", mini_programs="")
        hand.open("landing/index?t=a-token")
        hand.press("登录查看合同")
        hand.log_in()
        hand.press("下载或打印")
        _take_the_file_outside(hand, Hand(phone, peer.url), "钉钉")
        assert hand.troubles == []
        assert refused(page) == []


def test_wechat_opens_no_alipay_but_the_link_can_be_taken_along(wechat: Hand, phone: Page, peer: Peer) -> None:
    peer.set(login=1, mini_programs="alipay")
    wechat.open("landing/index?t=a-token")
    wechat.is_on("verify/index")
    wechat.tap("人脸认证")
    wechat.consent()
    wechat.fill_identity()
    wechat.press("去刷脸")
    wechat.see("支付宝刷脸要在手机浏览器里打开")
    wechat.tap("复制刷脸链接")
    wechat.see("已复制")
    phone.goto(wechat.page.evaluate("copied"))
    phone.locator("#pass").click()
    expect(phone.get_by_text("请回到电脑，或回到您打开合同的应用")).to_be_visible()
    wechat.see("您已完成实名认证")


def test_wechats_text_size_becomes_ours_and_no_absent_mini_program_is_offered(wechat: Hand, peer: Peer) -> None:
    peer.set(mini_programs="alipay")
    wechat.open("landing/index?t=a-token")
    wechat.see("请您签署劳动合同")
    expect(wechat.main_button("小程序")).to_have_count(0)
    size = "getComputedStyle(document.querySelector('.page')).fontSize"
    assert wechat.page.evaluate("getComputedStyle(document.body).webkitTextSizeAdjust") == "100%"
    for wish, shown in (({"fontSize": "4"}, "24px"), ({"fontScale": 120}, "20px"), ({"fontSize": "2"}, "16px")):
        wechat.page.evaluate("wish => WeixinJSBridge.heard['menu:setfont'](wish)", wish)
        wechat.page.wait_for_function(f"{size} === '{shown}'")
        assert wechat.page.evaluate("WeixinJSBridge.zoom") == 0
    assert wechat.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
