"""A certificate and its PIN on a phone and at a desk: activated on the way, used, forgotten, ended (E6, B6)."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import NewHandset
from tests.e2e.console_desk import Desk
from tests.e2e.handset import Handset
from tests.e2e.office import OPERATOR, Office

pytestmark = [pytest.mark.browser, pytest.mark.process]
PIN, OTHER = "804917", "295036"


@pytest.fixture
def operator(desktop: Page, office: Office) -> Iterator[Desk]:
    """The demo organisation's operator, logged in."""
    made = Desk(desktop, office.product.url, office.sandbox, OPERATOR)
    value = office.employer.client.session.cookies["gongyue_console"]
    desktop.context.add_cookies([{"name": "gongyue_console", "value": value, "url": office.product.url}])
    yield made
    assert made.complaints == []


def set_pin(phone: Handset, pin: str, label: str = "证书密码") -> None:
    phone.press("获取验证码")
    phone.field("短信验证码").fill(phone.code("SMS_CERTIFICATE"))
    phone.field(label).fill(pin)
    phone.field("再输一次").fill(pin)
    phone.press("确定")


def test_by_pin_from_the_signature_to_the_seal(office: Office, handset: NewHandset, operator: Desk) -> None:
    who = office.hire()
    contract = office.employer.draft(who, office.short)
    office.employer.client.call("PATCH", f"contracts/{contract}", {"intent_methods": ["pin"]})
    office.employer.send(contract)
    phone = handset(who)
    phone.take_over(office.bring(who, contract, to="confirmed"))
    phone.open_contract(contract)
    phone.press("去签名")
    phone.write()
    phone.keep_signature()
    phone.press("下一步：确认本人意愿")
    phone.press("证书密码")
    phone.heading("授权同意")
    phone.agree()
    phone.heading("设置证书密码")
    phone.look("100-activate")
    set_pin(phone, "123456")
    phone.sees("这个密码太简单，容易被猜到，请不要用连续、重复或常见的数字。")
    phone.look("101-pin-refused")
    phone.field("证书密码").fill(PIN)
    phone.field("再输一次").fill(PIN)
    phone.press("确定")
    phone.sees("证书密码已设置", "数字证书可以使用了。")
    phone.look("102-activated")
    phone.press("继续")
    phone.heading("确认本人意愿")
    phone.press("证书密码")
    phone.field("证书密码").fill(OTHER)
    phone.press("确认签署")
    phone.sees("证书密码不正确，还可以再试 4 次。")
    phone.look("103-will-pin")
    phone.field("证书密码").fill(PIN)
    phone.press("确认签署")
    phone.heading("签署完成")

    page = operator.page
    operator.open(f"/contracts/{contract}/seal")
    operator.look("seal-pin-missing")
    operator.follow("去激活或重设，完成后回到这里")
    operator.type_code("SMS_CERTIFICATE")
    operator.fill("证书密码", PIN)
    operator.fill("再输一次", PIN)
    page.get_by_role("checkbox").check()
    operator.look("certificate-activate")
    operator.press("确定")
    expect(page.get_by_role("link", name="返回刚才的页面")).to_be_visible(timeout=20_000)
    operator.look("certificate-active")
    operator.follow("返回刚才的页面")
    operator.press("输入证书密码")
    operator.fill("证书密码", PIN)
    operator.look("seal-pin")
    operator.press("确认盖章")
    expect(page.get_by_role("status").first).to_contain_text("已提交盖章")
    phone.sees("合同已签订", within=20)
    operator.open("/seals")
    expect(page.get_by_text("有效期至")).to_be_visible()
    operator.look("seal-certificate")


def test_a_forgotten_pin_and_the_end_of_a_certificate(office: Office, handset: NewHandset) -> None:
    who = office.hire()
    worker = office.bring(who)
    worker.consent("certificate_agreement")
    worker.consent("face_consent")
    phone = handset(who)
    phone.take_over(worker)
    phone.open("settings/index")
    phone.link_named("数字证书").click()
    phone.sees("还没有激活")
    phone.look("104-no-certificate")
    phone.press("激活数字证书")
    set_pin(phone, PIN)
    phone.press("继续")
    phone.sees("修改证书密码", "忘记密码，重设")
    phone.look("105-certificate")
    phone.press("忘记密码，重设")
    phone.heading("重设证书密码")
    phone.look("106-second-proof")
    phone.press("刷脸")
    phone.play_face("通过")
    phone.heading("重设证书密码")
    phone.sees("刷脸已通过")
    phone.look("107-new-pin")
    worker.client.post("certificate/pin", {"pin": OTHER, "current_pin": PIN})  # meanwhile, on another device
    set_pin(phone, PIN, "新证书密码")
    phone.sees("不是为本次操作进行的，请重新核验。")
    phone.press("刷脸")
    phone.play_face("通过")
    phone.sees("刷脸已通过")
    set_pin(phone, OTHER, "新证书密码")
    phone.sees("证书密码已设置")
    phone.press("继续")
    phone.press("修改证书密码")
    phone.field("当前证书密码").fill(OTHER)
    phone.field("新证书密码").fill(PIN)
    phone.field("再输一次").fill(PIN)
    phone.look("108-change-pin")
    phone.press("确定")
    phone.sees("证书密码已修改")
    phone.press("完成")
    phone.press("注销证书")
    phone.sees("确定注销数字证书吗？")
    phone.look("109-revoke")
    phone.press("确定注销")
    phone.sees("已注销", "重新激活")
    phone.look("110-revoked")
