"""A foreign operator is verified by people: the form at the console, the review at the regulator's desk (B4)."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from app.cli.seed import REGULATOR_NAME, REGULATOR_PHONE
from benchmarks.journey import Someone
from tests.e2e.console_desk import Desk
from tests.e2e.office import OPERATOR, Office
from tests.e2e.test_console_story import found_company
from tests.support.browser import DESKTOP
from tests.templates.picture_samples import encoded, photograph

pytestmark = [pytest.mark.browser, pytest.mark.process]


@pytest.fixture
def window(desktop: Page, office: Office) -> Iterator[Desk]:
    """The applicant's."""
    made = Desk(desktop, office.product.url, office.sandbox, OPERATOR)
    yield made
    assert made.complaints == []


@pytest.fixture
def review(chromium: Browser, office: Office) -> Iterator[Desk]:
    """The regulator's."""
    context = chromium.new_context(viewport=DESKTOP, locale="zh-CN", timezone_id="Asia/Shanghai")
    who = Someone(REGULATOR_NAME, REGULATOR_PHONE, "")
    made = Desk(context.new_page(), office.product.url, office.sandbox, who)
    yield made
    context.close()
    assert made.complaints == []


def test_a_foreign_operator_is_reviewed_and_approved(window: Desk, review: Desk, office: Office) -> None:
    page, desk = window.page, review.page
    company = found_company(office, "长春市外资企业测试有限公司")
    window.who = company.representative
    window.register(company)
    window.open("/verification")
    window.consent()
    page.get_by_role("radio", name="银行卡认证").check()
    window.look("verification-bank")
    page.get_by_role("radio", name="人工审核").check()
    window.fill("姓名", "John Smith")
    window.fill("证件号码", "E12345678")
    page.locator("#f-manual_id_type").select_option("passport")
    page.locator("#f-nationality").select_option("USA")
    page.reload()
    expect(page.get_by_label("证件号码", exact=True)).to_have_value("E12345678")
    expect(page.get_by_role("radio", name="人工审核")).to_be_checked()
    page.get_by_role("radio", name="手机认证").check()
    page.get_by_role("radio", name="人工审核").check()
    expect(page.get_by_label("姓名", exact=True)).to_have_value("John Smith")
    window.press("下一步")
    expect(page.locator("#content .form-problem")).to_contain_text("照片")
    picture = encoded(photograph(1000, 700), "JPEG")
    page.set_input_files("#f-file", {"name": "passport.jpg", "mimeType": "image/jpeg", "buffer": picture})
    window.press("上传照片")
    expect(page.locator("#pictures")).to_contain_text("passport.jpg")
    window.look("verification-manual")
    window.press("下一步")
    expect(page.get_by_role("heading", name="等待人工审核")).to_be_visible()
    window.look("verification-waiting")

    desk.goto(f"{review.base}/regulator/")
    review.heading("监管端登录")
    review.look("regulator-login")
    review.fill("手机号", review.who.phone)
    review.type_code("SMS_LOGIN")
    review.press("登录")
    review.heading("实名审核")
    review.look("regulator-waiting")
    review.follow("审核")
    review.heading("审核申请")
    expect(desk.get_by_text("John Smith")).to_be_visible()
    shown = desk.get_by_alt_text("证件照片 1")
    assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") == 1000
    review.look("regulator-review")
    review.press("通过")
    review.press("确认通过")
    expect(desk.get_by_text("没有待审核的申请")).to_be_visible()
    review.look("regulator-empty")
    review.follow("已处理")
    expect(desk.get_by_text("已通过")).to_be_visible()
    review.look("regulator-decided")
    review.follow("个人中心")
    review.look("regulator-account")

    page.get_by_role("link", name="刷新结果").click()
    expect(page.get_by_text("经办人实名认证已完成")).to_be_visible()
    window.open("/account")
    expect(page.get_by_text("人工审核")).to_be_visible()
