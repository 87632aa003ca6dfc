"""All ways of verification at the console: phone, bank card, two face vendors, review by people (B2, B3, B4)."""

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.console.operator import load_operator
from app.core.checks import Outcome
from app.organisations.sessions import authenticate_operator
from tests.console.window import Window, hidden, refusal
from tests.contracts.world import World
from tests.factories import Employer, consent, last_code, new_employer, new_id_number
from tests.fakes import FakeFace
from tests.support.regulators import DeskWindow, new_regulator
from tests.support.web import ConsoleClient, make_app
from tests.templates.picture_samples import encoded, photograph

CARD = "6222021234567890128"


@pytest.fixture
def console(world: World, tmp_path: Path) -> Flask:
    """Two vendors, before whose cameras nobody has stood yet; and WeChat's, which has no page."""
    faces = {name: FakeFace(outcome=Outcome.PENDING) for name in ("alipay", "tencent", "wechat")}
    return make_app(tmp_path, replace(world.providers, faces=faces))


@pytest.fixture
def newcomer(world: World) -> Employer:
    """An operator who is not verified yet and has read how the data is used."""
    made = new_employer()
    consent(made.actor, "verification_consent", "face_consent")
    return made


@pytest.fixture
def page(console: Flask, newcomer: Employer) -> Window:
    return Window(console, newcomer.token)


def identity(method: str, **more: str) -> dict[str, Any]:
    return {"method": method, "name": "李国强", "id_number": new_id_number("19780115")} | more


def method_of(employer: Employer) -> str:
    person = load_operator(authenticate_operator(token=employer.token).actor).person
    return person.method if person is not None else ""


def upload(page: Window) -> str:
    """The id of a picture that was put into the form."""
    picture = encoded(photograph(900, 640), "PNG")
    shown = page.press("/verification/pictures", {"file": (io.BytesIO(picture), "passport.png")})
    assert shown.status_code == 200, shown.get_data(as_text=True)
    assert "passport.png" in shown.get_data(as_text=True)
    return hidden(shown.get_data(as_text=True), "document_id")


def test_the_page_offers_every_way_with_its_documents(page: Window) -> None:
    text = page.open("/verification")
    for way in ("phone", "bank", "face", "manual"):
        assert f'name="method" value="{way}"' in text
    assert 'name="bank_id_type"' in text
    assert '<option value="passport">护照</option>' in text
    assert '<option value="USA">美国</option>' in text
    assert 'name="provider" value="tencent"' in text
    assert 'value="wechat"' not in text, "a computer can show no code of it"
    assert 'data-keep="verification"' in text


def test_by_bank_card_the_code_goes_to_the_phone_at_the_bank(page: Window, newcomer: Employer) -> None:
    form = identity("bank", card_number=CARD, bank_phone="13611112222", bank_id_type="resident_id")
    shown = page.press("/verification", form).get_data(as_text=True)
    assert "136****2222" in shown
    attempt = shown.split("/console/verification/")[1].split("/")[0]
    assert page.go(f"/verification/{attempt}/code", {"code": last_code("13611112222", "SMS_VERIFY")}).endswith(
        "done=person_verified"
    )
    assert method_of(newcomer) == "bank"


def test_a_wrong_card_number_is_named_at_its_field(page: Window) -> None:
    form = identity("bank", card_number="6222021234567890123", bank_phone="13611112222")
    assert 'data-field="card_number"' in refusal(page.press("/verification", form), 422)


def test_the_face_vendor_can_be_chosen_and_the_page_shows_a_code_for_the_phone(page: Window) -> None:
    shown = page.press("/verification", identity("face", provider="tencent")).get_data(as_text=True)
    assert "data:image/svg+xml" in shown
    assert "已完成认证？刷新" in shown
    refusal(page.press("/verification", identity("face", provider="wechat")), 422)


def test_an_open_attempt_is_shown_again_by_another_window(console: Flask, page: Window, newcomer: Employer) -> None:
    page.press("/verification", identity("face"))
    assert "data:image/svg+xml" in Window(console, newcomer.token).open("/verification")


def test_a_foreign_operator_is_reviewed_and_approved(console: Flask, page: Window, newcomer: Employer) -> None:
    form = {
        "method": "manual", "name": "John Smith", "id_number": "E12345678", "manual_id_type": "passport",
        "nationality": "USA", "document_id": upload(page),
    }  # fmt: skip
    shown = page.press("/verification", form).get_data(as_text=True)
    assert "等待人工审核" in shown
    attempt = shown.split("/console/verification/")[1].split("/")[0]
    assert "等待人工审核" in page.ask(f"/verification/{attempt}/state").get_data(as_text=True)
    desk = DeskWindow(console, new_regulator().token)
    desk.go(f"/reviews/{attempt}/approval")
    assert "data-go" in page.ask(f"/verification/{attempt}/state").get_data(as_text=True)
    assert method_of(newcomer) == "manual"
    assert "人工审核" in page.open("/account")


def test_what_the_reviewer_wrote_is_shown(console: Flask, page: Window) -> None:
    form = {
        "method": "manual", "name": "John Smith", "id_number": "E12345678", "manual_id_type": "passport",
        "nationality": "USA", "document_id": upload(page),
    }  # fmt: skip
    attempt = page.press("/verification", form).get_data(as_text=True).split("/console/verification/")[1].split("/")[0]
    DeskWindow(console, new_regulator().token).go(f"/reviews/{attempt}/rejection", {"reason": "照片模糊，请重拍。"})
    answer = page.ask(f"/verification/{attempt}/state")
    assert (answer.status_code, "照片模糊，请重拍。" in answer.get_data(as_text=True)) == (286, True)


def test_a_review_needs_a_picture_of_ones_own(console: Flask, page: Window) -> None:
    other = new_employer()
    consent(other.actor, "verification_consent")
    foreign = upload(Window(console, other.token))
    form = {
        "method": "manual", "name": "John Smith", "id_number": "E12345678", "manual_id_type": "passport",
        "nationality": "USA",
    }  # fmt: skip
    assert page.press("/verification", form).status_code == 422
    assert page.press("/verification", form | {"document_id": foreign}).status_code == 422


def test_the_same_over_json(console: Flask, newcomer: Employer) -> None:
    api, client = "/api/v1/console", ConsoleClient(console, newcomer.token)
    ways = {way["method"]: way for way in client.get(f"{api}/verification-methods").get_json()}
    assert [kind["id_type"] for kind in ways["phone"]["documents"]] == ["resident_id"]
    assert client.get(f"{api}/verifications/current").status_code == 204
    started = client.post(f"{api}/verifications", identity("face", provider="tencent")).get_json()
    assert started["qr"].startswith("data:image/svg+xml")
    assert client.get(f"{api}/verifications/current").get_json()["id"] == started["id"]
