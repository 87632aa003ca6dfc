"""Licence and password in a real browser: the console at a desk, H5 on a phone (A2, C1)."""

import re

import pytest
import requests
from playwright.sync_api import Page, expect

from benchmarks.journey import Client, Company, Employer, Sandbox, Someone
from tests.factories import new_phone, new_uscc
from tests.support.product import Product
from tests.support.waiting import eventually
from tests.templates.picture_samples import encoded, photograph

pytestmark = [pytest.mark.browser, pytest.mark.process]

PASSWORD = "Chang Chun 2026"


def code_for(product: Product, phone: str, template: str) -> str:
    """What the phone received: the newest of this template."""

    def newest() -> str | None:
        found = requests.get(f"{product.sandbox_url}/__sandbox/sms", {"phone": phone}, timeout=10).json()
        codes = [sms["params"]["code"] for sms in found if sms["template"] == template]
        return codes[0] if codes else None

    code = eventually(newest, timeout=20)
    assert code is not None
    return str(code)


def test_an_operator_uploads_the_licence_and_sets_a_password(product: Product, desktop: Page) -> None:
    phone, page = new_phone(), desktop
    page.goto(f"{product.url}/console/registration")
    page.fill("#f-name", "长春市浏览器测试有限公司")
    page.fill("#f-uscc", new_uscc())
    page.fill("#f-address", "吉林省长春市朝阳区人民大街 1 号")
    page.fill("#f-phone", phone)
    page.get_by_role("button", name="获取验证码").click()
    page.fill("#f-code", code_for(product, phone, "SMS_LOGIN"))
    page.check("input[name=agree]")
    page.get_by_role("button", name="同意协议并注册").click()
    page.wait_for_url("**/console/?done=registered")

    page.goto(f"{product.url}/console/account/password")
    page.get_by_role("button", name="获取验证码").click()
    page.fill("#f-code", code_for(product, phone, "SMS_PASSWORD"))
    page.fill("#f-password", "12345678")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("#content form")).to_contain_text("至少两种")
    page.fill("#f-password", PASSWORD)
    page.get_by_role("button", name="保存").click()
    page.wait_for_url("**/console/account?done=password_saved")
    expect(page.get_by_text("已设置")).to_be_visible()

    page.context.clear_cookies()
    page.goto(f"{product.url}/console/login")
    with page.expect_navigation():
        page.get_by_role("link", name="密码登录").click()
    page.fill("#f-phone", phone)
    page.fill("#f-password", "not this one")
    page.check("input[name=agree]")
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.locator("#content .form-problem")).to_contain_text("还可以再试 4 次")
    page.fill("#f-password", PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(re.compile(r"/console/$"))


def test_the_licence_is_shown_after_the_upload(product: Product, desktop: Page) -> None:
    page = desktop
    log_in_verified(product, page)
    page.goto(f"{product.url}/console/organisation/verification")
    page.set_input_files("#f-file", {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"})
    page.get_by_role("button", name="上传").click()
    expect(page.locator(".licence-shown")).to_contain_text("只能上传 JPG 或 PNG")
    picture = encoded(photograph(900, 640), "PNG")
    page.set_input_files("#f-file", {"name": "licence.png", "mimeType": "image/png", "buffer": picture})
    page.get_by_role("button", name="上传").click()
    shown = page.locator("img.licence")
    expect(shown).to_be_visible()
    assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") == 900


def log_in_verified(product: Product, page: Page) -> None:
    """A new organisation of somebody whom the sandbox's carriers know, verified by phone; the browser gets in."""
    who = Someone("阿依古丽·买买提", "13800138004", "650100199306181068")
    employer = Employer(Client(product.url, "console"), Sandbox(product.sandbox_url), who)
    employer.register(Company("长春市执照测试有限公司", new_uscc(), "吉林省长春市朝阳区 2 号", who))
    employer.verify_by_phone()
    token = employer.client.session.cookies["gongyue_console"]
    page.context.add_cookies([{"name": "gongyue_console", "value": token, "url": product.url}])


def test_a_worker_sets_a_password_on_the_phone_logs_in_with_it_and_resets_it(product: Product, phone: Page) -> None:
    number, page = new_phone(), phone
    page.goto(f"{product.url}/h5/#/pages/login/index")
    page.fill("#phone input", number)
    page.get_by_role("button", name="获取验证码").click()
    page.fill("#code input", code_for(product, number, "SMS_LOGIN"))
    page.get_by_role("checkbox").first.click()
    page.locator(".footer").get_by_role("button", name="登录").click()
    page.wait_for_url("**/h5/#/")

    page.goto(f"{product.url}/h5/#/pages/settings/index")
    page.get_by_role("link", name="设置登录密码").click()
    page.get_by_role("button", name="获取验证码").click()
    page.fill("#code input", code_for(product, number, "SMS_PASSWORD"))
    page.fill("#password input", "short1")
    page.get_by_role("button", name="保存密码").click()
    expect(page.get_by_role("alert").first).to_contain_text("8 至 64 个字符")
    page.fill("#password input", PASSWORD)
    page.get_by_role("button", name="显示").click()
    expect(page.locator("#password input")).to_have_attribute("type", "text")
    page.get_by_role("button", name="保存密码").click()
    expect(page.get_by_text("密码已保存")).to_be_visible()
    page.get_by_role("button", name="完成").click()
    expect(page.get_by_role("link", name="修改登录密码")).to_be_visible()

    page.context.clear_cookies()
    page.goto("about:blank")
    page.goto(f"{product.url}/h5/#/pages/login/index")
    page.get_by_role("tab", name="密码登录").click()
    page.fill("#phone input", number)
    page.fill("#password input", "not this one")
    page.get_by_role("checkbox").first.click()
    page.locator(".footer").get_by_role("button", name="登录").click()
    expect(page.get_by_text("还可以再试 4 次")).to_be_visible()
    page.fill("#password input", PASSWORD)
    page.locator(".footer").get_by_role("button", name="登录").click()
    page.wait_for_url("**/h5/#/")

    page.context.clear_cookies()
    page.goto("about:blank")
    page.goto(f"{product.url}/h5/#/pages/password/reset")
    page.fill("#phone input", number)
    expect(page.get_by_role("button", name="保存密码")).to_be_visible()
