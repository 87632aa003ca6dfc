"""The worker's whole job on a phone: from the SMS to the signed PDF (H1, H3, H5, H10, A7, B2, B6)."""

from pathlib import Path

import pytest

from benchmarks.journey import CONTRACT_FILE
from tests.e2e.conftest import NewHandset
from tests.e2e.office import COMPANY, Office

pytestmark = [pytest.mark.browser, pytest.mark.process]


def test_from_the_sms_to_the_signed_pdf(office: Office, handset: NewHandset, tmp_path: Path) -> None:
    who = office.hire("𠮷野家明")
    contract = office.send(who, CONTRACT_FILE)
    phone = handset(who)

    phone.page.goto(phone.link())
    phone.sees(COMPANY.name, "请您签署劳动合同")
    phone.look("01-landing")
    shown = phone.page.content()
    assert not [private for private in (who.name, who.phone, who.id_number, contract) if private in shown]
    assert "t=" not in phone.page.url, "the token stays in no address"

    phone.press("登录查看合同")
    phone.field("手机号").fill(who.phone)
    phone.press("获取验证码")
    phone.field("短信验证码").fill(phone.code("SMS_LOGIN"))
    phone.look("02-login")
    phone.press("登录")
    phone.sees("请先阅读并勾选同意")
    phone.look("03-login-agreement-missing")
    phone.tick()
    phone.press("登录")

    phone.heading("实名认证")
    phone.look("04-verification-methods")
    phone.press("手机号认证")
    phone.heading("授权同意")
    phone.look("05-consent")
    phone.agree()
    phone.fill_identity()
    phone.look("06-identity")
    phone.press("提交核对")
    phone.field("短信验证码").fill(phone.code("SMS_VERIFY"))
    phone.look("07-verification-code")
    phone.press("完成认证")
    phone.sees("您已完成实名认证")
    phone.look("08-verified")
    phone.press("下一步")

    phone.sees("主要内容", COMPANY.name, "每月 9000 元，次月 10 日发放")
    phone.look("09-contract")
    phone.shown(phone.page.get_by_role("tab", name="合同原件")).click()
    phone.sees("这是具有法律效力的文本")
    phone.page.locator("#picture-1 img").first.wait_for()
    phone.page.locator("#picture-1").scroll_into_view_if_needed()
    phone.look("10-pages")
    phone.shown(phone.page.get_by_role("tab", name="大字阅读")).click()
    phone.sees("文字取自同一份合同，方便阅读；签署的是“合同原件”。")
    phone.look("11-text")
    phone.read_to_the_end()
    phone.look("12-read")
    phone.press("已读完，下一步")

    phone.heading("确认合同")
    phone.press("确认合同无误")
    phone.sees("请选择省、市、区县")
    phone.look("13-addresses-missing")
    phone.choose_home()
    phone.tick()
    phone.look("14-addresses")
    phone.press("确认合同无误")

    phone.heading("手写签名")
    phone.look("15-signature-place")
    phone.write()
    phone.look("16-pad")
    phone.press("完成")
    phone.sees("用这个签名吗？")
    phone.look("17-signature-preview")
    phone.press("使用这个签名")
    phone.look("18-signature-on-page")
    phone.press("下一步：确认本人意愿")

    phone.sees("最后一步：确认是您本人要签这份合同")
    phone.look("19-will-methods")
    phone.ask_for_code()
    phone.field("短信验证码").fill(phone.code("SMS_SIGN_CODE"))
    phone.look("20-will-code")
    phone.press("确认签署")
    phone.heading("签署完成")
    phone.sees("您已签好")
    phone.look("21-waiting-for-the-employer")

    office.stamp(contract)
    phone.sees("合同已签订")  # by itself: the page is still open
    phone.look("22-done")
    with phone.page.expect_download() as download:
        phone.press("下载合同")
    signed = Path(download.value.path()).read_bytes()
    report = office.verdict(signed)
    assert report.valid, report.all_problems
    assert len(report.signatures) == 2
    assert not office.verdict(signed.replace(b"/Contents", b"/Contentz", 1)).valid
    assert download.value.suggested_filename.endswith(".pdf")
    phone.sees("已开始下载，请在浏览器的“下载”里查看。")
