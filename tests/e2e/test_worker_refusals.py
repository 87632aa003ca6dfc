"""What does not go on, and what the worker is told then: ended, refused, expired, somebody else's."""

import pytest

from tests.e2e.conftest import NewHandset
from tests.e2e.office import COMPANY, Office

pytestmark = [pytest.mark.browser, pytest.mark.process]


def test_the_worker_ends_the_contract_and_says_why(office: Office, handset: NewHandset) -> None:
    who = office.hire()
    contract = office.send(who)
    phone = handset(who)
    phone.take_over(office.bring(who))
    phone.open_contract(contract)
    phone.press("不签了，终止合同")
    phone.heading("终止合同")
    phone.press("终止合同")
    phone.sees("请填写 2 到 200 个字的原因")
    phone.press("与约定的内容不一致")
    phone.press("终止合同")
    phone.sees("确定终止吗？", "终止后不能恢复。")
    phone.look("40-terminate")
    phone.press("确定终止")
    phone.sees("这份合同已终止", "原因：与约定的内容不一致")
    phone.look("41-terminated")
    assert office.employer.client.get(f"contracts/{contract}")["status"] == "terminated"


def test_a_wrong_code_says_how_many_tries_are_left(office: Office, handset: NewHandset) -> None:
    who = office.hire()
    phone = handset(who)
    phone.page.goto(f"{phone.home}/h5/")
    phone.field("手机号").fill(who.phone)
    phone.press("获取验证码")
    right = phone.code("SMS_LOGIN")
    phone.field("短信验证码").fill("000000" if right != "000000" else "111111")
    phone.tick()
    phone.press("登录")
    phone.sees("还可以再试 4 次")
    phone.look("43-wrong-code")
    phone.field("短信验证码").fill(right)
    phone.press("登录")
    phone.sees("没有等您签的合同")
    phone.look("44-empty-home")


def test_a_forwarded_link_shows_nothing_to_another_phone(office: Office, handset: NewHandset) -> None:
    owner, other = office.hire("李明"), office.hire("王芳")
    office.send(owner, title="李明的劳动合同")
    link = handset(owner).link()
    phone = handset(other)
    phone.page.goto(link)
    phone.sees(COMPANY.name)
    phone.press("登录查看合同")
    phone.log_in()
    phone.sees("该链接是发给另一个手机号的，请用收到短信的手机号登录。")
    phone.look("45-forwarded-link")
    shown = phone.page.content()
    assert not [private for private in (owner.name, owner.phone, owner.phone[-4:]) if private in shown]
    phone.press("换号登录")
    phone.heading("登录")


def test_somebody_elses_contract_is_not_found(office: Office, handset: NewHandset) -> None:
    owner, other = office.hire("李明"), office.hire("王芳")
    contract = office.send(owner, title="李明的劳动合同")
    phone = handset(other)
    phone.take_over(office.bring(other))
    phone.open_contract(contract)
    phone.sees("没有成功")
    phone.look("46-not-found")
    assert owner.name not in phone.page.content()
    phone.press("回首页")
    phone.sees("没有等您签的合同")


def test_who_is_invited_under_another_name_can_say_no(office: Office, handset: NewHandset) -> None:
    who = office.hire("王小丽")
    invited = office.employer.client.post("onboardings", {"name": "王小莉", "phone": who.phone, "days": 7})
    phone = handset(who)
    phone.take_over(office.bring(who))
    phone.open(f"onboarding/index?id={invited['id']}")
    phone.sees("邀请上的姓名与您的实名信息不一致")
    phone.look("49-other-name")
    phone.press("不是我的单位，放弃办理")
    phone.press("确定放弃")
    phone.sees("您已放弃办理")


def test_a_contract_withdrawn_meanwhile_and_its_dead_link(office: Office, handset: NewHandset) -> None:
    who = office.hire()
    contract = office.send(who)
    worker = office.bring(who)
    worker.read(contract)
    phone = handset(who)
    link = phone.link()
    phone.take_over(worker)
    phone.open(f"confirm/index?id={contract}")
    phone.choose_home()
    phone.tick()
    office.employer.client.post(f"contracts/{contract}/withdrawal", {"reason": "岗位信息填写有误"})
    phone.press("确认合同无误")
    phone.sees("用人单位已撤回这份合同", "原因：岗位信息填写有误")
    phone.look("47-withdrawn-meanwhile")
    phone.page.goto(link)
    phone.page.reload()
    phone.sees("链接打不开", "链接已失效")
    phone.look("48-dead-link")
    phone.press("登录后在首页查看")
    phone.sees("没有等您签的合同")


def test_an_outage_of_time_stamps_is_waited_out(office: Office, handset: NewHandset) -> None:
    who = office.hire()
    contract = office.send(who)
    phone = handset(who)
    phone.take_over(office.bring(who, contract, to="confirmed"))
    phone.open(f"sign/index?id={contract}")
    office.fault("tsa", "refuse")
    try:
        phone.sign()
        phone.heading("签署中")
        phone.sees("正在用您的数字证书签名并加盖时间戳")
        phone.look("50-sealing")
        phone.sees("正在加盖时间戳，无需等待，可关闭页面", within=25)
        phone.look("51-sealing-delayed")
    finally:
        office.mend()
    phone.sees("您已签好", within=60)
