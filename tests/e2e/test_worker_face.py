"""Face checks on the vendor's page, for verification and for proof of will; what the address says counts nothing."""

import pytest

from tests.e2e.conftest import NewHandset
from tests.e2e.office import Office

pytestmark = [pytest.mark.browser, pytest.mark.process]


def test_verification_by_face_fails_and_passes(office: Office, handset: NewHandset) -> None:
    who = office.hire("阿依古丽·买买提")
    contract = office.send(who)
    phone = handset(who)
    phone.page.goto(phone.link())
    phone.press("登录查看合同")
    phone.log_in()

    phone.press("人脸认证")
    phone.heading("授权同意")
    phone.sees("人脸信息处理单独同意书")
    phone.look("30-face-consent")
    phone.agree()
    phone.fill_identity()
    phone.press("去刷脸")
    phone.play_face("不通过")
    phone.heading("刷脸结果")
    phone.sees("刷脸没有通过")
    phone.look("31-face-failed")

    phone.press("重新开始")
    phone.heading("实名认证")
    assert phone.field("姓名").input_value() == who.name, "what was typed stays"
    phone.press("去刷脸")
    phone.play_face("通过")
    phone.sees("您已完成实名认证")
    phone.press("下一步")
    phone.sees("主要内容")
    assert contract in phone.page.url


def test_who_left_the_face_check_goes_on_by_phone(office: Office, handset: NewHandset) -> None:
    who = office.hire("王小丽")
    phone = handset(who)
    phone.page.goto(f"{phone.home}/h5/")
    phone.log_in()
    phone.press("去认证")
    phone.press("人脸认证")
    phone.agree()
    phone.fill_identity()
    phone.press("去刷脸")
    phone.play_face("取消")
    phone.sees("刷脸已取消")
    phone.press("重新开始")
    phone.press("更换认证方式")
    phone.press("手机号认证")
    phone.press("提交核对")
    phone.field("短信验证码").fill(phone.code("SMS_VERIFY"))
    phone.press("完成认证")
    phone.sees("您已完成实名认证")


def test_an_address_that_says_passed_proves_nothing(office: Office, handset: NewHandset) -> None:
    who = office.hire()
    phone = handset(who)
    phone.page.goto(f"{phone.home}/h5/")
    phone.log_in()
    phone.press("去认证")
    phone.press("人脸认证")
    phone.agree()
    phone.fill_identity()
    phone.press("去刷脸")
    phone.on_vendors_page()
    phone.open("face/return?for=verification&passed=T&status=verified")
    phone.sees("正在向认证机构查询结果")
    phone.open("home/index")
    phone.page.reload()
    phone.sees("还没有实名认证")


def test_will_is_proved_by_face_after_a_failure(office: Office, handset: NewHandset) -> None:
    who = office.hire("䶮文杰")
    contract = office.send(who)
    worker = office.bring(who, contract, to="confirmed")
    phone = handset(who)
    phone.take_over(worker)
    phone.open(f"sign/index?id={contract}")
    phone.write()
    phone.keep_signature()
    phone.press("下一步：确认本人意愿")
    phone.press("刷脸")
    phone.agree()
    phone.press("刷脸")
    phone.play_face("不通过")
    phone.sees("刷脸没有通过")
    phone.press("重新开始")
    phone.sees("请选择确认方式")
    phone.look("33-will-after-failed-face")

    phone.press("刷脸")
    phone.play_face("通过")
    phone.sees("本人意愿已确认")
    phone.look("34-will-proved-by-face")
    phone.press("确认签署")
    phone.sees("您已签好")
    worker.wait_until_sealed(contract)


def test_a_contract_that_asks_first_opens_after_the_face_and_signs_by_it(office: Office, handset: NewHandset) -> None:
    who = office.hire("黎美玲")
    contract = office.employer.draft(who, office.short, "劳动合同")
    office.employer.client.call("PATCH", f"contracts/{contract}", {"open_check": True})
    office.employer.send(contract)
    worker, phone = office.bring(who), handset(who)
    phone.take_over(worker)
    phone.open_contract(contract)
    phone.heading("查看前核对本人")
    phone.sees("劳动合同", "任选一种")
    phone.look("64-opening")
    phone.press("刷脸")
    phone.agree()
    phone.press("刷脸")
    phone.play_face("不通过")
    phone.sees("刷脸没有通过")
    phone.press("重新开始")
    phone.press("刷脸")
    phone.play_face("通过")
    phone.sees("主要内容", "劳动者查看前核对了本人")
    phone.look("65-opened")
    phone.read_to_the_end()
    phone.press("已读完，下一步")
    phone.confirm()
    phone.write()
    phone.keep_signature()
    phone.press("下一步：确认本人意愿")
    phone.sees("请选择确认方式")
    phone.look("66-will-face-first")
    phone.press("刷脸")
    phone.play_face("通过")
    phone.press("确认签署")
    phone.sees("您已签好")
