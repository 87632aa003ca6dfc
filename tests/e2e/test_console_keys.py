"""A security key in a real browser: added, used to log in, removed (A10). Chromium plays the key itself."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.e2e.console_desk import Desk
from tests.e2e.office import OPERATOR, Office

pytestmark = [pytest.mark.browser, pytest.mark.process]


@pytest.fixture
def desk(desktop: Page, office: Office) -> Iterator[Desk]:
    """At the address where keys work: browsers know them by a domain name, and this machine's is `localhost`."""
    base = office.product.url.replace("127.0.0.1", "localhost")
    made = Desk(desktop, base, office.sandbox, OPERATOR)
    yield made
    assert made.complaints == []


def plug_in(page: Page) -> tuple[CDPSession, str]:
    """A USB key that is touched as soon as it is asked."""
    browser = page.context.new_cdp_session(page)
    browser.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "usb", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    made = browser.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return browser, str(made["authenticatorId"])


def test_a_key_is_added_logs_in_and_is_removed(desk: Desk) -> None:
    page = desk.page
    desk.open("/login")
    desk.log_in()
    desk.heading("首页")
    browser, key = plug_in(page)

    desk.open("/account")
    desk.look("keys-none")
    desk.follow("添加安全密钥")
    desk.fill("密钥名称", "办公室的 UKey")
    desk.press("添加安全密钥")
    expect(page.locator("#content .form-problem")).to_contain_text("请填写发送到本人手机的验证码")
    desk.type_code("SMS_SECURITY_KEY")
    desk.look("key-new")
    desk.press("添加安全密钥")
    expect(page.get_by_role("status")).to_contain_text("安全密钥已添加")
    expect(page.get_by_label("密钥名称")).to_have_value("办公室的 UKey")
    desk.look("keys-one")

    desk.press("退出登录")
    desk.follow("安全密钥")
    page.get_by_role("checkbox").check()
    desk.look("login-key")
    desk.press("使用安全密钥（UKey）登录")
    desk.heading("首页")

    desk.press("退出登录")
    desk.follow("安全密钥")
    desk.fill("手机号", OPERATOR.phone)
    page.get_by_role("checkbox").check()
    desk.press("使用安全密钥（UKey）登录")
    desk.heading("首页")

    desk.open("/account")
    page.get_by_label("密钥名称").fill("家里的 UKey")
    desk.press("改名")
    expect(page.get_by_role("status")).to_contain_text("已保存")
    expect(page.get_by_label("密钥名称")).to_have_value("家里的 UKey")
    desk.follow("删除")
    page.get_by_role("radio", name="安全密钥").check()
    desk.look("key-removal")
    desk.press("删除安全密钥")
    expect(page.get_by_role("status")).to_contain_text("安全密钥已删除")

    desk.press("退出登录")
    desk.follow("安全密钥")
    page.get_by_role("checkbox").check()
    desk.press("使用安全密钥（UKey）登录")
    expect(page.locator(".alert-danger")).to_contain_text("安全密钥未通过验证")
    browser.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": key})


def test_a_key_of_somebody_else_is_not_asked(desk: Desk) -> None:
    """The allow list of a phone without keys names a key that nobody has: the browser says so, the page too."""
    page = desk.page
    desk.open("/login?by=key")
    plug_in(page)
    desk.fill("手机号", "13700000000")
    page.get_by_role("checkbox").check()
    desk.press("使用安全密钥（UKey）登录")
    expect(page.locator(".alert-danger")).to_contain_text("没有完成安全密钥验证")


def test_at_the_bare_address_the_page_leads_to_the_name(desktop: Page, office: Office) -> None:
    desktop.goto(f"{office.product.url}/console/login?by=key")
    desktop.get_by_role("link", name="localhost").click()
    expect(desktop.get_by_role("heading", level=1)).to_have_text("用人单位登录")
    assert desktop.evaluate("location.hostname") == "localhost"
