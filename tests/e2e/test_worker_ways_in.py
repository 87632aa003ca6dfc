"""Every way of logging in, each in a real browser; two windows where a PC and a phone work together (A1-A6)."""

import json
from typing import Any

import pytest
import requests
from playwright.sync_api import Page, expect

from benchmarks.journey import Someone
from tests.e2e.conftest import NewHandset
from tests.e2e.handset import Handset
from tests.e2e.office import Office

pytestmark = [pytest.mark.browser, pytest.mark.process]

GOV, CARD = "gov", "social_card"


def begin(page: Page, path: str, start: Any) -> dict[str, Any]:
    """What the server answered to the request that `start` makes: the address that a QR picture holds."""
    with page.expect_response(lambda answer: answer.url.endswith(path) and answer.request.method == "POST") as answer:
        start()
    found: dict[str, Any] = json.loads(answer.value.text())
    return found


def agree_at_provider(phone: Handset, who: Someone) -> None:
    """On the provider's page: choose who one is, and agree."""
    phone.page.get_by_role("combobox").select_option(who.id_number)
    phone.page.get_by_role("button", name="同意并登录").click()


def test_government_identity_is_unbound_and_bound_again(office: Office, handset: NewHandset) -> None:
    who = office.hire("郑文博")
    phone = handset(who)
    phone.open("login/index")
    phone.sees("刷脸登录")
    phone.look("40-login-ways")
    phone.tick()
    phone.link_named("政务").click()
    agree_at_provider(phone, who)
    phone.heading("工约 · 电子劳动合同")
    phone.open("bindings/index")
    phone.sees("政务")
    phone.look("41-bindings")
    phone.press("解除绑定")
    phone.sees("解除后不能再用它登录")
    phone.look("42-unbind")
    phone.page.get_by_role("dialog").get_by_role("button", name="解除绑定").click()
    phone.sees("还没有绑定")


def test_pc_is_logged_in_by_a_phone_that_scans_its_code(office: Office, handset: NewHandset, desk: NewHandset) -> None:
    who = office.hire("何建国")
    phone, pc = handset(who), desk(who)
    phone.take_over(office.bring(who))
    pc.open("login/index")
    pc.sees("手机扫码登录")
    pc.look("43-login-desk")
    pc.tick()
    code = begin(pc.page, "/login/qr", lambda: pc.link_named("手机扫码登录").click())
    pc.sees("请用已登录的手机扫码")
    pc.look("44-qr-desk")
    phone.page.goto(code["url"])
    phone.sees("要在电脑上登录您的账号吗？")
    assert "k=" not in phone.page.url, "the token stays in no address"
    phone.look("45-scan")
    pc.sees("已扫码")
    phone.press("确认登录")
    phone.sees("电脑上会自动登录")
    pc.sees("您好，何建国")
    pc.look("46-home-desk")


def test_a_refused_code_lets_nobody_in(office: Office, handset: NewHandset, desk: NewHandset) -> None:
    who = office.hire()
    phone, pc = handset(who), desk(who)
    phone.take_over(office.bring(who))
    pc.open("login/index")
    pc.tick()
    code = begin(pc.page, "/login/qr", lambda: pc.link_named("手机扫码登录").click())
    phone.page.goto(code["url"])
    phone.press("不是我，拒绝")
    phone.sees("电脑上没有登录")
    pc.sees("手机上没有同意登录")
    pc.press("刷新二维码")
    pc.sees("再在手机上点“确认登录”")


def test_social_card_scans_a_pc_in_and_the_first_time_gives_a_phone(
    office: Office, handset: NewHandset, desk: NewHandset
) -> None:
    who = office.hire("孙秀英")
    phone, pc = handset(who), desk(who)
    pc.open("login/index")
    pc.tick()
    code = begin(pc.page, f"/login/providers/{CARD}", lambda: pc.link_named("社保卡").click())
    pc.sees("社保卡扫码")
    phone.page.goto(code["url"])
    agree_at_provider(phone, who)
    phone.page.get_by_role("button", name="确认登录").click()
    phone.sees("请回到电脑")
    pc.sees("身份已确认。首次使用")
    pc.look("47-social-card-phone")
    pc.field("手机号").fill(who.phone)
    pc.press("获取验证码")
    pc.field("短信验证码").fill(pc.code("SMS_LOGIN"))
    pc.press("登录")
    pc.heading("工约 · 电子劳动合同")


def test_phone_number_is_changed_with_both_codes(office: Office, handset: NewHandset) -> None:
    who = office.hire("马丽")
    phone = handset(who)
    phone.take_over(office.bring(who))
    phone.open("settings/index")
    phone.link_named("更换手机号").click()
    phone.heading("更换手机号")
    phone.look("48-change-phone")
    fresh = Someone(who.name, who.phone.replace("137", "136", 1), who.id_number)
    asks_code = phone.page.get_by_label("短信验证码")
    cards = phone.page.locator(".card").filter(visible=True, has=asks_code)
    expect(cards).to_have_count(2)
    present, new = cards.first, cards.last
    present.get_by_role("button", name="获取验证码").click()
    present.get_by_label("短信验证码").last.fill(phone.code("SMS_PHONE"))
    phone.field("新手机号").fill(fresh.phone)
    new.get_by_role("button", name="获取验证码").click()
    sms = office.sandbox.wait_for_sms(fresh.phone, "SMS_PHONE", phone.seen)
    new.get_by_label("短信验证码").last.fill(str(sms["params"]["code"]))
    phone.press("更换手机号")
    phone.sees("手机号已更换", f"{fresh.phone[:3]}****{fresh.phone[-4:]}")
    expect(phone.button("完成")).to_be_visible()


def test_phone_number_is_changed_by_face_on_a_pc(office: Office, handset: NewHandset, desk: NewHandset) -> None:
    who = office.hire("谭咏仪")
    worker = office.bring(who)
    worker.consent("face_consent")
    pc, phone = desk(who), handset(who)
    pc.take_over(worker)
    pc.open("phone/index")
    pc.press("原手机号已停用，用刷脸")
    fresh = who.phone.replace("137", "134", 1)
    pc.field("新手机号").fill(fresh)
    pc.look("67-phone-by-face")
    check = begin(pc.page, "/worker/phone/face-checks", lambda: pc.press("去刷脸"))
    phone.take_over_face(check["url"])
    phone.sees("用于：更换账号的手机号", f"{who.phone[:3]}****{who.phone[-4:]}")
    phone.press("继续刷脸")
    phone.play_face("通过")
    pc.sees("已确认是您本人")
    pc.press("获取验证码")
    pc.field("短信验证码").fill(str(office.sandbox.wait_for_sms(fresh, "SMS_PHONE", pc.seen)["params"]["code"]))
    pc.look("68-phone-proven")
    pc.press("更换手机号")
    pc.sees("手机号已更换")


def test_login_by_face_on_a_phone_and_for_a_pc(office: Office, handset: NewHandset, desk: NewHandset) -> None:
    who = office.hire("沈逸飞")
    office.bring(who)
    phone, pc = handset(who), desk(who)
    phone.open("login/index")
    phone.link_named("刷脸登录").click()
    phone.heading("刷脸登录")
    phone.fill_identity()
    phone.tick()
    phone.look("60-face-login")
    phone.press("去刷脸")
    phone.play_face("不通过")
    phone.sees("刷脸没有通过")
    phone.press("重新开始")
    phone.fill_identity()
    phone.press("去刷脸")
    phone.play_face("通过")
    phone.sees("您好，沈逸飞")

    pc.open("login/face")
    pc.fill_identity()
    pc.tick()
    check = begin(pc.page, "/login/face", lambda: pc.press("去刷脸"))
    pc.sees("请用手机扫码刷脸")
    phone.take_over_face(check["url"])
    phone.sees("用于：刷脸登录", "没有登录")
    phone.press("这不是我")
    phone.sees("这次刷脸已作废")
    pc.sees("不是本人发起")
    pc.look("62-refused-elsewhere")
    pc.press("重新开始")
    check = begin(pc.page, "/login/face", lambda: pc.press("去刷脸"))
    phone.take_over_face(check["url"])
    phone.press("继续刷脸")
    phone.play_face("通过")
    phone.sees("手机上的操作已完成")
    pc.sees("您好，沈逸飞")


def test_a_lost_number_is_replaced_after_verification(office: Office, handset: NewHandset) -> None:
    old = office.hire("贺兰")
    office.bring(old)
    fresh = Someone(old.name, old.phone.replace("137", "135", 1), old.id_number)
    body = {"name": fresh.name, "phone": fresh.phone, "id_number": fresh.id_number}
    requests.post(f"{office.sandbox.base}/__sandbox/persons", json=body, timeout=10).raise_for_status()
    phone = handset(fresh)
    phone.page.goto(f"{phone.home}/h5/")
    phone.log_in()
    phone.press("去认证")
    phone.verify_by_phone()
    phone.sees("您以前用", f"{old.phone[:3]}****{old.phone[-4:]}")
    phone.sees("还差一步：证明是您本人")
    phone.look("61-claim-proof")
    phone.press("人脸认证")
    phone.agree()
    phone.press("去刷脸")
    phone.play_face("通过")
    phone.sees("身份已核实")
    phone.look("62-claim")
    phone.press("把手机号换成现在的")
    phone.sees("您已完成实名认证")
    phone.press("下一步")
    phone.sees("您好，贺兰")
