"""The operator's own certificate through pages and JSON; sealing by its PIN (E6, B6, B5)."""

import re

import pytest
from flask import Flask

from app.identity.texts import get_text
from tests.accounts.password_world import cheap_hashes
from tests.console.window import Window, hidden, refusal
from tests.contracts.pin_world import OTHER, PIN, activate, prove, ready_by_pin, sign
from tests.contracts.world import World
from tests.factories import Employer, last_code, verified_worker
from tests.support.web import ConsoleClient, problem

__all__ = ["cheap_hashes"]

pytestmark = [pytest.mark.usefixtures("cheap_hashes"), pytest.mark.parametrize("database", ["sqlite"], indirect=True)]
ONES = {"pin": "111111", "pin_again": "111111", "current_pin": PIN}
PAGE, API = "/account/certificate", "/api/v1/console"


def code_of(window: Window, world: World, employer: Employer) -> str:
    world.pass_time(seconds=61)
    assert "验证码已发送" in window.press(f"{PAGE}/codes", {}).get_data(as_text=True)
    return last_code(employer.phone, "SMS_CERTIFICATE")


def test_activate_change_forget_revoke(window: Window, employer: Employer, world: World) -> None:
    assert "未激活" in window.open("/account")
    page = window.open(PAGE)
    assert "激活数字证书" in page
    agreed = {"agree": "1", "agreement": f"certificate_agreement:{get_text('certificate_agreement').version}"}
    assert agreed["agreement"] in page
    form = {"pin": PIN, "pin_again": PIN, "code": code_of(window, world, employer)}
    assert "数字证书使用协议" in refusal(window.press(f"{PAGE}/activation", form), 403)
    assert window.go(f"{PAGE}/activation", form | agreed) == f"/console{PAGE}?done=pin_saved"
    assert 'hx-trigger="every 2s"' in window.open(PAGE)
    assert window.ask(f"{PAGE}/state").status_code == 204
    world.settle()
    assert f"/console{PAGE}" in window.ask(f"{PAGE}/state").get_data(as_text=True)
    page = window.open(PAGE)
    for shown in ("有效", "李**", "测试根证书", "注销证书", "修改证书密码"):
        assert shown in page
    assert "还可以再试 4 次" in refusal(
        window.press(f"{PAGE}/pin", {"pin": OTHER, "pin_again": OTHER, "current_pin": "713582"}), 422
    )
    assert "太简单" in refusal(window.press(f"{PAGE}/pin", ONES), 422)
    assert "不一样" in refusal(window.press(f"{PAGE}/pin", {"pin": OTHER, "current_pin": PIN}), 422)
    window.go(f"{PAGE}/pin", {"pin": OTHER, "pin_again": OTHER, "current_pin": PIN})

    assert "先确认是您本人" in window.open(f"{PAGE}?do=set")
    begun = window.press(f"{PAGE}/face")
    check = hidden(begun.get_data(as_text=True), "face_check_id")
    assert f"face={check}" in begun.headers["HX-Replace-Url"]
    assert "验证已通过" in window.ask(f"{PAGE}/face/{check}/state").get_data(as_text=True)
    assert "验证已通过" in window.open(f"{PAGE}?do=set&face={check}")
    form = {
        "pin": PIN,
        "pin_again": PIN,
        "code": code_of(window, world, employer),
        "proof": "face",
        "face_check_id": check,
    }
    window.go(f"{PAGE}/activation", form)
    assert window.go(f"{PAGE}/revocation").endswith("done=certificate_revoked")
    assert "已注销" in window.open(PAGE)


def test_sealing_by_pin_leads_to_activation_and_back(window: Window, employer: Employer, world: World) -> None:
    worker = verified_worker()
    activate(world, worker)
    draft = world.draft(employer, worker)
    page = window.open(f"/contracts/{draft.id}/details")
    assert re.search(r'value="pin">', page), "offered, not chosen"
    contract = ready_by_pin(world, employer, worker)
    sign(worker, contract, prove(world, worker, contract))
    world.settle()
    sealing = f"/contracts/{contract.id}/seal"
    assert "首次盖章时签发" in window.open("/seals")
    page = window.open(sealing)
    assert f"{PAGE}?next=/console{sealing}" in page
    form = {"method": "pin", "content_sha256": hidden(page, "content_sha256"), "seal_id": str(employer.seal_id)}
    assert "去激活数字证书" in refusal(window.press(f"/contracts/{contract.id}/intents", form), 409)
    activate(world, employer)
    assert f'href="/console{sealing}"' in window.open(f"{PAGE}?next=/console{sealing}")
    asked = window.press(f"/contracts/{contract.id}/intents", form).get_data(as_text=True)
    assert 'name="pin"' in asked
    form |= {"challenge_id": hidden(asked, "challenge_id")}
    refusal(window.press(sealing, form | {"pin": OTHER}), 422)
    assert window.go(sealing, form | {"pin": PIN}).endswith("done=sealed")
    world.settle()
    world.check()
    page = window.open("/seals")
    assert "测试根证书" in page
    assert "有效期至" in page


def test_the_same_over_json(console: Flask, employer: Employer, world: World) -> None:
    client = ConsoleClient(console, employer.token)
    assert client.get(f"{API}/certificate").get_json()["status"] == "none"
    problem(client.post(f"{API}/certificate/pin", {"pin": OTHER, "current_pin": PIN}), 409, "certificate_required")
    activate(world, employer)
    world.pass_time(seconds=61)
    problem(client.post(f"{API}/certificate/renewal", {"pin": PIN}), 409, "certificate_not_due")
    check = client.post(f"{API}/certificate/face-checks", {}).get_json()
    assert check["qr"].startswith("data:")
    assert client.get(f"{API}/certificate/face-checks/{check['id']}").get_json()["status"] == "passed"
    assert client.post(f"{API}/certificate/codes").status_code == 202
    body = {"pin": OTHER, "code": last_code(employer.phone, "SMS_CERTIFICATE"), "face_check_id": check["id"]}
    assert client.post(f"{API}/certificate/activation", body).get_json()["status"] == "active"
    assert client.post(f"{API}/certificate/pin", {"pin": PIN, "current_pin": OTHER}).status_code == 200
    assert client.post(f"{API}/certificate/revocation").get_json()["status"] == "revoked"
