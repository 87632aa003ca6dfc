"""The browser dies at every step, the network goes, a thumb taps twice: nothing is lost and nothing happens twice."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import NewHandset, Restart
from tests.e2e.office import Office, write_contract

pytestmark = [pytest.mark.browser, pytest.mark.process]


def test_a_killed_browser_goes_on_where_it_was(
    office: Office, handset: NewHandset, restart: Restart, tmp_path: Path
) -> None:
    who = office.hire()
    contract = office.send(who, write_contract(tmp_path / "three.pdf", 3))
    phone = handset(who)
    phone.page.goto(phone.link())
    phone.press("登录查看合同")
    phone.log_in()
    phone.heading("实名认证")

    phone = restart(phone)  # logged in
    phone.sees("请选择一种方式")
    phone.press("手机号认证")
    phone.agree()
    phone.sees("核对的手机号")

    phone = restart(phone)  # consent given: not asked for again
    phone.press("手机号认证")
    phone.fill_identity()
    phone.press("提交核对")
    phone.sees("信息已核对一致")
    code = phone.code("SMS_VERIFY")

    phone = restart(phone)  # code sent
    phone.field("短信验证码").fill(code)
    phone.press("完成认证")
    phone.press("下一步")
    phone.sees("继续阅读（还有 3 页）")
    phone.page.locator("#text-1 .paper-end").scroll_into_view_if_needed()
    phone.sees("继续阅读（还有 2 页）")

    phone = restart(phone)  # half read
    phone.sees("继续阅读（还有 2 页）")
    phone.read_to_the_end()

    phone = restart(phone)  # read
    phone.press("已读完，下一步")
    phone.confirm()
    phone.heading("手写签名")

    phone = restart(phone)  # confirmed
    phone.heading("手写签名")
    phone.write()
    phone.keep_signature()

    phone = restart(phone)  # signature drawn
    phone.sees("您的签名")
    phone.press("下一步：确认本人意愿")
    phone.ask_for_code()
    phone.sees("验证码已发送，5 分钟内有效")
    code = phone.code("SMS_SIGN_CODE")

    phone = restart(phone)  # code sent
    phone.field("短信验证码").fill(code)
    phone.press("确认签署")
    phone.heading("签署完成")

    phone = restart(phone)  # submitted
    phone.sees("您已签好")
    phone.open("home/index")
    phone.sees("没有等您签的合同")
    phone.look("60-home-after-signing")
    office.stamp(contract)


def test_a_lost_network_is_told_and_costs_nothing(office: Office, handset: NewHandset) -> None:
    who = office.hire()
    contract = office.send(who)
    phone = handset(who)
    worker = office.bring(who)
    worker.read(contract)
    phone.take_over(worker)
    phone.open(f"confirm/index?id={contract}")
    phone.choose_home()
    phone.tick()
    with phone.without_network():
        phone.sees("网络已断开，连上后会自动继续。")
        phone.press("确认合同无误")
        phone.sees("网络不通，请检查网络后重试。您填写的内容还在。", within=15)
        phone.look("61-no-network")
    expect(phone.text("网络已断开")).to_have_count(0)
    assert phone.field("详细地址").input_value() == "人民大街 1000 号 3 单元 402 室"
    phone.press("确认合同无误")
    phone.heading("手写签名")


def test_an_answer_that_never_came_does_not_sign_twice(office: Office, handset: NewHandset) -> None:
    who = office.hire()
    contract = office.send(who)
    worker = office.bring(who, contract, to="confirmed")
    phone = handset(who)
    phone.take_over(worker)
    phone.open(f"sign/index?id={contract}")
    keys = phone.lose_answer(f"**/contracts/{contract}/signature")
    phone.sign()
    phone.heading("签署完成")
    phone.sees("您已签好")
    assert len(keys) == 2, "the client tried again"
    assert len(set(keys)) == 1, "and said that it was the same"
    assert _signed(office, contract) == 1


def test_a_double_tap_signs_once(office: Office, handset: NewHandset) -> None:
    who = office.hire()
    contract = office.send(who)
    phone = handset(who)
    phone.take_over(office.bring(who, contract, to="confirmed"))
    phone.open(f"sign/index?id={contract}")
    phone.write()
    phone.keep_signature()
    phone.press("下一步：确认本人意愿")
    phone.ask_for_code()
    phone.field("短信验证码").fill(phone.code("SMS_SIGN_CODE"))
    sent = phone.requests_to("/signature")
    phone.button("确认签署").dblclick()
    phone.sees("您已签好")
    assert sent == ["POST"]
    assert _signed(office, contract) == 1


def _signed(office: Office, contract: str) -> int:
    """How often the contract's own history says that the worker signed."""
    timeline = office.employer.client.get(f"contracts/{contract}/timeline")
    return sum(entry["text"] == "劳动者签署了合同" for entry in timeline)
