"""Every screen: names, focus, 44 px targets, contrast, no sideways scroll; in large print and in English too."""

import pytest
from playwright.sync_api import expect

from tests.clients.hand import AUDIT, Hand
from tests.clients.peer import CONTRACT, Peer

pytestmark = pytest.mark.browser

# Screen, state of the contract, a word that shows that it is there (Chinese, English).
SCREENS = [
    ("home/index", "confirm", "待我签", "For me"),
    ("contracts/index?box=all", "confirm", "去阅读", "Read"),
    (f"contract/index?id={CONTRACT}", "confirm", "主要内容", "Key terms"),
    (f"confirm/index?id={CONTRACT}", "confirm", "经常居住地", "Habitual residence"),
    (f"sign/index?id={CONTRACT}", "sign", "点此签名", "Tap to sign"),
    (f"progress/index?id={CONTRACT}", "sealing", "签署中…", "Signing…"),
    (f"done/index?id={CONTRACT}", "done", "下载合同", "Download"),
    (f"terminate/index?id={CONTRACT}", "confirm", "终止原因", "Reason"),
    ("messages/index", "confirm", "全部已读", "Mark all read"),
    ("settings/index", "confirm", "字号", "Text size"),
    ("help/index", "confirm", "常见问题", "Questions"),
    ("bindings/index", "confirm", "微信", "微信"),
    ("phone/index", "confirm", "新手机号", "New phone number"),
    ("scan/index?k=token", "confirm", "要在电脑上登录您的账号吗？", "Log in to your account on a computer?"),
    ("face/handover?t=token", "confirm", "是您本人要刷脸吗？", "Is it you who wants this?"),
    ("face/elsewhere", "confirm", "手机上的操作已完成", "Done on the phone"),
    ("login/face", "confirm", "可以用姓名、身份证号和刷脸登录", "log in with your name, ID number and face"),
    ("login/qr?kind=app", "confirm", "请用已登录的手机扫码", "Scan with a phone where you are logged in"),
    ("login/third?ticket=T1", "confirm", "首次使用，请填写手机号", "The first time, enter your phone number"),
    ("agreement/index?kind=privacy_policy", "confirm", "我们收集什么", "我们收集什么"),
]


@pytest.mark.parametrize(("scale", "language"), [("1", "zh-CN"), ("1.5", "en")])
def test_screens(member: Hand, peer: Peer, scale: str, language: str) -> None:
    look = f'{{"language":"{language}","scale":"{scale}"}}'
    member.page.add_init_script(f"if (location.protocol === 'http:') localStorage.setItem('gy.look', '{look}')")
    findings = []
    for route, step, chinese, english in SCREENS:
        peer.set(step=step, seal=60)
        member.open(route)
        member.see(english if language == "en" else chinese)
        findings += [f"{route}: {finding}" for finding in member.page.evaluate(AUDIT)]
        assert member.page.evaluate("document.documentElement.lang") == language
    assert findings == []


def test_screens_before_login(hand: Hand, peer: Peer) -> None:
    findings = []
    for route, text in (
        ("landing/index?t=x", "请您签署劳动合同"),
        ("login/index", "手机号"),
        ("landing/index?t=expired", "链接打不开"),
    ):
        hand.open(route)
        hand.see(text)
        findings += [f"{route}: {finding}" for finding in hand.page.evaluate(AUDIT)]
    peer.set(login=1)
    hand.open("verify/index")
    hand.see("请选择一种方式")
    findings += hand.page.evaluate(AUDIT)
    hand.tap("手机号认证")
    hand.consent()
    hand.see("身份证号")
    findings += hand.page.evaluate(AUDIT)
    assert findings == []


def test_pad_and_sheets(member: Hand, peer: Peer) -> None:
    peer.set(step="sign")
    member.open_contract("sign")
    member.press("开始签名")
    member.see("在框内横向书写签名")
    findings = member.page.evaluate(AUDIT)
    member.scribble()
    member.page.get_by_role("button", name="完成").click()
    member.see("用这个签名吗？")
    findings += member.page.evaluate(AUDIT)
    assert findings == []


def test_keyboard_alone(hand: Hand) -> None:
    hand.open("login/index")
    hand.see("手机号")
    expect(hand.page.locator(".page-title")).to_be_focused()
    hand.page.get_by_role("checkbox").focus()
    hand.page.keyboard.press("Space")
    expect(hand.page.get_by_role("checkbox")).to_have_attribute("aria-checked", "true")
    hand.main_button("登录").focus()
    hand.page.keyboard.press("Enter")
    hand.see("请填写 11 位手机号")


def test_sheet_takes_the_focus_and_closes_with_escape(member: Hand) -> None:
    member.open("settings/index")
    member.page.get_by_role("button", name="退出登录").click()
    expect(member.page.get_by_role("dialog")).to_be_focused()
    member.page.keyboard.press("Escape")
    expect(member.page.get_by_role("dialog")).to_have_count(0)


def test_language_and_size_are_kept(member: Hand, peer: Peer) -> None:
    member.open("settings/index")
    member.page.get_by_role("tab", name="特大").click()
    member.page.get_by_role("tab", name="English").click()
    member.see("Text size")
    member.open("home/index")
    member.see("To do")
    assert member.page.locator(".page").evaluate("node => getComputedStyle(node).fontSize") == "24px"
