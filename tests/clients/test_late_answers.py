"""A slow phone, a slow network, a quick thumb: what a person chose or typed is not undone by a late answer."""

import pytest
from playwright.sync_api import Route, expect

from tests.clients.hand import ID_NUMBER, IS_AT_TOP, PHONE, Hand
from tests.clients.late import A_MOMENT, COME_BACK, Late
from tests.clients.peer import Peer

pytestmark = pytest.mark.browser


def test_a_choice_made_while_the_text_is_loading_stays(member: Hand) -> None:
    held: list[Route] = []
    member.page.route("**/text", lambda route: held.append(route))
    member.open_contract()
    member.page.get_by_role("tab", name="合同原件").click()
    member.see("这是具有法律效力的文本")
    with member.page.expect_response("**/text"):
        held[0].continue_()
    member.page.evaluate(A_MOMENT)
    expect(member.page.get_by_role("tab", name="合同原件")).to_have_attribute("aria-selected", "true")


@pytest.mark.parametrize("switches", [False, True])
def test_the_way_to_what_is_unread_waits_for_the_text(member: Hand, switches: bool) -> None:
    """Pressed once, it leads there when the text is there, or to the form that was chosen meanwhile."""
    held: list[Route] = []
    member.page.route("**/text", lambda route: held.append(route))
    member.open_contract()
    member.press("继续阅读（还有 6 页）")
    if switches:
        member.page.get_by_role("tab", name="合同原件").click()
        member.see("这是具有法律效力的文本")
    with member.page.expect_response("**/text"):
        held[0].continue_()
    member.page.wait_for_function(IS_AT_TOP, arg="#picture-1" if switches else "#text-1")
    assert len(held) == 1, "asked for once"


# Types faster than the framework passes it on, and goes on within the same moment.
TYPE_AND = """([text, next]) => {
    const field = document.querySelector("#id-number input")
    field.focus()
    for (const value of [text.slice(0, -1), text]) {
        field.value = value
        field.dispatchEvent(new InputEvent("input", { bubbles: true }))
    }
    if (next === "Enter") field.dispatchEvent(new KeyboardEvent("keyup", { key: "Enter", bubbles: true }))
    else { field.blur(); document.querySelector(next).click() }
}"""


@pytest.mark.parametrize("next_step", [".footer .button", "Enter"])
def test_the_last_digit_counts_however_quick_the_next_step_is(hand: Hand, peer: Peer, next_step: str) -> None:
    peer.set(login=1)
    hand.open("verify/index")
    hand.tap("手机号认证")
    hand.consent()
    hand.fill_identity(id_number="110105194912310021")
    hand.press("提交核对")
    hand.see("身份证号有误")
    hand.page.evaluate(TYPE_AND, [ID_NUMBER, next_step])
    hand.see("短信验证码")
    assert [ID_NUMBER in post["body"] for post in peer.posts("/verifications")] == [True]


def test_the_text_is_fetched_once(member: Hand) -> None:
    asked: list[str] = []
    member.page.on("request", lambda request: asked.append(request.url.rsplit("/", 1)[1]))
    member.open_contract()
    member.page.locator("#text-1").wait_for()
    with member.page.expect_response("**/timeline"):
        member.page.evaluate(COME_BACK)
    member.page.evaluate(A_MOMENT)
    assert asked.count("text") == 1


def test_pages_seen_during_a_report_are_reported_too(member: Hand, peer: Peer) -> None:
    held: list[Route] = []
    peer.set(read=1)
    member.page.route("**/page-views", lambda route: held.append(route) if not held else route.continue_())
    member.open_contract()
    member.page.locator("#text-1").wait_for()
    for number in range(1, 7):
        member.page.locator(f"#text-{number}").evaluate("node => node.scrollIntoView({ block: 'end' })")
        member.page.evaluate(A_MOMENT)
    assert len(held) == 1
    member.page.evaluate(A_MOMENT)
    held[0].continue_()
    expect(member.main_button("已读完，下一步")).to_be_visible(timeout=10_000)


def test_another_method_stays_chosen_after_its_consent(hand: Hand, peer: Peer) -> None:
    peer.set(login=1)
    hand.open("verify/index")
    hand.tap("手机号认证")
    hand.consent()
    hand.fill_identity()
    hand.press("提交核对")
    hand.see("短信验证码")
    hand.tap("更换认证方式")
    hand.tap("人脸认证")
    with hand.page.expect_response("**/verifications/current"):
        hand.consent()
    expect(hand.main_button("去刷脸")).to_be_visible()
    hand.page.evaluate(A_MOMENT)
    expect(hand.main_button("去刷脸")).to_be_visible()


def test_the_login_page_keeps_what_was_typed_while_one_looks_at_the_sms(member: Hand, peer: Peer) -> None:
    """The page below it finds the session ended too, and must not lead away from there."""
    member.open("home/index")
    member.see("全部合同")
    peer.reset()
    member.page.context.clear_cookies()
    member.tap("全部合同")
    member.is_on("login/index")
    member.page.fill("#phone input", PHONE)
    address = member.page.url
    member.page.evaluate(COME_BACK)
    member.page.evaluate(A_MOMENT)  # nothing is asked, so there is no answer to wait for
    assert (member.page.url, member.page.input_value("#phone input")) == (address, PHONE)


def test_a_consent_that_was_left_leads_nowhere(hand: Hand, peer: Peer) -> None:
    peer.set(login=1)
    hand.open("verify/index")
    hand.tap("手机号认证")
    late = Late(hand.page, "POST", "/consents")
    late.asked_by(hand.consent)
    hand.page.get_by_role("button", name="返回").click()
    hand.is_on("verify/index")
    late.arrive()
    hand.is_on("verify/index")


def test_a_double_tap_opens_one_page(member: Hand) -> None:
    member.open("settings/index")
    member.page.get_by_role("link", name="授权与同意").evaluate("link => { link.click(); link.click() }")
    member.see("您同意过的内容都在这里")
    member.page.get_by_role("button", name="返回").locator("visible=true").click()
    member.is_on("settings/index")
    member.page.get_by_role("link", name="账号绑定").click()  # the next tap counts again
    member.is_on("bindings/index")
