"""The employer's whole job at a desk: from registering to the downloaded contract (A8, B2, C2, E1, G1, G3, H7, H10)."""

import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Page, expect

from app.cli.sample_licence import draw_sample_licence
from benchmarks.journey import Company, Someone
from tests.e2e.console_desk import Desk
from tests.e2e.office import COMPANY, OPERATOR, Office
from tests.factories import new_id_number, new_uscc

pytestmark = [pytest.mark.browser, pytest.mark.process]

DOCX = Path(__file__).parents[1] / "data" / "labour_contract.docx"
NewDesk = Callable[[Someone], Desk]


@pytest.fixture
def new_desk(desktop: Page, office: Office) -> Iterator[NewDesk]:
    """At the end the browser may not have complained."""
    desks: list[Desk] = []

    def make(who: Someone) -> Desk:
        desks.append(Desk(desktop, office.product.url, office.sandbox, who))
        return desks[-1]

    yield make
    assert [complaint for desk in desks for complaint in desk.complaints] == []


@pytest.fixture
def desk(new_desk: NewDesk, office: Office) -> Desk:
    """The demo organisation's operator, logged in."""
    made = new_desk(OPERATOR)
    cookies = office.employer.client.session.cookies
    made.page.context.add_cookies(
        [{"name": "gongyue_console", "value": cookies["gongyue_console"], "url": office.product.url}]
    )
    return made


def found_company(office: Office, name: str) -> Company:
    """An organisation and its legal representative, known to the registries."""
    number = random.SystemRandom().randrange(10**8)
    boss = Someone("欧阳·建国", f"136{number:08d}", new_id_number("19780115"))
    company = Company(name, new_uscc(), "吉林省长春市南关区人民大街 99 号", boss)
    known = {
        "persons": {"name": boss.name, "phone": boss.phone, "id_number": boss.id_number},
        "organisations": {
            "name": name, "uscc": company.uscc, "legal_representative": boss.name,
            "legal_representative_id": boss.id_number,
        },
    }  # fmt: skip
    for kind, body in known.items():
        requests.post(f"{office.sandbox.base}/__sandbox/{kind}", json=body, timeout=10).raise_for_status()
    return company


def test_from_registering_to_the_downloaded_contract(new_desk: NewDesk, office: Office, tmp_path: Path) -> None:
    company = found_company(office, "吉林省长白山北坡野生人参种植加工与冷链物流（集团）有限责任公司")
    worker, licence = office.hire("𠮷野家明"), tmp_path / "licence.png"
    licence.write_bytes(draw_sample_licence({"uscc": company.uscc, "name": company.name, "address": company.address}))
    desk = new_desk(company.representative)

    desk.register(company)
    desk.look("home-new")
    desk.follow("立即认证")
    desk.consent()
    desk.verify_by_phone()
    desk.look("organisation-verification")
    desk.verify_organisation(licence)
    desk.follow("去完成")
    desk.press("制作合同专用章")
    expect(desk.page.get_by_role("img", name=f"{company.name}合同专用章")).to_be_visible()
    desk.look("seals")

    desk.upload(DOCX)
    desk.describe(worker)
    pages = desk.page.locator(".sheet").count()
    assert pages == 6
    desk.drag_to("seal", pages, 0.3, 0.3)
    desk.drag_to("signature", pages, 0.7, 0.3)
    desk.saved()
    desk.look("places")
    desk.follow("下一步：预览并发送")
    expect(desk.page.get_by_role("heading", name="发送前请核对")).to_be_visible()
    expect(desk.page.locator("rect.place-signature")).to_have_count(1)
    desk.look("preview")
    desk.press("发送合同")
    expect(desk.page.get_by_role("status").filter(has_text="合同已发送")).to_be_visible()
    contract = re.findall(r"/contracts/([0-9a-f-]{36})", desk.page.url)[0]
    desk.look("sent")

    office.bring(worker, contract, to="signed")
    desk.open("/")
    desk.follow(desk.page.get_by_role("region", name="待办").get_by_role("link").filter(has_text=worker.name))
    desk.heading("盖章签署")
    expect(desk.page.locator("image[data-seal-preview]")).to_have_count(1)
    desk.type_code("SMS_SIGN_CODE")
    desk.look("sealing")
    desk.press("确认盖章")
    expect(desk.page.get_by_text("双方均已签署")).to_be_visible(timeout=30_000)
    desk.look("completed")
    pdf = desk.download("下载 PDF").read_bytes()
    report = office.verdict(pdf)
    assert (report.valid, len(report.signatures)) == (True, 2), report
    desk.open("/messages")
    expect(desk.page.get_by_text("合同已完成签署")).to_be_visible()
    desk.look("messages")


def test_place_by_keyboard_numbers_and_after_a_reload(desk: Desk, office: Office) -> None:
    desk.upload(office.short)
    desk.describe(office.hire())
    page = desk.page
    page.locator('[data-add="signature"]').focus()
    page.keyboard.press("Enter")
    expect(desk.mark("signature")).to_be_focused()
    for _press in range(10):
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+ArrowRight")
    page.locator('[data-add="seal"]').click()
    page.locator('[data-properties="seal"] [data-property="x"]').fill("10")
    page.keyboard.press("Enter")
    desk.saved()
    numbers = {
        name: page.locator(f'[data-properties="signature"] [data-property="{name}"]').input_value()
        for name in ("page", "x", "y", "width")
    }
    assert numbers == {"page": "1", "x": "42.5", "y": "52", "width": "25.5"}
    page.reload()
    expect(desk.mark("signature")).to_have_count(1)
    assert page.locator('[data-properties="signature"] [data-property="x"]').input_value() == "42.5"
    assert page.locator('[data-properties="seal"] [data-property="x"]').input_value() == "10"
    desk.mark("seal").focus()
    page.keyboard.press("Delete")
    expect(desk.mark("seal")).to_have_count(0)
    expect(page.locator('[data-add="seal"]')).to_be_focused()
    desk.saved()
    desk.follow("下一步：预览并发送")
    expect(page.get_by_text("请在页面上放置单位印章位置。")).to_be_visible()


def test_places_wait_for_the_network_and_notice_another_window(desk: Desk, office: Office) -> None:
    desk.upload(office.short)
    desk.describe(office.hire())
    page, state = desk.page, desk.page.locator("[data-placer]")
    desk.network_fails = True
    page.route("**/places", lambda route: route.abort() if route.request.method == "PUT" else route.continue_())
    page.locator('[data-add="seal"]').click()
    expect(state).to_have_attribute("data-state", "offline")
    page.unroute("**/places")
    desk.saved()
    contract = re.findall(r"/contracts/([0-9a-f-]{36})", page.url)[0]
    office.employer.client.call("PATCH", f"contracts/{contract}", {"title": "另一个窗口改的"})
    page.locator('[data-add="signature"]').click()
    expect(state).to_have_attribute("data-state", "changed")
    expect(page.get_by_text("草稿在别处被修改，请刷新本页")).to_be_visible()


def test_arithmetic_of_places(desk: Desk) -> None:
    """The pure functions, in the engine that runs them: never outside the page, a seal keeps its size."""
    desk.open("/help")
    wrong = desk.page.evaluate(
        """async () => {
        const { keepInside, move, newPlace, resize } = await import("/kit/static/modules/geometry.js")
        const wrong = []
        let seed = 7
        const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647
        for (let turn = 0; turn < 5000; turn += 1) {
          const kind = turn % 2 ? "seal" : "signature"
          const start = newPlace(kind, 1, random() * 3 - 1, random() * 3 - 1)
          const end = resize(move(start, random() * 4 - 2, random() * 4 - 2), random() * 4 - 2, random() * 4 - 2)
          const kept = keepInside({ ...end, x: random() * 9 - 4, width: kind === "seal" ? end.width : random() * 2 })
          for (const place of [start, end, kept]) {
            const inside = place.x >= 0 && place.y >= 0 && place.x + place.width <= 1 && place.y + place.height <= 1
            if (!inside || place.width < 0.03 || place.height < 0.03) wrong.push(place)
            if (kind === "seal" && place.width !== start.width) wrong.push(place)
          }
        }
        return wrong
        }"""
    )
    assert wrong == []


def test_refusals_stay_in_the_form_and_a_double_click_counts_once(desk: Desk, office: Office) -> None:
    page, before = desk.page, len(office.employer.client.get("seals"))
    desk.open("/seals")
    page.get_by_role("button", name="再做一枚").dblclick()
    expect(page.get_by_role("status").filter(has_text="印章已生成")).to_be_visible()
    assert len(office.employer.client.get("seals")) == before + 1
    spare = page.locator(".seal-card").filter(has_text="设为默认").first
    desk.press("作废", spare)
    desk.press("取消", page.get_by_role("dialog"))
    desk.press("作废", spare)
    desk.press("作废印章", page.get_by_role("dialog"))
    expect(page.get_by_role("status").filter(has_text="印章已作废")).to_be_visible()
    desk.upload(office.short)
    desk.fill("劳动者姓名", "张伟")
    page.wait_for_load_state()
    with page.expect_response(lambda answer: answer.request.method == "PATCH" and answer.ok):
        page.get_by_label("合同类型", exact=True).select_option("renewal")
    desk.fill("劳动者手机号", "123")
    desk.look("draft-details")
    desk.press("下一步：放置签名与印章")
    expect(page.get_by_label("合同名称", exact=True)).to_have_value("short")
    expect(page.get_by_label("劳动者姓名", exact=True)).to_have_value("张伟")
    expect(page.get_by_text("请填写 11 位中国大陆手机号。")).to_be_visible()
    page.reload()
    expect(page.get_by_label("劳动者姓名", exact=True)).to_have_value("张伟")
    expect(page.get_by_label("合同类型", exact=True)).to_have_value("renewal")
    desk.open("/contracts?box=draft&kind=renewal")
    expect(page.get_by_text("劳动合同（续签）", exact=True).last).to_be_visible()
    desk.look("contracts-by-kind")


def test_verify_by_face_in_another_window(new_desk: NewDesk, office: Office) -> None:
    company = found_company(office, "长春市人脸认证测试有限公司")
    desk = new_desk(company.representative)
    desk.register(company)
    desk.open("/verification")
    desk.consent()
    desk.page.get_by_role("radio", name="人脸认证").check()
    desk.fill("姓名", company.representative.name)
    desk.fill("证件号码", company.representative.id_number)
    desk.press("下一步")
    expect(desk.page.get_by_text("需要您阅读并同意")).to_be_visible()
    desk.page.get_by_role("checkbox").check()
    desk.press("下一步")
    expect(desk.page.get_by_role("img", name="人脸认证二维码")).to_be_visible()
    desk.look("face")
    with desk.page.expect_popup() as opening:
        desk.page.get_by_role("link", name="在新窗口打开认证页面").click()
    camera = opening.value
    camera.get_by_role("button", name="继续刷脸").click()
    camera.get_by_role("button", name="通过", exact=True).click()
    expect(camera.get_by_role("heading", name="人脸认证已提交")).to_be_visible()
    desk.page.bring_to_front()
    expect(desk.page.get_by_text("经办人实名认证已完成")).to_be_visible(timeout=15_000)


def test_a_session_that_ended_leads_back_to_where_one_was(desk: Desk, office: Office) -> None:
    """And the whole way in works without scripts."""
    browser = desk.page.context.browser
    assert browser is not None
    with browser.new_context(java_script_enabled=False, locale="zh-CN") as context:
        plain = Desk(context.new_page(), desk.base, desk.sandbox, OPERATOR)
        plain.open("/contracts?box=done")
        plain.heading("用人单位登录")
        plain.log_in()
        expect(plain.page.get_by_role("link", name=re.compile("^已完成"))).to_have_attribute("aria-current", "page")
        expect(plain.page.get_by_text(COMPANY.name)).to_be_visible()
        plain.open("/seals")
        plain.press("再做一枚")
        expect(plain.page.get_by_text("印章已生成")).to_be_visible()
        spare = plain.page.locator(".seal-card").filter(has_text="设为默认").first
        plain.press("作废", spare)
        plain.heading("请确认")
        plain.look("asked-without-scripts")
        plain.press("作废印章")
        expect(plain.page.get_by_text("印章已作废")).to_be_visible()
        assert plain.complaints == []
