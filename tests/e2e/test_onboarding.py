"""Onboarding at a desk and on a phone: invited, filled in over a restart, sent back, accepted (K2–K5, K7)."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import NewHandset, Restart
from tests.e2e.console_desk import Desk
from tests.e2e.handset import Handset
from tests.e2e.office import COMPANY, Office
from tests.e2e.test_console_story import desk, new_desk

__all__ = ["desk", "new_desk"]

pytestmark = [pytest.mark.browser, pytest.mark.process]


def test_from_the_invitation_to_the_roster(
    desk: Desk, office: Office, handset: NewHandset, restart: Restart
) -> None:  # fmt: skip
    who = office.hire("王小丽")
    phone = handset(who)
    desk.open("/onboardings")
    desk.look("people-empty")
    desk.follow(desk.page.get_by_role("link", name="邀请入职").first)
    desk.fill("劳动者姓名", who.name)
    desk.fill("劳动者手机号", who.phone)
    desk.look("people-invite")
    desk.press("发送邀请")
    expect(desk.page.get_by_text("邀请短信已发送")).to_be_visible()

    phone.page.goto(phone.link("SMS_ONBOARDING_LINK"))
    phone.sees(COMPANY.name, "请您办理入职登记")
    phone.look("60-onboarding-landing")
    assert not [private for private in (who.name, who.phone, who.id_number) if private in phone.page.content()]
    phone.press("登录查看入职登记")
    phone.log_in()
    phone.heading("实名认证")
    phone.verify_by_phone()
    phone.press("下一步")
    phone.heading("入职登记")
    phone.press("确认，开始填写")
    phone.sees("请核对单位名称、阅读告知书后勾选")
    phone.look("61-onboarding-notice")
    phone.tick()
    phone.press("确认，开始填写")
    phone = _fill_in(phone, restart)

    address = _review(desk, who.name)
    phone.page.reload()
    phone.sees("原因：请填写单位楼号")
    phone.look("65-onboarding-rejected")
    phone.press("去修改")
    phone.sees("第 3 步，共 3 步：紧急联系人")
    phone.press("提交审核")
    phone.sees("资料审核中")

    desk.open(address)
    desk.press("通过")
    desk.press("确认通过")
    expect(desk.page.get_by_text("已加入员工花名册")).to_be_visible()
    desk.open("/employees")
    expect(desk.page.get_by_role("cell", name=who.name)).to_be_visible()
    desk.look("people-roster")
    phone.open("home/index")
    phone.link_named("入职资料").click()
    phone.sees("已通过")
    phone.look("66-onboarding-list")
    phone.page.get_by_role("link", name="入职登记").first.click()
    phone.sees("已通过审核", "单位更正记录", "本科 → 硕士")
    phone.look("67-onboarding-accepted")


def _fill_in(phone: Handset, restart: Restart) -> Handset:
    """All three parts; the app is killed in the middle of the second."""
    phone.sees("第 1 步，共 3 步：个人信息")
    phone.press("下一步")
    phone.sees("请选择省、市、区县")
    phone.choose_home()
    phone.tick()
    phone.look("62-onboarding-personal")
    phone.press("下一步")
    phone.shown(phone.page.get_by_role("radio", name="本科")).click()
    phone.field("毕业学校").fill("吉林大学")
    phone.sees("已自动保存")
    phone = restart(phone)
    expect(phone.field("毕业学校")).to_have_value("吉林大学")
    phone.field("毕业年份").fill("2012")
    phone.look("63-onboarding-education")
    phone.press("下一步")
    phone.field("联系人姓名").fill("王芳")
    phone.shown(phone.page.get_by_role("radio", name="兄弟姐妹")).click()
    phone.field("联系人手机号").fill(phone.who.phone)
    phone.press("提交审核")
    phone.sees("请填写他人的手机号，不能是您本人的。")
    phone.field("联系人手机号").fill("13500000001")
    phone.look("64-onboarding-contact")
    phone.press("提交审核")
    phone.sees("资料审核中", "我填写的资料", "吉林大学")
    return phone


def _review(desk: Desk, name: str) -> str:
    """Looks, corrects the education, sends it back. The page's address."""
    page = desk.page
    desk.open("/")
    desk.follow("去审核")
    desk.look("people-list")
    desk.follow(name)
    desk.press("显示完整号码")
    expect(page.locator("#id-number .review-value")).to_be_visible()
    page.locator("summary", has_text="更正部分信息").click()
    page.locator("#f-education").select_option("master")
    desk.look("people-review")
    desk.press("保存更正")
    expect(page.get_by_role("heading", name="更正记录")).to_be_visible()
    desk.fill("原因（劳动者会看到）", "请填写单位楼号")
    desk.press("退回")
    expect(page.get_by_text("已退回，劳动者会收到短信")).to_be_visible()
    desk.look("people-rejected")
    return page.url.split("/console", 1)[1].split("?")[0]
