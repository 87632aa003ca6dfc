"""A draft's details at a desk: chosen people and the chosen seal, with a network that comes and goes (G3)."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Request, Route, expect
from sqlalchemy import create_engine, update
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.ids import new_id
from app.core.text import mask_phone
from app.organisations.models import Member, Role
from benchmarks.journey import Client, Company, Employer, Someone
from tests.e2e.console_desk import Desk
from tests.e2e.office import Office
from tests.e2e.test_console_story import desk, new_desk
from tests.e2e.test_departments import employ
from tests.factories import new_uscc
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


def test_operator_and_seal_are_chosen_before_sending(desk: Desk, office: Office) -> None:
    page, client = desk.page, office.employer.client
    spare = client.post("seals", {"kind": "contract"})
    seal = page.locator(f'[name="seal_id"][value="{spare["id"]}"]')
    desk.upload(office.short)
    expect(page.get_by_text("李国强 139****9000")).to_be_visible()
    with _second_administrator(office) as chief:
        page.reload()
        with page.expect_response(lambda answer: answer.request.method == "PATCH"):
            page.get_by_label("单位经办人", exact=True).select_option(label=chief)
        with page.expect_response(lambda answer: answer.request.method == "PATCH"):
            seal.check()
        expect(page.get_by_text("已自动保存")).to_be_visible()
        page.reload()
        expect(page.locator('[name="operator_id"] option:checked')).to_have_text(chief)
        expect(seal).to_be_checked()
        page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
        seal.scroll_into_view_if_needed()
        desk.look("draft-details")
        desk.describe(office.hire())
        desk.follow("下一步：预览并发送")
        facts = page.locator("dl.facts").filter(has_text="使用印章")
        expect(facts).to_contain_text(f"合同专用章 {spare['code']}")
        expect(facts).to_contain_text(chief)
        desk.look("draft-preview")

    page.reload()
    desk.follow(page.get_by_role("link", name="去补全").first)
    expect(page.get_by_text("所选经办人不能再为单位盖章，请重新选择。")).to_be_visible()
    desk.look("draft-operator-gone")
    page.get_by_label("单位经办人", exact=True).select_option(label="李国强 139****9000")
    client.post(f"seals/{spare['id']}/revocation")
    desk.press("下一步：放置签名与印章")
    expect(page.locator(".choice ~ .invalid-feedback")).to_have_text("该印章已作废，请刷新页面后重新选择。")
    expect(seal).to_be_focused()


@contextmanager
def _second_administrator(office: Office) -> Iterator[str]:
    """Somebody who may seal for the organisation as well, for a while: name and phone as colleagues see them."""
    who = office.hire("周总")
    other = Employer(Client(office.product.url, "console"), office.sandbox, who)
    other.register(Company("长春市周边有限公司", new_uscc(), "吉林省长春市南关区人民大街 1 号", who))
    other.verify_by_phone()
    joined = Member(
        id=new_id(), organisation_id=uuid.UUID(office.employer.client.get("session")["organisation"]["id"]),
        operator_account_id=uuid.UUID(other.client.get("session")["account_id"]), role=Role.SUPER_ADMINISTRATOR,
        joined_at=now(),
    )  # fmt: skip
    engine = create_engine(f"sqlite:///{office.product.data / 'gongyue.db'}")
    with Session(engine, expire_on_commit=False) as session, session.begin():
        session.add(joined)
    try:
        yield f"周总 {mask_phone(who.phone)}"
    finally:
        with Session(engine) as session, session.begin():
            session.execute(update(Member).where(Member.id == joined.id).values(removed_at=now()))
        engine.dispose()


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
    expect(dialog.get_by_role("searchbox")).to_be_focused()
    dialog.get_by_role("searchbox").fill(who.phone)
    with desk.page.expect_response(lambda answer: who.phone in answer.url):
        desk.page.keyboard.press("Enter")
    expect(dialog.get_by_role("searchbox")).to_have_attribute("value", who.phone)  # its answer is on the page
    expect(dialog.get_by_role("button", name=who.name)).to_have_count(1)
