"""A computer logs in by its QR code: two browsers of one operator (A4)."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.console_desk import Desk
from tests.e2e.office import OPERATOR, Office
from tests.support.browser import PHONE, keep_picture

pytestmark = [pytest.mark.browser, pytest.mark.process]


@pytest.fixture
def computer(desktop: Page, office: Office) -> Iterator[Desk]:
    made = Desk(desktop, office.product.url, office.sandbox, OPERATOR)
    yield made
    assert made.complaints == []


@pytest.fixture
def phone_desk(chromium: Browser, office: Office) -> Iterator[Desk]:
    context = chromium.new_context(viewport=PHONE, has_touch=True, is_mobile=True, locale="zh-CN")
    made = Desk(context.new_page(), office.product.url, office.sandbox, OPERATOR)
    yield made
    context.close()
    assert made.complaints == []


def address_in(computer: Desk) -> str:
    """What a camera reads out of the picture."""
    picture = computer.page.get_by_alt_text("登录二维码")
    expect(picture).to_be_visible()
    return picture.get_attribute("data-opens") or ""


def test_a_phone_that_is_not_logged_in_yet_confirms(computer: Desk, phone_desk: Desk) -> None:
    """The code is not lost while the phone logs in."""
    phone = phone_desk.page
    computer.open("/login")
    computer.follow("扫码登录")
    computer.page.get_by_role("checkbox").check()
    computer.look("login-qr")
    phone.goto(address_in(computer))
    phone_desk.heading("用人单位登录")
    phone_desk.log_in()
    phone_desk.heading("扫码登录")
    expect(phone.get_by_text("该设备与本手机在同一网络。")).to_be_visible()
    assert "#" not in phone.url, "the token does not stay in the address"
    keep_picture(phone, "console-scan-phone")
    expect(computer.page.get_by_text("已扫描，请在手机上确认登录。")).to_be_visible()
    phone_desk.press("确认登录")
    expect(phone.get_by_text("请回到电脑")).to_be_visible()
    computer.heading("首页")


def test_the_phone_says_no(computer: Desk, phone_desk: Desk) -> None:
    computer.open("/login?by=qr")
    phone_desk.page.goto(address_in(computer))
    phone_desk.log_in()
    phone_desk.press("不是我，拒绝")
    expect(phone_desk.page.get_by_text("那台设备没有登录")).to_be_visible()
    expect(computer.page.get_by_text("手机上已拒绝本次登录。")).to_be_visible()
    old = address_in(computer)
    computer.press("换一个二维码")
    expect(computer.page.get_by_alt_text("登录二维码")).not_to_have_attribute("data-opens", old)
