"""What the worker has beside contracts: messages, settings, consents, devices; in large print and in English."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import NewHandset
from tests.e2e.handset import Handset
from tests.e2e.office import Office

pytestmark = [pytest.mark.browser, pytest.mark.process]


def test_a_consent_is_withdrawn_and_a_device_logged_out(office: Office, handset: NewHandset) -> None:
    who = office.hire()
    contract = office.send(who)
    elsewhere = office.bring(who)
    phone = handset(who)
    phone.page.goto(f"{phone.home}/h5/")
    phone.log_in()
    phone.link_named("设置").click()
    phone.heading("设置")
    phone.look("70-settings")
    phone.link_named("授权与同意").click()
    phone.sees("实名认证授权书")
    phone.look("71-consents")
    phone.press("撤回 实名认证授权书")
    phone.sees("撤回对《实名认证授权书》的同意吗？")
    phone.look("72-withdraw-consent")
    phone.press("确定撤回")
    phone.sees("已撤回对《实名认证授权书》的同意。")
    expect(phone.page.get_by_role("button", name="撤回 实名认证授权书")).to_have_count(0)

    phone.press("返回")
    phone.link_named("登录设备").click()
    phone.sees("Linux · Chrome", "本机", "未知设备")
    phone.look("73-devices")
    phone.press("退出 未知设备")
    expect(phone.page.get_by_role("button", name="退出 未知设备")).to_have_count(0)
    assert elsewhere.client.session.get(f"{phone.home}/api/v1/worker/session").status_code == 401
    phone.open_contract(contract)
    phone.sees("主要内容")


def test_in_large_print(office: Office, handset: NewHandset) -> None:
    who = office.hire("阿依古丽·买买提")
    contract = office.send(who)
    phone = handset(who)
    worker = office.bring(who, contract, to="confirmed")
    phone.take_over(worker)
    phone.open("settings/index")
    phone.shown(phone.page.get_by_role("tab", name="特大")).click()
    _walk(phone, contract, "80-large")


def test_in_english(office: Office, handset: NewHandset) -> None:
    who = office.hire()
    contract = office.send(who)
    phone = handset(who)
    worker = office.bring(who, contract, to="confirmed")
    phone.take_over(worker)
    phone.open("settings/index")
    phone.shown(phone.page.get_by_role("tab", name="English")).click()
    phone.heading("Settings")
    _walk(phone, contract, "90-english")


SCREENS = (
    "home", "contract", "sign", "terminate", "contracts", "messages", "consents", "devices", "settings", "certificate",
    "help",
)  # fmt: skip


def _walk(phone: Handset, contract: str, picture: str) -> None:
    """Every screen that needs no further step, looked at."""
    for screen in SCREENS:
        phone.open(f"{screen}/index?id={contract}")
        phone.settled()
        phone.look(f"{picture}-{screen}")
    phone.page.context.clear_cookies()
    for screen in ("login", "help"):
        phone.open(f"{screen}/index")
        phone.settled()
        phone.look(f"{picture}-{screen}-logged-out")
