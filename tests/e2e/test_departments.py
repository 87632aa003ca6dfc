"""Departments at a desk: made, filled from the roster, used to address a contract (D1, G3, K5)."""

import pytest
from playwright.sync_api import expect

from benchmarks.journey import Someone
from tests.e2e.console_desk import Desk
from tests.e2e.office import Office
from tests.e2e.test_console_story import desk, new_desk
from tests.people.onboarding_world import FORM
from tests.support.browser import PHONE

__all__ = ["desk", "new_desk"]

pytestmark = [pytest.mark.browser, pytest.mark.process]


def test_from_a_department_to_a_contracts_draft(desk: Desk, office: Office) -> None:
    who = office.hire("陈晓明")
    page, employee = desk.page, employ(office, who)
    other = office.hire("王海燕")
    employ(office, other)
    desk.open("/departments")
    desk.fill("部门名称", "销售部")
    desk.press("添加部门")
    desk.follow(page.get_by_role("link", name="销售部"))
    desk.fill("下级部门名称", "华南组")
    desk.press("添加下级部门")
    expect(page.get_by_role("link", name="华南组")).to_be_visible()
    desk.look("departments")

    desk.open(f"/onboardings/{employee}")
    page.get_by_label("调整到").select_option(label="　华南组")
    desk.press("调整部门")
    expect(page.get_by_text("已调整部门")).to_be_visible()
    desk.open("/employees")
    desk.follow(page.get_by_role("link", name="销售部"))
    expect(page.get_by_role("cell", name="销售部 / 华南组")).to_be_visible()
    desk.look("roster-department")

    desk.upload(office.short)
    _choose_by_keys(desk, who)
    expect(page.get_by_text("已自动保存")).to_be_visible()
    page.reload()
    expect(page.get_by_label("劳动者手机号", exact=True)).to_have_value(who.phone)
    desk.fill("劳动者姓名", "张伟")
    desk.fill("劳动者手机号", "13500000009")
    _choose_on_a_phone(desk, who, other)
    expect(page.get_by_text("已自动保存")).to_be_visible()
    page.reload()
    expect(page.get_by_label("抄送方（选填）")).to_have_value(f"{who.name} {who.phone}\n")
    expect(page.get_by_label("劳动者姓名", exact=True)).to_have_value("张伟")
    desk.press("下一步：放置签名与印章")
    expect(page.locator('[data-add="signature"]')).to_be_enabled()


def _choose_by_keys(desk: Desk, who: Someone) -> None:
    """The worker: opened, searched and chosen without a mouse."""
    page, dialog = desk.page, desk.page.get_by_role("dialog", name="从花名册选择劳动者")
    page.get_by_role("button", name="从花名册选择", exact=True).press("Enter")
    expect(dialog.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("无此人")
    page.keyboard.press("Enter")
    expect(dialog.get_by_text("没有符合条件的员工")).to_be_visible()
    dialog.get_by_role("searchbox").fill(who.name)
    page.keyboard.press("Enter")
    found = dialog.get_by_role("button", name=who.name)
    found.focus()
    desk.look("picker")
    found.press("Enter")
    expect(dialog).to_be_hidden()
    expect(page.get_by_label("劳动者姓名", exact=True)).to_have_value(who.name)
    expect(page.get_by_label("劳动者手机号", exact=True)).to_have_value(who.phone)


def _choose_on_a_phone(desk: Desk, who: Someone, other: Someone) -> None:
    """A copy recipient, by department."""
    page, dialog = desk.page, desk.page.get_by_role("dialog", name="从花名册添加抄送方")
    page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    desk.press("从花名册添加抄送方")
    expect(dialog.get_by_role("button", name=other.name)).to_be_visible()
    dialog.locator("#picker-department").select_option(label="　华南组")
    expect(dialog.get_by_role("button", name=other.name)).to_be_hidden()
    with page.expect_response(lambda answer: answer.request.method == "PATCH"):
        dialog.get_by_role("button", name=who.name).click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_label("抄送方（选填）")).to_have_value(f"{who.name} {who.phone}\n")


def employ(office: Office, who: Someone) -> str:
    """Somebody on the roster, over HTTP. The onboarding's id."""
    employer, worker = office.employer.client, office.bring(who).client
    invited = employer.post("onboardings", {"name": who.name, "phone": who.phone, "days": 7})["id"]
    notice = worker.get(f"onboardings/{invited}")["notice"]["sha256"]
    worker.post(f"onboardings/{invited}/agreement", {"notice_sha256": notice})
    form = FORM | {"graduated_in": "2012", "emergency_phone": "13500000001"}
    worker.post(f"onboardings/{invited}/submission", form)
    employer.post(f"onboardings/{invited}/acceptance", {"form_version": 1})
    return str(invited)
