"""The pages for people: what they show, and that their buttons do something."""

from uuid import uuid4

import pytest
import requests
from playwright.sync_api import Page, expect

from tests.sandbox.clients import aliyun, messages
from tests.sandbox.test_alipay import INITIALIZE, RETURN_URL, client, order, page_url, query
from tests.sandbox.test_eid import get_token
from tests.sandbox.test_sms import LOGIN
from tests.sandbox.test_wechat import start_face
from tests.support.sandbox_server import SandboxServer


def test_every_page_says_that_it_is_a_sandbox(calm: SandboxServer) -> None:
    for path in ("/", "/faces", "/world", "/faults"):
        page = requests.get(calm.url + path, timeout=5)
        assert page.status_code == 200
        assert "沙箱 · 仅供开发测试" in page.text
    assert "阿依古丽·买买提" in requests.get(f"{calm.url}/world", timeout=5).text


def test_a_message_is_shown_escaped(calm: SandboxServer) -> None:
    aliyun(calm, {**LOGIN, "TemplateCode": "SMS_SIGN_CODE", "TemplateParam": '{"code":"1","title":"<b>合同</b>"}'})
    text = requests.get(calm.url, timeout=5).text
    assert "&lt;b&gt;合同&lt;/b&gt;" in text
    assert "<b>合同" not in text


def test_faults_are_ordered_and_cancelled_by_form(calm: SandboxServer) -> None:
    form = {"vendor": "tsa", "kind": "http_500", "times": "3"}
    assert "还有 3 次" in requests.post(f"{calm.url}/faults", data=form, timeout=5).text
    assert "一切正常" in requests.post(f"{calm.url}/faults/clear", timeout=5).text
    with requests.Session() as session:
        assert "没有这种故障" in session.post(f"{calm.url}/faults", data=form | {"kind": "x"}, timeout=5).text


@pytest.mark.browser
def test_a_developer_is_the_person_in_front_of_the_camera(calm: SandboxServer, phone: Page) -> None:
    certify_id = client(calm).server_api(INITIALIZE, order())["certify_id"]
    phone.goto(page_url(calm, certify_id))
    expect(phone.get_by_role("heading", name="您正在进行人脸核身")).to_be_visible()
    with phone.expect_request(RETURN_URL):  # back in the product, whether it runs or not
        phone.get_by_role("button", name="通过", exact=True).click()
    assert query(calm, certify_id)["passed"] == "T"


@pytest.mark.browser
def test_messages_appear_by_themselves(calm: SandboxServer, phone: Page) -> None:
    number = f"139{uuid4().int % 10**8:08d}"
    phone.goto(f"{calm.url}/?phone={number}")
    expect(phone.get_by_text("还没有短信")).to_be_visible()
    aliyun(calm, LOGIN | {"PhoneNumbers": number})
    expect(phone.get_by_text("012345", exact=True)).to_be_visible()
    assert len(messages(calm, number)) == 1


@pytest.mark.browser
def test_a_waiting_check_is_settled_from_the_list(calm: SandboxServer, desktop: Page) -> None:
    certify_id = client(calm).server_api(INITIALIZE, order(name="䶮文杰", id_number="220100200001011055"))["certify_id"]
    desktop.goto(f"{calm.url}/faces")
    card = desktop.locator("article").filter(has_text=certify_id)
    card.get_by_role("button", name="不通过").click()
    expect(desktop.locator("article").filter(has_text=certify_id).get_by_text("未通过").first).to_be_visible()
    assert query(calm, certify_id)["passed"] == "F"


@pytest.mark.browser
def test_the_camera_of_every_vendor_is_in_one_list(calm: SandboxServer, desktop: Page) -> None:
    token, verify_id = get_token(calm)["EidToken"], start_face(calm)["verify_id"]
    desktop.goto(f"{calm.url}/faces")
    for ref, label in ((token, "腾讯云 E证通"), (verify_id, "微信")):
        card = desktop.locator("article").filter(has_text=ref)
        expect(card.get_by_text(label)).to_be_visible()
        card.get_by_role("button", name="通过", exact=True).click()
        expect(desktop.locator("article").filter(has_text=ref).get_by_text("已通过")).to_be_visible()
