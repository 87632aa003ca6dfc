"""A draft's details at a desk: chosen people and the chosen seal, with a network that comes and goes (G3)."""

from typing import Any

import pytest
from playwright.sync_api import Request, Route, expect

from benchmarks.journey import Someone
from tests.e2e.console_desk import Desk
from tests.e2e.office import Office
from tests.e2e.test_console_story import desk, new_desk
from tests.e2e.test_departments import employ
from tests.support.browser import PHONE

__all__ = ["desk", "new_desk"]

pytestmark = [pytest.mark.browser, pytest.mark.process]

CONTACT = "**/contact"


def test_a_choice_that_is_cancelled_or_gets_no_answer_changes_nothing(desk: Desk, office: Office) -> None:
    who, page = office.hire("孙志强"), desk.page
    employ(office, who)
    desk.upload(office.short)
    desk.fill("劳动者姓名", "张伟")
    saved, held = _saves(desk), list[Route]()
    dialog = page.get_by_role("dialog", name="从花名册选择劳动者")

    page.route(CONTACT, lambda route: held.append(route))
    _look_up(desk, who)
    with page.expect_request(CONTACT):
        dialog.get_by_role("button", name=who.name).click()
    dialog.get_by_role("button", name="关闭").click()
    with page.expect_response(CONTACT):
        held[0].continue_()
    expect(dialog).to_be_hidden()
    page.unroute(CONTACT)

    desk.network_fails = True
    page.route(CONTACT, lambda route: route.abort())
    _look_up(desk, who)
    dialog.get_by_role("button", name=who.name).click()
    expect(dialog.get_by_text("网络连接失败，请检查网络后重试")).to_be_visible()
    page.unroute(CONTACT)
    expect(page.get_by_label("劳动者姓名", exact=True)).to_have_value("张伟")
    expect(page.get_by_label("劳动者手机号", exact=True)).to_have_value("")
    assert [body for body in saved if body.get("worker_phone")] == []

    with page.expect_response(lambda answer: answer.request.method == "PATCH"):
        dialog.get_by_role("button", name=who.name).click()
    assert saved[-1] == {"worker_name": who.name, "worker_phone": who.phone}, "never one without the other"
    expect(page.get_by_text("已自动保存")).to_be_visible()


def test_the_seal_is_chosen_before_sending(desk: Desk, office: Office) -> None:
    page, client = desk.page, office.employer.client
    spare = client.post("seals", {"kind": "contract"})["id"]
    desk.upload(office.short)
    seals = page.get_by_role("group", name="使用印章").get_by_role("radio")
    expect(page.locator('[name="seal_id"]:checked')).not_to_have_value(spare)
    with page.expect_response(lambda answer: answer.request.method == "PATCH"):
        page.locator(f'[name="seal_id"][value="{spare}"]').check()
    expect(page.get_by_text("已自动保存")).to_be_visible()
    page.reload()
    expect(page.locator('[name="seal_id"]:checked')).to_have_value(spare)
    assert seals.count() >= 2
    expect(page.get_by_text("李国强 139****9000")).to_be_visible()
    page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    seals.last.scroll_into_view_if_needed()
    desk.look("draft-details")
    desk.describe(office.hire())
    desk.follow("下一步：预览并发送")
    facts = page.locator("dl.facts").filter(has_text="使用印章")
    code = next(seal["code"] for seal in client.get("seals") if seal["id"] == spare)
    expect(facts).to_contain_text(f"合同专用章 {code}")
    expect(facts).to_contain_text("李国强 139****9000")
    desk.look("draft-preview")


def _saves(desk: Desk) -> list[dict[str, Any]]:
    """What the page saves by itself from now on."""
    bodies: list[dict[str, Any]] = []

    def keep(request: Request) -> None:
        if request.method == "PATCH":
            bodies.append(request.post_data_json)

    desk.page.on("request", keep)
    return bodies


def _look_up(desk: Desk, who: Someone) -> None:
    """The dialog with the one who is looked for; the page may hold others of earlier tests."""
    dialog = desk.page.get_by_role("dialog", name="从花名册选择劳动者")
    desk.press("从花名册选择")
    dialog.get_by_role("searchbox").fill(who.phone)
    desk.page.keyboard.press("Enter")
    expect(dialog.get_by_role("button", name=who.name)).to_have_count(1)
