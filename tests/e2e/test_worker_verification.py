"""Bank card, manual review, a choice of face vendors, a PC whose phone does the check, a vendor that fails (B2-B4)."""

from pathlib import Path

import pytest
import requests
from PIL import Image

from benchmarks.journey import Someone
from tests.e2e.conftest import NewHandset
from tests.e2e.handset import Handset
from tests.e2e.office import Office
from tests.e2e.test_worker_ways_in import begin

pytestmark = [pytest.mark.browser, pytest.mark.process]

CARD = "6299000000000000903"


def at_methods(phone: Handset) -> None:
    """A fresh account before the choice of a method."""
    phone.page.goto(f"{phone.home}/h5/")
    phone.log_in()
    phone.press("去认证")
    phone.heading("实名认证")


def know_card(office: Office, who: Someone) -> None:
    """The bank knows this card, and this phone for it."""
    body = {"name": who.name, "phone": who.phone, "id_number": who.id_number, "bank_card": CARD}
    requests.post(f"{office.sandbox.base}/__sandbox/persons", json=body, timeout=10).raise_for_status()


def test_verification_by_bank_card(office: Office, handset: NewHandset) -> None:
    who = office.hire("钱多多")
    know_card(office, who)
    phone = handset(who)
    at_methods(phone)
    phone.look("50-methods")
    phone.press("银行卡认证")
    phone.agree()
    phone.fill_identity()
    phone.press("提交核对")
    phone.sees("请填写完整的银行卡号", "请填写 11 位手机号")
    phone.look("51-bank-missing")
    phone.field("银行卡号").fill("6299 0000 0000 0000 903")
    phone.field("银行预留手机号").fill(who.phone)
    phone.press("提交核对")
    phone.sees("验证码已发到银行预留手机号")
    kept = phone.page.evaluate("JSON.stringify([localStorage, sessionStorage])")
    assert CARD not in kept, "the card's number stays nowhere"
    phone.field("短信验证码").fill(phone.code("SMS_VERIFY"))
    phone.look("52-bank-code")
    phone.press("完成认证")
    phone.sees("您已完成实名认证")


def test_a_passport_goes_to_review(office: Office, handset: NewHandset, tmp_path: Path) -> None:
    picture = tmp_path / "passport.jpg"
    Image.effect_noise((1000, 700), 60).convert("RGB").save(picture)
    phone = handset(office.hire("Kim Minjun"))
    at_methods(phone)
    phone.press("人工审核")
    phone.agree()
    phone.shown(phone.page.get_by_role("radio", name="护照")).click()
    phone.field("姓名").fill("KIM MINJUN")
    phone.field("证件号码").fill("M12345678")
    phone.press("提交审核")
    phone.sees("请选择国籍", "请至少上传一张证件照片")
    phone.shown(phone.page.get_by_role("button", name="国籍")).click()
    phone.look("53-countries")
    phone.press("韩国")
    with phone.page.expect_file_chooser() as chooser:
        phone.press("拍照或选择照片")
    chooser.value.set_files(picture)
    phone.sees("第 1 张已上传")
    phone.look("54-passport")
    phone.press("提交审核")
    phone.sees("正在人工审核", within=20)
    phone.look("55-review")
    phone.page.reload()
    phone.sees("正在人工审核")


def test_another_face_vendor_is_chosen(office: Office, handset: NewHandset) -> None:
    who = office.hire("周杰")
    phone = handset(who)
    at_methods(phone)
    phone.press("人脸认证")
    phone.agree()
    phone.fill_identity()
    phone.shown(phone.page.get_by_role("radio", name="腾讯云 E证通")).click()
    phone.look("56-face-vendors")
    phone.press("去刷脸")
    phone.play_face("通过")
    phone.sees("您已完成实名认证")


def test_a_phone_does_the_face_check_for_a_pc(office: Office, handset: NewHandset, desk: NewHandset) -> None:
    who = office.hire("吴海燕")
    phone, pc = handset(who), desk(who)
    at_methods(pc)
    pc.press("人脸认证")
    pc.agree()
    pc.fill_identity()
    check = begin(pc.page, "/worker/verifications", lambda: pc.press("去刷脸"))
    pc.sees("请用手机扫码刷脸", "已完成认证？刷新")
    pc.look("57-face-desk")
    phone.take_over_face(check["url"])
    phone.sees("用于：实名认证")
    phone.look("63-handover")
    phone.press("继续刷脸")
    phone.play_face("通过")
    phone.sees("请回到电脑，或回到您打开合同的应用，那里会自动继续")
    phone.look("58-elsewhere")
    pc.sees("您已完成实名认证")


def test_a_silent_face_vendor_leaves_another_way(office: Office, handset: NewHandset) -> None:
    who = office.hire("冯敏")
    phone = handset(who)
    at_methods(phone)
    phone.press("人脸认证")
    phone.agree()
    phone.settled()  # it knows of the consents now
    phone.fill_identity()
    office.fault("alipay", "http_500")
    try:
        phone.press("去刷脸")
        phone.shown(phone.page.get_by_role("alert")).wait_for()
        phone.look("59-face-vendor-silent")
    finally:
        office.mend()
    phone.complaints = [one for one in phone.complaints if "status of 503" not in one]
    phone.press("更换认证方式")
    phone.press("手机号认证")
    assert phone.field("姓名").input_value() == who.name, "what was typed stays"
    phone.press("提交核对")
    phone.field("短信验证码").fill(phone.code("SMS_VERIFY"))
    phone.press("完成认证")
    phone.sees("您已完成实名认证")
