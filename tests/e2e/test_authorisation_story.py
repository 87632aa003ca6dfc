"""An absent legal representative signs on the phone, and the organisation at the desk is verified (A7, C2)."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from app.cli.sample_licence import draw_sample_licence
from benchmarks.journey import Client, Employer
from tests.e2e.conftest import NewHandset, _Shelf
from tests.e2e.console_desk import Desk
from tests.e2e.office import Office
from tests.e2e.test_console_story import found_company

pytestmark = [pytest.mark.browser, pytest.mark.process]


def test_the_letter_goes_to_the_phone_and_back(
    shelf: _Shelf, handset: NewHandset, office: Office, tmp_path: Path
) -> None:
    company, operator = found_company(office, "长春市净月授权测试有限公司"), office.hire("王小丽")
    employer = Employer(Client(office.product.url, "console"), office.sandbox, operator)
    employer.register(company)
    employer.verify_by_phone()
    desk = Desk(shelf.open_desk(), office.product.url, office.sandbox, operator)
    cookie = employer.client.session.cookies["gongyue_console"]
    desk.page.context.add_cookies([{"name": "gongyue_console", "value": cookie, "url": office.product.url}])
    licence, boss = tmp_path / "licence.png", company.representative
    licence.write_bytes(draw_sample_licence({"uscc": company.uscc, "name": company.name, "address": company.address}))

    desk.open("/organisation/verification")
    desk.look("ways-of-verification")
    desk.follow(desk.page.get_by_role("link", name="授权书认证"))
    desk.page.get_by_label("营业执照图片").set_input_files(licence)
    desk.press("上传")
    expect(desk.page.get_by_role("img", name="营业执照图片")).to_be_visible()
    desk.fill("法定代表人姓名", boss.name)
    desk.fill("法定代表人证件号码", boss.id_number)
    desk.fill("法定代表人手机号", boss.phone)
    desk.look("letter-request")
    desk.press("核验并发送授权书")
    desk.heading("法定代表人授权书")
    desk.press("复制签署链接")
    copied = desk.page.get_by_label("签署链接", exact=True)
    expect(copied).to_be_visible()
    assert "/h5/#/pages/landing/index?t=" in copied.input_value()
    desk.look("letter-waiting")

    phone = handset(boss)
    link = office.sandbox.wait_for_sms(boss.phone, "SMS_AUTHORISATION_LINK", set())["links"][0]
    phone.page.goto(str(link))
    phone.sees(company.name, "请您以法定代表人身份签署授权书")
    phone.look("letter-landing")
    phone.press("登录查看授权书")
    phone.log_in()
    phone.heading("实名认证")
    phone.verify_by_phone()
    phone.press("下一步")
    phone.heading("授权书")
    phone.sees("请您签署授权书", "王小丽")
    phone.settled()
    phone.look("letter-read")
    phone.press("已阅读，去签名")
    phone.write()
    phone.keep_signature()
    phone.look("letter-signed-by-hand")
    phone.press("下一步：确认本人意愿")
    phone.ask_for_code()
    phone.look("letter-intent")
    phone.sign_with_code()
    phone.sees("授权书已签署", within=30)
    phone.settled()
    phone.look("letter-done")

    desk.follow("查询签署结果")
    expect(desk.page.get_by_text("单位已凭这份授权书完成认证")).to_be_visible()
    desk.look("letter-signed")
    report = office.verdict(desk.download("下载授权书").read_bytes())
    assert (report.valid, [one.signer for one in report.signatures]) == (True, [boss.name]), report
    assert desk.complaints == []
